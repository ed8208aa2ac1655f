"""What a learner asks, with everything an answer may be made from, and how the answer ends."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from domain.grading import Result, Task
from domain.tutoring.guidance import Style
from domain.tutoring.log import Answered
from tutor.models.protocol import Bill, Exchange, Kind, Passage, Source
from tutor.offline import PROVIDER


@dataclass(frozen=True, slots=True)
class Program:
    """What a learner has handed in for an exercise, or the file to start with.

    Args:
        task: the exercise, with all its tests; they never leave the sandbox.
        files: the learner's.
        solutions: texts that pass; only the guard compares with them.
        accepted: texts of others that pass; only the diagnosis compares with them.
        result: how the files were graded; None: they are not a submission.
        show_hidden: the learner may see hidden tests.
        level: the rung that may be climbed to; SOLVED: nothing is kept back.
    """

    task: Task
    files: Mapping[str, str]
    solutions: tuple[str, ...] = ()
    result: Result | None = None
    show_hidden: bool = False
    level: int = 0
    accepted: tuple[str, ...] = ()

    @property
    def main(self) -> str:
        """The text of the file that is run."""
        return self.files.get(self.task.main, "")


@dataclass(frozen=True, slots=True)
class Question:
    """What a learner asks, with everything an answer may be made from.

    Args:
        kind: what for.
        level: the rung that was decided.
        text: the learner's words, "" where a button said it.
        language: BCP 47 tag.
        program: of the exercise it is about, if it is about one.
        others: exercises of the same course that the learner has not solved: nothing about them
            may be given away either.
        item: the exercise or lesson as the learner sees it.
        passages: of the course, best first.
        history: earlier turns, oldest first.
        notes: of the item's author, for a model.
        style: how the learner likes to be answered.
        conversation: a pseudonym.
        allowed: keys of the services the learner's words may go to; empty: no model is asked.
        reason: why none is allowed, for the log.
        has_course: the learner has an active course.
    """

    kind: Kind
    level: int
    text: str
    language: str = "en"
    program: Program | None = None
    others: Sequence[Program] = ()
    item: str = ""
    passages: tuple[Passage, ...] = ()
    history: tuple[Exchange, ...] = ()
    notes: str = ""
    style: Style = "balanced"
    conversation: str = ""
    allowed: Collection[str] = ()
    reason: str = "no model"
    has_course: bool = True


@dataclass(frozen=True, slots=True)
class Progress:
    """What may be shown now; `ended` is set on the last one."""

    text: str
    ended: "Ended | None" = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended: for the log, the bill, and the line below the answer.

    Args:
        answered: the log's row, without the line below.
        bills: of all tries with a model; none when none was asked.
        cites: keys of passages that the text cites.
        asked: the model that was asked last; None: none was.
        leaks: how many replies the guard stopped.
    """

    answered: Answered
    bills: tuple[Bill, ...]
    cites: tuple[str, ...]
    asked: Source | None = None
    leaks: int = 0

    @property
    def tokens(self) -> int:
        """All that models took."""
        return sum(bill.usage.tokens for bill in self.bills)

    @property
    def is_offline(self) -> bool:
        """Whether no model's words are shown."""
        return self.answered.provider == PROVIDER
