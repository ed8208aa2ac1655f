"""One question, read from its columns: whole, with its key, or as learners see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from domain.quizzes.forms import (
    FORMS,
    ChoiceData,
    ClozeData,
    Data,
    Key,
    Kind,
    MatchingData,
    NumericData,
    OrderingData,
    Part,
    ShortData,
    Words,
    misfit,
)


class Question(Part):
    """A question with its key. Never hand one to code that writes to people: see `PublicQuestion`.

    Raises:
        pydantic.ValidationError: parts that do not fit each other, such as a key that points
            at an option that is not there.
    """

    kind: Kind
    prompt: Words
    data: Data
    key: Key
    explanation: str = ""
    hints: tuple[str, ...] = ()
    points: Annotated[Decimal, Field(gt=0)] = Decimal(1)

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        form = FORMS[self.kind]
        if (type(self.data), type(self.key)) != form:
            raise ValueError(f"a {self.kind} question has {form[0].__name__}, {form[1].__name__}")
        if problem := misfit(self.kind, self.prompt, self.data, self.key):
            raise ValueError(problem)
        return self

    def data_json(self) -> dict[str, object]:
        """The `data` column."""
        return self.data.model_dump(mode="json")

    def answer_json(self) -> dict[str, object]:
        """The `answer` column."""
        return self.key.model_dump(mode="json")


@dataclass(frozen=True, slots=True)
class PublicQuestion:
    """What a learner sees of a question in one attempt; it holds no key.

    `options` are in the order of this attempt: the options of single, true_false and multi, the
    right sides of matching, the items of ordering; empty for the other kinds.
    """

    kind: Kind
    prompt: str
    points: Decimal
    options: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    gaps: int = 0
    unit: str = ""
    code: bool = False
    hints: int = 0


def load(
    kind: Kind,
    prompt: str,
    data: Mapping[str, object],
    answer: Mapping[str, object],
    *,
    explanation: str = "",
    hints: Sequence[str] = (),
    points: Decimal = Decimal(1),
) -> Question:
    """Read a question from its columns.

    Raises:
        pydantic.ValidationError: the columns do not make a question of this kind.
    """
    data_form, key_form = FORMS[kind]
    return Question(
        kind=kind,
        prompt=prompt,
        data=data_form.model_validate(data),
        key=key_form.model_validate(answer),
        explanation=explanation,
        hints=tuple(hints),
        points=points,
    )


def from_row(row: Any) -> Question:  # noqa: ANN401 - of question_versions or live_questions
    """The question of a row that has its columns; hints are read where the row has them."""
    return load(
        row.kind,
        row.prompt,
        row.data,
        row.answer,
        explanation=row.explanation,
        hints=getattr(row, "hints", ()),
        points=row.points,
    )


def public(question: Question, order: Sequence[int]) -> PublicQuestion:
    """The view of a question for one attempt.

    Args:
        question: with its key, which stays here.
        order: the attempt's stored order: place shown -> place in the stored list; empty for
            kinds that have no list.
    """
    shown = shuffled_texts(question)
    data = question.data
    return PublicQuestion(
        kind=question.kind,
        prompt=question.prompt,
        points=question.points,
        options=tuple(shown[place] for place in order),
        left=data.left if isinstance(data, MatchingData) else (),
        gaps=data.gaps if isinstance(data, ClozeData) else 0,
        unit=data.unit if isinstance(data, NumericData) else "",
        code=isinstance(data, ShortData) and data.code,
        hints=len(question.hints),
    )


def shuffled_texts(question: Question) -> tuple[str, ...]:
    """The list that an attempt puts in its own order, as stored; empty when there is none."""
    match question.data:
        case ChoiceData(options=texts) | MatchingData(right=texts) | OrderingData(items=texts):
            return texts
    return ()
