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
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Self

from domain.settings import Settings
from domain.tutoring.destinations import Destination, destinations
from tutor.models import prompt
from tutor.models.breaker import Breaker
from tutor.models.gemini import Gemini
from tutor.models.openai_compatible import OpenAICompatible
from tutor.models.protocol import (
    Blocked,
    Delta,
    Exhausted,
    Finish,
    Misconfigured,
    ModelError,
    NoModel,
    Part,
    Provider,
    Rejected,
    Retryable,
    Source,
    TutorRequest,
    Usage,
)

_log = logging.getLogger(__name__)
_MARGIN_S = 0.01  # so that a breaker that was asked to rest as long has closed again


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, in seconds.

    Args:
        whole: for the whole turn, all tries together.
        first: for the first piece of text of one try.
        pause: before the second try; up to twice as long, so that not all come back at once.
        longest_pause: if a service asks for more, the next model is asked instead.
    """

    whole: float = 20.0
    first: float = 6.0
    pause: float = 0.2
    longest_pause: float = 2.0


@dataclass(slots=True)
class _Line:
    """One model and what is known about how it does."""

    provider: Provider
    breaker: Breaker


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
        self._lines = [_Line(provider, Breaker()) for provider in providers]
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
                tried = _Try(line, self._patience, end, self._now)
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

    async def _may_repeat(self, tried: "_Try", error: ModelError, end: float) -> bool:
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


class _Try:
    """One request to one model, with what became of it.

    Attributes:
        is_shown: whether a piece of text was yielded.
        is_late: whether it failed because nothing came in time.
    """

    def __init__(
        self, line: _Line, patience: Patience, end: float, now: Callable[[], float]
    ) -> None:
        self.is_shown = False
        self.is_late = False
        self._line = line
        self._patience = patience
        self._end = end
        self._now = now
        self._usage: Usage | None = None
        self._said = 0  # characters
        self._is_begun = False

    def bill(self, request: TutorRequest) -> Usage | None:
        """What it cost; None when the service refused it before it began to work."""
        if self._usage is not None:
            return self._usage
        if self._is_begun or self.is_late:
            return prompt.guessed(request, self._said)
        return None

    async def parts(self, request: TutorRequest) -> AsyncGenerator[Part]:
        """The parts as the router gives them on; raises `ModelError` only."""
        breaker = self._line.breaker
        is_settled = False
        try:
            async with aclosing(self._timed(request)) as parts:
                async for part in parts:
                    yield part
            is_settled = True
            breaker.succeeded()
        except (Blocked, Rejected):
            is_settled = True
            breaker.succeeded()  # it works, it only does not want this request
            raise
        except Misconfigured as error:
            is_settled = True
            breaker.give_up(str(error))
            raise
        except Retryable as error:
            is_settled = True
            after = error.after.total_seconds() if error.after is not None else None
            breaker.failed(self._now(), after)
            raise
        finally:
            if not is_settled:
                breaker.abandoned()

    async def _timed(self, request: TutorRequest) -> AsyncGenerator[Part]:
        loop = asyncio.get_running_loop()
        provider = self._line.provider
        first = min(loop.time() + self._patience.first, self._end)
        finish: Finish | None = None
        source = provider.stream(request, timeout_s=self._end - loop.time())
        try:
            while finish is None:
                try:
                    async with asyncio.timeout_at(self._end if self.is_shown else first):
                        part = await anext(source, None)
                except TimeoutError:
                    self.is_late = True
                    raise Retryable("no answer in time") from None
                self._is_begun = self._is_begun or part is not None
                match part:
                    case None:
                        raise Retryable("the answer was cut off")
                    case Delta(text):
                        self._said += len(text)
                        if self.is_shown or text.strip():
                            self.is_shown = True
                            yield part
                    case Usage():
                        self._usage = part
                    case Finish():
                        finish = part
        except ModelError as error:
            self._is_begun = self._is_begun or isinstance(error, Blocked)
            raise
        except Exception as error:
            _log.exception("%s failed in an unforeseen way", provider.model)
            raise Retryable(f"unforeseen: {type(error).__name__}") from error
        finally:
            if (closing := getattr(source, "aclose", None)) is not None:
                await closing()
        if not self.is_shown:
            if finish.reason == "blocked":
                raise Blocked(f"the answer was blocked: {finish.detail}")
            raise Retryable(f"an empty answer: {finish.detail or finish.reason}")
        if (bill := self.bill(request)) is not None:
            yield bill
        yield finish


def providers(settings: Settings, destination: Destination) -> list[Provider]:
    """One provider for each model of a destination."""
    if destination.form == "gemini":
        key = settings.gemini_api_key
        return [
            Gemini(
                key=key.get_secret_value() if key is not None else "",
                model=model,
                url=settings.gemini_api_url,
                thinking=settings.tutor_thinking,
                name=destination.key,
            )
            for model in destination.models
        ]
    key = settings.tutor_server_key
    return [
        OpenAICompatible(
            url=settings.tutor_server_url or "",
            model=model,
            key=key.get_secret_value() if key is not None else None,
            name=destination.key,
        )
        for model in destination.models
    ]
