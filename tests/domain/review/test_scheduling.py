"""Due dates are the library's, and a day holds as many cards as it should."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.review.planning import DAILY_CAP, NEW_A_DAY, Plan, day_of, plan
from domain.review.scheduling import Memory, intervals, is_lapse, reviewed

# A busy machine is no failure.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
START = datetime(2026, 3, 2, 18, tzinfo=UTC)
HISTORIES = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 60 * 24 * 90)), max_size=30)


@given(HISTORIES)
@settings(UNHURRIED, max_examples=80)
def test_due_dates_equal_the_librarys(history: list[tuple[int, int]]):
    library, at = Scheduler(enable_fuzzing=False), START
    card, memory = Card(card_id=1, due=START), Memory()
    for rating, minutes in history:
        at += timedelta(minutes=minutes)
        promised = intervals(memory, at)
        card, _ = library.review_card(card, Rating(rating), at)
        memory = reviewed(memory, rating, at)
        assert (memory.due, memory.step, memory.stability, memory.difficulty) == (
            card.due,
            card.step,
            card.stability,
            card.difficulty,
        )
        assert memory.state == card.state.name.lower()
        assert at + promised[rating - 1] == card.due


def test_a_lapsed_card_comes_again_in_the_same_sitting():
    known = reviewed(Memory(), 4, START)
    at = START + timedelta(days=20)
    lapsed = reviewed(known, 1, at)
    assert is_lapse(known, 1)
    assert lapsed.due == at + timedelta(minutes=10)
    assert not is_lapse(lapsed, 1)


def test_a_clock_that_goes_back_is_no_time():
    known = reviewed(Memory(), 3, START)
    assert reviewed(known, 3, START - timedelta(hours=1)) == reviewed(known, 3, START)


@pytest.mark.parametrize(
    ("due", "fresh", "done", "done_new", "expected"),
    [
        (0, 0, 0, 0, Plan(0, 0)),
        (5, 100, 0, 0, Plan(5, NEW_A_DAY)),
        (5, 100, 12, 7, Plan(5, 3)),
        (25, 100, 0, 0, Plan(25, 5)),
        (30, 100, 0, 0, Plan(30, 0)),
        (31, 0, 0, 0, Plan(12, 0, 19, 7)),
        (152, 9, 0, 0, Plan(19, 0, 133, 7)),
        (540, 0, 0, 0, Plan(30, 0, 510, 17)),
        (10, 5, 30, 2, Plan(0, 0, 10, 7)),
        (3, 5, 30, 2, Plan(0, 0, 3, 3)),
    ],
)
def test_the_plan_of_a_day(due: int, fresh: int, done: int, done_new: int, expected: Plan):
    assert plan(due, fresh, done, done_new) == expected


@given(st.integers(0, 2000), st.integers(0, 50), st.integers(0, 40))
@settings(UNHURRIED)
def test_no_day_of_a_plan_exceeds_the_cap_and_no_card_is_lost(due: int, fresh: int, done: int):
    shared = plan(due, fresh, done, 0)
    assert shared.today + done <= max(DAILY_CAP, done)
    assert shared.due + shared.later == due
    if shared.later:
        days = [day_of(number, shared) for number in range(shared.later)]
        assert days == sorted(days)
        assert set(days) == set(range(1, shared.days + 1))
        assert max(days.count(day) for day in set(days)) <= DAILY_CAP


@pytest.mark.soak
def test_long_histories():
    library = Scheduler(enable_fuzzing=False)
    for seed in range(2_000):
        dice, at = random.Random(seed), START  # noqa: S311
        card, memory = Card(card_id=1, due=START), Memory()
        for _ in range(300):
            at += timedelta(seconds=dice.randint(0, 60 * 60 * 24 * 40))
            rating = dice.randint(1, 4)
            card, _ = library.review_card(card, Rating(rating), at)
            memory = reviewed(memory, rating, at)
            assert memory.due == card.due, seed
        if seed % 500 == 0:
            print(f"{seed} histories: the same")
