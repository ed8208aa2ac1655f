"""Gaps in a text, as Anki writes them: {{c1::what fills it::a hint}}, also one in another. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_MARK = re.compile(r"\{\{c(\d{1,3}(?:,\d{1,3})*)::|\}\}")
_DEEPEST = 8
PICTURE = "image-occlusion:"  # a gap in a picture


@dataclass(slots=True)
class _Gap:
    """What stands in a gap; the outermost one is the text itself and has no numbers."""

    numbers: frozenset[int] = frozenset()
    opening: str = ""
    parts: "list[str | _Gap]" = field(default_factory=list)

    def content(self) -> tuple[list["str | _Gap"], str]:
        """What fills it, and its hint."""
        filled: list[str | _Gap] = []
        for place, part in enumerate(self.parts):
            if isinstance(part, str) and "::" in part:
                before, _, after = part.partition("::")
                hint = [after, *self.parts[place + 1 :]]
                return [*filled, before], "".join(_plain(one) for one in hint)
            filled.append(part)
        return filled, ""


def numbers(text: str) -> tuple[int, ...]:
    """The numbers of all gaps in a text, in order."""
    return tuple(sorted({number for gap in _gaps(_parsed(text)) for number in gap.numbers}))


def with_gap(text: str, number: int) -> str:
    """The text with the gaps of a number open, or with the hints in them, and all others filled."""
    return "".join(_open(part, number) for part in _parsed(text).parts)


def filling(text: str, number: int) -> str:
    """What fills the gaps of a number."""
    found = [gap for gap in _gaps(_parsed(text)) if number in gap.numbers]
    return ", ".join("".join(map(_plain, gap.content()[0])) for gap in found)


def is_in_picture(text: str) -> bool:
    """Whether gaps of a text lie in a picture."""
    return PICTURE in text and any(
        isinstance(part, str) and part.startswith(PICTURE)
        for gap in _gaps(_parsed(text))
        for part in gap.parts[:1]
    )


def _parsed(text: str) -> _Gap:
    """The text as a tree; what is not closed is text."""
    open_gaps = [_Gap()]
    end = 0
    for mark in _MARK.finditer(text):
        before = text[end : mark.start()]
        if before:
            open_gaps[-1].parts.append(before)
        end = mark.end()
        if mark[1] and len(open_gaps) <= _DEEPEST:
            open_gaps.append(_Gap(frozenset(map(int, mark[1].split(","))), mark[0]))
        elif not mark[1] and len(open_gaps) > 1:
            closed = open_gaps.pop()
            open_gaps[-1].parts.append(closed)
        else:
            open_gaps[-1].parts.append(mark[0])
    if end < len(text):
        open_gaps[-1].parts.append(text[end:])
    while len(open_gaps) > 1:
        unclosed = open_gaps.pop()
        open_gaps[-1].parts += [unclosed.opening, *unclosed.parts]
    return open_gaps[0]


def _gaps(root: _Gap) -> Iterator[_Gap]:
    for part in root.parts:
        if isinstance(part, _Gap):
            yield part
            yield from _gaps(part)


def _plain(part: str | _Gap) -> str:
    return part if isinstance(part, str) else "".join(map(_plain, part.content()[0]))


def _open(part: str | _Gap, number: int) -> str:
    if isinstance(part, str):
        return part
    filled, hint = part.content()
    if number in part.numbers:
        return f"[{hint or '...'}]"
    return "".join(_open(one, number) for one in filled)
