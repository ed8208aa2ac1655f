"""What a submission's result says, in each of the four ways of testing."""

import asyncio

import pytest

from domain.grading import Grader, Limits, Task, describe_layers
from tests.domain.grading.submitting import a_task, call

pytestmark = pytest.mark.asyncio(loop_scope="module")


TWO_FER = a_task(
    "call",
    call(expected="One for you, one for me."),
    call("Bob", expected="One for Bob, one for me."),
    call("", expected="One for you, one for me."),
)
ASSERTED = a_task("assert", {"code": 'assert two_fer("Bob") == "One for Bob, one for me."'})
GOOD = 'def two_fer(name="you"):\n    return f"One for {name or \'you\'}, one for me."\n'


async def test_points_are_weighted_and_the_statuses_follow(grader: Grader) -> None:
    half = 'def two_fer(name="you"):\n    print("hm")\n    return f"One for {name}, one for me."\n'
    good = await grader.grade(TWO_FER, {"two_fer.py": GOOD})
    partial = await grader.grade(TWO_FER, {"two_fer.py": half})
    failed = await grader.grade(TWO_FER, {"two_fer.py": "def two_fer(name=''): return name"})
    scores = [(one.status, int(one.score), int(one.max_score)) for one in (good, partial, failed)]
    assert scores == [("passed", 6, 6), ("partial", 3, 6), ("failed", 0, 6)]
    last = partial.tests[2]
    assert (last.expected, last.got, last.output) == (
        "'One for you, one for me.'",
        "'One for , one for me.'",
        "hm\n",
    )
    assert good.cpu_ms >= 0
    assert good.wall_ms > 0
    assert good.traceback is None


async def test_memory_and_time_are_measured(grader: Grader) -> None:
    source = "def two_fer(n='you'):\n    x = bytearray(20 << 20)\n    return sum(range(2000000))"
    result = await grader.grade(a_task("call", call(expected=1)), {"two_fer.py": source})
    assert 18 << 10 <= result.peak_kb < 40 << 10
    assert result.cpu_ms >= 10
    assert result.tests[0].ms >= 10


@pytest.mark.parametrize(
    ("source", "status", "words"),
    [
        (
            "def two_fer(n=''):\n    while True:\n        pass",
            "timeout",
            "while line ",
        ),
        ("def two_fer(n=''):\n    import time\n    time.sleep(60)", "timeout", "stopped after"),
        ("def two_fer(n=''): return input()", "error", "`input()` asked for more"),
        ("def two_fer(n=''): return two_fer(n)", "error", "called itself again and again"),
        ("def two_for(n=''): pass", "error", "but there is `two_for`"),
        ("x = 1", "error", "no function called `two_fer`"),
        ("def two_fer(n='':\n", "error", "could not read line 1"),
        ("def two_fer(n=''): return [0] * 10**9", "error", "more than the 64 MB"),
        ("def two_fer(n=''):\n    while True: print('x' * 9999)", "error", "more than the 1024 KB"),
        ("def two_fer(n=''): return nam", "error", "a name that Python does not know"),
        ("def two_fer(n=''): return 1 / 0", "error", "Line 1 raised ZeroDivisionError"),
        ("def two_fer(n=''): exit()", "error", "ended before it gave an answer"),
        ("def two_fer(n=''):\n import socket; socket.socket()", "error", "not allowed here"),
        ("def two_fer(n=''): print('One')", "failed", "where the task wants `return`"),
    ],
)
async def test_what_goes_wrong_is_explained(
    grader: Grader, source: str, status: str, words: str
) -> None:
    task = a_task("call", call(expected="One"), limits=Limits(time_s=0.1))
    result = await grader.grade(task, {"two_fer.py": source})
    assert result.status == status
    assert words in str(result.note)


async def test_a_value_that_only_looks_right_is_named(grader: Grader) -> None:
    task = a_task("call", call(expected=3), call(expected=[1, 2]), call(expected=2.0))
    source = "n = 0\ndef two_fer():\n    global n\n    n += 1\n    return ['3', (1, 2), 2][n - 1]"
    result = await grader.grade(task, {"two_fer.py": source})
    assert [test.status for test in result.tests] == ["failed"] * 3
    assert (
        str(result.tests[0].note)
        == "The value looks right but is a text; a whole number is wanted."
    )


async def test_values_beyond_json_and_tolerance_and_raising(grader: Grader) -> None:
    source = """
class Mine(ValueError): pass
def two_fer(kind):
    if kind == 'raise': raise Mine('no')
    return {'tuple': (1, {2}), 'float': 0.1 + 0.2, 'bytes': b'x', 'keys': {1: 'a'}}[kind]
"""
    task = a_task(
        "call",
        call("tuple", expected={"$python": "(1, {2})"}),
        call("float", expected=0.3, tolerance=1e-9),
        call("float", expected=0.3),
        call("bytes", expected={"$python": "b'x'"}),
        call("keys", expected={"$python": "{1: 'a'}"}),
        call("keys", expected={"1": "a"}),
        call("raise", raises="ValueError"),
        call("raise", raises="Mine"),
        call("raise", raises="TypeError"),
        call("bytes", raises="TypeError"),
    )
    result = await grader.grade(task, {"two_fer.py": source})
    passed = [test.status == "passed" for test in result.tests]
    assert passed == [True, True, False, True, True, False, True, True, False, False]
    assert "raised Mine" in str(result.tests[8].note)
    assert "returned instead" in str(result.tests[9].note)


