"""Rate limits as Discord tells and enforces them (topics/rate-limits)."""

import time
from dataclasses import dataclass, field

from tests.platforms.discord import limits
from tests.platforms.discord.errors import Json


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    most: int
    seconds: float


@dataclass(slots=True)
class _Window:
    used: int = 0
    ends: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request passes, and the headers that tell the client."""

    headers: dict[str, str]
    retry_after: float = 0.0
    is_global: bool = False

    @property
    def body(self) -> Json:
        """The JSON of a 429."""
        return {
            "message": "You are being rate limited.",
            "retry_after": round(self.retry_after, 3),
            "global": self.is_global,
        }


@dataclass(slots=True)
class Limiter:
    """Counts requests by route and channel, and over all.

    Args:
        rates: by route; the platform does not document them, clients learn them from headers.
        usual: for routes without one.
        refused: routes of each 429.
    """

    rates: dict[str, Rate] = field(default_factory=dict)
    usual: Rate = Rate(5, 1.0)
    overall: int = limits.GLOBAL_PER_SECOND
    refused: list[str] = field(default_factory=list)
    _windows: dict[tuple[str, str], _Window] = field(default_factory=dict)
    _second: _Window = field(default_factory=_Window)

    def count(self, route: str, key: str, *, is_exempt: bool) -> Verdict:
        """Count one request; interaction endpoints are outside the limit over all."""
        now = time.monotonic()
        if not is_exempt:
            if now >= self._second.ends:
                self._second = _Window(0, now + 1.0)
            if self._second.used >= self.overall:
                self.refused.append(route)
                return _refusal({}, self._second.ends - now, is_global=True)
            self._second.used += 1
        rate = self.rates.get(route, self.usual)
        window = self._windows.get((route, key))
        if window is None or now >= window.ends:
            window = self._windows[route, key] = _Window(0, now + rate.seconds)
        left = window.ends - now
        headers = {
            "X-RateLimit-Limit": str(rate.most),
            "X-RateLimit-Remaining": str(max(0, rate.most - window.used - 1)),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": f"{abs(hash(route)):x}",
        }
        if window.used >= rate.most:
            self.refused.append(route)
            return _refusal(headers, left, is_global=False)
        window.used += 1
        return Verdict(headers)


def _refusal(headers: dict[str, str], wait: float, *, is_global: bool) -> Verdict:
    told = {
        "Retry-After": f"{wait:.3f}",
        "X-RateLimit-Scope": "global" if is_global else "user",
        "Via": "1.1 google",  # without it clients take it for a ban of their address
    }
    if is_global:
        told["X-RateLimit-Global"] = "true"
    return Verdict(headers | told, max(0.001, wait), is_global)
