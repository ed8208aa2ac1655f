# ruff: noqa: E501 - lines of JavaScript
"""What a page and its tests can do, on the real engine."""

from decimal import Decimal

import pytest

from domain.grading import Grader, Limits, Result, Task, TestCase, task_from_files

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = """<!doctype html>
<html lang="en"><head><title>Shop</title>
<link rel="stylesheet" href="style.css">
<script>const early = document.querySelector('h1') === null;</script>
<script src="script.js" defer></script>
</head><body><h1 class="big">Shop <b>here</b></h1>
<form id="f"><input id="thing" required><button>Add</button></form>
<ul id="list"></ul><p id="out" hidden></p>
<button id="inline" onclick="document.title = 'pressed'">x</button>
</body></html>
"""
STYLE = "h1 { color: red; margin: 4px 8px } .big { color: rgb(0, 0, 255) } ul { display: flex }"
SCRIPT = """
const list = document.querySelector('#list');
let count = 0;
function add(name) {
  const item = document.createElement('li');
  item.textContent = name;
  list.append(item);
  count += 1;
  return item;
}
class Node2 { constructor() { this.name = 'own'; } toString() { return 'own'; } }
const name = 'Ann';
document.querySelector('#f').addEventListener('submit', (event) => {
  event.preventDefault();
  add(document.querySelector('#thing').value);
  console.log('added', { n: count });
});
document.addEventListener('keydown', (e) => { document.querySelector('#out').textContent = e.key; });
setTimeout(() => document.body.classList.add('late'), 60000);
const later = () => new Promise((done) => setTimeout(() => done(42), 3000));
"""
FILES = {"index.html": PAGE, "style.css": STYLE, "script.js": SCRIPT}


async def run(
    grader: Grader, files: dict[str, str], *tests: str, fresh: bool = False, time_s: float = 1.0
) -> Result:
    cases = tuple(
        TestCase(f"t{n}", f"test {n}", Decimal(2), n == 0, {"test": test, "fresh": fresh})
        for n, test in enumerate(tests)
    )
    task = Task("web", "assert", "index.html", cases, Limits(time_s=time_s))
    return await grader.grade(task, files)


@pytest.mark.parametrize(
    "test",
    [
        "expect(doc.querySelector('h1')).toBeTruthy()",
        "expect(doc.querySelector('h1').textContent).toBe('Shop here')",
        "expect(doc.querySelector('h1').innerText).toBe('Shop here')",
        "expect(doc.doctype.name).toBe('html'); expect(doc.documentElement.lang).toBe('en')",
        "expect(early).toBe(true)",
        "expect(name).toBe('Ann'); expect(typeof add).toBe('function'); expect(window.add).toBe(add)",
        "expect(style('h1').color).toBe('rgb(0, 0, 255)')",
        "expect(getComputedStyle(doc.querySelector('h1')).marginLeft).toBe('8px')",
        "type('#thing', 'Milk'); submit('#f'); expect(list.textContent).toBe('Milk')",
        "type('#thing', 'Milk'); submit('#f'); expect(printed()).toEqual(['added {n: 1}'])",
        "submit('#f'); expect(doc.querySelectorAll('#list li').length).toBe(0)",
        "click('#inline'); expect(doc.title).toBe('pressed')",
        "press(doc.body, 'x'); expect(doc.querySelector('#out').textContent).toBe('x')",
        "await wait(59999); expect(doc.body.className).toBe('');"
        "await wait(1); expect(doc.body.className).toBe('late')",
        "const before = Date.now(); expect(await later()).toBe(42);"
        "expect(Date.now() - before).toBeGreaterThanOrEqual(3000)",
        "await expect(later()).resolves.toBe(42); await expect(Promise.reject(new TypeError('no')))"
        ".rejects.toThrow(TypeError)",
        "expect(add('a')).toBe(doc.querySelector('#list').lastElementChild)",
        "expect([add('a'), add('b')].map((item) => item.textContent)).toEqual(['a', 'b'])",
        "expect([...doc.querySelectorAll('script')].map((s) => s.src.length > 0)).toContain(true)",
        "doc.querySelector('#out').textContent = 0;"
        "expect(doc.querySelector('#out').textContent).toBe('0')",
        "localStorage.setItem('a', 1); expect(localStorage.getItem('a')).toBe('1')",
        "expect(`${new Node2()}`).toBe('own'); const e = new Error('a'); e.name = 'Mine';"
        "expect(e.name).toBe('Mine'); const o = {}; o.toString = () => 'q'; expect(`${o}`).toBe('q')",
        "expect({ a: [1, { b: 2 }] }).toEqual({ a: [1, { b: expect.any(Number) }] })",
        "expect({ a: [1, { b: 2 }], c: 1 }).toMatchObject({ a: [1, {}] })",
        "expect(new Map([[1, { a: 2 }]])).toEqual(new Map([[1, { a: 2 }]]))",
        "expect(0.1 + 0.2).toBeCloseTo(0.3); expect(() => nothing()).toThrow(ReferenceError)",
        "expect(source('style.css')).toMatch(/flex/); expect(source('none.css')).toBe('')",
        "expect(doc.querySelector('#out').hidden).toBe(true);"
        "expect(doc.querySelector('#thing').validity.valid).toBe(false)",
        "doc.querySelector('#list').innerHTML = '<li>x</li>';"
        "expect(doc.querySelector('#list').contains(doc.querySelector('li'))).toBe(true)",
        "let seen = null; doc.body.addEventListener('click', (e) => { seen = e.target; });"
        "click('#inline'); expect(seen).toBe(doc.querySelector('#inline'))",
    ],
)
async def test_what_works_as_in_a_browser(grader: Grader, test: str) -> None:
    result = await run(grader, FILES, test)
    assert result.status == "passed", result.tests[0]


