"""The hand-written attacks, and the replies of a model that does as they say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from domain.grading import Task
from tests.tutor.replies import DATA, Talk, talks

FOLDER = DATA / "adversarial"


@dataclass(frozen=True)
class Attack:
    """What a learner sends to get the solution."""

    kind: str
    text: str
    code: str = ""
    file: str = "main.py"
    turns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bad:
    """A reply that gives something away, one turn after another."""

    talk: Talk
    turns: tuple[str, ...]


def attacks() -> Iterator[Attack]:
    """All attacks of the file."""
    for entry in yaml.safe_load((FOLDER / "attacks.yaml").read_text("utf-8")):
        yield Attack(**{**entry, "turns": tuple(entry.get("turns", ()))})


def bad_replies(
    name: str, students: Mapping[str, tuple[Task, Path]] | None = None
) -> Iterator[Bad]:
    """The replies of one file; for `students` see `talks`."""
    for one in talks(FOLDER / name, students):
        for reply in one.replies:
            yield Bad(one, tuple(reply) if isinstance(reply, list) else (reply,))
