"""One request to one model: in time, and with what became of it known to the model's breaker."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from tutor.models import prompt
from tutor.models.breaker import Breaker
from tutor.models.protocol import (
    Blocked,
    Delta,
    Finish,
    ModelError,
    Part,
    Provider,
    Retryable,
    TutorRequest,
    Usage,
)

_log = logging.getLogger(__name__)
LONGEST = 32_000  # characters; what a model is allowed to say has half of them


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
class Line:
    """One model and what is known about how it does."""

    provider: Provider
    breaker: Breaker


class Try:
    """One request to one model, with what became of it.

    Attributes:
        is_shown: whether a piece of text was yielded.
        is_late: whether it failed because nothing came in time.
    """

    def __init__(
        self, line: Line, patience: Patience, end: float, now: Callable[[], float]
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
        with self._line.breaker.watching(self._now):
            async with aclosing(self._timed(request)) as parts:
                async for part in parts:
                    yield part

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
                        if self._said > LONGEST:
                            raise Retryable("an answer without an end")
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
