"""Local days: which date a piece of work belongs to, and how days make a streak. Pure.

The rules, in words, as `/streak why` tells them:

- A day ends at the learner's hour (03:00 unless changed): work at 01:30 belongs to the evening.
- The zone is the one in force when the work was done, and is kept with it.
- A change of zone never moves later work to an earlier day, so it can add at most one day, once.
- A date that a flight swallowed (one missing date, another zone, less than 48 hours apart) does
  not break the streak; it adds nothing either.
- Today may still come: the streak is unbroken until today has ended too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_ENDS = time(3, 0)
ONE_DAY = timedelta(days=1)
FLIGHT = timedelta(hours=48)


def local_date(at: datetime, timezone: str, day_ends: time = DAY_ENDS) -> date:
    """The date an instant belongs to in a zone whose days end at `day_ends`.

    Wall-clock arithmetic on purpose: on the night the clocks change, the day still ends at 03:00
    by the clock on the wall.

    Args:
        at: aware instant.
        timezone: IANA name.
        day_ends: hour after midnight at which the day is over.
    """
    wall = at.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    shift = timedelta(hours=day_ends.hour, minutes=day_ends.minute)
    return (wall - shift).date()


@dataclass(frozen=True, slots=True)
class Mark:
    """One day's work as the ledger has it: when and in which zone it began and ended."""

    day: date
    began: datetime
    ended: datetime
    began_in: str
    ended_in: str


def moment(day: date, at: datetime, timezone: str) -> Mark:
    """The mark of a single moment of work."""
    return Mark(day, at, at, timezone, timezone)


def ledger_date(natural: date, at: datetime, latest: Mark | None) -> date:
    """The date to write for new work: never before the date of work that was done earlier.

    Args:
        natural: `local_date` of the work.
        at: when it was done; late grading passes the time of submission.
        latest: the most recent day so far, if any.
    """
    if latest is not None and at >= latest.ended:
        return max(natural, latest.day)
    return natural


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row. `current` counts active days only; `start` is the first of them."""

    current: int = 0
    longest: int = 0
    total: int = 0
    start: date | None = None
    last: date | None = None


def streak_of(marks: Iterable[Mark], kept: Iterable[date], now: Mark) -> Streak:
    """The streak as it stands now.

    Args:
        marks: one per active day, in any order.
        kept: missed dates that do not break it (freezes, outages of ours).
        now: the mark that work done this moment would make; the streak is alive if it would join.
    """
    days = sorted(marks, key=lambda mark: mark.day)
    safe = frozenset(kept)
    longest = run = 0
    start: date | None = None
    previous: Mark | None = None
    for mark in days:
        if previous is not None and not _joined(previous, mark, safe):
            run = 0
        if run == 0:
            start = mark.day
        run += 1
        longest = max(longest, run)
        previous = mark
    if previous is None:
        return Streak()
    alive = _joined(previous, now, safe)
    return Streak(run if alive else 0, longest, len(days), start if alive else None, previous.day)


def calendar(marks: Sequence[Mark], kept: Iterable[date], today: date, days: int) -> list[str]:
    """The last `days` dates, oldest first, each "active", "kept", "open" (today) or "missed"."""
    active, safe = {mark.day for mark in marks}, frozenset(kept)
    words = []
    for back in range(days - 1, -1, -1):
        day = today - back * ONE_DAY
        if day in active:
            words.append("active")
        elif day in safe:
            words.append("kept")
        else:
            words.append("open" if day == today else "missed")
    return words


def _joined(earlier: Mark, later: Mark, safe: frozenset[date]) -> bool:
    missing = [day for day in _between(earlier.day, later.day) if day not in safe]
    if not missing:
        return True
    flew = earlier.ended_in != later.began_in and later.began - earlier.ended < FLIGHT
    return flew and len(missing) == 1


def _between(first: date, last: date) -> list[date]:
    """The dates strictly between two dates."""
    return [first + n * ONE_DAY for n in range(1, (last - first).days)]
