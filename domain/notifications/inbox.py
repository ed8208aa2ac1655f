"""What was sent to one learner lately, and what became of it; in a transaction of theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql

SHOWN = 10

Fate = Literal["sent", "waiting", "undelivered"]

# Settled messages are kept for a month, and those that were given up for three.
_LATEST = sql("""
    SELECT payload, coalesce(finished_at, run_at) AS at,
           CASE state WHEN 'done' THEN 'sent' WHEN 'dead' THEN 'undelivered' ELSE 'waiting' END
               AS fate
    FROM outbox WHERE user_id = :learner AND run_at <= :now
    ORDER BY run_at DESC, id DESC LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class Letter:
    """One message: its text and values as `outbox.post` took them, when, and its fate."""

    payload: Mapping[str, Any]
    at: datetime
    fate: Fate


async def latest(
    conn: AsyncConnection, learner: UUID, now: datetime, most: int = SHOWN
) -> list[Letter]:
    """The messages of a learner that came without a question just before, newest first."""
    values = {"learner": learner, "now": now, "most": most}
    return [Letter(*row) for row in (await conn.execute(_LATEST, values)).all()]
