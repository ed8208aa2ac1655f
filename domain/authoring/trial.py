"""Runs the challenges of a course: solutions pass, starters and empty answers do not."""

import ast
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Protocol

from domain.authoring.models import Challenge, Course, Lesson, Unit
from domain.authoring.problems import Problems
from domain.authoring.programs import parse_python
from domain.grading import Result, Task, TestCase, task_from_stored
from domain.grading.tasks import literal
from domain.syntax import parse

Progress = Callable[[int, int, str], None]
Files = Mapping[str, str]

_CONSTANTS: tuple[object, ...] = (None, True, 0, "")


class Grades(Protocol):
    """What is needed of the grader."""

    async def grade(self, task: Task, files: Files) -> Result:
        """Run files against a task."""
        ...


def challenges(course: Course) -> Iterator[Challenge]:
    """All challenges of a course, in the order of the outline."""
    for unit in course.units:
        yield from _inside(unit)


def _inside(holder: Unit | Lesson) -> Iterator[Challenge]:
    for item in holder.items:
        if isinstance(item, Challenge):
            yield item
        elif isinstance(item, Unit | Lesson):
            yield from _inside(item)


async def try_challenges(
    course: Course, places: Mapping[str, str], grader: Grades, progress: Progress
) -> Problems:
    """Run every challenge of a course.

    Args:
        course: compiled without errors.
        places: key of a challenge -> path of its challenge.yaml.
        grader: the sandbox.
        progress: told the number done, the number of all, and the next title.

    Raises:
        SandboxError: nothing can be run on this machine.
    """
    problems = Problems()
    runnable = list(challenges(course))
    for number, challenge in enumerate(runnable):
        progress(number, len(runnable), challenge.title)
        folder = str(PurePosixPath(places[challenge.key]).parent)
        await _try(challenge, folder, grader, problems)
    return problems


def task_of(challenge: Challenge) -> Task:
    """The challenge as the grader sees it."""
    return task_from_stored(
        language=challenge.language,
        mode=challenge.mode,
        main=challenge.main,
        limits=challenge.limits.model_dump(),
        tests=[
            TestCase(test.key, test.name, Decimal(test.points), test.sample, dict(test.spec))
            for test in challenge.tests
        ],
    )


async def _try(challenge: Challenge, folder: str, grader: Grades, problems: Problems) -> None:
    task = task_of(challenge)
    solution = await grader.grade(task, challenge.solution)
    for test in solution.tests:
        if test.status != "passed":
            why = f"expected {test.expected}, got {test.got}" if test.expected else test.status
            note = f" ({test.note})" if test.note else ""
            problems.error(
                f"{folder}/solution/{challenge.main}",
                1,
                f"the solution fails the test '{test.name}': {why}{note}: correct one of them",
            )
    starter = await grader.grade(task, challenge.starter)
    if starter.status == "passed":
        problems.error(
            f"{folder}/starter/{challenge.main}",
            1,
            "the starter already passes every test: leave something to write",
        )
    for words, files in stubs(challenge):
        result = await grader.grade(task, files)
        if result.status == "passed":
            problems.error(
                f"{folder}/tests/cases.yaml",
                1,
                f"the tests are too weak, {words} passes them all: add a test that it fails",
            )


def stubs(challenge: Challenge) -> Iterator[tuple[str, dict[str, str]]]:
    """Programs that do nothing useful: what they do in words, and their files.

    Functions keep their names and parameters, and only return a constant; a program that prints
    prints nothing, or the first expected output; a web page has nothing on it.
    """
    if challenge.language == "web":
        empty = {challenge.main: "<!doctype html><html><head></head><body></body></html>\n"}
        yield "an empty page", dict.fromkeys(challenge.solution, "") | empty
        return
    if challenge.mode == "stdin":
        first = str(challenge.tests[0].spec.get("stdout", "")) if challenge.tests else ""
        for words, text in (
            ("a program that prints nothing", "pass\n"),
            ("a program that only prints the first expected output", f"print({first!r}, end='')\n"),
        ):
            yield words, {**challenge.solution, challenge.main: text}
        return
    constants: list[object] = list(_CONSTANTS) if challenge.mode != "call" else [None]
    expected = [test.spec["expected"] for test in challenge.tests if "expected" in test.spec]
    if expected:
        constants.append(literal(expected[0]))
    seen: list[str] = []
    for constant in constants:
        if repr(constant) not in seen:
            seen.append(repr(constant))
            files = {name: _hollow(text, constant) for name, text in challenge.solution.items()}
            yield f"a function that only returns {constant!r}", files


def _hollow(source: str, constant: object) -> str:
    """The program with every function's body replaced by `return <constant>`."""
    tree = parse_python(source)
    value = parse(repr(constant), "eval").body
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [ast.Return(value)]
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"
