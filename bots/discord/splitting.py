"""Blocks written as Discord's Markdown, in as few messages as hold them. Pure.

A mark or a fence that is open where a message ends is closed there and opened again in the next.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bots.discord.limits import CONTENT, size
from bots.discord.marked import CODE, Block, Fence, Paragraph, Run, unmentioned

_WORDS = re.compile(r"\s*\S+|\s+$|\s+")
_TICKS = "```"
_SHORTEST = 20  # units that a piece of a word has at least


def messages(found: Sequence[Block], *, compact: bool = False, most: int = CONTENT) -> list[str]:
    """The texts of one or more messages.

    Args:
        found: blocks in their order.
        compact: no blank lines between blocks.
        most: UTF-16 units of one message.
    """
    done: list[str] = []
    text = ""
    for block in found:
        for number, piece in enumerate(_pieces(block, most)):
            gap = "\n" if compact or number or block.is_tight else "\n\n"
            joined = f"{text}{gap}{piece}" if text else piece
            if text and size(joined) > most:
                done.append(text)
                joined = piece
            text = joined
    return [*done, text] if text else done


def _pieces(block: Block, most: int) -> Iterator[str]:
    """A block's text, cut where it is longer than one message."""
    if isinstance(block, Fence):
        yield from _fenced(block, most)
        return
    whole = _written(block)
    if size(whole) <= most:
        yield whole
        return
    around = max(sum(2 * size(mark) + 1 for mark in run.marks) for run in block.runs)
    room = most - 2 * around - size(block.first) - size(block.rest)
    for number, runs in enumerate(_cut(block, room)):
        first = block.rest if number else block.first
        yield _written(replace(block, runs=tuple(runs), first=first)).strip("\n")


def _cut(block: Paragraph, room: int) -> Iterator[list[Run]]:
    taken: list[Run] = []
    used = 0
    for run in block.runs:
        marks = sum(2 * size(mark) + 1 for mark in run.marks)
        for word in _words(run.text, max(_SHORTEST, room - marks)):
            cost = size(word) + word.count("\n") * size(block.rest)
            if not taken or taken[-1].marks != run.marks:
                cost += marks
            if taken and used + cost > room:
                yield taken
                word, taken = word.lstrip(), []
                used, cost = 0, size(word) + marks
            if not word:
                continue
            if taken and taken[-1].marks == run.marks:
                taken[-1] = Run(taken[-1].text + word, run.marks)
            else:
                taken.append(Run(word, run.marks))
            used += cost
    if taken:
        yield taken


def _words(text: str, most: int) -> Iterator[str]:
    """Words with the white space before them; what is longer than a message is cut anywhere."""
    for word in _WORDS.findall(text):
        while size(word) > most:
            end = most // 2  # a character has at most two units
            while end > 1 and word[end - 1] == "\\":
                end -= 1
            yield word[:end]
            word = word[end:]
        yield word


def _written(block: Paragraph) -> str:
    """A paragraph as text, its marks opened and closed in order."""
    parts: list[str] = []
    standing: tuple[str, ...] = ()
    for run in block.runs:
        marks = tuple(mark for mark in run.marks if mark != CODE)
        same = 0
        while same < min(len(standing), len(marks)) and standing[same] == marks[same]:
            same += 1
        parts += list(reversed(standing[same:]))
        parts += ["[" if mark.startswith("]") else mark for mark in marks[same:]]
        standing = marks
        parts.append(_code(run.text) if CODE in run.marks else run.text)
    parts += list(reversed(standing))
    return block.first + "".join(parts).replace("\n", f"\n{block.rest}")


def _code(text: str) -> str:
    text = unmentioned(text.replace("\n", " "))
    if "``" in text:
        text = text.replace("`", "\N{MODIFIER LETTER GRAVE ACCENT}")
    if CODE not in text:
        return f"`{text}`"
    return f"`` {text} ``"


def _fenced(block: Fence, most: int) -> Iterator[str]:
    code = unmentioned(block.code.replace(_TICKS, "``\u200b`"))
    language = re.sub(r"[^\w+#.-]", "", block.language)[:20]
    room = most - size(f"{_TICKS}{language}\n\n{_TICKS}")
    lines: list[str] = []
    used = 0
    for line in _lines(code, room):
        if lines and used + size(line) + 1 > room:
            yield _block(language, lines)
            lines, used = [], 0
        lines.append(line)
        used += size(line) + 1
    yield _block(language, lines)


def _lines(code: str, most: int) -> Iterator[str]:
    for line in code.split("\n"):
        while size(line) > most:
            yield line[: most // 2]
            line = line[most // 2 :]
        yield line


def _block(language: str, lines: Sequence[str]) -> str:
    return f"{_TICKS}{language}\n" + "\n".join(lines) + f"\n{_TICKS}"
