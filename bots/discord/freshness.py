"""Whether an interaction can still be answered, and what is said now and then only. Pure.

After a lost connection Discord repeats what happened meanwhile. An interaction older than three
seconds takes no answer any more, and its sender has been told so.
"""

from collections import OrderedDict, deque
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


@dataclass
class Repeats:
    """Knows the events of late: one that Discord tells us of again is being answered already."""

    most: int = 10_000
    _seen: OrderedDict[int, None] = field(default_factory=OrderedDict)

    def is_new(self, event: int) -> bool:
        """Whether this event was not there before; then it counts as seen."""
        if event in self._seen:
            return False
        self._seen[event] = None
        while len(self._seen) > self.most:
            self._seen.popitem(last=False)
        return True


@dataclass
class Seldom:
    """Lets something be said in a place once in a while."""

    every: timedelta = timedelta(minutes=1)
    _said: dict[str, datetime] = field(default_factory=dict)

    def is_due(self, place: str, now: datetime) -> bool:
        """Whether it may be said there now; then it counts as said."""
        self._said = {where: at for where, at in self._said.items() if now - at < self.every}
        if place in self._said:
            return False
        self._said[place] = now
        return True
