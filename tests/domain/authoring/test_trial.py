"""Challenges are run for real: what solutions, starters and empty answers may do."""

from collections.abc import AsyncIterator

import pytest

from domain.authoring.compiler import compile_course
from domain.authoring.trial import challenges, stubs, try_challenges
from domain.grading import Grader

Tree = dict[str, bytes]
FOLDER = "10-basics/02-greet/"


@pytest.fixture
async def grader() -> AsyncIterator[Grader]:
    async with Grader() as started:
        yield started


async def trial(grader: Grader, tree: Tree) -> list[str]:
    compiled = compile_course(tree)
    assert compiled.course is not None, compiled.errors
    seen: list[tuple[int, int, str]] = []
    problems = await try_challenges(
        compiled.course, compiled.places, grader, lambda *step: seen.append(step)
    )
    assert seen == [(0, 1, "Greet")]
    return [str(problem) for problem in problems.errors]


async def test_the_example_is_sound(grader: Grader, example: Tree) -> None:
    assert await trial(grader, example) == []


async def test_a_wrong_solution_is_named_with_its_test(grader: Grader, example: Tree) -> None:
    wrong = b"def greet(name):\n    return f'Hi, {name}!'\n"
    errors = await trial(grader, {**example, FOLDER + "solution/greet.py": wrong})
    assert len(errors) == 2
    assert errors[0].startswith(f"{FOLDER}solution/greet.py:1: the solution fails the test 'greets")
    assert "Hi, Ada!" in errors[0]


async def test_a_starter_that_passes_is_an_error(grader: Grader, example: Tree) -> None:
    tree = {**example, FOLDER + "starter/greet.py": example[FOLDER + "solution/greet.py"]}
    (error,) = await trial(grader, tree)
    assert error.startswith(f"{FOLDER}starter/greet.py:1: the starter already passes every test")


async def test_tests_that_a_constant_passes_are_too_weak(grader: Grader, example: Tree) -> None:
    cases = FOLDER + "tests/cases.yaml"
    weak = example[cases].replace(b'["Grace"]', b'["Ada"]').replace(b"Hello, Grace", b"Hello, Ada")
    (error,) = await trial(grader, {**example, cases: weak})
    assert error.startswith(f"{cases}:1: the tests are too weak")
    assert "'Hello, Ada!'" in error


@pytest.mark.parametrize(
    ("mode", "cases"),
    [
        ("stdin", '    stdin: ""\n    stdout: "Hello"\n'),
        ("assert", '    code: "greet(1)"\n'),
    ],
)
async def test_weak_tests_of_other_modes(
    grader: Grader, example: Tree, mode: str, cases: str
) -> None:
    task = FOLDER + "challenge.yaml"
    text = f'cases:\n  - id: a\n    name: "a"\n    points: 10\n{cases}'
    errors = await trial(
        grader,
        {
            **example,
            task: example[task].replace(b"mode: call\nfunction: greet", f"mode: {mode}".encode()),
            FOLDER + "tests/cases.yaml": text.encode(),
            FOLDER + "starter/greet.py": b"raise SystemExit(1)\n",
            FOLDER + "solution/greet.py": b"def greet(name):\n    return 1\n\nprint('Hello')\n",
        },
    )
    assert errors
    assert all("too weak" in error for error in errors)


def test_stubs_keep_names_and_parameters(example: Tree) -> None:
    course = compile_course(example).course
    assert course is not None
    (challenge,) = challenges(course)
    texts = [files["greet.py"] for _, files in stubs(challenge)]
    assert texts == [
        "def greet(name):\n    return None\n",
        "def greet(name):\n    return 'Hello, Ada!'\n",
    ]
