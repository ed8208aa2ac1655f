# ruff: noqa: E501 - lines of JavaScript
"""Pages that try to pass without doing the work, or to take the machine along."""

import time
from decimal import Decimal

import pytest
import pytest_asyncio

from domain.grading import Grader, Limits, Result, Task, TestCase
from tests.domain.grading.web import hostile

pytestmark = pytest.mark.asyncio(loop_scope="module")
LIMITS = Limits(time_s=0.2, memory_mb=32)
HONEST = "<!doctype html><h1>Hello</h1>"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def grader(grader: Grader) -> Grader:
    """The warm one, once it has shown a page."""
    await grader.grade(task("expect(1).toBe(1)"), {"index.html": HONEST})
    return grader


def task(*tests: str) -> Task:
    cases = (TestCase(f"t{n}", t, Decimal(1), False, {"test": t}) for n, t in enumerate(tests))
    return Task("web", "assert", "index.html", tuple(cases), LIMITS)


async def hand_in(grader: Grader, script: str, *tests: str) -> Result:
    files = {"index.html": hostile.PAGE, "style.css": "", "script.js": hostile.PRELUDE + script}
    return await grader.grade(task(*tests), files)


async def next_one_is_answered(grader: Grader) -> bool:
    """Whether an honest page right afterwards passes within a second."""
    begin = time.perf_counter()
    result = await grader.grade(
        task("expect(doc.querySelector('h1').textContent).toBe('Hello')"), {"index.html": HONEST}
    )
    return result.status == "passed" and time.perf_counter() - begin < 1


def passed(result: Result) -> list[str]:
    return [test.name for test in result.tests if test.status == "passed"]


async def test_an_honest_page_can_pass_each_of_these(grader: Grader) -> None:
    answers = {
        2: "4711",
        3: "[4711, { a: 'x' }]",
        4: "['Ada']",
        5: "'magic'",
        9: "(() => { throw new Error('special 4711'); })()",
        11: "Promise.resolve('soon')",
        12: "new Set(['b', 'a'])",
    }
    page = hostile.PAGE.replace(">no<", ">4711<").replace("<ul>", "<h1>x</h1><ul><li>2<li>3")
    page = page.replace("<input", "<b></b><input").replace('id="go"', 'id="go" data-x="y"')
    click = "document.querySelector('#go').onclick = () => document.querySelector('#total').className = 'done';"
    for number, wanted in enumerate(hostile.WANTED):
        script = f"{click} function secret() {{ return {answers.get(number, '0')}; }}"
        files = {
            "index.html": page,
            "style.css": "#total { color: rgb(1, 2, 3); }",
            "script.js": script,
        }
        result = await grader.grade(task(wanted), files)
        assert result.status == "passed", (wanted, result.tests)


@pytest.mark.parametrize("name", hostile.FORGERIES)
async def test_nothing_turns_a_failure_into_a_pass(grader: Grader, name: str) -> None:
    result = await hand_in(grader, hostile.FORGERIES[name], *hostile.WANTED)
    assert passed(result) == []
    assert len(result.tests) == len(hostile.WANTED)
    assert await next_one_is_answered(grader)


@pytest.mark.parametrize("name", hostile.REACHING)
async def test_nothing_is_there_but_the_page(grader: Grader, name: str) -> None:
    result = await hand_in(grader, hostile.REACHING[name], "await wait(100); expect(1).toBe(2)")
    assert passed(result) == []
    assert "ESCAPE" not in result.tests[0].output
    assert await next_one_is_answered(grader)


@pytest.mark.parametrize("name", hostile.LOOPS)
async def test_what_never_ends_is_stopped(grader: Grader, name: str) -> None:
    begin = time.perf_counter()
    result = await hand_in(grader, hostile.LOOPS[name], hostile.WANTED[0], hostile.WANTED[1])
    assert time.perf_counter() - begin < 5
    assert passed(result) == []
    assert await next_one_is_answered(grader)


@pytest.mark.parametrize("name", hostile.GREED)
async def test_greed_is_contained(grader: Grader, name: str) -> None:
    begin = time.perf_counter()
    result = await hand_in(grader, hostile.GREED[name], hostile.WANTED[0], hostile.WANTED[1])
    assert time.perf_counter() - begin < 5
    assert passed(result) == []
    assert result.peak_kb < 120 * 1024
    assert await next_one_is_answered(grader)


@pytest.mark.parametrize("name", ["endless loop", "endless microtasks", "memory"])
async def test_trouble_in_the_middle_of_a_test(grader: Grader, name: str) -> None:
    attack = {**hostile.LOOPS, **hostile.GREED}[name]
    script = f"document.querySelector('#go').addEventListener('click', () => {{ {attack} }});"
    result = await hand_in(
        grader, script, "click('#go'); await wait(1); expect(1).toBe(2)", "expect(1).toBe(1)"
    )
    assert result.tests[0].status != "passed"
    assert result.tests[1].status == "passed"  # a new process shows the page anew
