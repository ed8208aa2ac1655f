"""Lets a model write: checked paragraph by paragraph, once more when it gave something away."""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Protocol

from domain.errors import StoaError
from tutor.guard.stream import Checks, Stopped, released
from tutor.models import prompt
from tutor.models.protocol import (
    Bill,
    Delta,
    Finish,
    ModelError,
    Part,
    Source,
    TutorRequest,
    Usage,
)
from tutor.presentable import closed, presentable


class Streams(Protocol):
    """The part of `tutor.models.router.Models` that is needed here."""

    @property
    def available(self) -> bool:
        """Whether any model may answer."""
        ...

    def estimate(self, request: TutorRequest) -> int:
        """About how many tokens a turn takes."""
        ...

    def stream(
        self, request: TutorRequest, *, allowed: Collection[str] | None = None
    ) -> AsyncIterator[Part]:
        """The answer to one request."""
        ...


class GaveAway(StoaError):
    """Both tries gave something away."""


@dataclass(slots=True)
class Tally:
    """What writing took: filled while it goes on, and right whenever it ends.

    Args:
        begun: `time.perf_counter()` when the question came.
        text: what was let out so far.
        source: who was asked last.
        bills: of all tries.
        first_ms: until the first text of a model, in milliseconds.
        leaks: why the guard stopped a try, for each.
        finish: how the last try ended, if it came to its end.
    """

    begun: float
    text: str = ""
    source: Source | None = None
    bills: list[Bill] = field(default_factory=list)
    first_ms: int | None = None
    leaks: list[str] = field(default_factory=list)
    finish: Finish | None = None

    def add(self, usage: Usage) -> None:
        """Count one more try."""
        self.bills.append(Bill(self.source, usage))

    @property
    def usage(self) -> Usage:
        """Of all tries together."""
        each = [bill.usage for bill in self.bills]
        return Usage(
            sum(one.prompt for one in each),
            sum(one.output for one in each),
            sum(one.thought for one in each),
            sum(one.cached for one in each),
        )


async def write(
    models: Streams,
    request: TutorRequest,
    judge: Checks,
    tally: Tally,
    allowed: Collection[str] | None,
) -> AsyncGenerator[str, None]:
    """What may be shown so far, growing by checked paragraphs.

    When the first try gave something away, it begins again with a second one, that is told to
    show no code.

    Raises:
        GaveAway: the second one did, too.
        NoModel: no model answered, and nothing was shown.
        ModelError: the answer broke off.
        SandboxError: it could not be checked.
    """
    for is_second in (False, True):
        tally.text = ""
        one = replace(request, strict=is_second)
        try:
            async with (
                aclosing(_deltas(models, one, tally, allowed)) as deltas,
                aclosing(released(deltas, judge, "")) as paragraphs,
            ):
                async for paragraph in paragraphs:
                    keys = {passage.key for passage in request.passages}
                    tally.text += presentable(paragraph, keys)
                    yield tally.text.rstrip()
        except Stopped as stopped:
            tally.leaks.append(f"{stopped.verdict.kind}: {stopped.verdict.why}")
        else:
            tally.text = closed(tally.text)
            return
    tally.text = ""
    raise GaveAway


async def _deltas(
    models: Streams, request: TutorRequest, tally: Tally, allowed: Collection[str] | None
) -> AsyncGenerator[str, None]:
    """A model's words; each try's bill is added, and one that was stopped before is estimated."""
    said = 0  # by the present try
    is_over = False
    parts = models.stream(request, allowed=allowed)
    try:
        async for part in parts:
            match part:
                case Source():
                    tally.source, said = part, 0
                case Delta(text):
                    if tally.first_ms is None:
                        tally.first_ms = _since(tally.begun)
                    said += len(text)
                    yield text
                case Usage():
                    tally.add(part)
                case Finish():
                    tally.finish, is_over = part, True
    except ModelError:
        is_over = True
        raise
    finally:
        if isinstance(parts, AsyncGenerator):
            await parts.aclose()
        if not is_over:  # stopped by the guard, by the clock, or by nobody waiting any more
            tally.add(prompt.guessed(request, said))


def _since(begun: float) -> int:
    return round((time.perf_counter() - begun) * 1000)
