"""The hand-written replies of tests/data/tutor, with the challenges and learners they belong to."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from domain.authoring.folder import read_challenge_folder
from domain.authoring.trial import task_of
from domain.grading import Task

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "tutor"


@dataclass(frozen=True)
class Talk:
    """Replies to one learner about one challenge."""

    challenge: str
    task: Task
    solution: str
    learner: str
    replies: tuple[str, ...]


def harmless() -> Iterator[Talk]:
    """What human tutors say."""
    for path in sorted(DATA.glob("turns_*.yaml")):
        for entry in yaml.safe_load(path.read_text("utf-8")):
            yield talk(entry["challenge"], entry["learner"], entry["turns"])


def leaking() -> Iterator[Talk]:
    """Replies that give a fix or the solution away."""
    learners = {one.challenge: one.learner for one in harmless()}
    for entry in yaml.safe_load((DATA / "leaks.yaml").read_text("utf-8")):
        yield talk(entry["challenge"], learners[entry["challenge"]], entry["replies"])


def talk(challenge: str, learner: str, replies: list[str]) -> Talk:
    """Replies beside their challenge."""
    courses = ROOT / "courses"
    inside = courses / "python-from-zero" / challenge
    folder = inside if inside.is_dir() else courses / challenge
    task = task_of(read_challenge_folder(folder)[0])
    solution = (folder / "solution" / task.main).read_text("utf-8")
    return Talk(challenge, task, solution, learner, tuple(replies))
