"""A Markdown list as entries with their text, feedback and line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MARKER = re.compile(r"^( {0,3})(?:[0-9]{1,9}[.)]|[-*+])( +|$)")
_FEEDBACK = re.compile(r"^\s*> ?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `lazy_line` is a line that only looks as if it stood outside, 0 for none."""

    text: str
    feedback: str
    line: int
    lazy_line: int


def read_list(rows: Sequence[str], line: int) -> list[Entry]:
    """Read the entries of one list block.

    Args:
        rows: the lines of the block.
        line: the number of the first one.
    """
    return [_entry(part, lazy, line + start) for start, part, lazy in _cut(rows)]


def _cut(rows: Sequence[str]) -> Iterator[tuple[int, list[str], int]]:
    """Each entry: the offset of its first line, its lines without marker, where it is lazy."""
    start, current, indent, lazy = 0, list[str](), 0, 0
    for number, row in enumerate(rows):
        found = _MARKER.match(row)
        if found and (not current or len(found[1]) < indent):
            if current:
                yield start, current, lazy
            start, indent, lazy = number, found.end(), 0
            current = [row[found.end() :]]
        else:
            if row[:indent].strip() and not lazy:
                lazy = number - start
            current.append(row if row[:indent].strip() else row[indent:])
    if current:
        yield start, current, lazy


def _entry(rows: list[str], lazy: int, line: int) -> Entry:
    text: list[str] = []
    feedback: list[str] = []
    fenced = False
    for number, row in enumerate(rows):
        fenced ^= row.lstrip().startswith(("```", "~~~"))
        if not fenced and number and _FEEDBACK.match(row):
            feedback.append(_FEEDBACK.sub("", row))
        elif not fenced and feedback and row.strip():
            feedback.append(row.strip())
        else:
            text.append(row)
    return Entry(
        "\n".join(text).strip(), "\n".join(feedback).strip(), line, line + lazy if lazy else 0
    )
