"""The hand-written replies of tests/data/tutor, with the challenges and learners they belong to."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from domain.authoring.folder import read_challenge_folder
from domain.authoring.trial import task_of
from domain.grading import Task, TestCase
from tests.tutor.programs import LIMITS, call_task

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "tutor"
COURSE = "python-from-zero"


@dataclass(frozen=True)
class Talk:
    """Replies to one learner about one challenge; each reply is one or several turns."""

    challenge: str
    task: Task
    solution: str
    learner: str
    replies: tuple[Any, ...]


def talks(path: Path, students: Mapping[str, tuple[Task, Path]] | None = None) -> Iterator[Talk]:
    """The talks of one file.

    Args:
        path: a YAML file; its entries name a challenge of a course or of exercises.yaml.
        students: data kept elsewhere, by exercise: the task, and the folder with the programs.
            Entries about other exercises that are not among them are left out.
    """
    for entry in yaml.safe_load(path.read_text("utf-8")):
        replies = tuple(entry.get("turns", entry.get("replies")))
        challenge, wrong = entry["challenge"], entry.get("students")
        if wrong is None:
            task, solution, learner = exercise(challenge)
            yield Talk(challenge, task, solution, entry.get("learner", learner), replies)
        elif students and challenge in students:
            task, folder = students[challenge]
            solution = (folder / "reference.py").read_text("utf-8")
            learner = (folder / "wrong" / wrong).read_text("utf-8")
            yield Talk(challenge, task, solution, learner, replies)


def harmless() -> Iterator[Talk]:
    """What human tutors say."""
    for path in sorted(DATA.glob("turns_*.yaml")):
        yield from talks(path)


def leaking() -> Iterator[Talk]:
    """Replies that give a fix or the solution away."""
    yield from talks(DATA / "leaks.yaml")


@cache
def exercise(name: str) -> tuple[Task, str, str]:
    """Task, solution and a learner's wrong program of a course's challenge or of an exercise."""
    own = _exercises().get(name)
    if own is not None:
        return _task(own), own["solution"], own["learner"]
    courses = ROOT / "courses"
    inside = courses / COURSE / name
    folder = inside if inside.is_dir() else courses / name
    task = task_of(read_challenge_folder(folder)[0])
    return task, (folder / "solution" / task.main).read_text("utf-8"), _learners().get(name, "")


@cache
def _exercises() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((DATA / "exercises.yaml").read_text("utf-8"))
    return found


@cache
def _learners() -> dict[str, str]:
    """The programs that the first nine sets of turns talk about; later sets bring their own."""
    found = {}
    for path in sorted(DATA.glob("turns_?.yaml")):
        for entry in yaml.safe_load(path.read_text("utf-8")):
            if "learner" in entry:
                found[entry["challenge"]] = entry["learner"]
    return found


def _task(own: Mapping[str, Any]) -> Task:
    if own.get("assert"):
        tests = tuple(
            TestCase(f"t{n}", f"test {n}", Decimal(1), True, {"code": f"assert {one}"})
            for n, one in enumerate(own["tests"], 1)
        )
        return Task("python", "assert", "main.py", tests, LIMITS)
    cases = []
    for one in own["tests"]:
        tree = ast.parse(one, mode="eval").body
        assert isinstance(tree, ast.Compare)
        call = tree.left
        assert isinstance(call, ast.Call)
        name = ast.unparse(call.func)
        args = [ast.literal_eval(arg) for arg in call.args]
        cases.append((args, ast.literal_eval(tree.comparators[0])))
    return call_task(name, *cases)
