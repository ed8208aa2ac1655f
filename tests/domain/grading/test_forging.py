"""What forging needs is not there: no expected values near learner code. See test_attacks, too."""

import pytest

from domain.grading import Grader, Limits, Task
from tests.domain.grading.forgeries import TASKS, a_test

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("mode", ["call", "assert", "checker", "stdin"])
async def test_what_is_right_passes(grader: Grader, mode: str) -> None:
    task = TASKS[mode]
    source = "def secret(n): return 4704 + n\ndef secrets(n): return [secret(n)]\n"
    if mode == "stdin":
        source += "print(secret(int(input())))"
    result = await grader.grade(task, {"main.py": source})
    assert [test.status for test in result.tests] == ["passed"] * len(task.tests)


async def test_the_process_with_learner_code_never_holds_expected_values(grader: Grader) -> None:
    """The expected value is a text that is found nowhere in the process's memory."""
    marker = "4f1c-" + "expected-marker"
    source = f"""
import gc
def secret(n):
    wanted = {marker[:5]!r} + {marker[5:]!r}
    hits = 0
    for o in gc.get_objects():
        try:
            if isinstance(o, (dict, list, tuple)) and wanted in repr(o): hits += 1
        except Exception: pass
    return hits
"""
    task = Task(
        "python",
        "call",
        "main.py",
        (a_test(function="secret", args=[1], kwargs={}, expected=marker),),
        Limits(time_s=5),
    )
    result = await grader.grade(task, {"main.py": source})
    assert result.tests[0].got is not None
    assert int(result.tests[0].got) <= 3  # its own frame and constants


async def test_a_copy_of_the_marker_would_be_found(grader: Grader) -> None:
    """The search above does find what is there: the argument."""
    marker = "4f1c-" + "expected-marker"
    source = """
import gc
def secret(n): return any(n in map(str, o) for o in gc.get_objects() if type(o) is list)
"""
    task = Task(
        "python",
        "call",
        "main.py",
        (a_test(function="secret", args=[marker], kwargs={}, expected=True),),
        Limits(time_s=5),
    )
    assert (await grader.grade(task, {"main.py": source})).status == "passed"
