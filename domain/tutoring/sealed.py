"""The words in the tutor's log: sealed as they are written, opened as they are read.

Everything that somebody said is sealed. Of the context, only what is listed here stays plain: ids,
keys and figures, which the database and instructors' lists work with.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Row

from domain.sealing import CannotOpen, Seals

# By default a new part of the context is sealed, until somebody decides otherwise here.
PLAIN: Final = (
    "item", "course", "version", "language", "rung",
    "passages", "cited", "turns", "redacted", "finish", "reason", "search", "service", "sources",
    "confidence", "concept", "failing_test", "cause", "lines", "diagnosis_ms",
)  # fmt: skip
ASKED: Final = "ai_interactions.user_message_sealed"
ANSWERED: Final = "ai_interactions.ai_response_sealed"
CONTEXT: Final = "ai_interactions.context_sealed"


class Words(NamedTuple):
    """What was said in one exchange.

    Args:
        asked: by the learner; "" where a button said it.
        response: what the learner was shown; None: nothing.
        context: what it was made from, the sealed part with it.
        is_readable: False where a part needs a key that is not at hand; that part is "" then.
    """

    asked: str
    response: str | None
    context: Mapping[str, Any]
    is_readable: bool = True


def parted(context: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The part of a context that stays plain, and the part that is sealed."""
    plain = {key: value for key, value in context.items() if key in PLAIN}
    return plain, {key: value for key, value in context.items() if key not in PLAIN}


def seal_asked(seals: Seals, key: UUID, asked: str) -> bytes | None:
    """A learner's words, for the row of this id; nothing where a button said it."""
    return seals.seal(ASKED, key, asked) if asked else None


def seal_answered(seals: Seals, key: UUID, response: str | None) -> bytes | None:
    """An answer, for the row of this id."""
    return None if response is None else seals.seal(ANSWERED, key, response)


def seal_context(seals: Seals, key: UUID, private: Mapping[str, Any]) -> bytes | None:
    """The part of a context that is sealed, for the row of this id."""
    return seals.seal(CONTEXT, key, json.dumps(private)) if private else None


def opened(seals: Seals, row: Row[Any]) -> Words:
    """The words of a row of `ai_interactions` with the columns of both, plain and sealed."""
    words = opened_turn(seals, row)
    private, is_readable = _opened(seals, CONTEXT, row.id, row.context_sealed, None)
    context = {**(row.context_data or {}), **json.loads(private or "{}")}
    return words._replace(context=context, is_readable=words.is_readable and is_readable)


def opened_turn(seals: Seals, row: Row[Any]) -> Words:
    """The same without a context."""
    asked, known = _opened(seals, ASKED, row.id, row.user_message_sealed, row.user_message)
    response, said = _opened(seals, ANSWERED, row.id, row.ai_response_sealed, row.ai_response)
    return Words(asked or "", response, {}, known and said)


def _opened(
    seals: Seals, column: str, key: UUID, sealed: bytes | None, plain: str | None
) -> tuple[str | None, bool]:
    """The text, and whether it could be read; plain ones are of before."""
    if sealed is None:
        return plain, True
    try:
        return seals.open(column, key, sealed), True
    except CannotOpen:
        return "", False
