"""Lets a model write: checked paragraph by paragraph, once more when it gave something away."""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Protocol

from domain.errors import StoaError
from tutor.guard.stream import Checks, Stopped, released
from tutor.models.protocol import Delta, Finish, Part, Source, TutorRequest, Usage
from tutor.presentable import presentable

_CHARACTERS_PER_TOKEN = 3.5  # of an answer whose bill never came


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
        first_ms: until the first text of a model, in milliseconds.
        leaks: why the guard stopped a try, for each.
    """

    begun: float
    text: str = ""
    source: Source | None = None
    usage: Usage = field(default_factory=lambda: Usage(0, 0))
    first_ms: int | None = None
    leaks: list[str] = field(default_factory=list)
    finish: Finish | None = None

    def add(self, usage: Usage) -> None:
        """Count one more turn."""
        before = self.usage
        self.usage = Usage(
            before.prompt + usage.prompt,
            before.output + usage.output,
            before.thought + usage.thought,
            before.cached + usage.cached,
        )

    @property
    def tokens(self) -> int:
        """All tokens of all tries."""
        return self.usage.prompt + self.usage.output + self.usage.thought


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
            return
    tally.text = ""
    raise GaveAway


async def _deltas(
    models: Streams, request: TutorRequest, tally: Tally, allowed: Collection[str] | None
) -> AsyncGenerator[str, None]:
    """A model's words; its bill is added at the end, or estimated when it was stopped before."""
    usage: Usage | None = None
    said = 0
    parts = models.stream(request, allowed=allowed)
    try:
        async for part in parts:
            match part:
                case Source():
                    tally.source = part
                case Delta(text):
                    if tally.first_ms is None:
                        tally.first_ms = _since(tally.begun)
                    said += len(text)
                    yield text
                case Usage():
                    usage = part
                case Finish():
                    tally.finish = part
    finally:
        if isinstance(parts, AsyncGenerator):
            await parts.aclose()
        if usage is None and said:
            output = int(said / _CHARACTERS_PER_TOKEN) + 1
            usage = Usage(max(0, models.estimate(request) - output), output)
        if usage is not None:
            tally.add(usage)


def _since(begun: float) -> int:
    return round((time.perf_counter() - begun) * 1000)
