"""Time zones by name, kept in memory.

`ZoneInfo` itself keeps the eight used last; with people in forty zones it would read files all the
time, which took most of the time of a set of reminders.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

KEPT_FOR = timedelta(hours=1)
_MOST = 1_024  # more than there are


@lru_cache(maxsize=_MOST)
def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: there is none.
    """
    return ZoneInfo(name)


class Kept:
    """Says when zones were kept long enough: their rules change with the machine's files."""

    def __init__(self) -> None:
        self._since: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether an hour has passed since the last time that this was so."""
        if self._since is not None and timedelta(0) <= now - self._since < KEPT_FOR:
            return False
        self._since = now
        return True


def forget() -> None:
    """Read all zones again when they are asked for."""
    zone.cache_clear()
    ZoneInfo.clear_cache()
