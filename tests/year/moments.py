"""What the reference says: messages that there must be, and how a learner stands at an instant."""

from datetime import date, datetime, time
from typing import NamedTuple

from tests.year.diary import Run

WORTH = 3  # days in a row that are worth a message


class Expected(NamedTuple):
    """A message: its local date, when it is due, when it is written at the soonest, its kinds."""

    day: date
    due: datetime
    at: datetime
    kinds: frozenset[str]
    put_off: bool


class Moment(NamedTuple):
    """What is so with a learner at an instant.

    Attributes:
        day: on the calendar on the wall.
        has_hour: the date is one on which they have an hour of theirs.
        is_off: the day was chosen to be off.
        is_down: we could not be reached for a part of it, so nothing need be finished.
    """

    at: datetime
    day: date
    zone: str
    quiet: tuple[time, time]
    run: Run
    has_hour: bool
    is_active: bool
    is_off: bool
    is_down: bool
    is_silent: bool
    is_blocked: bool
    muted: frozenset[str]

    @property
    def worth(self) -> set[str]:
        """What may be told at no hour of theirs; a freeze only once."""
        if self.has_hour or self.is_silent or self.is_active or self.is_off:
            return set()
        if self.run.current < WORTH:
            return set()
        kinds = set()
        if self.run.kept_now:
            kinds.add("freeze")
        elif not self.run.freezes and not self.is_down:
            kinds.add("streak")
        return kinds - self.muted
