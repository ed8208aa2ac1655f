"""What the offline tutor finds in programs whose mistake is known."""

import re

import pytest

from domain.grading import Grader, Result, Task
from tests.tutor.programs import MEAN, MISTAKES, TOTAL, call_task
from tutor.diagnosis import words
from tutor.diagnosis.diagnose import diagnose
from tutor.diagnosis.edits import all_edits
from tutor.diagnosis.inside.values import canonical
from tutor.diagnosis.misconceptions import MISCONCEPTIONS
from tutor.diagnosis.nearest import nearest
from tutor.diagnosis.program import Program
from tutor.diagnosis.search import edited
from tutor.ladder import ladder, spoken
from tutor.told import text_of


async def test_known_mistakes_are_found_where_they_are():
    wrong: list[tuple[str, str, object]] = []
    async with Grader() as grader:
        for one in MISTAKES:
            found = await diagnose(grader, one.task, {"main.py": one.program}, budget_s=20)
            place = found.cause.line if found.cause else 0
            if found.confidence != "validated" or place != one.line:
                wrong.append((one.name, found.confidence, found.cause))
            elif found.concept not in one.concepts:
                wrong.append((one.name, found.concept, found.cause))
            for rung in ladder(found)[:3]:
                text = text_of(rung)
                assert not [c for c in re.findall("`([^`]+)`", text) if foreign(c, one.program)]
    assert wrong == []


def foreign(code: str, program: str) -> bool:
    """Code that is neither the learner's nor a value or call of a test."""
    bare = re.sub(r"\s", "", code)
    if (
        "⏎" in code
        or bare in re.sub(r"\s", "", program)
        or bare in ("None", "and", "or", "return", "print")
    ):
        return False
    return re.fullmatch(r"[\w.]*\(.*\)|-?[\d.]+|'.*'|\[.*\]|True|False|\w+=.*", bare) is None


async def test_what_passes_has_no_mistake():
    async with Grader() as grader:
        text = "def mean(a, b):\n    return (a + b) / 2\n"
        found = await diagnose(grader, MEAN, {"main.py": text})
    assert (found.confidence, found.failure, ladder(found)) == ("none", None, ())


async def test_two_mistakes_are_found_one_after_the_other():
    text = (
        "def total(numbers):\n    result = 1\n    for one in numbers:\n        result -= one\n"
        "    return result\n"
    )
    async with Grader() as grader:
        found = await diagnose(grader, TOTAL, {"main.py": text}, budget_s=20)
    assert found.confidence == "validated"
    assert len(found.edits) == 2
    assert "Two small changes" in text_of(ladder(found)[3])


async def test_it_says_when_it_does_not_know():
    task = call_task("spiral", (([[1, 2], [3, 4]],), [1, 2, 4, 3]), (([[5]],), [5]), (([],), []))
    text = "def spiral(grid):\n    return sorted(sum(grid, []), reverse=True)[::3]\n"
    async with Grader() as grader:
        found = await diagnose(grader, task, {"main.py": text})
    assert found.confidence in ("lines", "test", "partly")
    if found.confidence != "partly":
        assert found.cause is None
        assert "found no small change" in text_of(ladder(found)[3])


EXCEPTIONS = [
    (
        "def total(n):\n    return n[len(n)]\n",
        "Line 2: `n[len(n)]` asks for position 3, but `n` has only 3 values there.",
    ),
    ("def total(n):\n    return sum(m)\n", "Line 2 uses the name `m`"),
    ("def total(n):\n    r += 1\n    return r\n", "Line 2 reads `r` before"),
    ("def total(n):\n    return 'a' + n[0]\n", "joins a text with a whole number"),
    ("def total(n):\n    return n[0] + 'a'\n", "between a whole number and a text"),
    ("def total(n):\n    return n.size()\n", "Line 2: a list has nothing called `size`."),
    ("def total(n):\n    return 6 / (n[0] - 1)\n", "divides by zero: `n[0] - 1`"),
    ("def total(n):\n    return int('x')\n", "'x' cannot be read as a number"),
    ("def total(n):\n    return {}[n[0]]\n", "there is no key 1"),
    ("def total(n):\n    for i in len(n):\n        pass\n", "walks through a whole number"),
    ("def total(n):\n    return n(0)\n", "calls a list like a function"),
    ("def total(n):\n    return n.sort()[0]\n", "uses `None` as if it were a value"),
    ("def total(n):\n    return total(n)\n", "calls itself again and again"),
    ("def total(n):\n    a, b = n\n    return a\n", "takes a value apart"),
    ("def total(n):\n    return n['a']\n", "uses a text as a position"),
]


