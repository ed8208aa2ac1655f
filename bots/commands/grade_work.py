"""What `stoa grade` does; results go to standard output."""

import asyncio
import json
import os
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from bots.commands.submissions import Submission, challenge_task, refused, submissions_of
from domain.grading import Grader, Result, SandboxError, TestResult

_SHOWN = 200  # characters of a value in words
_WORDS = {"passed": "PASS", "failed": "FAIL", "timeout": "TIMEOUT", "error": "ERROR"}


async def grade(challenge: Path, files: Sequence[Path], *, each: bool, as_json: bool) -> int:
    """Grade files against a challenge folder and print each result as soon as it is its turn.

    Args:
        challenge: the challenge's folder.
        files: one submission, or one each.
        each: every file (or folder of files) is a submission of its own.
        as_json: one JSON object per line instead of words.

    Raises:
        StoaError: a folder or file cannot be used, or nothing can be run on this machine.
    """
    task = challenge_task(challenge)
    submissions = submissions_of(files, task, each=each)
    async with Grader(concurrency=os.cpu_count() or 1) as grader:
        try:
            await grader.layers()
            async with asyncio.TaskGroup() as group:
                running = [
                    group.create_task(grader.grade(task, submission.files))
                    for submission in submissions
                ]
                for submission, work in zip(submissions, running, strict=True):
                    result = await work
                    print(_line(submission, result) if as_json else _words(submission, result))
        except (SandboxError, ExceptionGroup) as error:
            raise refused(error) from error
    return 0


def as_json(name: str, result: Result) -> dict[str, object]:
    """One submission's result as scripts get it."""
    return {
        "submission": name,
        "status": result.status,
        "score": _number(result.score),
        "max_score": _number(result.max_score),
        "tests": [
            {
                "name": test.name,
                "status": test.status,
                "points": _number(test.points),
                "expected": test.expected,
                "got": test.got,
                "output": test.output,
                "ms": test.ms,
            }
            for test in result.tests
        ],
        "cpu_ms": result.cpu_ms,
        "wall_ms": result.wall_ms,
        "peak_kb": max(0, result.peak_kb),
        "traceback": result.traceback,
    }


def _line(submission: Submission, result: Result) -> str:
    return json.dumps(as_json(submission.name, result), ensure_ascii=False)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _words(submission: Submission, result: Result) -> str:
    lines = [
        f"{submission.name}: {result.status}, {_number(result.score)} of "
        f"{_number(result.max_score)} points, {result.passed} of {len(result.tests)} tests, "
        f"{result.wall_ms} ms, {max(0, result.peak_kb) // 1024} MB"
    ]
    lines += [_test(test) for test in result.tests]
    if result.traceback:
        lines += ["", result.traceback.rstrip()]
    return "\n".join(lines)


def _test(test: TestResult) -> str:
    line = f"  {_WORDS[test.status]:<8}{test.name}"
    if test.status == "failed" and test.expected is not None and test.got is not None:
        line += f": expected {_short(test.expected)}, got {_short(test.got)}"
    if test.note is not None:
        line += f". {test.note}"
    return line


def _short(value: str) -> str:
    shown = repr(value) if "\n" in value.strip("\n") else value.strip("\n")
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
