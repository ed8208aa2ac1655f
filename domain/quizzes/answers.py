"""What a learner answered: one form for each kind of question, the same by button and by text.

Places count in the stored lists, not in the order an attempt shows, so an answer keeps its
meaning. In the `user_answer` column: `{"picks": [1]}`, `{"text": "..."}`,
`{"number": "1024", "text": "1,024"}`, `{"pairs": [1, 0]}`, `{"order": [2, 0, 1]}`,
`{"gaps": ["a", "b"]}`.
"""

from collections.abc import Mapping
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from domain.quizzes.forms import Kind


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def json_value(self) -> dict[str, object]:
        """The `user_answer` column."""
        return self.model_dump(mode="json")


class Picks(_Form):
    """Chosen options, as places in the stored list, ascending."""

    picks: tuple[int, ...]


class Written(_Form):
    """A typed answer."""

    text: str


class Number(_Form):
    """A typed number as it was understood, and as it was typed."""

    number: Decimal
    text: str


class Pairs(_Form):
    """For each left side the place of the chosen right side."""

    pairs: tuple[int, ...]


class Order(_Form):
    """Places of the items, first to last."""

    order: tuple[int, ...]


class Gaps(_Form):
    """The text for each gap; "" for one left empty."""

    gaps: tuple[str, ...]


Answer = Picks | Written | Number | Pairs | Order | Gaps

_FORMS: Mapping[Kind, type[Answer]] = {
    "single": Picks,
    "true_false": Picks,
    "multi": Picks,
    "short": Written,
    "numeric": Number,
    "matching": Pairs,
    "ordering": Order,
    "cloze": Gaps,
}


def load(kind: Kind, value: Mapping[str, object]) -> Answer:
    """Read an answer from its column.

    Raises:
        pydantic.ValidationError: it is not an answer to a question of this kind.
    """
    return _FORMS[kind].model_validate(value)
