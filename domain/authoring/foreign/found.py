"""What a foreign file held: questions, and what could not be one, each with its line."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from domain.quizzes.questions import Question


@dataclass(frozen=True, slots=True)
class Found:
    """One question that can be asked.

    Args:
        line: where it begins, from 1.
        question: with its key.
        title: what the file calls it; "" for none.
        category: the file's name for its group; "" for none.
        draft: why somebody should look at it before it is asked; "" when it is ready.
    """

    line: int
    question: Question
    title: str = ""
    category: str = ""
    draft: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Skipped:
    """Something that was left out. `line` counts from 1."""

    line: int
    reason: str


@dataclass(slots=True)
class Harvest:
    """All that one file gave.

    `others` counts what was understood and is no question with a key: an essay has no answer to
    compare with, a description asks nothing.
    """

    questions: list[Found] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    encoding: str = "utf-8"

    def skip(self, line: int, reason: str) -> None:
        """Leave something out, and say why."""
        self.skipped.append(Skipped(line, reason))

    def kinds(self) -> Mapping[str, int]:
        """How many of each kind were understood, most first."""
        return dict(
            (Counter(found.question.kind for found in self.questions) + self.others).most_common()
        )


def words(error: ValidationError) -> str:
    """Why parts do not make a question, in a sentence's words."""
    first = error.errors()[0]
    if first["type"] == "too_long":
        return f"it has more than {first['ctx']['max_length']} options"
    if first["type"] in {"too_short", "string_too_short"}:
        return "an answer is missing or empty"
    return first["msg"].removeprefix("Value error, ")
