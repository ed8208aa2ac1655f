"""Leaves a service alone that keeps failing: a circuit breaker, pure, with the clock passed in.

Closed, it lets everything through. After `FAILURES` failures within `WINDOW_S` it opens for
`OPEN_S`, or for as long as the service asked; then one request may try, and what becomes of it
closes or opens the breaker again. What only a person can mend opens it until the restart.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tutor.models.protocol import Blocked, Misconfigured, Rejected, Retryable

FAILURES = 5
WINDOW_S = 60.0
OPEN_S = 30.0
LONGEST_S = 3600.0  # what a service may ask for at most; a quota of the day is tried again hourly


class Breaker:
    """Of one model of one service. All times are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._open_until = 0.0
        self._is_open = False
        self._is_probed = False
        self._broken = ""

    @property
    def broken(self) -> str:
        """Why it stays open until the restart; "" when it does not."""
        return self._broken

    def admit(self, now: float) -> bool:
        """Whether a request may be made; who is let in must report what became of it."""
        if self._broken:
            return False
        if not self._is_open:
            return True
        if now < self._open_until or self._is_probed:
            return False
        self._is_probed = True
        return True

    def succeeded(self) -> None:
        """An answer came to its end."""
        self._failures.clear()
        self._is_open = self._is_probed = False

    def failed(self, now: float, after: float | None = None) -> None:
        """A fault that may pass.

        Args:
            now: seconds.
            after: how many seconds the service asked to be left alone; None: it did not say.
        """
        self._failures.append(now)
        often = len(self._failures) == FAILURES and now - self._failures[0] <= WINDOW_S
        if after is not None and after > 0:
            self._open(now + min(after, LONGEST_S))
        elif self._is_open or often:
            self._open(now + OPEN_S)
        self._is_probed = False

    def abandoned(self) -> None:
        """The request was given up by who made it: that says nothing about the service."""
        self._is_probed = False

    def give_up(self, why: str) -> None:
        """The configuration is wrong; nothing is tried until the restart."""
        self._broken = why or "misconfigured"

    @contextmanager
    def watching(self, now: Callable[[], float]) -> Iterator[None]:
        """Report what becomes of a request that was let in.

        Args:
            now: seconds, asked when it fails.
        """
        try:
            yield
            self.succeeded()
        except (Blocked, Rejected):
            self.succeeded()  # it works, it only does not want this request
            raise
        except Misconfigured as error:
            self.give_up(str(error))
            raise
        except Retryable as error:
            after = error.after.total_seconds() if error.after is not None else None
            self.failed(now(), after)
            raise
        except BaseException:
            self.abandoned()
            raise

    def _open(self, until: float) -> None:
        self._is_open = True
        self._open_until = max(self._open_until, until)
