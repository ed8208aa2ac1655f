"""From challenge files to tasks: what is read, and every mistake named."""

from decimal import Decimal

import pytest

from domain.grading import TaskError, TestCase, task_from_files, task_from_stored
from domain.grading.tasks import literal

CHALLENGE: dict[str, object] = {
    "language": "python",
    "mode": "call",
    "function": "two_fer",
    "points": 3,
    "files": {"starter": ["starter/two_fer.py"], "solution": ["solution/two_fer.py"]},
    "limits": {"time_s": 1.5, "memory_mb": 32},
}
CASES: dict[str, object] = {
    "cases": [
        {"id": "a", "name": "A", "points": 1, "sample": True, "expected": "x"},
        {"id": "b", "name": "B", "points": 2, "args": ["Bob"], "raises": "ValueError"},
    ]
}


def test_a_challenge_is_read() -> None:
    task = task_from_files(CHALLENGE, CASES)
    assert (task.language, task.mode, task.main) == ("python", "call", "two_fer.py")
    assert (task.limits.time_s, task.limits.memory_mb) == (1.5, 32)
    assert task.max_score == 3
    first, second = task.tests
    assert first == TestCase(
        "a",
        "A",
        Decimal(1),
        True,
        {"function": "two_fer", "args": [], "kwargs": {}, "expected": "x"},
    )
    assert second.is_sample is False


def test_what_is_stored_gives_the_same_task() -> None:
    task = task_from_files(CHALLENGE, CASES)
    again = task_from_stored(
        language="python",
        mode="call",
        main="two_fer.py",
        limits={"time_s": 1.5, "memory_mb": 32},
        tests=task.tests,
    )
    assert again == task


def test_test_files_are_read_into_the_spec() -> None:
    task = task_from_files(
        CHALLENGE | {"mode": "checker"},
        [{"id": "a", "name": "A", "points": 3, "checker": "tests/check.py", "args": [1]}],
        {"tests/check.py": "def check(got): return True"},
    )
    assert task.tests[0].spec["source"] == "def check(got): return True"
    assert task.tests[0].spec["check"] == "check"


@pytest.mark.parametrize(
    ("change", "cases", "said"),
    [
        ({"mode": "magic"}, CASES, "challenge.yaml.mode: must be one of call"),
        ({"language": "cobol"}, CASES, "challenge.yaml.language: must be one of python"),
        ({"points": 4}, CASES, "points sum to 3, the challenge has 4"),
        ({"limits": {"time_s": 500}}, CASES, "time_s must be between"),
        ({"limits": {"memory_mb": "64"}}, CASES, "memory_mb must be a whole number"),
        ({"files": {}}, CASES, "name at least one starter file"),
        ({"function": "two fer"}, CASES, "name the function that is called"),
        ({}, [], "at least one test is needed"),
        ({}, [3], "cases[0]: a test is a mapping"),
        ({}, [{"id": "a", "name": "A", "points": 3}], "either expected or raises"),
        ({}, [{"id": "a", "name": "A", "points": 0, "expected": 1}], "points: must be a number"),
        ({}, [{"id": "a", "name": "A", "points": True, "expected": 1}], "must be a number above 0"),
        ({}, [{"id": 1, "name": "A", "points": 3, "expected": 1}], "cases[0].id: must be a text"),
        ({}, [{"id": "a", "name": "A", "points": 3, "expekted": 1}], "knows no field expekted"),
        (
            {},
            [{"id": "a", "name": "A", "points": 3, "expected": {"$python": "f()"}}],
            "not a Python literal",
        ),
        (
            {},
            [{"id": "a", "name": "A", "points": 3, "expected": {1: 2}}],
            "only texts, numbers, true/false",
        ),
        (
            {"points": 2},
            [{"id": "a", "name": "A", "points": 1, "expected": 1}] * 2,
            "the id a is used twice",
        ),
        (
            {"mode": "stdin"},
            [{"id": "a", "name": "A", "points": 3, "stdout": 7}],
            "stdout: must be a text",
        ),
        (
            {"mode": "assert"},
            [{"id": "a", "name": "A", "points": 3, "code": "assert ("}],
            "not valid Python",
        ),
        (
            {"mode": "checker"},
            [{"id": "a", "name": "A", "points": 3, "checker": "no.py"}],
            "there is no file no.py in tests/",
        ),
    ],
)
def test_mistakes_are_named(change: dict[str, object], cases: object, said: str) -> None:
    with pytest.raises(TaskError) as wrong:
        task_from_files(CHALLENGE | change, cases)
    assert said in str(wrong.value)


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(TaskError) as wrong:
        task_from_files({"mode": "call"}, [{"id": "a"}, {"name": "b"}])
    assert len(wrong.value.problems) >= 6


def test_literals() -> None:
    assert literal({"$python": "(1, {2}, b'x')"}) == (1, {2}, b"x")
    assert literal([{"a": {"$python": "None"}}]) == [{"a": None}]
    assert literal({"$python": 3}) == {"$python": 3}
