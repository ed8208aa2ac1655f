"""Streaks: how active days make a row, and when a freeze keeps it. Pure.

The rules, in words, as `/streak why` tells them:

- A day without work ends the streak, unless the day is excused (`days.Excuses`) or a freeze is
  there: it is used by itself.
- Each 7 active days of a streak earn a freeze; at most 2 are kept, and none survives the streak.
- A date that a flight swallowed (another zone, less than 48 hours apart) needs no freeze.
- None of these adds a day: the streak counts active days only.
- Today may still come: the streak is unbroken until today has ended too.

More work, told at any time, never makes a streak shorter: it can only raise the run and the
freezes that are left at every later date.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from domain.motivation.days import ONE_DAY, Excuses, Mark

EARNED_AFTER = 7  # active days
MOST_FREEZES = 2
FLIGHT = timedelta(hours=48)
_FULL = EARNED_AFTER * MOST_FREEZES


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row.

    Attributes:
        current: active days of the run that is alive; 0 when there is none.
        longest: active days of the longest run.
        total: active days in all.
        start: the first day of the current run.
        last: the latest active day.
        freezes: how many are left.
        until_freeze: active days until the next one is earned; 0 when there is room for none.
        frozen: the dates that a freeze kept.
        just_kept: those of them after the active day before this one: what is to be told now.
        flown: dates of all runs that a flight swallowed.
    """

    current: int = 0
    longest: int = 0
    total: int = 0
    start: date | None = None
    last: date | None = None
    freezes: int = 0
    until_freeze: int = EARNED_AFTER
    frozen: tuple[date, ...] = ()
    just_kept: tuple[date, ...] = ()
    flown: tuple[date, ...] = ()


@dataclass(slots=True)
class _Run:
    """The run so far. `credit` is in active days: 7 of them are a freeze."""

    days: int = 0
    credit: int = 0
    start: date | None = None

    def end(self) -> None:
        self.days, self.credit, self.start = 0, 0, None


def streak_of(
    marks: Iterable[Mark], excuses: Excuses, now: Mark, gifts: Iterable[date] = ()
) -> Streak:
    """The streak as it stands now.

    Args:
        marks: one per active day, in any order.
        excuses: dates that may be missed.
        now: the mark that work done this moment would make; the streak is alive if it would join.
        gifts: active days that brought a freeze on top, as an achievement does.
    """
    given = Counter(gifts)
    run, frozen, flown, last_gap = _Run(), list[date](), list[date](), list[date]()
    longest = total = 0
    previous: Mark | None = None
    for mark in sorted(marks, key=lambda one: one.day):
        if previous is not None:
            last_gap = _cross(run, previous, mark, excuses, flown)
            frozen += last_gap
        run.start = run.start or mark.day
        run.days += 1
        run.credit = min(_FULL, run.credit + 1 + EARNED_AFTER * given[mark.day])
        longest = max(longest, run.days)
        total += 1
        previous = mark
    if previous is None:
        return Streak()
    if now.day > previous.day:
        last_gap = _cross(run, previous, now, excuses, flown)
        frozen += last_gap
    return Streak(
        current=run.days,
        longest=longest,
        total=total,
        start=run.start,
        last=previous.day,
        freezes=run.credit // EARNED_AFTER,
        until_freeze=0 if run.credit == _FULL else EARNED_AFTER - run.credit % EARNED_AFTER,
        frozen=tuple(frozen),
        just_kept=tuple(last_gap) if run.days else (),
        flown=tuple(flown),
    )


def _cross(
    run: _Run, earlier: Mark, later: Mark, excuses: Excuses, flown: list[date]
) -> list[date]:
    """Go over the dates between two marks; the dates that freezes kept. Adds to the flown ones."""
    kept: list[date] = []
    flew = len(earlier.zones | later.zones) > 1 and later.began - earlier.ended < FLIGHT
    for n in range(1, (later.day - earlier.day).days):
        day = earlier.day + n * ONE_DAY
        if excuses.why(day):
            continue
        if flew:
            flew = False
            flown.append(day)
        elif run.credit >= EARNED_AFTER:
            run.credit -= EARNED_AFTER
            kept.append(day)
        else:
            run.end()
            break
    return kept
