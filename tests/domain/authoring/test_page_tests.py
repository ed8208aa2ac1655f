"""Web challenges in course files: what is read, refused and warned of, and run for real."""

from collections.abc import Callable

import pytest

from domain.authoring.compiler import Compiled, compile_course
from domain.authoring.trial import try_challenges
from domain.grading import Grader

Tree = dict[str, bytes]
FOLDER = "10-basics/02-greet/"
CASES = """cases:
  - id: heading
    name: "A heading"
    points: 4
    sample: true
    test: |
      expect(doc.querySelector('h1').textContent).toBe('Hello')
  - id: colour
    name: "It is blue"
    points: 6
    fresh: true
    test: "expect(style('h1').color).toBe('blue')"
"""


@pytest.fixture
def page(example: Tree) -> Callable[..., Compiled]:
    """Compile the example course with a web challenge; keywords replace its files."""

    def compiled(
        cases: str = CASES, starter: str = "<p>x</p>\n", main: str = "index.html"
    ) -> Compiled:
        tree = {
            path: text
            for path, text in example.items()
            if not path.startswith((FOLDER + "starter", FOLDER + "solution"))
        }
        text = tree[FOLDER + "challenge.yaml"].decode()
        text = text.replace("language: python", "language: web")
        text = text.replace("mode: call\nfunction: greet\n", "").replace("greet.py", main)
        tree[FOLDER + "challenge.yaml"] = text.encode()
        tree[FOLDER + "tests/cases.yaml"] = cases.encode()
        tree[FOLDER + f"starter/{main}"] = starter.encode()
        tree[FOLDER + f"solution/{main}"] = (
            b"<!doctype html><style>h1 { color: blue }</style><h1>Hello</h1>\n"
        )
        return compile_course(tree)

    return compiled


async def trial(compiled: Compiled) -> list[str]:
    assert compiled.course is not None, compiled.errors
    async with Grader() as grader:
        problems = await try_challenges(compiled.course, compiled.places, grader, lambda *_: None)
    return [str(problem) for problem in problems.errors]


async def test_a_web_challenge_is_read_and_run(page: Callable[..., Compiled]) -> None:
    compiled = page()
    assert compiled.warnings == ()
    assert await trial(compiled) == []


async def test_weak_tests_and_finished_starters_are_errors(page: Callable[..., Compiled]) -> None:
    solved = page(starter="<style>h1 { color: blue }</style><h1>Hello</h1>\n")
    assert "already passes" in "".join(await trial(solved))
    weak = page(
        cases='cases:\n  - {id: a, name: "a", points: 10, test: "expect(doc.body).toBeTruthy()"}\n'
    )
    errors = await trial(weak)
    assert any("an empty page passes them all" in error for error in errors)


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("expect(doc.body.offsetWidth).toBe(1)", "'offsetWidth' needs a page that is laid out"),
        ("expect(el.getBoundingClientRect().top).toBe(0)", "'getBoundingClientRect'"),
        ("expect(doc.body.clientHeight).toBe(1)", "'clientHeight'"),
        ("expect(matchMedia('(x)').matches).toBe(true)", "'matchMedia'"),
        ("expect(f()).resolves.toBe(1)", "write await"),
    ],
)
def test_what_the_grader_cannot_do_is_a_warning(
    page: Callable[..., Compiled], test: str, said: str
) -> None:
    compiled = page(cases=f'cases:\n  - {{id: a, name: "a", points: 10, test: "{test}"}}\n')
    assert compiled.errors == ()
    (warning,) = compiled.warnings
    assert said in str(warning)
    assert str(warning).startswith(f"{FOLDER}tests/cases.yaml:2: warning: ")


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        (
            'cases:\n  - {id: a, name: "a", points: 10, test: "click(doc.body)"}\n',
            "asserts nothing",
        ),
        ('cases:\n  - {id: a, name: "a", points: 10, code: "expect(1)"}\n', "'code' is not known"),
        ('cases:\n  - {id: a, name: "a", points: 10}\n', "must be a text"),
        ('cases:\n  - {id: a, name: "a", points: 9, test: "expect(1)"}\n', "points sum to 9"),
        (
            'cases:\n  - {id: a, name: "a", points: 10, fresh: 1, test: "expect(1)"}\n',
            "must be true or false",
        ),
    ],
)
def test_mistakes_in_cases(page: Callable[..., Compiled], cases: str, said: str) -> None:
    assert any(said in str(error) for error in page(cases=cases).errors)


def test_a_page_starts_at_index(page: Callable[..., Compiled]) -> None:
    assert any("starts at index.html" in str(error) for error in page(main="start.html").errors)
