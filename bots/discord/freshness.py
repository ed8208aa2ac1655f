"""Whether an interaction can still be answered. Pure.

After a lost connection Discord repeats what happened meanwhile. An interaction older than three
seconds takes no answer any more, and its sender has been told so.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

OLDEST = timedelta(seconds=2.8)
SEEN = 20  # interactions that tell how far this machine's clock is off
ENOUGH = 3


@dataclass
class Freshness:
    """Judges ages, with a clock that may be wrong: the youngest age seen of late counts as none."""

    _ages: deque[timedelta] = field(default_factory=lambda: deque(maxlen=SEEN))

    def age(self, at: datetime, now: datetime) -> timedelta:
        """How old an interaction of that instant is; over `OLDEST` it cannot be answered.

        Args:
            at: Discord's own time of it.
            now: this machine's time.
        """
        age = now - at
        self._ages.append(age)
        return age - min(self._ages) if len(self._ages) >= ENOUGH else age
