"""Streaks: the calendar a learner would draw by hand is what the rule gives."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.motivation.days import Mark, calendar, ledger_date, local_date, moment, streak_of

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ZONES = ("UTC", "Europe/Warsaw", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")


def noon(day: date, zone: str = "UTC") -> Mark:
    return moment(day, datetime.combine(day, time(12), tzinfo=ZoneInfo(zone)), zone)


def marks(*days: date, zone: str = "UTC") -> list[Mark]:
    return [
        moment(day, datetime.combine(day, time(12), tzinfo=ZoneInfo(zone)), zone) for day in days
    ]


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-03-02T23:59", date(2026, 3, 2)),
        ("2026-03-03T02:59", date(2026, 3, 2)),
        ("2026-03-03T03:00", date(2026, 3, 3)),
        ("2028-02-29T12:00", date(2028, 2, 29)),
        ("2028-03-01T01:00", date(2028, 2, 29)),
    ],
)
def test_a_day_ends_at_three(wall: str, expected: date):
    at = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo("Europe/Warsaw"))
    assert local_date(at, "Europe/Warsaw") == expected


@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
def test_the_day_ends_at_three_on_the_wall_when_the_clocks_change(night: str):
    zone = ZoneInfo("Europe/Warsaw")
    ends = datetime.fromisoformat(f"{night}T03:00").replace(tzinfo=zone)
    before = (ends.astimezone(UTC) - timedelta(minutes=1)).astimezone(zone)
    assert local_date(ends, "Europe/Warsaw") == date.fromisoformat(night)
    assert local_date(before, "Europe/Warsaw") == date.fromisoformat(night) - DAY


def test_no_work_is_no_streak():
    streak = streak_of([], [], noon(date(2026, 3, 2)))
    assert (streak.current, streak.longest, streak.total, streak.start) == (0, 0, 0, None)


def test_yesterday_keeps_the_streak_until_today_has_ended():
    days = marks(date(2026, 3, 1), date(2026, 3, 2))
    assert streak_of(days, [], noon(date(2026, 3, 3))).current == 2
    assert streak_of(days, [], noon(date(2026, 3, 4))).current == 0


def test_a_gap_starts_anew_and_the_longest_is_kept():
    days = marks(*(date(2026, 3, n) for n in (1, 2, 3, 6, 7)))
    streak = streak_of(days, [], noon(date(2026, 3, 7)))
    assert (streak.current, streak.longest, streak.start) == (2, 3, date(2026, 3, 6))


def test_a_frozen_day_keeps_but_does_not_count():
    days = marks(date(2026, 3, 1), date(2026, 3, 3))
    assert streak_of(days, [date(2026, 3, 2)], noon(date(2026, 3, 3))).current == 2


def test_a_flight_over_the_date_line_does_not_break_a_streak():
    before = moment(date(2026, 3, 2), datetime(2026, 3, 3, 4, 0, tzinfo=UTC), "America/Los_Angeles")
    after = moment(date(2026, 3, 4), datetime(2026, 3, 4, 3, 0, tzinfo=UTC), "Asia/Tokyo")
    assert streak_of([before, after], [], noon(date(2026, 3, 4))).current == 2


def test_a_streak_is_alive_while_work_now_would_still_join_it():
    before = moment(date(2026, 3, 2), datetime(2026, 3, 3, 4, 0, tzinfo=UTC), "America/Los_Angeles")
    landed = moment(date(2026, 3, 4), datetime(2026, 3, 4, 3, 0, tzinfo=UTC), "Asia/Tokyo")
    assert streak_of([before], [], landed).current == 1


def test_a_missed_day_at_home_is_not_a_flight():
    days = marks(date(2026, 3, 2), date(2026, 3, 4))
    assert streak_of(days, [], noon(date(2026, 3, 4))).current == 1


def test_calendar_names_every_day():
    days = marks(date(2026, 3, 1), date(2026, 3, 3))
    words = calendar(days, [date(2026, 3, 2)], date(2026, 3, 4), 5)
    assert words == ["missed", "active", "kept", "active", "open"]


@given(st.lists(st.tuples(st.integers(0, 96), st.sampled_from(ZONES)), min_size=1, max_size=60))
def test_any_journey_with_work_every_day_keeps_every_day(steps: list[tuple[int, str]]):
    """Work at most 20 hours apart, in whatever zones: the streak is never broken."""
    latest: Mark | None = None
    by_day: dict[date, Mark] = {}
    at = NOON
    for quarter_hours, zone in steps:
        at += timedelta(minutes=15 * min(quarter_hours, 80))
        day = ledger_date(local_date(at, zone), at, latest)
        latest = replace(by_day.get(day, moment(day, at, zone)), ended=at, ended_in=zone)
        by_day[day] = latest
    streak = streak_of(by_day.values(), [], latest or noon(NOON.date()))
    assert streak.current == len(by_day)


@given(st.lists(st.sampled_from(ZONES), min_size=1, max_size=40))
def test_changing_zones_alone_adds_at_most_one_day(zones: list[str]):
    latest: Mark | None = None
    days = set()
    for zone in zones:
        day = ledger_date(local_date(NOON, zone), NOON, latest)
        latest = moment(day, NOON, zone)
        days.add(day)
    assert len(days) <= 2


@given(
    st.sets(st.integers(0, 60), min_size=1, max_size=40),
    st.sets(st.integers(0, 60), max_size=10),
)
def test_current_never_exceeds_longest_nor_longest_the_total(active: set[int], kept: set[int]):
    first = date(2026, 1, 1)
    days = marks(*(first + n * DAY for n in active))
    streak = streak_of(days, [first + n * DAY for n in kept], noon(first + 60 * DAY))
    assert 0 <= streak.current <= streak.longest <= streak.total == len(active)
