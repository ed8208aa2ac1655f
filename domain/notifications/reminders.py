"""When a reminder is due, and whether it is still wanted then. Pure.

The rules, in words:

- A reminder has a time on the wall and weekdays. A time that the clocks skip comes by as much
  later as they jump; of a time that they show twice the first one counts.
- In quiet hours nothing comes: what falls into them waits for their end.
- A local day has one message at most, also after a flight: a date that was dealt with, and all
  before it, are over.
- What is late by more than an hour, or belongs to a day that is over, is left out, not sent late.
- After three messages that nobody reacted to every second one is left out; after ten they end.
  Both are said. Whoever writes anything is at the beginning again.

All instants are reckoned here, never by the database: it takes the second of a repeated hour.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from domain.errors import N_, Refusal
from domain.zones import zone

EVERY_DAY = frozenset(range(1, 8))
GRACE = timedelta(hours=1)  # later than this is not sent
SNOOZE = timedelta(hours=1)
HALF_AFTER = 3  # messages without an answer
END_AFTER = 10
LONGEST_QUIET = timedelta(hours=16)

_DAY = timedelta(days=1)
_LATER = timedelta(hours=1)
_PLANS = 4_096  # of a set that many share, such as 20:00 in one zone: reckoned once
_AHEAD = 24  # days that are looked at: a week, a week's change of date, and some to spare


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours without messages, from a time on the wall until another; equal: none."""

    begins: time
    ends: time

    def covers(self, wall: time) -> bool:
        """Whether a time on the wall lies in them."""
        if self.begins <= self.ends:
            return self.begins <= wall < self.ends
        return wall >= self.begins or wall < self.ends

    @property
    def length(self) -> timedelta:
        """How long they are, less than a day."""
        return _until(self.begins, self.ends)

    def around(self, wall: time) -> "Quiet":
        """What is left of them when they begin an hour after a time in them, or end at it."""
        left = _until(wall, self.ends)
        if left > _LATER and left > _until(self.begins, wall):
            return Quiet((datetime.combine(date.min, wall) + _LATER).time(), self.ends)
        return Quiet(self.begins, wall)

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}"


def _until(begins: time, ends: time) -> timedelta:
    """From a time on the wall until another, less than a day."""
    first, last = (datetime.combine(date.min, one) for one in (begins, ends))
    return (last - first) % _DAY


@dataclass(frozen=True, slots=True)
class Plan:
    """When somebody wants to be reminded.

    Args:
        at: time on the wall.
        weekdays: ISO, Monday is 1; at least one.
        timezone: IANA name.
        quiet: hours in which nothing comes.
    """

    at: time
    weekdays: frozenset[int]
    timezone: str
    quiet: Quiet


@dataclass(frozen=True, slots=True)
class Due:
    """An instant (UTC) at which a reminder comes, and the local date it belongs to."""

    at: datetime
    day: date


def wall(at: datetime, timezone: str) -> datetime:
    """What calendar and clock on the wall show at an instant, without a zone."""
    return at.astimezone(zone(timezone)).replace(tzinfo=None)


def instant(day: date, at: time, timezone: str) -> datetime:
    """When the clock on the wall shows a time on a date (UTC), as the rules say."""
    return datetime.combine(day, at, tzinfo=zone(timezone)).astimezone(UTC)


def after_quiet(at: datetime, timezone: str, quiet: Quiet) -> datetime:
    """The instant itself, or the end of the quiet hours it lies in."""
    shown = wall(at, timezone)
    if not quiet.covers(shown.time()):
        return at
    end = _on(shown, quiet.ends)
    found = instant(end.date(), quiet.ends, timezone)
    if found > at and not quiet.covers(wall(found, timezone).time()):
        return found
    # The clocks go back at this very time: it is over when they show it again.
    local = datetime.combine(end.date(), quiet.ends, tzinfo=zone(timezone)).replace(fold=1)
    return local.astimezone(UTC)


def next_quiet(at: datetime, timezone: str, quiet: Quiet) -> datetime | None:
    """When the next quiet hours begin; None without any."""
    if quiet.begins == quiet.ends:
        return None
    begins = _on(wall(at, timezone), quiet.begins)
    return instant(begins.date(), quiet.begins, timezone)


def _on(shown: datetime, at: time) -> datetime:
    """The next time the wall shows `at`, after `shown`."""
    found = datetime.combine(shown.date(), at)
    return found if found > shown else found + _DAY


@lru_cache(maxsize=_PLANS)
def next_due(plan: Plan, after: datetime, last_day: date | None = None) -> Due:
    """When a reminder comes next.

    Args:
        plan: when it is wanted.
        after: later than this instant.
        last_day: a local date that was dealt with; only later ones are left.
    """
    for due in _coming(plan, after, last_day):
        if due.at > after and (last_day is None or due.day > last_day):
            return due
    raise AssertionError(f"no reminder within {_AHEAD} days: {plan}")


def _coming(plan: Plan, after: datetime, last_day: date | None) -> Iterator[Due]:
    first = wall(after, plan.timezone).date() - _DAY
    if last_day is not None:
        first = max(first, last_day)
    for number in range(_AHEAD):
        day = first + number * _DAY
        if day.isoweekday() in plan.weekdays:
            at = after_quiet(instant(day, plan.at, plan.timezone), plan.timezone, plan.quiet)
            yield Due(at, wall(at, plan.timezone).date())


def is_late(due: datetime, now: datetime, timezone: str) -> bool:
    """Whether what was due is better left out: an hour late, or the local day is over."""
    return now - due > GRACE or wall(due, timezone).date() != wall(now, timezone).date()


def expires(now: datetime, timezone: str, quiet: Quiet) -> datetime:
    """Until when a message that is written now may be sent: an hour, and not in quiet hours."""
    midnight = instant(wall(now, timezone).date() + _DAY, time(0), timezone)
    begins = next_quiet(now, timezone, quiet)
    return min(now + GRACE, midnight, begins or midnight)


@dataclass(frozen=True, slots=True)
class Patience:
    """What follows from the messages that came before.

    Attributes:
        ignored: messages in a row that nobody reacted to.
        spared: this one is left out, since half as many are sent.
        says_half: this one says so.
        says_end: this one is the last one, and says so.
    """

    ignored: int = 0
    spared: bool = False

    @property
    def says_half(self) -> bool:
        """From now on half as many."""
        return self.ignored == HALF_AFTER and not self.spared

    @property
    def says_end(self) -> bool:
        """The last one."""
        return self.ignored >= END_AFTER and not self.spared


@lru_cache
def patience(ignored: int, *, sent: bool, answered: bool) -> Patience:
    """How patient to be.

    Args:
        ignored: as counted so far.
        sent: the latest local day that was due had a message, and it arrived.
        answered: the learner wrote anything since the latest message.
    """
    if answered:
        return Patience()
    if not sent:
        return Patience(ignored)
    ignored += 1
    return Patience(ignored, spared=HALF_AFTER < ignored < END_AFTER)


def check_quiet(quiet: Quiet) -> None:
    """See that quiet hours leave enough of a day.

    Raises:
        Refusal: they are longer than 16 hours.
    """
    if quiet.length > LONGEST_QUIET:
        raise Refusal(
            N_("Quiet hours can be {hours} hours at most. For example: /remind quiet 22:00-08:00"),
            {"hours": LONGEST_QUIET // timedelta(hours=1)},
            choices=("/remind quiet 22:00-08:00", "/remind quiet off"),
        )