async def test_exceptions_are_told_with_the_values_at_hand():
    missing = []
    async with Grader() as grader:
        for program, says in EXCEPTIONS:
            found = await diagnose(grader, TOTAL, {"main.py": program}, budget_s=0)
            told = " ".join(map(spoken, found.explanation))
            if says not in told:
                missing.append((says, told))
    assert missing == []


async def test_of_a_hidden_test_only_the_name_is_told():
    task = call_task("half", ((4,), 2), ((4242,), 2121), hidden=1)
    text = (
        "def half(n):\n    if n > 99:\n        raise ValueError(f'secret {n}')\n    return n // 2\n"
    )
    async with Grader() as grader:
        found = await diagnose(grader, task, {"main.py": text})
        shown = await diagnose(grader, task, {"main.py": text}, show_hidden=True)
    told = " ".join(text_of(rung) for rung in ladder(found))
    assert "4242" not in told
    assert "2121" not in told
    assert "test 2" in told
    assert "4242" in " ".join(text_of(rung) for rung in ladder(shown))


async def test_what_a_test_expects_never_enters_the_process_of_the_search():
    """The process has inputs only: a program that looks around finds no expected value."""
    seen: list[str] = []

    class Watched:
        def __init__(self, grader: Grader) -> None:
            self.grader = grader

        async def grade(self, task: Task, files: dict[str, str]) -> Result:
            if task.main != "main.py":
                seen.append(repr(task.tests[0].spec))
            return await self.grader.grade(task, files)

    task = call_task("answer", ((1,), 987654321), ((2,), 987654321))
    async with Grader() as grader:
        text = "def answer(n):\n    return 5\n"
        await diagnose(Watched(grader), task, {"main.py": text})  # type: ignore[arg-type]
    assert seen
    assert not [one for one in seen if "987654321" in one]


async def test_a_deeply_nested_or_empty_program_is_diagnosed_too():
    deep = "def total(n):\n    return " + "+".join(["1"] * 900) + "\n"
    async with Grader() as grader:
        for text in (deep, "", "\ufeff", "def total(n):\n    return " + "(" * 300 + "\n"):
            found = await diagnose(grader, TOTAL, {"main.py": text}, accepted=["x = 1"])
            assert found.failure is not None
            assert len(ladder(found)) == 5


async def test_a_program_that_never_ends_is_told_so():
    text = "def total(n):\n    while True:\n        n = n\n"
    async with Grader() as grader:
        found = await diagnose(grader, TOTAL, {"main.py": text}, budget_s=1)
    assert found.failure is not None
    assert found.failure.status == "timeout"
    assert "does not come to an end" in spoken(found.explanation[0])


def test_every_edit_has_a_misconception_and_can_be_made():
    for one in MISTAKES:
        try:
            program = Program.read(one.program)
        except SyntaxError:
            continue
        for edit in all_edits(program, ("total",)):
            assert edit.cause in MISCONCEPTIONS
            assert 1 <= edit.line <= one.program.count("\n") + 1
            assert edited(one.program, edit.changes) != one.program


def test_the_bank_is_covered_but_for_what_makes_no_program_fail():
    covered = {number for one in MISCONCEPTIONS.values() for number in one.bank}
    style = {26, 27, 31, 39, 40, 48, 53, 58, 59, 67}
    assert covered | style == set(range(1, 68)), sorted(set(range(1, 68)) - covered - style)


def test_the_nearest_program_tells_lines_and_nothing_more():
    mine = "def f(values):\n    t = 1\n    for v in values:\n        t += v\n    return t\n"
    theirs = "def f(xs):\n    total = 0\n    for x in xs:\n        total += x\n    return total\n"
    other = "def f(xs):\n    return sum(xs)\n"
    assert nearest(Program.read(mine), [other, theirs]) == (2,)
    assert nearest(Program.read(mine), [other]) == ()
    assert nearest(Program.read(mine), ["def f(:"]) == ()


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({1, 2}, {2, 1}, True),
        ([1, 2], (1, 2), False),
        (1, True, False),
        (1, 1.0, False),
        ("1", 1, False),
        ([[1], []], [[1], []], True),
    ],
)
def test_outcomes_are_equal_exactly_when_the_grader_calls_them_equal(left, right, same: bool):
    assert (canonical(left) == canonical(right)) is same


def test_words_have_no_place_for_the_wanted_program():
    for name in dir(words):
        message = getattr(words, name)
        if isinstance(message, str) and "{" in message:
            assert "{solution}" not in message
