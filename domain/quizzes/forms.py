"""What each kind of question stores: what may be shown, and the key, kept apart.

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
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["single", "multi", "true_false", "short", "numeric", "matching", "ordering", "cloze"]
GAP = re.compile(r"\{\{(\d+)\}\}")
Words = Annotated[str, Field(min_length=1)]
Index = Annotated[int, Field(ge=0)]


class Part(BaseModel):
    """Strict and frozen: an unknown name is an error, never silently dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ChoiceData(Part):
    """What single, true_false and multi show: options in the author's order."""

    options: tuple[Words, ...] = Field(min_length=2, max_length=26)


class ChoiceKey(Part):
    """Places of the right options, from 0, and a remark for each option."""

    correct: tuple[Index, ...] = Field(min_length=1)
    feedback: tuple[str, ...] = ()
    partial: bool = True


class ShortData(Part):
    """`code` says that the answer is code: shown in a fixed-width face, matched to the letter."""

    code: bool = False


class ShortKey(Part):
    """Accepted answers; `case` keeps capitals apart, `fuzzy` lets one slip of the pen pass."""

    accepted: tuple[Words, ...] = Field(min_length=1)
    case: bool = False
    fuzzy: bool = True


class NumericData(Part):
    """The unit of the answer, shown in the prompt line; "" when there is none."""

    unit: str = ""


class AcceptedNumber(Part):
    """A number and how far from it an answer may lie, ends included."""

    value: Decimal
    tolerance: Annotated[Decimal, Field(ge=0)] = Decimal(0)


class NumericKey(Part):
    """Accepted numbers; any one of them will do."""

    accepted: tuple[AcceptedNumber, ...] = Field(min_length=1)


class MatchingData(Part):
    """Left sides in the author's order, right sides sorted by text."""

    left: tuple[Words, ...] = Field(min_length=2, max_length=26)
    right: tuple[Words, ...] = Field(min_length=2, max_length=26)


class MatchingKey(Part):
    """For each left side the place of its right side."""

    right_of: tuple[Index, ...]
    partial: bool = True


class OrderingData(Part):
    """Items sorted by text, so that the list itself gives nothing away."""

    items: tuple[Words, ...] = Field(min_length=2, max_length=26)


class OrderingKey(Part):
    """Places in `items`, first to last."""

    order: tuple[Index, ...]
    partial: bool = True


class ClozeData(Part):
    """How many gaps the prompt has."""

    gaps: Annotated[int, Field(ge=1, le=26)]


class ClozeKey(Part):
    """For each gap the accepted answers."""

    gaps: tuple[tuple[Words, ...], ...] = Field(min_length=1)
    case: bool = False
    fuzzy: bool = True
    partial: bool = True


Data = ChoiceData | ShortData | NumericData | MatchingData | OrderingData | ClozeData
Key = ChoiceKey | ShortKey | NumericKey | MatchingKey | OrderingKey | ClozeKey
FORMS: Mapping[Kind, tuple[type[Data], type[Key]]] = {
    "single": (ChoiceData, ChoiceKey),
    "true_false": (ChoiceData, ChoiceKey),
    "multi": (ChoiceData, ChoiceKey),
    "short": (ShortData, ShortKey),
    "numeric": (NumericData, NumericKey),
    "matching": (MatchingData, MatchingKey),
    "ordering": (OrderingData, OrderingKey),
    "cloze": (ClozeData, ClozeKey),
}


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


def _text_order(text: str) -> tuple[str, str]:
    return text.casefold(), text


def misfit(kind: Kind, prompt: str, data: Data, key: Key) -> str:
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
