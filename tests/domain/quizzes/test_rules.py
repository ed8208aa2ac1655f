"""Points, pass mark, order, draw and the policy on keys."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refusal
from domain.quizzes import rules
from tests.domain.quizzes import samples

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_pass_mark_is_reached_at_the_mark_and_not_below():
    assert rules.passes(Decimal("70.00"), Decimal(70))
    assert not rules.passes(Decimal("69.99"), Decimal(70))
    assert rules.percentage(Decimal("7.33"), Decimal(10)) == Decimal("73.30")
    assert rules.percentage(Decimal("6.999"), Decimal(10)) == Decimal("69.99")
    assert rules.percentage(Decimal(0), Decimal(0)) == Decimal("0.00")


def test_each_hint_costs_a_fifth_down_to_nothing():
    assert [rules.earned(Fraction(1), Decimal(2), n) for n in range(7)] == [
        Decimal(value) for value in ("2.00", "1.60", "1.20", "0.80", "0.40", "0.00", "0.00")
    ]
    assert rules.earned(Fraction(1, 3), Decimal(1), 0) == Decimal("0.33")
    assert rules.earned(Fraction(2, 3), Decimal(1), 0) == Decimal("0.67")


@given(st.fractions(0, 1), st.decimals("0.01", 100, places=2), st.integers(0, 9))
def test_points_stay_between_nothing_and_all(fraction: Fraction, points: Decimal, hints: int):
    assert 0 <= rules.earned(fraction, points, hints) <= points


def test_answer_on_the_last_instant_counts():
    ends = rules.deadline(NOON, 60)
    assert ends is not None
    assert not rules.is_over(ends, ends)
    assert rules.is_over(ends, ends + timedelta(microseconds=1))
    assert not rules.is_over(rules.deadline(NOON, None), NOON + timedelta(days=9))


def test_attempt_states_only_move_forward():
    assert rules.advance("in_progress", "submitted") == "submitted"
    assert rules.advance("submitted", "graded") == "graded"
    for step in (("graded", "in_progress"), ("in_progress", "graded"), ("graded", "graded")):
        with pytest.raises(ValueError, match="does not go"):
            rules.advance(*step)


def test_fourth_attempt_of_three_is_none():
    assert [rules.attempts_left(3, made) for made in range(5)] == [3, 2, 1, 0, 0]
    assert rules.attempts_left(None, 99) is None


def test_orders_depend_on_the_seed_alone():
    first = rules.option_order(samples.MULTI, 5, "q", shuffle=True)
    assert first == rules.option_order(samples.MULTI, 5, "q", shuffle=True)
    seen = {tuple(rules.option_order(samples.MULTI, n, "q", shuffle=True)) for n in range(40)}
    assert len(seen) > 10
    assert rules.option_order(samples.MULTI, 5, "q", shuffle=False) == [0, 1, 2, 3]
    assert rules.option_order(samples.TRUE_FALSE, 5, "q", shuffle=True) == [0, 1]
    assert rules.option_order(samples.SHORT, 5, "q", shuffle=True) == []


def test_ordering_never_starts_in_its_right_order():
    key = samples.ORDERING.key
    for seed in range(200):
        order = rules.option_order(samples.ORDERING, seed, "q", shuffle=False)
        assert sorted(order) == [0, 1, 2, 3]
        assert tuple(order) != key.order  # type: ignore[union-attr]


def test_order_is_the_same_on_every_machine():
    assert rules.shuffled("abcdefgh", 42, "draw") == list("ghacefbd")


def test_draw_takes_what_was_not_seen_lately_first():
    drawn = rules.draw(range(10), 4, [0, 1, 2, 3, 4, 5], 1)
    assert sorted(drawn) == [6, 7, 8, 9]
    more = rules.draw(range(10), 6, [0, 1, 2, 3, 4, 5], 1)
    assert sorted(more) == [4, 5, 6, 7, 8, 9]


def test_draw_says_how_many_exist():
    with pytest.raises(Refusal, match="There are 3 questions like that, and you asked for 4"):
        rules.draw(range(3), 4, [], 1)


def test_keys_are_shown_by_policy():
    assert rules.shows_during("practice", "after_question")
    assert not rules.shows_during("graded", "after_question")
    assert not rules.shows_during("practice", "after_submit")
    assert rules.shows_after("after_submit")
    assert not rules.shows_after("never")
    assert rules.gives_hints("graded")
    assert not rules.gives_hints("exam")
