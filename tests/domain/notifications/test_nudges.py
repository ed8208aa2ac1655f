"""When a message comes to whom set no hour: pure rules, in all zones and quiet hours."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notifications.nudges import (
    EVENING,
    MORNING,
    SPREAD,
    Wish,
    is_at_risk,
    plannable,
    planned,
)
from domain.notifications.reminders import GRACE, LONGEST_QUIET, Quiet, wall

DAY = date(2026, 3, 2)
QUIET = Quiet(time(22), time(8))
FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)
# Both changes of the clocks, half an hour's change, a change at midnight, no change, far east.
ZONES = (
    *("Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "America/Santiago"),
    *("Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Casablanca"),
)
minutes = st.integers(0, 1439).map(lambda n: time(*divmod(n, 60)))
quiets = st.builds(Quiet, minutes, minutes).filter(lambda one: one.length <= LONGEST_QUIET)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute), UTC)


@pytest.mark.parametrize(
    ("quiet", "morning", "evening"),
    [
        (QUIET, time(9, 30), time(19)),
        (Quiet(time(0), time(0)), time(9, 30), time(19)),
        (Quiet(time(18), time(8)), time(9, 30), time(16)),
        (Quiet(time(21), time(12)), time(12), time(19)),
        (Quiet(time(10), time(2)), time(8), time(8)),
        (Quiet(time(4), time(20)), time(20), time(20)),
        (Quiet(time(8), time(0)), time(6), time(6)),
        (Quiet(time(6, 30), time(22, 30)), time(22, 30), time(22, 30)),
    ],
)
def test_the_moments_lie_in_waking_hours(quiet: Quiet, morning: time, evening: time):
    now = at(6)
    assert planned(DAY, "UTC", quiet, "morning", FIRST, now) == datetime.combine(DAY, morning, UTC)
    assert planned(DAY, "UTC", quiet, "evening", FIRST, now) == datetime.combine(DAY, evening, UTC)


def test_people_of_one_zone_are_spread():
    last = planned(DAY, "UTC", QUIET, "evening", LAST, at(6))
    assert last == at(19, 39)
    one = UUID(int=2**15)
    assert at(19) < (planned(DAY, "UTC", QUIET, "evening", one, at(6)) or at(0)) < at(19, 40)


def test_a_missed_morning_waits_for_the_evening_and_a_missed_evening_is_left_out():
    def morning(now: datetime) -> datetime | None:
        return planned(DAY, "UTC", QUIET, "morning", FIRST, now)

    assert morning(at(10, 30)) == at(9, 30)  # within the grace: at once
    assert morning(at(10, 31)) == at(19)
    assert morning(at(20, 1)) is None


@pytest.mark.parametrize(
    ("now", "day"), [(at(5, 59), None), (at(6), DAY), (at(21, 59), DAY), (at(22), None)]
)
def test_a_date_is_planned_by_day(now: datetime, day: date | None):
    assert plannable(now, "UTC") == day


@given(days, st.sampled_from(ZONES), quiets, st.sampled_from(["morning", "evening"]), st.uuids())
def test_whatever_is_planned_lies_on_its_date_outside_quiet_hours(
    day: date, zone: str, quiet: Quiet, wish: Wish, learner: UUID
):
    now = datetime.combine(day, time(0), UTC) - timedelta(days=1)
    found = planned(day, zone, quiet, wish, learner, now)
    if found is None:
        return
    shown = wall(found, zone)
    assert shown.date() == day
    assert not quiet.covers(shown.time())
    assert shown.time() >= time(6)


@given(days, st.sampled_from(ZONES), st.sampled_from(["morning", "evening"]), st.uuids())
def test_with_the_usual_quiet_hours_every_date_has_both_moments(
    day: date, zone: str, wish: Wish, learner: UUID
):
    now = datetime.combine(day, time(0), UTC) - timedelta(days=1)
    found = planned(day, zone, QUIET, wish, learner, now)
    assert found is not None
    begins = MORNING if wish == "morning" else EVENING
    late = datetime.combine(day, begins) + SPREAD
    assert datetime.combine(day, begins) <= wall(found, zone) < late


@given(quiets, st.uuids(), st.integers(0, 48 * 60))
def test_what_is_planned_is_never_too_late_to_be_sent(quiet: Quiet, learner: UUID, minute: int):
    now = at(0) + timedelta(minutes=minute)
    found = planned(DAY, "UTC", quiet, "morning", learner, now)
    assert found is None or now - found <= GRACE


@pytest.mark.parametrize(
    ("days", "freezes", "is_active", "is_free", "risk"),
    [
        (3, 0, False, False, True),
        (2, 0, False, False, False),
        (30, 1, False, False, False),
        (30, 0, True, False, False),
        (30, 0, False, True, False),
    ],
)
def test_a_streak_is_at_risk(days: int, freezes: int, is_active: bool, is_free: bool, risk: bool):
    assert is_at_risk(days, freezes, is_active=is_active, is_free=is_free) == risk
