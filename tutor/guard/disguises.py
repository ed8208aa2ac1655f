"""Takes disguises off a text: each reading is the text as it might be meant."""

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from tutor.guard import letters, packing

_LOOKALIKES = str.maketrans(
    {
        **dict(zip("АВЕКМНОРСТХаеорсухіѕјԁԛԝһոɡɩ", "ABEKMHOPCTXaeopcyxisjdqwhngi", strict=True)),
        **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορινıⅼ", "ABEZHIKMNOPTYXaopivil", strict=True)),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’‚‛´", "'"),
        **dict.fromkeys("–—−‒", "-"),
        **dict(zip("×÷∗⁎⩽⩾∶", "*/**≤≥:", strict=True)),
    }
)
_SIGNS = {"≠": "!=", "≤": "<=", "≥": ">=", "⇒": "=>"}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(\s[^<>]*)?/?>")
_BREAKS = frozenset({"br", "p", "div", "li", "pre", "tr", "ol", "ul"})
_KEYWORD = re.compile(
    r"\b(?:def|return|for|while|if|print|import|lambda|append|function|const)\b"
    r"|<(?:html|body|!doc)|[\w-] \{"
)


@lru_cache(maxsize=64)
def readings(text: str) -> tuple[str, ...]:
    """The text without disguises, and whatever is encoded in it; the plain reading first."""
    return tuple(dict.fromkeys([undisguised(text), *map(undisguised, decoded(text))]))


@lru_cache(maxsize=64)
def decoded(text: str) -> tuple[str, ...]:
    """Code that is encoded in a text or in its parts, as it comes out."""
    return tuple(one for one in _decoded(text, undisguised(text)) if _like_code(one))


def undisguised(text: str) -> str:
    """The text in plain letters: no invisible signs, look-alikes, tags or spoilers."""
    text = unicodedata.normalize("NFKC", _tagless(text))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    kept = [sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in _HIDDEN]
    text = "".join(kept).translate(_LOOKALIKES)
    for sign, meant in _SIGNS.items():
        text = text.replace(sign, meant)
    if not text.isascii():
        text = "".join(map(_arrow, text))
    text = re.sub(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]", " ", text)
    return re.sub(r"\|\|", "", text) if text.count("||") >= 2 and _spoiler(text) else text


def _arrow(sign: str) -> str:
    name = "" if sign.isascii() else unicodedata.name(sign, "")
    return "->" if "RIGHTWARDS" in name and "ARROW" in name else sign


_HIDDEN = frozenset({"Cf", "Cc", "Co", "Cs", "Mn", "Me"})


def _spoiler(text: str) -> bool:
    """Two bars as Discord's spoiler marks, not as another language's `or`."""
    return re.search(r"\|\|[^|]*\n[^|]*\|\||(^|\n)\s*\|\|", text) is not None


def _tagless(text: str) -> str:
    def tag(found: "re.Match[str]") -> str:
        return "\n" if found[2].lower() in _BREAKS else ""

    if _TAG.search(text) or re.search(r"&(#\d+|#x[0-9a-fA-F]+|lt|gt|amp|quot|nbsp);", text):
        known = (
            r"pre|code|span|br|p|div|li|ol|ul|b|i|em|strong|u|tr|td|table|details|summary|tt|font"
        )
        pattern = re.compile(rf"<(/?)({known})(\s[^<>]*)?/?>", re.IGNORECASE)
        return html.unescape(pattern.sub(tag, text))
    return text


def _like_code(text: str) -> bool:
    readable = sum(sign.isprintable() or sign in "\n\t" for sign in text)
    return bool(text) and readable / len(text) > 0.95 and _KEYWORD.search(text) is not None


def _decoded(text: str, plain: str) -> Iterator[str]:
    """Everything that any usual encoding makes of the text or of its parts."""
    yield from packing.unpacked(text)
    yield from letters.respelled(plain)
    yield text[::-1]
    yield "\n".join(line[::-1] for line in text.split("\n"))
    yield "\n".join(reversed(text.split("\n")))
    yield _spelled(text)
    yield re.sub(r"\b(?:\w[-.·_]){2,}\w\b", lambda found: re.sub(r"[-.·_]", "", found[0]), text)
    yield from _words(text)


def _spelled(text: str) -> str:
    """Letters that stand apart, as in "d e f" or "d-e-f"; two spaces part words."""
    lines = []
    for line in text.split("\n"):
        single = re.fullmatch(r"(\s*)((?:\S[ .\-_]){4,}\S)\s*", line)
        apart = re.split(r" {2,}|\t| / ", line.strip())
        if all(re.fullmatch(r"(\S[ .\-_])*\S", word) for word in apart) and len(line) > 8:
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(
                indent + " ".join(re.sub(r"(\S)[ .\-_](?=\S)", r"\1", word) for word in apart)
            )
        elif single:
            lines.append(single[1] + re.sub(r"[ .\-_](?=\S)", "", single[2]))
        else:
            lines.append(line)
    return "\n".join(lines)


_SPOKEN = (
    (r"\bopen(?:ing)? (?:parenthesis|paren|bracket)\b", "("),
    (r"\bclos(?:e|ing) (?:parenthesis|paren|bracket)\b", ")"),
    (r"\bopen(?:ing)? square(?: bracket)?\b", "["),
    (r"\bclos(?:e|ing) square(?: bracket)?\b", "]"),
    (r"\bopen(?:ing)? (?:curly|brace)(?: brace| bracket)?\b", "{"),
    (r"\bclos(?:e|ing) (?:curly|brace)(?: brace| bracket)?\b", "}"),
    (r"\b(?:double equals|equals equals|equal equal)\b", "=="),
    (r"\bplus equals\b", "+="),
    (r"\bminus equals\b", "-="),
    (r"\b(?:not equals|bang equals)\b", "!="),
    (r"\bless than or equals?(?: to)?\b", "<="),
    (r"\bgreater than or equals?(?: to)?\b", ">="),
    (r"\bless than\b", "<"),
    (r"\bgreater than\b", ">"),
    (r"\bequals\b", "="),
    (r"\bcolon\b", ":"),
    (r"\bcomma\b", ","),
    (r"\bdot\b", "."),
    (r"\bplus\b", "+"),
    (r"\bminus\b", "-"),
    (r"\btimes\b", "*"),
    (r"\bmodulo\b", "%"),
    (r"\bunderscore\b", "_"),
    (r"\b(?:new ?line|next line|enter)\b", "\n"),
    (r"\bindent(?:ed)?\b", "    "),
    (r"\bzero\b", "0"),
    (r"\bone\b", "1"),
    (r"\btwo\b", "2"),
)


def _words(text: str) -> Iterator[str]:
    """Code that is read aloud, as in "return x plus one newline"."""
    if len(re.findall(r"\b(?:colon|parenthesis|paren|bracket|equals|newline|indent)\b", text)) < 3:
        return
    for pattern, sign in _SPOKEN:
        text = re.sub(pattern, sign, text, flags=re.IGNORECASE)
    text = re.sub(r" *\n *(?=\S)", "\n", text)
    text = re.sub(r"(?<!\bfor)(?<=\w) *_ *(?=\w)", "_", text)
    text = re.sub(r"([<>!+*/-]) +=", r"\1=", text)
    yield re.sub(r" *\. *(?=[a-z]+ *\()", ".", text)
