"""What may reach a terminal, and what may come from one. Pure.

A terminal obeys escape sequences, and bidirectional controls let code read otherwise than it runs
(Boucher and Anderson, "Trojan Source", 2021). Whoever wrote a text, it is shown, never obeyed.
"""

import unicodedata

NAME_MAX = 64  # characters of a local learner's name
_PICTURES = 0x2400  # Unicode block "Control Pictures": the picture of control n is 0x2400 + n
_DELETE = 0x7F
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_LINE_ENDS = (0x2028, 0x2029)  # some terminals and editors break lines there
_TAGS = range(0xE0000, 0xE0080)  # invisible copies of ASCII
_SURROGATES = range(0xD800, 0xE000)
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_SHOWN: dict[int, str] = {
    **{code: chr(_PICTURES + code) for code in range(0x20) if chr(code) not in "\n\t"},
    _DELETE: "\N{SYMBOL FOR DELETE}",
    **{code: f"<U+{code:04X}>" for code in (*range(0x80, 0xA0), *_BIDI, *_LINE_ENDS, *_TAGS)},
    **dict.fromkeys(_SURROGATES, _REPLACEMENT),
}
_TAKEN: dict[int, str] = {0: _REPLACEMENT, **dict.fromkeys(_SURROGATES, _REPLACEMENT)}


def visible(text: str) -> str:
    """The text with every character that a terminal could obey replaced by a picture or name."""
    return text.replace("\r\n", "\n").translate(_SHOWN)


def taken(text: str) -> str:
    """What somebody typed or pasted, fit to be stored: line ends are one, broken bytes marked."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_TAKEN)


def learner_name(text: str) -> str:
    """The name of a local learner, the same however its accents were typed.

    Raises:
        ValueError: it is empty, too long, or holds characters that cannot be seen.
    """
    name = unicodedata.normalize("NFC", text).strip()
    if not name or len(name) > NAME_MAX or not name.isprintable():
        raise ValueError(f"a name has 1 to {NAME_MAX} characters that can be seen")
    return name
