"""Flood control: who sends too fast is told how long to wait, and must."""

import math
import time
from dataclasses import dataclass, field

from tests.platforms.telegram.limits import Rates
from tests.platforms.telegram.wire import ApiError


@dataclass(slots=True)
class _Bucket:
    """Fills with `rate` tokens a second up to `most`."""

    rate: float
    most: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until a token is there; 0 when one is."""
        self.level = min(self.most, self.level + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.level >= 1 else (1 - self.level) / self.rate


@dataclass(slots=True)
class Flood:
    """The counters of one bot.

    Args:
        rates: what may be sent.
        told: (chat, seconds) of each refusal.
        sent: chat and second of each message let through.
    """

    rates: Rates
    told: list[tuple[int, int]] = field(default_factory=list)
    sent: list[tuple[int, float]] = field(default_factory=list)
    _buckets: dict[int, list[_Bucket]] = field(default_factory=dict)
    _overall: _Bucket | None = None
    _closed: dict[int, float] = field(default_factory=dict)

    def now(self) -> float:
        """Seconds of Telegram."""
        return time.monotonic() * self.rates.speed

    def close(self, chat: int, seconds: float) -> None:
        """Refuse everything into a chat for so long, as Telegram does after a flood."""
        self._closed[chat] = self.now() + seconds

    def count(self, chat: int, *, is_group: bool) -> None:
        """Let a message or an edit into a chat pass.

        Raises:
            ApiError: 429, with the seconds to wait.
        """
        now = self.now()
        if (until := self._closed.get(chat, 0.0)) > now:
            raise self._refusal(chat, until - now)
        buckets = self._of(chat, now, is_group=is_group)
        wait = max(bucket.wait(now) for bucket in buckets)
        if wait > 0:
            self._closed[chat] = now + math.ceil(wait)
            raise self._refusal(chat, wait)
        for bucket in buckets:
            bucket.level -= 1
        self.sent.append((chat, now))

    def _of(self, chat: int, now: float, *, is_group: bool) -> list[_Bucket]:
        rates = self.rates
        if self._overall is None:
            self._overall = _Bucket(rates.overall, rates.overall, rates.overall, now)
        if chat not in self._buckets:
            self._buckets[chat] = [_Bucket(rates.chat, rates.burst, rates.burst, now)]
            if is_group:
                minute = _Bucket(rates.group / 60, rates.group, rates.group, now)
                self._buckets[chat].append(minute)
        return [*self._buckets[chat], self._overall]

    def _refusal(self, chat: int, wait: float) -> ApiError:
        seconds = max(1, math.ceil(wait / self.rates.speed))  # the bot waits by its own clock
        self.told.append((chat, seconds))
        return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
