"""Calls go to a learner's process together; each answer, and what it printed, is its own."""

from decimal import Decimal

import pytest

from domain.grading import Grader, Limits, Task, TestCase

pytestmark = pytest.mark.asyncio(loop_scope="module")

MARKER = "only-the-hidden-test-has-this"
# Looks at everything this process holds and at what waits for it in the channel.
SEEKS = f"""
import gc, select, os
def echo(text):
    wanted = "".join(reversed({MARKER[::-1]!r}))
    seen = any(wanted in repr(o) for o in gc.get_objects() if type(o) in (list, tuple, dict))
    while select.select([3], [], [], 0)[0]:
        seen = seen or wanted.encode() in os.read(3, 65536)
    print("seen" if seen else "nothing")
    return text
"""


def a_task(*texts: str, samples: int = 0, limits: Limits | None = None) -> Task:
    tests = tuple(
        TestCase(
            f"t{number}",
            f"test {number}",
            Decimal(1),
            number < samples,
            {"function": "echo", "args": [text], "kwargs": {}, "expected": text},
        )
        for number, text in enumerate(texts)
    )
    return Task("python", "call", "main.py", tests, limits or Limits())


async def outputs(grader: Grader, task: Task, source: str) -> list[tuple[str, str]]:
    result = await grader.grade(task, {"main.py": source})
    return [(test.status, test.output) for test in result.tests]


async def test_each_test_has_its_own_output(grader: Grader) -> None:
    source = "print('import')\ndef echo(text): print('got', text); return text"
    said = await outputs(grader, a_task("a", "b", "c", "d", samples=2), source)
    assert said == [("passed", f"got {letter}\n") for letter in "abcd"]


async def test_an_end_in_the_middle_costs_one_test(grader: Grader) -> None:
    source = """
import os
calls = 0
def echo(text):
    global calls
    calls += 1
    print(calls, flush=True)
    if text == "huge": return "x" * (3 << 20)
    if text == "end": os._exit(0)
    if text == "odd": return object()
    return text
"""
    task = a_task("a", "huge", "b", "end", "c", "odd", "d")
    assert await outputs(grader, task, source) == [
        ("passed", "1\n"),
        ("error", "2\n"),
        ("passed", "1\n"),
        ("error", "2\n"),
        ("passed", "1\n"),
        ("failed", "2\n"),
        ("passed", "3\n"),
    ]


async def test_a_call_without_end_costs_one_test(grader: Grader) -> None:
    source = "def echo(text):\n    while text == 'b': pass\n    return text"
    task = a_task("a", "b", "c", limits=Limits(time_s=0.1))
    said = await outputs(grader, task, source)
    assert [status for status, _ in said] == ["passed", "timeout", "passed"]


async def test_arguments_are_not_shared(grader: Grader) -> None:
    same = TestCase(
        "t", "t", Decimal(1), False, {"function": "f", "args": [[1], {"a": []}], "expected": 2}
    )
    source = "def f(x, y):\n    x.append(2)\n    y['a'].append(1)\n    return len(x) * len(y['a'])"
    result = await grader.grade(
        Task("python", "call", "main.py", (same,) * 4, Limits()), {"main.py": source}
    )
    assert result.status == "passed"


async def test_hidden_inputs_are_not_there_during_the_samples(grader: Grader) -> None:
    said = await outputs(grader, a_task("a", "b", MARKER, samples=2), SEEKS)
    assert [output for _, output in said[:2]] == ["nothing\n"] * 2


async def test_the_search_would_find_what_is_there(grader: Grader) -> None:
    """Calls of one kind are there together, and the search above sees that."""
    said = await outputs(grader, a_task("a", MARKER), SEEKS)
    assert said[0][1] == "seen\n"


async def test_answers_in_advance_pass_nothing(grader: Grader) -> None:
    source = """
import json, os, struct
def echo(text):
    body = json.dumps({"value": "b", "at": 0}).encode()
    if text == "a":
        os.write(3, (struct.pack(">I", len(body)) + body) * 4)
    return "a"
"""
    said = await outputs(grader, a_task("a", "b", "c", "a", samples=1), source)
    assert [status for status, _ in said] == ["failed", "error", "failed", "failed"]
