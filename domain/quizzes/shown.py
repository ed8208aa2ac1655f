"""What a learner gets to see while answering: views without keys, or with what may be shown."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.quizzes import marking, rules
from domain.quizzes.marking import Mark
from domain.quizzes.questions import PublicQuestion
from domain.quizzes.sheet import Asked, Sheet


@dataclass(frozen=True, slots=True)
class Shown:
    """One question as it is asked now. It holds no key.

    Attributes:
        sheet: the attempt.
        position: from 0.
        question: in this attempt's order.
        draft: what is half answered: places shown, or texts.
        hints: the texts taken so far.
        hints_left: how many more there are; 0 where hints are not given.
        answer: the learner's own recorded answer in words; empty when there is none.
        is_settled: it was answered and its key was shown, so it cannot be changed.
    """

    sheet: Sheet
    position: int
    question: PublicQuestion
    draft: tuple[Any, ...]
    hints: tuple[str, ...]
    hints_left: int
    answer: tuple[str, ...]
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer. Key and explanation are set only when they may be shown.

    Attributes:
        sheet: the attempt after it.
        position: which question.
        points: what the question is worth.
        mark: None when nothing may be said before the end.
        earned: its points, likewise.
        is_recorded: False for a typed answer that was so close that it may be sent again.
    """

    sheet: Sheet
    position: int
    points: Decimal
    mark: Mark | None = None
    earned: Decimal | None = None
    right: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    explanation: str = ""
    is_recorded: bool = True


def shown(sheet: Sheet, asked: Asked, draft: tuple[Any, ...]) -> Shown:
    """The question as it is asked now."""
    hints = asked.question.hints
    gives = rules.gives_hints(sheet.quiz_type)
    own = () if asked.answer is None else marking.in_words(asked.view, asked.order, asked.answer)
    return Shown(
        sheet=sheet,
        position=asked.position,
        question=asked.view,
        draft=draft,
        hints=hints[: asked.hints_used],
        hints_left=len(hints) - asked.hints_used if gives else 0,
        answer=own,
        is_settled=sheet.gives_feedback and asked.answer is not None,
    )
