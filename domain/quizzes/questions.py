"""One question as it is stored: what may be shown, and the key, kept apart.

A row of `question_versions` holds a question in four columns. `prompt`, `explanation` and
`points` are plain; `data` is what a learner may see and `answer` is the key. Nothing in `data`
tells the key: matching and ordering lists are sorted by text before they are stored.

| kind | `data` | `answer` |
|---|---|---|
| single, true_false | `{"options": [text, ...]}` | `{"correct": [index], "feedback": [...]}` |
| multi | `{"options": [text, ...]}` | `{"correct": [i, ...], "feedback": [...], "partial": true}` |
| short | `{"code": false}` | `{"accepted": [...], "case": false, "fuzzy": true}` |
| numeric | `{"unit": "ms"}` | `{"accepted": [{"value": "1024", "tolerance": "0"}]}` |
| matching | `{"left": [...], "right": [...]}` | `{"right_of": [i, ...], "partial": true}` |
| ordering | `{"items": [...]}` | `{"order": [i, ...], "partial": true}` |
| cloze | `{"gaps": 2}` | `{"gaps": [[...], ...], "case": false, "fuzzy": true, ...}` |

`feedback` has one text for each option ("" for none) or is empty. `right_of[i]` is the place in
`right` that belongs to `left[i]`; texts in `right` are distinct and may be used more than once
or never. `order` lists places in `items`, first to last. The prompt of a cloze question has its
gaps written as `{{1}}`, `{{2}}`, ... in reading order. Numbers in `answer` are strings, so that
no digit is lost. Each of `hints` is a text; what a hint costs is a rule (`rules.HINT_COST`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal["single", "multi", "true_false", "short", "numeric", "matching", "ordering", "cloze"]
KINDS: tuple[Kind, ...] = (
    "single",
    "multi",
    "true_false",
    "short",
    "numeric",
    "matching",
    "ordering",
    "cloze",
)
GAP = re.compile(r"\{\{(\d+)\}\}")

Words = Annotated[str, Field(min_length=1)]
Index = Annotated[int, Field(ge=0)]


class _Part(BaseModel):
    """Strict and frozen: an unknown name is an error, never silently dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ChoiceData(_Part):
    """What single, true_false and multi show: options in the author's order."""

    options: tuple[Words, ...] = Field(min_length=2, max_length=26)


class ChoiceKey(_Part):
    """Places of the right options, from 0, and a remark for each option."""

    correct: tuple[Index, ...] = Field(min_length=1)
    feedback: tuple[str, ...] = ()
    partial: bool = True


class ShortData(_Part):
    """`code` says that the answer is code: shown in a fixed-width face, matched to the letter."""

    code: bool = False


class ShortKey(_Part):
    """Accepted answers; `case` keeps capitals apart, `fuzzy` lets one slip of the pen pass."""

    accepted: tuple[Words, ...] = Field(min_length=1)
    case: bool = False
    fuzzy: bool = True


class NumericData(_Part):
    """The unit of the answer, shown in the prompt line; "" when there is none."""

    unit: str = ""


class AcceptedNumber(_Part):
    """A number and how far from it an answer may lie, ends included."""

    value: Decimal
    tolerance: Annotated[Decimal, Field(ge=0)] = Decimal(0)


class NumericKey(_Part):
    """Accepted numbers; any one of them will do."""

    accepted: tuple[AcceptedNumber, ...] = Field(min_length=1)


class MatchingData(_Part):
    """Left sides in the author's order, right sides sorted by text."""

    left: tuple[Words, ...] = Field(min_length=2, max_length=26)
    right: tuple[Words, ...] = Field(min_length=2, max_length=26)


class MatchingKey(_Part):
    """For each left side the place of its right side."""

    right_of: tuple[Index, ...]
    partial: bool = True


class OrderingData(_Part):
    """Items sorted by text, so that the list itself gives nothing away."""

    items: tuple[Words, ...] = Field(min_length=2, max_length=26)


