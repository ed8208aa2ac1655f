"""What the people who run Stoa look at: messages that could not be sent, and the backlog."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, NotFound, Refusal
from domain.notifications.kinds import SCHEDULED
from domain.sql import sql

_DEAD = sql("""
    SELECT id, kind, platform, last_error, attempts, finished_at FROM outbox
    WHERE state = 'dead' ORDER BY finished_at DESC, id DESC LIMIT :most
""")
_LETTER = sql("""
    SELECT kind FROM outbox WHERE id = :letter AND state = 'dead' FOR UPDATE
""")
_REVIVE = sql(
    """
    UPDATE outbox
    SET state = 'pending', attempts = 0, run_at = :now, expires_at = NULL, finished_at = NULL,
        fence = fence + 1
    WHERE id = :letter AND state = 'dead'
    """,
    now=DateTime(timezone=True),
)
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


async def revive(conn: AsyncConnection, letter: UUID, now: datetime) -> str:
    """Let a message that was given up be sent after all; its kind. As the worker.

    Raises:
        NotFound: no message with this id was given up.
        Refusal: it was meant for an hour that is over.
    """
    kind: str | None = (await conn.execute(_LETTER, {"letter": letter})).scalar_one_or_none()
    if kind is None:
        raise NotFound(
            N_("No message with the id {id} was given up. See: stoa outbox"), {"id": str(letter)}
        )
    if kind in SCHEDULED:
        raise Refusal(
            N_("This message was meant for an hour that is over. The next one comes by itself.")
        )
    await conn.execute(_REVIVE, {"letter": letter, "now": now})
    return kind
