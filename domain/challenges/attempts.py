"""Reading attempts. Learners see their own only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, NotFound
from domain.sql import sql

HISTORY_PAGE = 8
_ATTEMPT = """
    SELECT a.id, a.component_id, k.slug, v.title, a.files, a.status, a.test_results, a.score,
           a.max_score, a.percentage, a.hints_used, a.hint_cost, a.execution_time_ms,
           a.memory_peak_kb, a.error_messages, a.submitted_at, a.finished_at, v.show_hidden,
           v.limits, v.language
    FROM challenge_attempts a
    JOIN components k ON k.id = a.component_id
    JOIN challenge_versions v ON v.component_id = a.component_id AND v.version = a.version
    WHERE a.user_id = :learner
"""
_ONE = sql(f"{_ATTEMPT} AND a.id = :attempt")
_HISTORY = sql("""
    WITH page AS (
        SELECT a.id, a.component_id, a.status, a.score, a.max_score, a.submitted_at,
               count(*) OVER ()::int AS total
        FROM challenge_attempts a
        WHERE a.user_id = :learner AND (:every OR a.component_id = :challenge)
        ORDER BY a.id DESC LIMIT :limit OFFSET :offset)
    SELECT page.id, k.slug, k.title, page.status, page.score, page.max_score, page.submitted_at,
           page.total
    FROM page JOIN components k ON k.id = page.component_id
    ORDER BY page.id DESC
""")
_STALE = sql("""
    SELECT id FROM challenge_attempts
    WHERE user_id = :learner AND component_id = :challenge
          AND status IN ('queued', 'running') AND lease_until < :now
    ORDER BY id LIMIT 1
""")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One submission with its result, as stored."""

    id: UUID
    component_id: UUID
    slug: str
    title: str
    files: Mapping[str, str]
    status: str
    tests: Sequence[Mapping[str, Any]]
    score: Decimal | None
    most: Decimal | None
    percentage: Decimal | None
    hints_used: int
    hint_cost: Decimal
    wall_ms: int | None
    peak_kb: int | None
    errors: Mapping[str, Any] | None
    submitted_at: datetime
    finished_at: datetime | None
    show_hidden: bool
    limits: Mapping[str, Any]
    language: str


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """One line of the history."""

    id: UUID
    slug: str
    title: str
    status: str
    score: Decimal | None
    most: Decimal | None
    submitted_at: datetime


async def attempt(conn: AsyncConnection, learner: UUID, attempt_id: UUID) -> Attempt:
    """One of the learner's own attempts.

    Raises:
        NotFound: there is none of that id, or it is somebody else's.
    """
    row = (await conn.execute(_ONE, {"learner": learner, "attempt": attempt_id})).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such attempt of yours."), choices=("/code history",))
    return Attempt(
        id=row.id,
        component_id=row.component_id,
        slug=row.slug,
        title=row.title,
        files=row.files,
        status=row.status,
        tests=row.test_results,
        score=row.score,
        most=row.max_score,
        percentage=row.percentage,
        hints_used=row.hints_used,
        hint_cost=row.hint_cost,
        wall_ms=row.execution_time_ms,
        peak_kb=row.memory_peak_kb,
        errors=row.error_messages,
        submitted_at=row.submitted_at,
        finished_at=row.finished_at,
        show_hidden=row.show_hidden == "full",
        limits=row.limits,
        language=row.language,
    )


async def history(
    conn: AsyncConnection, learner: UUID, challenge_id: UUID | None, offset: int
) -> tuple[list[PastAttempt], int]:
    """One page of the learner's attempts, newest first, and how many there are.

    Args:
        conn: an open transaction.
        learner: whose.
        challenge_id: of this challenge only, or None for all.
        offset: how many to skip.
    """
    rows = (
        await conn.execute(
            _HISTORY,
            {
                "learner": learner,
                "every": challenge_id is None,
                "challenge": challenge_id or learner,
                "limit": HISTORY_PAGE,
                "offset": offset,
            },
        )
    ).all()
    return [PastAttempt(*row[:-1]) for row in rows], rows[0].total if rows else 0


async def unfinished(
    conn: AsyncConnection, learner: UUID, challenge_id: UUID, now: datetime
) -> UUID | None:
    """An attempt of the learner's whose grading was cut off, and that nobody holds now."""
    values = {"learner": learner, "challenge": challenge_id, "now": now}
    return (await conn.execute(_STALE, values)).scalar_one_or_none()
