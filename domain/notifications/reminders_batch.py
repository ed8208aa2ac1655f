"""What a set of reminders has in common: reckoned once for each zone, time and quiet hours. Pure.

Hundreds of reminders that are due together come from some dozens of zones and times. Their next
instants, local dates and quiet hours are the same for all who share these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from domain import zones
from domain.identity.service import DEFAULT_DAY_END
from domain.notifications.people import Person
from domain.notifications.reminders import (
    EVERY_DAY,
    GRACE,
    Plan,
    expires,
    is_late,
    next_due,
    wall,
)

DayOf = Callable[[datetime, str, time], tuple[date, datetime]]

_kept = zones.Kept()


class Due(NamedTuple):
    """A row of `reminders_sql.CLAIM`, its columns in the same order, a `Person`'s last."""

    user_id: UUID
    kind: str
    local_time: time
    weekdays: list[int] | None  # every day
    timezone: str
    snoozed_until: datetime | None
    next_fire_at: datetime
    last_day: date | None
    sent_day: date | None
    sent_at: datetime | None
    ignored: int
    was_sent: bool
    person: Person


@dataclass(frozen=True, slots=True, eq=False)  # each is kept once
class Reckoned:
    """What follows from a reminder's time, its zone and the present, whoever's it is.

    Attributes:
        plan: when it is wanted.
        day: the local date it is due on.
        last_day: the date that is dealt with after it.
        next: when it comes after that; it may be due already when this one is late by a day.
        is_late: better left out.
        is_quiet: the present lies in quiet hours.
        expires: until when a message that is written now may be sent.
        today: the learner's date now, which ends at their hour; `began` is when it did.
    """

    plan: Plan
    day: date
    last_day: date
    next: datetime
    is_late: bool
    is_quiet: bool
    expires: datetime
    today: date
    began: datetime


class Batch:
    """One present for a set of reminders.

    Args:
        now: the present.
        day_of: a learner's date at an instant, and when that date began, from zone and end of day.
    """

    def __init__(self, now: datetime, day_of: DayOf) -> None:
        if _kept.is_over(now):  # the rules of zones may have changed
            zones.forget()
            next_due.cache_clear()
        self.now = now
        self._day_of = day_of
        self._at = now
        self._known: dict[tuple[object, ...], Reckoned] = {}  # of those due at `_at`

    def reckoned(self, row: Due) -> Reckoned:
        """What follows for one reminder, reckoned for the first of its like."""
        if row.next_fire_at != self._at:  # they come in the order of their instants
            self._at, self._known = row.next_fire_at, {}
        person = row.person
        key = (
            person.now_in,
            row.local_time,
            tuple(row.weekdays) if row.weekdays else None,
            row.last_day,
            person.quiet_from,
            person.quiet_until,
            person.day_ends,
        )
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._reckon(row)
        return found

    def _reckon(self, row: Due) -> Reckoned:
        now, zone = self.now, row.person.now_in
        quiet = row.person.quiet
        weekdays = frozenset(row.weekdays) if row.weekdays else EVERY_DAY
        plan = Plan(row.local_time, weekdays, zone, quiet)
        day = wall(row.next_fire_at, zone).date()
        last = day if row.last_day is None else max(day, row.last_day)
        today, began = self._day_of(now, zone, row.person.day_ends or DEFAULT_DAY_END)
        was_late = is_late(row.next_fire_at, now, zone)
        return Reckoned(
            plan,
            day,
            last,
            next_due(plan, now - GRACE if was_late else now, last).at,
            was_late,
            quiet.covers(wall(now, zone).time()),
            expires(now, zone, quiet),
            today,
            began,
        )
