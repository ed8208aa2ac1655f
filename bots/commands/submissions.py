"""Files on the command line: the challenge they are for, and what is handed in together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.authoring.folder import read_challenge_folder
from domain.authoring.trial import task_of
from domain.errors import StoaError
from domain.grading import Grader, SandboxError, Task

LARGEST = 1 << 20  # bytes of one file


@dataclass(frozen=True, slots=True)
class Submission:
    """Files that are graded together, and what they are called in the results."""

    name: str
    files: dict[str, str]


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


def submissions_of(files: Sequence[Path], task: Task, *, each: bool) -> list[Submission]:
    """All files as one submission, or every one (a file, or a folder of files) of its own.

    Raises:
        StoaError: one cannot be read, or two files of a submission have one name.
    """
    if each:
        return [submission_of(str(path), [path], task) for path in files]
    return [submission_of(", ".join(map(str, files)), files, task)]
