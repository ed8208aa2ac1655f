"""Streaks: the calendar a learner would draw by hand is what the rule gives."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.motivation.days import (
    EVERY_DAY,
    Excuses,
    Mark,
    Setting,
    calendar,
    dates_of,
    in_force,
    ledger_date,
    local_date,
    moment,
)
from domain.motivation.streaks import streak_of

# A busy machine is no failure.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAY = timedelta(days=1)
NO_EXCUSES = Excuses()
WEEKDAYS = frozenset(range(1, 6))
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
    streak = streak_of([], NO_EXCUSES, noon(date(2026, 3, 2)))
    assert (streak.current, streak.longest, streak.total, streak.start) == (0, 0, 0, None)


def test_yesterday_keeps_the_streak_until_today_has_ended():
    days = marks(date(2026, 3, 1), date(2026, 3, 2))
    assert streak_of(days, NO_EXCUSES, noon(date(2026, 3, 3))).current == 2
    assert streak_of(days, NO_EXCUSES, noon(date(2026, 3, 4))).current == 0


def test_a_gap_starts_anew_and_the_longest_is_kept():
    days = marks(*(date(2026, 3, n) for n in (1, 2, 3, 6, 7)))
    streak = streak_of(days, NO_EXCUSES, noon(date(2026, 3, 7)))
    assert (streak.current, streak.longest, streak.start) == (2, 3, date(2026, 3, 6))


def test_a_day_of_an_outage_keeps_but_does_not_count():
    days = marks(date(2026, 3, 1), date(2026, 3, 3))
    excuses = Excuses(down=frozenset({date(2026, 3, 2)}))
    assert streak_of(days, excuses, noon(date(2026, 3, 3))).current == 2


def test_seven_active_days_earn_a_freeze_and_a_missed_day_uses_it():
    week = marks(*(date(2026, 3, n) for n in range(1, 8)))
    streak = streak_of(week, NO_EXCUSES, noon(date(2026, 3, 8)))
    assert (streak.freezes, streak.until_freeze) == (1, 7)
    missed = streak_of(week, NO_EXCUSES, noon(date(2026, 3, 9)))
    assert (missed.current, missed.freezes) == (7, 0)
    assert missed.just_kept == missed.frozen == (date(2026, 3, 8),)
    again = streak_of([*week, noon(date(2026, 3, 9))], NO_EXCUSES, noon(date(2026, 3, 9)))
    assert (again.current, again.until_freeze, again.just_kept) == (8, 6, (date(2026, 3, 8),))
    assert streak_of(week, NO_EXCUSES, noon(date(2026, 3, 10))).current == 0


def test_two_freezes_are_kept_at_most_and_none_survives_the_streak():
    month = marks(*(date(2026, 3, n) for n in range(1, 31)))
    full = streak_of(month, NO_EXCUSES, noon(date(2026, 3, 30)))
    assert (full.freezes, full.until_freeze) == (2, 0)
    assert streak_of(month, NO_EXCUSES, noon(date(2026, 4, 2))).current == 30
    over = streak_of(month, NO_EXCUSES, noon(date(2026, 4, 3)))
    assert (over.current, over.freezes, over.until_freeze) == (0, 0, 7)
    assert over.just_kept == ()


def test_a_freeze_that_was_given_is_used_like_an_earned_one():
    first = marks(date(2026, 3, 1))
    given_one = streak_of(first, NO_EXCUSES, noon(date(2026, 3, 3)), [date(2026, 3, 1)])
    assert (given_one.current, given_one.frozen) == (1, (date(2026, 3, 2),))


def test_days_off_are_not_missed_from_the_day_they_were_chosen():
    friday, monday = date(2026, 3, 6), date(2026, 3, 9)
    chosen = Excuses(((date(2026, 3, 7), WEEKDAYS),))
    assert streak_of(marks(friday), chosen, noon(monday)).current == 1
    late = Excuses(((date(2026, 3, 8), WEEKDAYS),))
    assert streak_of(marks(friday), late, noon(monday)).current == 0
    assert chosen.weekdays(friday) == EVERY_DAY


def test_an_outage_lies_on_the_dates_of_where_the_learner_was():
    moved = datetime(2026, 3, 2, 12, tzinfo=UTC)
    settings = [Setting("Asia/Tokyo", until=moved), Setting("America/New_York")]
    assert in_force(settings, moved).timezone == "America/New_York"
    began = datetime(2026, 3, 1, 22, tzinfo=UTC)  # 07:00 on the 2nd in Tokyo
    short = (began, began + timedelta(minutes=1))
    assert dates_of([short], settings) == {date(2026, 3, 2)}
    long = (moved, moved + timedelta(hours=20))
    assert dates_of([long], settings) == {date(2026, 3, 2), date(2026, 3, 3)}


def test_a_flight_over_the_date_line_does_not_break_a_streak():
    before = moment(date(2026, 3, 2), datetime(2026, 3, 3, 4, 0, tzinfo=UTC), "America/Los_Angeles")
    after = moment(date(2026, 3, 4), datetime(2026, 3, 4, 3, 0, tzinfo=UTC), "Asia/Tokyo")
    assert streak_of([before, after], NO_EXCUSES, noon(date(2026, 3, 4))).current == 2


def test_a_streak_is_alive_while_work_now_would_still_join_it():
    before = moment(date(2026, 3, 2), datetime(2026, 3, 3, 4, 0, tzinfo=UTC), "America/Los_Angeles")
    landed = moment(date(2026, 3, 4), datetime(2026, 3, 4, 3, 0, tzinfo=UTC), "Asia/Tokyo")
    assert streak_of([before], NO_EXCUSES, landed).current == 1


def test_a_missed_day_at_home_is_not_a_flight():
    days = marks(date(2026, 3, 2), date(2026, 3, 4))
    assert streak_of(days, NO_EXCUSES, noon(date(2026, 3, 4))).current == 1


def test_calendar_names_every_day():
    excuses = Excuses(((date(2026, 3, 1), WEEKDAYS),), frozenset({date(2026, 3, 5)}))
    words = calendar(
        [date(2026, 3, 2), date(2026, 3, 4)], [date(2026, 3, 3)], excuses, date(2026, 3, 6), 7
    )
    assert words == ["missed", "off", "active", "kept", "active", "down", "open"]


@given(st.lists(st.tuples(st.integers(0, 96), st.sampled_from(ZONES)), min_size=1, max_size=60))
@settings(UNHURRIED)
def test_any_journey_with_work_every_day_keeps_every_day(steps: list[tuple[int, str]]):
    """Work at most 20 hours apart, in whatever zones: the streak is never broken."""
    latest: Mark | None = None
    by_day: dict[date, Mark] = {}
    at = NOON
    for quarter_hours, zone in steps:
        at += timedelta(minutes=15 * min(quarter_hours, 80))
        day = ledger_date(local_date(at, zone), latest.day if latest else None)
        before = by_day.get(day, moment(day, at, zone))
        latest = replace(before, ended=at, zones=before.zones | {zone})
        by_day[day] = latest
    streak = streak_of(by_day.values(), NO_EXCUSES, latest or noon(NOON.date()))
    assert streak.current == len(by_day)


@given(st.lists(st.sampled_from(ZONES), min_size=1, max_size=40))
@settings(UNHURRIED)
def test_changing_zones_alone_adds_at_most_one_day(zones: list[str]):
    latest: Mark | None = None
    days = set()
    for zone in zones:
        day = ledger_date(local_date(NOON, zone), latest.day if latest else None)
        latest = moment(day, NOON, zone)
        days.add(day)
    assert len(days) <= 2


@given(
    st.sets(st.integers(0, 60), min_size=1, max_size=40),
    st.sets(st.integers(0, 60), max_size=10),
)
@settings(UNHURRIED)
def test_current_never_exceeds_longest_nor_longest_the_total(active: set[int], down: set[int]):
    first = date(2026, 1, 1)
    days = marks(*(first + n * DAY for n in active))
    excuses = Excuses(down=frozenset(first + n * DAY for n in down))
    streak = streak_of(days, excuses, noon(first + 60 * DAY))
    assert 0 <= streak.current <= streak.longest <= streak.total == len(active)