@pytest.mark.parametrize(
    ("test", "expected", "got"),
    [
        ("expect(doc.querySelector('h1').textContent).toBe('No')", '"No"', '"Shop here"'),
        ("expect(1).toBe('1')", '"1"', "1"),
        (
            "expect({ a: 1 }).toStrictEqual({ a: 1, b: undefined })",
            "{a: 1, b: undefined}",
            "{a: 1}",
        ),
        ("expect(doc.querySelector('h2')).not.toBeNull()", None, None),
        ("expect(later()).resolves.toBe(41)", "41", "42"),
        ("expect([1, 2]).toContain(3)", None, None),
    ],
)
async def test_what_differs_is_said(
    grader: Grader, test: str, expected: str | None, got: str | None
) -> None:
    (one,) = (await run(grader, FILES, test)).tests
    assert one.status == "failed"
    assert one.points == 0
    if expected is not None:
        assert (one.expected, one.got) == (expected, got)


async def test_scores_and_order_and_fresh_pages(grader: Grader) -> None:
    tests = "add('x'); expect(count).toBe(1)", "expect(count).toBe(1)", "expect(count).toBe(0)"
    shared = await run(grader, FILES, *tests)
    assert [test.status for test in shared.tests] == ["passed", "passed", "failed"]
    assert shared.status == "partial"
    assert (int(shared.score), int(shared.max_score)) == (4, 6)
    fresh = await run(grader, FILES, *tests, fresh=True)
    assert [test.status for test in fresh.tests] == ["passed", "failed", "passed"]


async def test_a_script_that_stops_is_named_with_its_line(grader: Grader) -> None:
    files = {**FILES, "script.js": "const a = 1;\n\nfoo.bar();\n"}
    result = await run(grader, files, "expect(doc.title).toBe('Shop')", "expect(a).toBe(2)")
    assert [test.status for test in result.tests] == ["passed", "failed"]
    assert "ReferenceError: foo is not defined (script.js, line 3)" in str(result.tests[1].note)
    assert result.traceback == ("ReferenceError: foo is not defined\n    at <eval> (script.js:3:1)")
    broken = await run(grader, {**FILES, "script.js": "function ( {"}, "expect(add).toBeTruthy()")
    assert "SyntaxError" in str(broken.tests[0].note)


@pytest.mark.parametrize(
    ("test", "status", "words"),
    [
        ("doc.querySelector('h9').textContent", "failed", "not on your page"),
        ("await new Promise(() => {})", "failed", "never happened"),
        ("expect(", "error", "not your mistake"),
        ("throw new RangeError('too far')", "error", "RangeError: too far"),
        ("const f = () => f() + 1; f()", "error", "again and again"),
        ("expect(1).toHaveBeenCalled()", "error", "expect has no"),
    ],
)
async def test_what_a_beginner_is_told(grader: Grader, test: str, status: str, words: str) -> None:
    (one,) = (await run(grader, FILES, test)).tests
    assert one.status == status
    assert words in str(one.note)


async def test_limits(grader: Grader) -> None:
    endless = {**FILES, "script.js": "function f() { while (true) {} }"}
    result = await run(grader, endless, "f()", "expect(1).toBe(1)", time_s=0.1)
    assert [test.status for test in result.tests] == ["timeout", "passed"]
    greedy = {**FILES, "script.js": "const x = []; for (;;) x.push('a'.repeat(1e5) + x.length)"}
    result = await run(grader, greedy, "expect(x).toBe(1)")
    assert "more than the 64 MB" in str(result.tests[0].note)
    assert 50_000 < result.peak_kb < 120_000


async def test_a_page_without_scripts_and_missing_files(grader: Grader) -> None:
    result = await run(
        grader, {"index.html": PAGE}, "expect(printed().join()).toContain('no file style.css')"
    )
    assert result.status == "passed"
    without = await run(grader, {"style.css": STYLE, "a.js": ""}, "expect(1).toBe(1)")
    assert without.status == "error"
    assert "index.html" in str(without.note)


async def test_a_task_from_files() -> None:
    challenge = {"language": "web", "points": 3, "files": {"starter": ["index.html"]}}
    cases = [{"id": "a", "name": "A", "points": 3, "sample": True, "test": "expect(1).toBe(1)"}]
    task = task_from_files(challenge, cases)
    assert (task.language, task.main) == ("web", "index.html")
    assert task.tests[0].spec == {"test": "expect(1).toBe(1)", "fresh": False}
