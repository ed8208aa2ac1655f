"""What `stoa grade` does; results go to standard output."""

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from domain.authoring.folder import read_challenge_folder
from domain.authoring.trial import task_of
from domain.errors import StoaError
from domain.grading import Grader, Result, SandboxError, Task, TestResult

LARGEST = 1 << 20  # bytes of one file
_SHOWN = 200  # characters of a value in words
_WORDS = {"passed": "PASS", "failed": "FAIL", "timeout": "TIMEOUT", "error": "ERROR"}


@dataclass(frozen=True, slots=True)
class Submission:
    """Files that are graded together, and what they are called in the results."""

    name: str
    files: dict[str, str]


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
    groups = (
        [(str(path), [path]) for path in files]
        if each
        else [(", ".join(map(str, files)), [*files])]
    )
    submissions = [submission_of(name, paths, task) for name, paths in groups]
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


def refused(error: Exception) -> StoaError:
    """The refusal in words. Not by `except*`: Python 3.11.2 wraps what such a clause raises."""
    first = error.exceptions[0] if isinstance(error, ExceptionGroup) else error
    if isinstance(first, SandboxError):
        return StoaError(
            f"code cannot be run on this machine ({first}): ask `stoa doctor` what is missing"
        )
    if isinstance(first, ValueError):  # a file's name
        return StoaError(f"{first}: rename it")
    raise first


def challenge_task(folder: Path) -> Task:
    """The task of a challenge folder.

    Raises:
        StoaError: it is no such folder, it has mistakes, or nothing here can grade it.
    """
    if not (folder / "challenge.yaml").is_file():
        raise StoaError(
            f"there is no {folder / 'challenge.yaml'}: give the folder of a challenge of a course"
        )
    challenge, problems = read_challenge_folder(folder)
    if problems:
        lines = "\n".join(str(folder / str(problem)) for problem in problems)
        raise StoaError(f"this challenge cannot be used, correct it first:\n{lines}")
    task = task_of(challenge)
    if not Grader.can_grade(task):
        raise StoaError(f"challenges in {task.language} cannot be graded here")
    return task


def submission_of(name: str, paths: Sequence[Path], task: Task) -> Submission:
    """Files, or the files of folders, as one submission.

    Raises:
        StoaError: they cannot be read, or two have one name.
    """
    found: dict[str, str] = {}
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in inside:
            if file.is_dir() or (path.is_dir() and file.name.startswith(".")):
                continue  # a folder's files, not what tools left beside them
            if file.name in found:
                raise StoaError(
                    f"two files of one submission are called {file.name}: with --each, every "
                    "file is a submission of its own"
                )
            found[file.name] = text_of(file)
    if not found:
        raise StoaError(f"{name} holds no files: give the files to grade")
    if (
        len(found) == 1 and task.language == "python"
    ):  # whatever it is called, it can only be the main file
        found = {task.main: next(iter(found.values()))}
    return Submission(name, found)


def text_of(path: Path) -> str:
    """A file's text.

    Raises:
        StoaError: it is too large, not UTF-8, or cannot be read.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise StoaError(f"{path} is larger than 1 MiB: give the program, not its data")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise StoaError(f"{path} cannot be read ({error.strerror}): correct the name") from error
    except UnicodeDecodeError as error:
        raise StoaError(f"{path} is not UTF-8 text: save it as UTF-8") from error


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
