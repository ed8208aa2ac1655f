"""When a message comes to whom set no hour, and what is worth one. Pure.

The rules, in words:

- A local date has two moments: a morning (09:30) and an evening (19:00). A streak at risk is told
  in the evening, while hours are left; all else in the morning.
- Both lie in waking hours: in the longest stretch from 06:00 to midnight without quiet hours. The
  evening leaves two hours of it, if it is that long.
- People of one zone are spread over 40 minutes, so that no platform is asked for all at once.
- What was missed by more than an hour waits for the evening of the same date, and is left out
  after it. So an outage is followed by one message, not by many.
- A streak is at risk when it has 3 days, today is neither done nor free, and no freeze is left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from uuid import UUID

from domain.notifications.reminders import GRACE, Quiet, after_quiet, instant, wall

Wish = Literal["morning", "evening"]

PLAN_FROM = time(6, 0)  # every learner's date of yesterday has ended by then
PLAN_UNTIL = time(22, 0)
MORNING = time(9, 30)
EVENING = time(19, 0)
SPREAD = timedelta(minutes=40)
LEFT_OPEN = timedelta(hours=2)  # of waking hours after the evening's message
LAPSED = timedelta(days=60)  # who has not written for so long is left in peace
WORTH_KEEPING = 3  # days in a row
WORTH_CARDS = 10  # cards that are due
CARDS_EVERY = timedelta(days=3)

_MIDNIGHT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moments:
    """Times of one date on the wall, since midnight, and how far each may be put off."""

    morning: timedelta
    evening: timedelta
    spread: dict[Wish, timedelta]


def plannable(now: datetime, timezone: str) -> date | None:
    """The local date whose messages can be planned now; None in the night."""
    shown = wall(now, timezone)
    return shown.date() if PLAN_FROM <= shown.time() < PLAN_UNTIL else None


def planned(
    day: date, timezone: str, quiet: Quiet, wish: Wish, learner: UUID, now: datetime
) -> datetime | None:
    """When the message of a local date comes (UTC); None when its time is over.

    Args:
        day: the local date.
        timezone: IANA name.
        quiet: hours in which nothing comes.
        wish: when it is best.
        learner: spreads people of one zone.
        now: the present; what was missed by more than the grace is not planned.
    """
    times = _moments(quiet)
    share = int.from_bytes(learner.bytes[-2:]) / 65_536
    wishes: tuple[Wish, ...] = ("morning", "evening") if wish == "morning" else ("evening",)
    for one in wishes:
        shown = times.morning if one == "morning" else times.evening
        shown += timedelta(minutes=int(share * times.spread[one] / timedelta(minutes=1)))
        at = instant(day, _on_the_wall(shown), timezone)
        at = after_quiet(at, timezone, quiet)
        if now - at <= GRACE and wall(at, timezone).date() == day:
            return at
    return None


@lru_cache
def _moments(quiet: Quiet) -> Moments:
    begins, ends = max(_awake(quiet), key=lambda one: (one[1] - one[0], one[0]))
    evening = max(begins, min(_since_midnight(EVENING), ends - LEFT_OPEN))
    morning = min(evening, max(begins, _since_midnight(MORNING)))
    spread: dict[Wish, timedelta] = {
        "morning": min(SPREAD, (ends - morning) / 2),
        "evening": min(SPREAD, (ends - evening) / 2),
    }
    return Moments(morning, evening, spread)


def _awake(quiet: Quiet) -> Iterator[tuple[timedelta, timedelta]]:
    """Stretches of a date, from 06:00 to midnight, without quiet hours."""
    first = _since_midnight(PLAN_FROM)
    begins, ends = _since_midnight(quiet.begins), _since_midnight(quiet.ends)
    if begins == ends:
        yield first, _MIDNIGHT
    elif begins < ends:
        yield first, max(first, begins)
        yield max(first, ends), _MIDNIGHT
    else:
        yield max(first, ends), max(first, begins)


def _on_the_wall(shown: timedelta) -> time:
    return time(*divmod(shown // timedelta(minutes=1), 60))


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def is_at_risk(days: int, freezes: int, *, is_active: bool, is_free: bool) -> bool:
    """Whether a streak ends with today unless something is finished.

    Args:
        days: active days in a row so far.
        freezes: left; one would keep the streak by itself.
        is_active: today counts already.
        is_free: today need not be done.
    """
    return days >= WORTH_KEEPING and not freezes and not is_active and not is_free
