"""What the samples of a task type in and show, which a learner may know.

Hidden tests are left out: nothing of what they want may come into a variant of a program.
"""

import itertools
import re
from collections.abc import Sequence

from domain.grading import Task

_LINES = 12  # different lines that are typed in
_LONG = 40  # characters of one
_SHOWN = 12


def samples(task: Task) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is typed in, and which texts are always shown, for programs that read and print.

    Args:
        task: its samples count alone.

    Returns:
        The different lines that are typed in, the longest first; and the texts in which the
        outputs agree at the beginning or the end of a line, without what was typed in.
    """
    tests = [test for test in task.tests if test.is_sample and "stdin" in test.spec]
    typed = {
        line.strip()
        for test in tests
        for line in str(test.spec["stdin"]).splitlines()
        if 0 < len(line.strip()) <= _LONG
    }
    outputs = [str(test.spec.get("stdout", "")).splitlines() for test in tests]
    shown: dict[str, None] = {}
    for number in range(min((len(lines) for lines in outputs), default=0)):
        for text in _common([lines[number] for lines in outputs]):
            if text and not any(char.isdigit() for char in text) and text not in typed:
                shown[text] = None
    chosen = sorted(typed, key=lambda line: (-len(line), line))[:_LINES]
    return tuple(chosen), tuple(list(shown)[:_SHOWN])


def _common(lines: Sequence[str]) -> list[str]:
    """The words with which all lines begin, and those with which they end."""
    if len(set(lines)) == 1:  # one sample, or always the same: what comes before a number
        return [re.split(r"\d", lines[0])[0].strip()]
    first = _beginning(lines)
    last = _beginning([line[::-1] for line in lines])[::-1]
    return [re.sub(r"\w+$", "", first).strip(), re.sub(r"^\w+", "", last).strip()]


def _beginning(lines: Sequence[str]) -> str:
    columns = zip(*lines, strict=False)
    return "".join(
        column[0] for column in itertools.takewhile(lambda one: len(set(one)) == 1, columns)
    )
