"""Local days: which date a piece of work belongs to, and which dates may be missed. Pure.

The rules, in words, as `/streak why` tells them:

- A day ends at the learner's hour (03:00 unless changed): work at 01:30 belongs to the evening.
- The zone and the hour are the ones in force when the work was done, also when it is graded later.
- Work done later never gets an earlier date, so a change of zone adds at most one day, once.
- A day that the learner chose to have off, and a day on which we could not be reached, is never a
  missed day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal

from domain.zones import zone

DAY_ENDS = time(3, 0)
ONE_DAY = timedelta(days=1)
_INSTANT = timedelta.resolution
EVERY_DAY = frozenset(range(1, 8))

Excuse = Literal["off", "down"]


def local_date(at: datetime, timezone: str, day_ends: time = DAY_ENDS) -> date:
    """The date an instant belongs to in a zone whose days end at `day_ends`.

    Wall-clock arithmetic on purpose: on the night the clocks change, the day still ends at 03:00
    by the clock on the wall.

    Args:
        at: aware instant.
        timezone: IANA name.
        day_ends: hour after midnight at which the day is over.
    """
    wall = at.astimezone(zone(timezone)).replace(tzinfo=None)
    shift = timedelta(hours=day_ends.hour, minutes=day_ends.minute)
    return (wall - shift).date()


@dataclass(frozen=True, slots=True)
class Mark:
    """One day's work as the ledger has it: when it began and ended, and in which zones."""

    day: date
    began: datetime
    ended: datetime
    zones: frozenset[str]


def moment(day: date, at: datetime, timezone: str) -> Mark:
    """The mark of a single moment of work."""
    return Mark(day, at, at, frozenset((timezone,)))


def ledger_date(natural: date, earlier: date | None, later: date | None = None) -> date:
    """The date to write for work, so that dates follow the order in which work was done.

    Args:
        natural: `local_date` of the work.
        earlier: the latest date of work done before it, if any.
        later: the earliest date of work done after it: only work that is graded late has one.
    """
    day = natural if earlier is None else max(natural, earlier)
    return day if later is None else min(day, later)


@dataclass(frozen=True, slots=True)
class Setting:
    """A zone and the hour at which a day ends, in force up to an instant (None: still)."""

    timezone: str
    day_ends: time = DAY_ENDS
    until: datetime | None = None


def in_force(settings: Sequence[Setting], at: datetime) -> Setting:
    """The setting at an instant; `settings` are in order of time, the last one is in force now."""
    for setting in settings:
        if setting.until is None or at < setting.until:
            return setting
    return settings[-1]


@dataclass(frozen=True, slots=True)
class Excuses:
    """Dates that may be missed.

    Args:
        study_days: from which date on which weekdays (ISO, Monday is 1) are for learning, in
            order of time; before the first date all are.
        down: dates on which an outage of ours lay.
    """

    study_days: tuple[tuple[date, frozenset[int]], ...] = ()
    down: frozenset[date] = field(default=frozenset())

    def why(self, day: date) -> Excuse | None:
        """Why a date may be missed, if it may."""
        if day in self.down:
            return "down"
        return None if day.isoweekday() in self.weekdays(day) else "off"

    def weekdays(self, day: date) -> frozenset[int]:
        """The weekdays for learning that were chosen on a date."""
        chosen = EVERY_DAY
        for since, weekdays in self.study_days:
            if since > day:
                break
            chosen = weekdays
        return chosen


def dates_of(
    outages: Iterable[tuple[datetime, datetime]], settings: Sequence[Setting]
) -> frozenset[date]:
    """The learner's dates on which outages lay, however short a part of the day it was.

    Args:
        outages: begin and end of each.
        settings: the learner's, as `in_force` wants them.
    """
    found: set[date] = set()
    changes = [setting.until for setting in settings if setting.until is not None]
    for began, ended in outages:
        edges = [began, *(at for at in changes if began < at <= ended), ended + _INSTANT]
        # Whoever moves meanwhile has dates of both places, and not always later ones.
        seen = [
            local_date(at, setting.timezone, setting.day_ends)
            for since, until in pairwise(edges)
            for setting in (in_force(settings, since),)
            for at in (since, until - _INSTANT)
        ]
        first, last = min(seen), max(seen)
        found.update(first + n * ONE_DAY for n in range((last - first).days + 1))
    return frozenset(found)


def calendar(
    active: Iterable[date],
    frozen: Iterable[date],
    excuses: Excuses,
    today: date,
    days: int,
    flown: Iterable[date] = (),
) -> list[str]:
    """The last `days` dates, oldest first.

    Each is "active", "kept" (a freeze), "flown" (a flight swallowed it), "off", "down" (an outage
    of ours), "open" (today) or "missed".
    """
    done, kept, skipped = set(active), set(frozen), set(flown)
    words = []
    for back in range(days - 1, -1, -1):
        day = today - back * ONE_DAY
        if day in done:
            words.append("active")
        elif day in kept:
            words.append("kept")
        elif day == today:
            words.append("open")
        elif day in skipped:
            words.append("flown")
        else:
            words.append(excuses.why(day) or "missed")
    return words