async def test_the_traceback_is_the_learners_own(grader: Grader) -> None:
    source = "def helper(x):\n    return x['no']\n\ndef two_fer(n=''):\n    return helper({})\n"
    result = await grader.grade(TWO_FER, {"two_fer.py": source})
    assert result.traceback == (
        "Traceback (most recent call last):\n"
        '  File "two_fer.py", line 5, in two_fer\n    return helper({})\n'
        "           ^^^^^^^^^^\n"
        "  File \"two_fer.py\", line 2, in helper\n    return x['no']\n"
        "           ~^^^^^^\nKeyError: 'no'\n"
    )


async def test_a_crash_in_one_test_leaves_the_others(grader: Grader) -> None:
    source = """
import os
def two_fer(name="you"):
    if name == "Bob": os._exit(3)
    return "One for you, one for me."
"""
    result = await grader.grade(TWO_FER, {"two_fer.py": source})
    assert [test.status for test in result.tests] == ["passed", "error", "passed"]
    assert result.status == "partial"


async def test_after_two_timeouts_the_rest_is_not_run(grader: Grader) -> None:
    task = a_task("call", *[call(expected=1)] * 6, limits=Limits(time_s=0.1))
    result = await grader.grade(task, {"two_fer.py": "def two_fer():\n    while True: pass"})
    assert result.status == "timeout"
    assert {test.status for test in result.tests} == {"timeout"}
    assert "Not run" in str(result.tests[5].note)
    assert result.wall_ms < 3000


async def test_programs_read_and_print(grader: Grader) -> None:
    task = a_task(
        "stdin",
        {"stdin": "3\n4\n", "stdout": "Sum: 7\n", "compare": "exact"},
        {"stdin": "1\n2\n", "stdout": "Sum: 3", "compare": "tolerant"},
        {"stdin": "1\n", "stdout": "?"},
    )
    source = "a = int(input())\nb = int(input())\nprint('Sum:', a + b)\n"
    result = await grader.grade(task, {"two_fer.py": source})
    assert [test.status for test in result.tests] == ["passed", "passed", "error"]
    assert result.tests[0].got == "Sum: 7\n"
    assert "asked for more" in str(result.tests[2].note)


async def test_programs_import_their_other_files_and_use_the_scratch_folder(grader: Grader) -> None:
    task = a_task("stdin", {"stdin": "", "stdout": "42 hello"})
    files = {
        "two_fer.py": "import helper\nopen('n.txt', 'w').write('hello')\n"
        "print(helper.ANSWER, open('n.txt').read())",
        "helper.py": "ANSWER = 42",
    }
    active = {layer.name for layer in await grader.layers() if layer.active}
    if "root" not in active:
        pytest.skip("this machine lacks root: no scratch folder")
    assert (await grader.grade(task, files)).status == "passed"


async def test_threads_and_async_programs_work(grader: Grader) -> None:
    task = a_task("stdin", {"stdin": "", "stdout": "1\n2\n3"})
    source = """
import asyncio, threading
t = threading.Thread(target=lambda: print(1)); t.start(); t.join()
async def main():
    await asyncio.sleep(0.01); print(2)
asyncio.run(main())
threading.Thread(target=lambda: print(3)).start()
"""
    result = await grader.grade(task, {"two_fer.py": source})
    assert result.status == "passed", result


async def test_a_prompt_that_spoils_the_output_is_explained(grader: Grader) -> None:
    task = a_task("stdin", {"stdin": "Ada\n", "stdout": "Hello Ada\n"})
    source = "name = input('Your name? ')\nprint('Hello', name)"
    result = await grader.grade(task, {"two_fer.py": source})
    assert result.status == "failed"
    assert "brackets of `input()`" in str(result.note)


async def test_exit_codes_of_programs(grader: Grader) -> None:
    task = a_task("stdin", {"stdin": "", "stdout": "x"})
    good = await grader.grade(task, {"two_fer.py": "print('x')\nexit()"})
    bad = await grader.grade(task, {"two_fer.py": "print('x')\nexit('no more')"})
    assert good.status == "passed"
    assert bad.status == "error"
    assert "no more" in str(bad.note)


async def test_files_are_taken_as_meant_or_refused(grader: Grader) -> None:
    assert (await grader.grade(TWO_FER, {"solution.py": GOOD})).status == "passed"
    missing = await grader.grade(TWO_FER, {"a.py": GOOD, "b.py": ""})
    assert missing.status == "error"
    assert "two_fer.py is missing" in str(missing.note)
    with pytest.raises(ValueError, match="file name"):
        await grader.grade(TWO_FER, {"../two_fer.py": GOOD})


async def test_many_submissions_at_once(grader: Grader) -> None:
    results = await asyncio.gather(
        *(grader.grade(TWO_FER, {"two_fer.py": GOOD if n % 2 else "x"}) for n in range(20))
    )
    assert [result.status for result in results] == ["error", "passed"] * 10


@pytest.mark.parametrize("task", [TWO_FER, ASSERTED], ids=["one process", "two processes"])
async def test_a_dead_sandbox_is_replaced(grader: Grader, task: Task) -> None:
    assert (await grader.grade(task, {"two_fer.py": GOOD})).status == "passed"
    assert "python" in grader._zygotes
    process = grader._zygotes["python"]._process
    process.kill()
    process.wait()
    assert (await grader.grade(task, {"two_fer.py": GOOD})).status == "passed"


async def test_the_layers_are_named() -> None:
    layers = await asyncio.to_thread(describe_layers)
    assert {layer.name for layer in layers} >= {"seccomp", "landlock", "namespaces", "limits"}
    assert all(layer.detail for layer in layers)
