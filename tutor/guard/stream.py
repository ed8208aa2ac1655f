"""Lets a reply out paragraph by paragraph, each after it was checked with all before it."""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Protocol

from tutor.guard.guard import Verdict

_FENCE = re.compile(r"(?m)^[ \t>]*(```+|~~~+)")


class Checks(Protocol):
    """Whatever judges a reply: a `Guard`, or something around it."""

    async def check(self, reply: str, learner: str = "") -> Verdict:
        """Judge what was said so far; see `Guard.check`."""
        ...


class Stopped(Exception):
    """The reply gave something away; what was let out before is harmless, the rest is dropped."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.why)
        self.verdict = verdict


async def released(
    parts: AsyncIterator[str], guard: Checks, learner: str
) -> AsyncGenerator[str, None]:
    """Paragraphs of a reply as soon as they were checked.

    A paragraph ends with an empty line outside a fence; an open backtick or fence is held back
    until it is closed. Each check reads everything said so far, so a solution that comes in pieces
    is stopped with the piece that completes it.

    Args:
        parts: pieces of text, cut anywhere.
        guard: of the challenge that is talked about.
        learner: the learner's present program.

    Raises:
        Stopped: the next paragraph would give something away.
        SandboxError: nothing can be checked.
    """
    said, held = "", ""
    async for part in parts:
        held += part
        while (end := _end(held)) is not None:
            paragraph, held = held[:end], held[end:]
            said = await _checked(said + paragraph, guard, learner)
            yield paragraph
    if held.strip():
        await _checked(said + held, guard, learner)
        yield held


async def _checked(text: str, guard: Checks, learner: str) -> str:
    verdict = await guard.check(text, learner)
    if verdict.gives_away:
        raise Stopped(verdict)
    return text


def _end(text: str) -> int | None:
    """Where the first whole paragraph ends; None while it may go on."""
    for found in re.finditer(r"\n[ \t]*\n+", text):
        before = text[: found.end()]
        fences = len(_FENCE.findall(before))
        ticks = _FENCE.sub("", before).count("`")
        if fences % 2 == 0 and ticks % 2 == 0:
            return found.end()
    return None
