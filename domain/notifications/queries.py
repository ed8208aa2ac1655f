"""What the people who run Stoa look at: messages that could not be sent, and the backlog."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql

_DEAD = sql("""
    SELECT id, kind, platform, last_error, attempts, finished_at FROM outbox
    WHERE state = 'dead' ORDER BY finished_at DESC, id DESC LIMIT :most
""")
_BACKLOG = sql("""
    SELECT platform, count(*) AS waiting, min(run_at) AS oldest FROM outbox
    WHERE state = 'pending' AND run_at <= :now GROUP BY platform ORDER BY platform
""")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up, and why; never its text."""

    id: UUID
    kind: str
    platform: str
    error: str
    attempts: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """Messages of one platform that are due and wait, and since when the oldest does."""

    platform: str
    waiting: int
    oldest: datetime


async def dead_letters(conn: AsyncConnection, most: int = 50) -> list[DeadLetter]:
    """The messages given up last, newest first; in a transaction of the worker."""
    rows = await conn.execute(_DEAD, {"most": most})
    return [
        DeadLetter(r.id, r.kind, r.platform, r.last_error or "", r.attempts, r.finished_at)
        for r in rows
    ]


async def backlog(conn: AsyncConnection, now: datetime) -> list[Backlog]:
    """What is due and not sent yet, by platform; in a transaction of the worker."""
    rows = await conn.execute(_BACKLOG, {"now": now})
    return [Backlog(row.platform, row.waiting, row.oldest) for row in rows]
