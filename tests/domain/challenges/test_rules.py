"""Scores, hint conditions, and what of a result a learner may see."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.challenges import rules
from domain.challenges.rules import Hint
from domain.errors import Refusal
from domain.grading import explain

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
POINTS = st.decimals(0, 1000, places=2)


@given(earned=POINTS, most=POINTS, cost=POINTS)
def test_scores_stay_between_nothing_and_all(earned: Decimal, most: Decimal, cost: Decimal) -> None:
    made = rules.score(min(earned, most), most, cost)
    assert 0 <= made.points <= made.most
    assert 0 <= made.percentage <= 100
    assert made.percentage == made.percentage.quantize(Decimal("0.01"))


def test_scores_have_two_decimals() -> None:
    made = rules.score(Decimal(2), Decimal(3), Decimal(0))
    assert (made.points, made.percentage) == (Decimal("2.00"), Decimal("66.67"))
    assert rules.score(Decimal(100), Decimal(100), Decimal(25)).points == 75
    assert rules.score(Decimal(10), Decimal(100), Decimal(25)).points == 0


def hint(attempts: int = 0, minutes: int = 0, position: int = 1) -> Hint:
    return Hint(position, "…", Decimal(10), attempts, minutes, taken=False)


@pytest.mark.parametrize(
    ("one", "attempts", "waited", "said"),
    [
        (hint(), 0, 0, None),
        (hint(attempts=2), 0, 99, "Hint 2 opens after 2 more tries."),
        (hint(attempts=2), 1, 99, "Hint 2 opens after one more try."),
        (hint(attempts=2), 2, 0, None),
        (hint(minutes=10), 9, 0, "Hint 2 opens in 10 min. Have a try first."),
        (hint(minutes=10), 9, 9.5, "Hint 2 opens in 1 min. Have a try first."),
        (hint(minutes=10), 0, 10, None),
        (hint(attempts=3, minutes=10), 1, 4, "Hint 2 opens after 2 more tries, or in 6 min."),
        (hint(attempts=3, minutes=10), 3, 0, None),
        (hint(attempts=3, minutes=10), 0, 10, None),
    ],
)
def test_hint_conditions(one: Hint, attempts: int, waited: float, said: str | None) -> None:
    begun = NOW - timedelta(minutes=waited)
    if said is None:
        rules.require_open(one, attempts, begun, NOW)
        return
    with pytest.raises(Refusal) as refused:
        rules.require_open(one, attempts, begun, NOW)
    assert str(refused.value) == said


def a_test(**changes: object) -> dict[str, Any]:
    plain = {
        "id": "t",
        "name": "a test",
        "status": "failed",
        "is_sample": False,
        "expected": "the secret",
        "got": "mine",
        "output": "printed secret",
        "note": None,
    }
    return plain | changes


def test_hidden_tests_show_their_name_only() -> None:
    leaking = explain.note(explain.LINE_DIFFERS, line=1, expected="secret", got="x").as_json()
    raised = explain.note(explain.RAISED, line=1, type="E", reason="secret").as_json()
    slow = explain.note(explain.OUT_OF_TIME, seconds="2").as_json()
    tests = [
        a_test(note=leaking),
        a_test(note=raised, status="error"),
        a_test(note=slow, status="timeout"),
    ]
    lines = rules.visible(tests, show_hidden=False)
    assert "secret" not in repr(lines)
    assert [line.name for line in lines] == ["a test"] * 3
    assert [str(line.note) if line.note else None for line in lines] == [
        None,
        rules.HIDDEN_ERROR,
        str(explain.note(explain.OUT_OF_TIME, seconds="2")),
    ]


def test_samples_and_open_tests_show_all() -> None:
    (sample,) = rules.visible([a_test(is_sample=True)], show_hidden=False)
    (opened,) = rules.visible([a_test()], show_hidden=True)
    assert sample.expected == opened.expected == "the secret"
    assert sample.output == "printed secret"


def test_a_traceback_of_a_hidden_test_is_not_shown() -> None:
    errors = {"traceback": "Traceback: the secret", "traceback_of": "t"}
    assert rules.visible_traceback(errors, [a_test()], show_hidden=False) == ""
    assert rules.visible_traceback(errors, [a_test()], show_hidden=True)
    assert rules.visible_traceback(errors, [a_test(is_sample=True)], show_hidden=False)
    assert rules.visible_traceback(errors | {"traceback_of": None}, [a_test()], show_hidden=False)
    assert rules.visible_traceback(None, [], show_hidden=True) == ""


def test_outputs_are_cut_together_and_that_is_said() -> None:
    kept = rules.trimmed([a_test(output="x" * 40_000), a_test(output="y" * 40_000)])
    assert kept[0]["output"] == "x" * 40_000
    assert kept[1]["output"].startswith("y" * 20_000)
    assert kept[1]["output"].endswith("over 64 KiB]")
    assert sum(len(test["output"]) for test in kept) < rules.LOG_KEPT + 200
