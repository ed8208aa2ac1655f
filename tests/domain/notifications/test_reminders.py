"""When reminders are due: against a scan of the clock on the wall, which knows no formula."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.errors import Refusal
from domain.notifications.reminders import (
    EVERY_DAY,
    Due,
    Plan,
    Quiet,
    after_quiet,
    check_quiet,
    expires,
    is_late,
    next_due,
    patience,
)

STEP = timedelta(minutes=5)  # clocks change at such minutes everywhere
DAY = timedelta(days=1)
NEVER = Quiet(time(0), time(0))
NIGHT = Quiet(time(22), time(8))
# Both changes of the clocks in each of them lie near one of these days.
CHANGES = (
    datetime(2026, 3, 27, tzinfo=UTC),
    datetime(2026, 10, 23, tzinfo=UTC),
    datetime(2026, 4, 3, tzinfo=UTC),
    datetime(2026, 10, 2, tzinfo=UTC),
    datetime(2026, 3, 6, tzinfo=UTC),
    datetime(2026, 10, 30, tzinfo=UTC),
    datetime(2026, 2, 13, tzinfo=UTC),  # Ramadan: Casablanca goes back
)
ZONES = (
    "Europe/Warsaw",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Chatham",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "America/Havana",  # at midnight
)


def shown(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def rings(plan: Plan, since: datetime, until: datetime) -> Iterator[Due]:
    """Look at the wall every five minutes, and wait out quiet hours the same way."""
    at = since - 2 * DAY
    before = shown(at, plan.timezone)
    rung: set[date] = set()
    while at < until + DAY:
        at += STEP
        now = shown(at, plan.timezone)
        for day in {before.date(), now.date()}:
            wanted = datetime.combine(day, plan.at)
            skipped = before + STEP < wanted < now  # the hands jumped over it
            if (wanted == now or skipped) and day not in rung:
                rung.add(day)
                heard = at + (wanted - (before + STEP) if skipped else timedelta())
                while is_quiet(shown(heard, plan.timezone).time(), plan.quiet):
                    heard += STEP
                if day.isoweekday() in plan.weekdays:
                    yield Due(heard, shown(heard, plan.timezone).date())
        before = now


def is_quiet(now: time, quiet: Quiet) -> bool:
    """Go back from now: whether the quiet hours began after they ended."""
    if quiet.begins == quiet.ends:
        return False
    at = datetime.combine(date(2000, 1, 2), now)
    while at.time() not in {quiet.begins, quiet.ends}:
        at -= STEP
    return at.time() == quiet.begins


def by_scan(plan: Plan, journey: Sequence[tuple[datetime, str]], end: datetime) -> list[Due]:
    """All reminders of a journey: in each stay what rings there, on days that had none."""
    found: list[Due] = []
    for (since, zone), until in zip(journey, [at for at, _ in journey[1:]] + [end], strict=True):
        there = Plan(plan.at, plan.weekdays, zone, plan.quiet)
        for due in sorted(rings(there, since, until), key=lambda one: one.at):
            if since < due.at <= until and (not found or due.day > found[-1].day):
                found.append(due)
    return found


def by_rule(plan: Plan, journey: Sequence[tuple[datetime, str]], end: datetime) -> list[Due]:
    """What a worker does: wait for the next one, and reckon again on arrival."""
    found: list[Due] = []
    for (since, zone), until in zip(journey, [at for at, _ in journey[1:]] + [end], strict=True):
        there = Plan(plan.at, plan.weekdays, zone, plan.quiet)
        now = since
        while True:
            due = next_due(there, now, found[-1].day if found else None)
            if due.at > until:
                break
            found.append(due)
            now = due.at
    return found


def times(first: int, last: int) -> st.SearchStrategy[time]:
    return st.integers(first * 12, last * 12 - 1).map(lambda n: time(n // 12, n % 12 * 5))


quiets = st.just(NEVER) | st.builds(Quiet, times(19, 24), times(4, 10))
weekdays = st.just(EVERY_DAY) | st.frozensets(st.integers(1, 7), min_size=1)


@st.composite
def journeys(draw: st.DrawFn) -> tuple[list[tuple[datetime, str]], datetime]:
    begin = draw(st.sampled_from(CHANGES)) + draw(st.integers(0, 24 * 12)) * STEP
    lengths = draw(st.lists(st.integers(1, 3 * 24 * 12), min_size=1, max_size=3))
    stays, at = [], begin
    for length in lengths:
        stays.append((at, draw(st.sampled_from(ZONES))))
        at += length * STEP
    return stays, at


@settings(max_examples=60, deadline=None)
@given(times(0, 24), weekdays, quiets, journeys())
def test_a_journey_has_the_reminders_that_the_wall_shows(
    at: time,
    days: frozenset[int],
    quiet: Quiet,
    journey: tuple[list[tuple[datetime, str]], datetime],
) -> None:
    stays, end = journey
    plan = Plan(at, days, "UTC", quiet)
    found = by_rule(plan, stays, end)
    assert found == by_scan(plan, stays, end)
    assert len({due.day for due in found}) == len(found)


def due_in(zone: str, at: time, after: datetime, quiet: Quiet = NEVER) -> datetime:
    return next_due(Plan(at, EVERY_DAY, zone, quiet), after).at


def test_a_time_that_is_skipped_comes_as_much_later_and_a_repeated_one_once() -> None:
    spring = due_in("Europe/Warsaw", time(2, 30), datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert shown(spring, "Europe/Warsaw").isoformat(" ", "minutes") == "2026-03-29 03:30"
    autumn = due_in("Europe/Warsaw", time(2, 30), datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert autumn == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert due_in("Europe/Warsaw", time(2, 30), autumn) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_a_date_that_a_zone_leaves_out_has_none_of_its_own() -> None:
    plan = Plan(time(20), EVERY_DAY, "Pacific/Apia", NEVER)
    days = []
    due = next_due(plan, datetime(2011, 12, 29, 0, tzinfo=UTC))
    for _ in range(3):
        days.append(due.day)
        due = next_due(plan, due.at, due.day)
    assert days == [date(2011, 12, 28), date(2011, 12, 29), date(2011, 12, 31)]


def test_quiet_hours_that_end_in_the_repeated_hour_are_waited_out() -> None:
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 02:15 in Warsaw, the second time
    quiet = Quiet(time(22), time(2, 30))
    assert after_quiet(second, "Europe/Warsaw", quiet) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_what_is_late_or_of_another_day_is_left_out() -> None:
    due = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # 23:30 in Warsaw
    assert not is_late(due, due + timedelta(minutes=29), "Europe/Warsaw")
    assert is_late(due, due + timedelta(minutes=30), "Europe/Warsaw")
    assert not is_late(due, due + timedelta(hours=1), "UTC")
    assert is_late(due, due + timedelta(hours=1, seconds=1), "UTC")


@pytest.mark.parametrize(
    ("now", "quiet", "end"),
    [
        (time(12), NIGHT, time(13)),
        (time(21, 30), NIGHT, time(22)),
        (time(23, 30), NEVER, time(0)),
        (time(12), NEVER, time(13)),
    ],
)
def test_a_message_expires_before_the_night(now: time, quiet: Quiet, end: time) -> None:
    written = datetime.combine(date(2026, 3, 2), now, tzinfo=UTC)
    assert expires(written, "UTC", quiet).time() == end


def test_patience_runs_out_by_and_by() -> None:
    ignored, seen = 0, []
    was_sent = False
    for _ in range(24):
        now = patience(ignored, sent=was_sent, answered=False)
        seen.append("end" if now.says_end else "half" if now.says_half else "-+"[not now.spared])
        ignored, was_sent = now.ignored, not now.spared
        if now.says_end:
            break
    assert seen == ["+", "+", "+", "half", *["-", "+"] * 6, "end"]
    assert patience(9, sent=True, answered=True) == patience(0, sent=False, answered=False)


def test_quiet_hours_leave_eight_hours() -> None:
    check_quiet(Quiet(time(18), time(10)))
    check_quiet(NEVER)
    with pytest.raises(Refusal, match="16 hours at most"):
        check_quiet(Quiet(time(18), time(10, 5)))


@given(begins=times(0, 24), ends=times(0, 24), at=times(0, 24))
def test_quiet_hours_can_be_changed_for_a_time_in_them(begins: time, ends: time, at: time) -> None:
    quiet = Quiet(begins, ends)
    assume(quiet.covers(at))
    left = quiet.around(at)
    assert not left.covers(at)
    assert left.length <= quiet.length
    assert left.begins == left.ends or quiet.covers(left.begins)
    assert left.ends in {quiet.ends, at}


@pytest.mark.parametrize(
    ("at", "left"),
    [(time(22, 30), "23:30-08:00"), (time(6), "22:00-06:00"), (time(22), "23:00-08:00")],
)
def test_what_is_left_begins_later_or_ends_earlier(at: time, left: str) -> None:
    assert str(Quiet(time(22), time(8)).around(at)) == left
