"""The log of a course's tutor as instructors read it: opened here, after the database has checked.

The database gives sealed words only to who teaches the course (`tutor_log`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sealing import Seals
from domain.sql import sql
from domain.tutoring.instructors import gone
from domain.tutoring.sealed import opened_turn

Only = Literal["all", "queue", "low", "blocked", "unsure", "model", "offline"]
FILTERS: tuple[Only, ...] = ("all", "queue", "low", "blocked", "unsure", "model", "offline")

_LOG = sql(
    """
    SELECT id, learner, component_id, item, item_kind, message_type, status, level, provider, model,
           tokens, quality, leak_blocked, fallback_reason, ms, confidence, outcome,
           is_pinned, uuid_extract_timestamp(id) AS asked_at,
           asked AS user_message, answered AS ai_response,
           asked_sealed AS user_message_sealed, answered_sealed AS ai_response_sealed
    FROM tutor_log(:course, :only, :answer, :before, :limit)
""",
    answer=Uuid(),
    before=Uuid(),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One question with its answer, as an instructor sees it.

    Args:
        learner: a pseudonym of ten letters or digits, the same throughout one course.
        item: title of what it was about; None: the course as a whole.
        tokens: of all kinds together; 0 without a model.
        quality: the learner's rating, 1 to 5.
        outcome: "seen" or "pinned" when an instructor has looked at it.
        is_readable: False where its words are sealed with a key that is not at hand; they are ""
            then.
    """

    id: UUID
    learner: str
    component: UUID | None
    item: str | None
    item_kind: str | None
    kind: str
    status: str
    asked: str
    answered: str
    level: int | None
    provider: str
    model: str
    tokens: int
    quality: int | None
    blocked: bool
    fallback: str
    ms: int | None
    confidence: str | None
    outcome: str | None
    is_pinned: bool
    asked_at: datetime
    is_readable: bool = True


async def entries(
    conn: AsyncConnection,
    seals: Seals,
    course: UUID,
    only: Only,
    *,
    before: UUID | None = None,
    limit: int,
) -> Sequence[Entry]:
    """The log of a course, newest first, after `before`; empty for who does not teach it."""
    values = {"course": course, "only": only, "answer": None, "before": before, "limit": limit}
    return [_entry(seals, row) for row in (await conn.execute(_LOG, values)).all()]


async def entry(conn: AsyncConnection, seals: Seals, course: UUID, answer: UUID) -> Entry:
    """One answer of a course.

    Raises:
        NotFound: it is not there, or whoever asks does not teach the course.
    """
    values = {"course": course, "only": "all", "answer": answer, "before": None, "limit": 1}
    row = (await conn.execute(_LOG, values)).one_or_none()
    if row is None:
        raise gone()
    return _entry(seals, row)


def _entry(seals: Seals, row: Row[Any]) -> Entry:
    words = opened_turn(seals, row)
    return Entry(
        id=row.id,
        learner=row.learner,
        component=row.component_id,
        item=row.item,
        item_kind=row.item_kind,
        kind=row.message_type,
        status=row.status,
        asked=words.asked,
        answered=words.response or "",
        level=row.level,
        provider=row.provider or "",
        model=row.model or "",
        tokens=row.tokens,
        quality=row.quality,
        blocked=row.leak_blocked,
        fallback=row.fallback_reason or "",
        ms=row.ms,
        confidence=row.confidence,
        outcome=row.outcome,
        is_pinned=row.is_pinned,
        asked_at=row.asked_at,
        is_readable=words.is_readable,
    )
