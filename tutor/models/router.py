"""Asks the configured models, one after the other, and ends in time whatever they do.

A fault before anything was shown is tried once more, with the same model when it failed at once and
may be better now, else with the next. What came of a request moves the model's breaker. When
nothing was shown in the end, `NoModel` says why and the offline tutor takes the turn; when
something was, another `ModelError` ends it, since a second answer would not fit to the first half.
"""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import aclosing
from typing import Self

from domain.settings import Settings
from domain.tutoring.destinations import destinations
from tutor.models import prompt
from tutor.models.breaker import Breaker
from tutor.models.configured import providers
from tutor.models.protocol import (
    Blocked,
    Exhausted,
    ModelError,
    NoModel,
    Part,
    Provider,
    Retryable,
    Source,
    TutorRequest,
)
from tutor.models.trying import Line, Patience, Try

_log = logging.getLogger(__name__)
_MARGIN_S = 0.01  # so that a breaker that was asked to rest as long has closed again


class Models:
    """All configured models behind one door. It lives as long as the process."""

    def __init__(
        self,
        providers: Sequence[Provider],
        patience: Patience | None = None,
        now: Callable[[], float] | None = None,
    ) -> None:
        """Nothing is opened yet.

        Args:
            providers: in the order in which they are asked.
            patience: how long is waited.
            now: seconds of a monotonic clock, for the breakers; None: the system's.
        """
        self._lines = [Line(provider, Breaker()) for provider in providers]
        self._patience = patience or Patience()
        self._now = now or time.monotonic

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        patience: Patience | None = None,
        now: Callable[[], float] | None = None,
    ) -> Self:
        """The models that the settings name; none is fine."""
        found = [p for d in destinations(settings) for p in providers(settings, d)]
        return cls(found, patience, now)

    @property
    def available(self) -> bool:
        """Whether any model is configured and, as far as is known, configured rightly."""
        return any(not line.breaker.broken for line in self._lines)

    @staticmethod
    def estimate(request: TutorRequest) -> int:
        """About how many tokens a turn takes, to reserve; the bill comes as `Usage`."""
        return prompt.build(request).tokens + prompt.EXPECTED_OUTPUT

    async def stream(
        self, request: TutorRequest, *, allowed: Collection[str] | None = None
    ) -> AsyncIterator[Part]:
        """The answer: for each try a `Source` and, if it cost something, a `Usage`.

        The try that succeeds gives `Delta`s, too, and one `Finish` last.

        Args:
            request: the turn.
            allowed: keys of the destinations the learner agreed to; None: all.

        Raises:
            NoModel: no text was yielded, and none will be.
            ModelError: the answer broke off after some text was yielded.
        """
        end = asyncio.get_running_loop().time() + self._patience.whole
        reasons: list[str] = []
        for line in self._lines:
            if allowed is not None and line.provider.name not in allowed:
                continue
            for is_second in (False, True):
                if asyncio.get_running_loop().time() >= end:
                    reasons.append("out of time")
                    break
                if not line.breaker.admit(self._now()):
                    reasons.append(f"{line.provider.model} rests: {line.breaker.broken or 'fault'}")
                    break
                yield Source(line.provider.name, line.provider.model)
                tried = Try(line, self._patience, end, self._now)
                try:
                    async with aclosing(tried.parts(request)) as parts:
                        async for part in parts:
                            yield part
                except ModelError as error:
                    _log.warning("%s did not answer: %s", line.provider.model, error)
                    if (bill := tried.bill(request)) is not None:
                        yield bill
                    if tried.is_shown:
                        raise
                    reasons.append(f"{line.provider.model}: {error}")
                    if isinstance(error, Blocked):  # an answer, too: another model is no way round
                        raise NoModel("; ".join(reasons)) from None
                    if is_second or not await self._may_repeat(tried, error, end):
                        break
                else:
                    return
        raise NoModel("; ".join(reasons) or "no model is configured or allowed")

    async def close(self) -> None:
        """Close all connections."""
        for line in self._lines:
            await line.provider.close()

    async def _may_repeat(self, tried: "Try", error: ModelError, end: float) -> bool:
        """Wait for the second try; False when the next model is the better choice."""
        if not isinstance(error, Retryable) or tried.is_late:
            return False
        after = error.after.total_seconds() if error.after is not None else None
        if isinstance(error, Exhausted) and after is None:
            return False  # a used-up quota does not come back in a moment
        pause = after if after is not None else self._patience.pause * (1 + random.random())  # noqa: S311
        left = end - asyncio.get_running_loop().time()
        if pause > self._patience.longest_pause or pause >= left:
            return False
        await asyncio.sleep(pause + _MARGIN_S)
        return True
