"""The hand-written attacks, and the replies of a model that does as they say."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from tests.tutor.replies import DATA, Talk, harmless, talk

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


def bad_replies(name: str) -> Iterator[Bad]:
    """The replies of one file."""
    learners = {one.challenge: one.learner for one in harmless()}
    entries: list[dict[str, Any]] = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    for entry in entries:
        for reply in entry["replies"]:
            turns = tuple(reply) if isinstance(reply, list) else (reply,)
            yield Bad(talk(entry["challenge"], learners[entry["challenge"]], []), turns)
