"""A reply is judged for every exercise it could give away, and with what was said before."""

from collections.abc import AsyncIterator

import pytest

from domain.grading import Grader
from tests.tutor.programs import call_task
from tutor.guard.guard import Guard
from tutor.judging import Exercise, Judge

TASK = call_task("largest", (([3, 9, 4],), 9), (([1],), 1), (([-5, -2],), -2), (([7, 7],), 7))
RIGHT = """\
def largest(values):
    best = values[0]
    for one in values:
        if one > best:
            best = one
    return best
"""
WRONG = RIGHT.replace("values[0]", "0").replace("one > best", "one < best")
FIRST, REST = RIGHT.split("    for")
REST = f"    for{REST}"


@pytest.fixture
async def grader() -> AsyncIterator[Grader]:
    """The real sandbox."""
    async with Grader() as running:
        yield running


def exercise(grader: Grader, level: int) -> Exercise:
    return Exercise(Guard(grader, TASK, (RIGHT,)), WRONG, level)


def fenced(code: str) -> str:
    return f"```python\n{code}\n```"


async def test_a_solution_is_stopped_on_every_rung_and_a_question_on_none(grader: Grader) -> None:
    for level in range(5):
        judge = Judge([exercise(grader, level)])
        assert (await judge.check(fenced(RIGHT))).kind == "solution"
        assert not (await judge.check("What is `best` before the loop?")).gives_away


async def test_the_kind_of_change_may_be_told_from_the_third_rung_on(grader: Grader) -> None:
    words = "On line 4, use `>` instead of `<`."
    assert (await Judge([exercise(grader, 2)]).check(words)).kind == "fix"
    assert not (await Judge([exercise(grader, 3)]).check(words)).gives_away


async def test_a_solution_in_two_answers_is_stopped_with_the_second(grader: Grader) -> None:
    alone, before = Judge([exercise(grader, 3)]), Judge([exercise(grader, 3)], [fenced(FIRST)])
    for part in (FIRST, REST):
        assert not (await alone.check(fenced(part))).gives_away
    assert (await before.check(fenced(REST))).kind == "solution"
    assert not (await before.check("And what does `best` hold then?")).gives_away


async def test_another_exercise_of_the_course_is_not_given_away_either(grader: Grader) -> None:
    other = call_task("twice", ((2,), 4), ((5,), 10), ((0,), 0))
    here = Exercise(Guard(grader, other), "def twice(n):\n    pass\n", 2)
    judge = Judge([here, exercise(grader, 2)])
    assert (await judge.check(fenced(RIGHT))).kind == "solution"


async def test_after_it_is_solved_nothing_is_judged() -> None:
    assert not (await Judge([]).check(fenced(RIGHT))).gives_away


async def test_what_is_too_long_to_read_is_not_let_through(grader: Grader) -> None:
    assert (await Judge([exercise(grader, 2)]).check("word " * 2000)).gives_away
