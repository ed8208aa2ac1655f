"""GIFT, first pass: the lines of a file as blocks, one question each.

Format: https://docs.moodle.org/en/GIFT_format. A blank line ends a question, `//` begins a comment
line, `$CATEGORY:` names the group of what follows. Two kindnesses to real files: a blank line
inside braces that are closed later is part of the question, and a line that begins with
`::title::` after a finished answer begins the next question.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# A sign after a backslash is itself. It is put out of the way before anything looks for signs.
_ESCAPE = re.compile(r"\\([~=#{}:\\n]|->)")
_HIDDEN = {sign: chr(0xE000 + place) for place, sign in enumerate("~=#{}:\\")}
_SHOWN = {ord(hidden): sign for sign, hidden in _HIDDEN.items()} | {0xE00F: "\n"}
_PRIVATE = re.compile("[\ue000-\ue00f]")
_CATEGORY = re.compile(r"\s*\$CATEGORY:\s*(.*?)\s*", re.IGNORECASE)
_TITLE = re.compile(r"\s*::")


@dataclass(frozen=True, slots=True)
class Block:
    """The text of one question with hidden escapes, its first line, and its group."""

    text: str
    line: int
    category: str
    is_closed: bool


def hide(text: str) -> str:
    """Escaped signs replaced by private ones, so that what is left of them is grammar."""

    def sign(found: re.Match[str]) -> str:
        return "\ue00f" if found[1] == "n" else _HIDDEN.get(found[1], found[0])

    return _ESCAPE.sub(sign, _PRIVATE.sub("", text))


def show(text: str) -> str:
    """Private signs turned back into what they stand for."""
    return text.translate(_SHOWN)


def blocks(text: str) -> Iterator[Block]:
    """The questions of a file, in its order."""
    lines = hide(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    category, first, depth = "", 0, 0
    kept: list[str] = []
    answered = False
    for number, line in enumerate([*lines, ""], start=1):
        if line.lstrip().startswith("//"):
            continue
        named = _CATEGORY.fullmatch(line) if depth == 0 else None
        blank = not line.strip() and (depth == 0 or not _closes(lines, number))
        begins = (answered or depth) and _TITLE.match(line) and (depth == 0 or _titled(line))
        if named or blank or begins:
            if kept:
                yield Block("\n".join(kept), first, category, depth == 0)
            kept, depth, answered = [], 0, False
        if named:
            category = show(named[1])
        elif line.strip() or kept:
            first = first if kept else number
            kept.append(line)
            answered = answered or "{" in line
            depth = max(0, depth + line.count("{") - line.count("}"))
    if kept:
        yield Block("\n".join(kept), first, category, depth == 0)


def _titled(line: str) -> bool:
    """Whether a line inside open braces can only be the title of another question."""
    return bool(re.match(r"\s*::[^:]+::", line))


def _closes(lines: list[str], after: int) -> bool:
    """Whether braces that are open at a blank line are closed before another question begins."""
    for line in lines[after:]:
        if _TITLE.match(line) or line.lstrip().startswith("$CATEGORY"):
            return False
        opening, closing = line.find("{"), line.find("}")
        if closing >= 0 and (opening < 0 or closing < opening):
            return True
        if opening >= 0:
            return False
    return False
