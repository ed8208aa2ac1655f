"""Brings code back from layouts: tables, boxes, labels, decorations, shuffled or joined lines."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from domain.syntax import literal_value, parse

_LABEL = re.compile(
    r"^\s*(?:>>> ?|\.\.\. ?|[-*+•]\s+|\(?\d{1,3}(?:[.):,]\s?|\s+(?=[A-Za-z_]))"
    r"|(?-i:[A-Z])\w{1,11}:\s|(?:line|step|zeile|krok)\s+\d+\s*[:.)-]\s?"
    r"|\|\s?|>\s|#+ ?|//\s?|/?\*+\s)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\W*(?:line|step|zeile|krok)?\s*(\d{1,3})[.):,|\s]")
_WRAPPERS = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(\s*)(?:\*\*|__|~~)(\S.*?)(?:\*\*|__|~~)\s*$",
        r"^(\s*)`+([^`]+)`+\s*$",
        r"^(\s*)\\\w+\{(.*)\}[\s\\]*$",
        r"^(\s*)<\w+[^<>]*>(.*)</\w+>\s*$",
    )
)
_TEX = re.compile(r"\\([_%#&{}$])")
_QUOTED = re.compile(r"^(\s*)([\"'])(.*)\2\s*[,;+\\]*\s*$")
_TAIL = re.compile(r"(?<=\S)(?:\s{2,}(?=\S)|\s+(?=<-|->|=>|-|//|\||\\\\$))")
_BARS = re.compile(r"[|\u2502\u2551\u2503\u00a6\t]")
_BETWEEN = re.compile(r"\s(->|=>|[/|;>~+*#@&\\]{1,2})(?=\s)|([\u23ce\u21b5\u00b6\u2424\u2936])")
_ARROWS = re.compile(r"^(?:\s*(?:->|=>))+")
_MOST_COLUMNS, _FEWEST_LINES = 5, 2


def views(text: str) -> Iterator[str]:
    """How a text reads without its layout; the likeliest first, each of them once.

    Args:
        text: without other disguises; fences are looked through by the caller.
    """
    lines = text.split("\n")
    found = [[undecorated(line) for line in lines]]
    found += [[undecorated(cell) for cell in column] for column in _columns(lines)]
    ordered = _in_order(lines)
    if ordered:
        found.append([undecorated(line) for line in ordered])
    found += _separated(text)
    found += _typed(lines)
    yield from dict.fromkeys("\n".join(one) for one in found if one != lines)


def undecorated(line: str) -> str:
    """A line without labels, emoji, marks around it and remarks behind it."""
    before = ""
    while before != line:
        before = line
        line = _plain_edges(line)
        if label := _LABEL.match(line):
            line = line[label.end() :]
        for wrapper in _WRAPPERS:
            line = wrapper.sub(r"\1\2", line)
        line = _TEX.sub(r"\1", line)
        if quoted := _QUOTED.match(line):
            line = quoted[1] + _unescaped(quoted[2], quoted[3])
    return _without_tail(line)


def _plain_edges(line: str) -> str:
    """Signs that no code begins with as spaces, so that what stands below each other stays so."""
    if arrows := _ARROWS.match(line):
        line = " " * arrows.end() + line[arrows.end() :]
    if line.isascii():
        return line
    start = 0
    while start < len(line) and (line[start].isspace() or _ornament(line[start])):
        start += 1
    end = len(line)
    while end > start and (line[end - 1].isspace() or _ornament(line[end - 1])):
        end -= 1
    return " " * start + line[start:end]


def _ornament(sign: str) -> bool:
    return not sign.isascii() and unicodedata.category(sign) in _ORNAMENTS


_ORNAMENTS = frozenset({"So", "Sk", "Sm", "Po", "Pd", "Cn", "Zs"})


def _unescaped(mark: str, inside: str) -> str:
    """The text of a literal, or of a cell whose quotation marks are doubled."""
    if mark * 2 in inside:
        return inside.replace(mark * 2, mark)
    try:
        value = literal_value(f"{mark}{inside}{mark}")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return inside
    return value if isinstance(value, str) else inside


def _without_tail(line: str) -> str:
    """A line of code without the remark behind it; prose stays as it is."""
    if parses(line.strip()):
        return line
    cuts = [found.start() for found in _TAIL.finditer(line)]
    return next((line[:cut] for cut in reversed(cuts) if parses(line[:cut].strip())), line)


@lru_cache(maxsize=4096)
def parses(line: str) -> bool:
    """Whether a line is Python, alone or as the head of a block."""
    for whole in (line, f"{line}\n    pass", f"if x:\n    pass\n{line}\n    pass", f"{line})"):
        try:
            parse(whole)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        return True
    return False


def _columns(lines: list[str]) -> Iterator[list[str]]:
    """What stands below each other between bars."""
    rows = [_BARS.split(line) for line in lines]
    barred = [row for row in rows if len(row) > 1]
    if len(barred) < _FEWEST_LINES:
        return
    for place in range(min(_MOST_COLUMNS, max(map(len, barred)))):
        yield [row[place] for row in barred if place < len(row)]


def _in_order(lines: list[str]) -> list[str]:
    """Numbered lines by their numbers; none when they are in order already."""
    numbered = [(int(found[1]), line) for line in lines if (found := _NUMBER.match(line))]
    ordered = sorted(numbered, key=lambda one: one[0])
    return [line for _, line in ordered] if len(ordered) > 2 and ordered != numbered else []


def _typed(lines: list[str]) -> Iterator[list[str]]:
    """What was typed at each of Python's prompts."""
    typed: list[str] = []
    for line in [*lines, ">>>"]:
        if line.lstrip().startswith(">>>"):
            if len(typed) > 1:
                yield typed
            typed = [undecorated(line)]
        elif line.lstrip().startswith("..."):
            typed.append(undecorated(line))


def _separated(text: str) -> Iterator[list[str]]:
    """One long line, cut at a sign that comes again and again."""
    counts = Counter(one or other for one, other in _BETWEEN.findall(text))
    for sign, count in counts.most_common(3):
        if count >= _FEWEST_LINES or not sign.isascii():
            pattern = rf" {re.escape(sign)} " if sign.isascii() else re.escape(sign)
            yield [undecorated(line) for line in re.sub(pattern, "\n", text).split("\n")]