class OrderingKey(_Part):
    """Places in `items`, first to last."""

    order: tuple[Index, ...]
    partial: bool = True


class ClozeData(_Part):
    """How many gaps the prompt has."""

    gaps: Annotated[int, Field(ge=1, le=26)]


class ClozeKey(_Part):
    """For each gap the accepted answers."""

    gaps: tuple[tuple[Words, ...], ...] = Field(min_length=1)
    case: bool = False
    fuzzy: bool = True
    partial: bool = True


Data = ChoiceData | ShortData | NumericData | MatchingData | OrderingData | ClozeData
Key = ChoiceKey | ShortKey | NumericKey | MatchingKey | OrderingKey | ClozeKey

_FORMS: Mapping[Kind, tuple[type[Data], type[Key]]] = {
    "single": (ChoiceData, ChoiceKey),
    "true_false": (ChoiceData, ChoiceKey),
    "multi": (ChoiceData, ChoiceKey),
    "short": (ShortData, ShortKey),
    "numeric": (NumericData, NumericKey),
    "matching": (MatchingData, MatchingKey),
    "ordering": (OrderingData, OrderingKey),
    "cloze": (ClozeData, ClozeKey),
}


class Question(_Part):
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
        form = _FORMS[self.kind]
        if (type(self.data), type(self.key)) != form:
            raise ValueError(f"a {self.kind} question has {form[0].__name__}, {form[1].__name__}")
        if problem := _misfit(self.kind, self.prompt, self.data, self.key):
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
    data_form, key_form = _FORMS[kind]
    return Question(
        kind=kind,
        prompt=prompt,
        data=data_form.model_validate(data),
        key=key_form.model_validate(answer),
        explanation=explanation,
        hints=tuple(hints),
        points=points,
    )


def matching(pairs: Sequence[tuple[str, str]], partial: bool = True) -> tuple[Data, Key]:
    """The stored form of a matching question from the author's pairs."""
    right = tuple(sorted({right for _, right in pairs}, key=_text_order))
    data = MatchingData(left=tuple(left for left, _ in pairs), right=right)
    return data, MatchingKey(
        right_of=tuple(right.index(text) for _, text in pairs), partial=partial
    )


def ordering(items: Sequence[str], partial: bool = True) -> tuple[Data, Key]:
    """The stored form of an ordering question from the author's list in right order."""
    sorted_items = tuple(sorted(items, key=_text_order))
    order = tuple(sorted_items.index(item) for item in items)
    return OrderingData(items=sorted_items), OrderingKey(order=order, partial=partial)


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


def _text_order(text: str) -> tuple[str, str]:
    return text.casefold(), text


def _misfit(kind: Kind, prompt: str, data: Data, key: Key) -> str:
    """Why these parts cannot belong together; "" when they can."""
    match data, key:
        case ChoiceData(options=options), ChoiceKey(correct=correct, feedback=feedback):
            if len(set(options)) != len(options):
                return "two options have the same text"
            if kind != "multi" and len(correct) != 1:
                return "exactly one option is right"
            if len(set(correct)) != len(correct) or max(correct) >= len(options):
                return "a right option is named twice or is not there"
            if feedback and len(feedback) != len(options):
                return "feedback is needed for each option or for none"
        case MatchingData(left=left, right=right), MatchingKey(right_of=right_of):
            if len(right_of) != len(left) or max(right_of) >= len(right):
                return "each left side needs one right side"
            if len(set(left)) != len(left) or len(set(right)) != len(right):
                return "a side is written twice"
        case OrderingData(items=items), OrderingKey(order=order):
            if sorted(order) != list(range(len(items))) or len(set(items)) != len(items):
                return "the order names each item exactly once, and items differ"
        case ClozeData(gaps=gaps), ClozeKey(gaps=accepted):
            if len(accepted) != gaps or any(not texts for texts in accepted):
                return "each gap needs an accepted answer"
            if [int(number) for number in GAP.findall(prompt)] != list(range(1, gaps + 1)):
                return "the prompt must have the gaps {{1}}, {{2}}, ... in order"
    return ""
