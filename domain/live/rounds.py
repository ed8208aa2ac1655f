"""Reading and writing where a round stands; a write that comes too late is refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import DateTime, Interval, Row, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, Conflict, NotFound
from domain.live.phases import Phase, Round, Why
from domain.live.rules import Mode
from domain.sql import sql

_STAMP = DateTime(timezone=True)
FIELDS = """
    r.id, r.community_id, r.host_id, r.title, r.mode, r.entry, r.seconds, r.team_count,
           r.question_count, r.phase, r.position, r.opened_at, r.closes_at, r.extra, r.seen_at,
           r.unseen_since, r.silent, r.paused_at, r.paused_in, r.why, r.moved, r.version
"""
COLUMNS = "SELECT" + FIELDS + "FROM live_rounds r"
_LOAD = sql(COLUMNS + " WHERE r.id = :round")
_IN_CHAT = sql(
    COLUMNS
    + """
    JOIN live_chats c ON c.round_id = r.id
    WHERE c.platform = :platform AND c.address = :address AND c.ended_at IS NULL
    """
)
_HOSTED = sql(
    COLUMNS + " WHERE r.host_id = :host AND r.ended_at IS NULL ORDER BY r.id DESC LIMIT 1"
)
_SAVE = sql(
    """
    UPDATE live_rounds
    SET phase = :phase, position = :position, opened_at = :opened_at, closes_at = :closes_at,
        extra = :extra, seen_at = :seen_at, unseen_since = :unseen_since, silent = :silent,
        paused_at = :paused_at, paused_in = :paused_in, why = :why, moved = :moved,
        version = version + 1, ended_at = CASE WHEN :over THEN :now END
    WHERE id = :round AND version = :version
    RETURNING version
    """,
    opened_at=_STAMP,
    closes_at=_STAMP,
    seen_at=_STAMP,
    unseen_since=_STAMP,
    paused_at=_STAMP,
    paused_in=Text(),
    why=Text(),
    moved=Interval(),
    extra=Interval(),
)
_OPEN = sql("""
    UPDATE live_questions SET opened_at = coalesce(opened_at, :now)
    WHERE round_id = :round AND position = :position
""")
_CLOSE = sql("""
    UPDATE live_questions SET closed_at = coalesce(closed_at, :now)
    WHERE round_id = :round AND position = :position
""")
_END_CHATS = sql(
    "UPDATE live_chats SET ended_at = :now WHERE round_id = :round AND ended_at IS NULL"
)
_TELL = sql(
    """
    INSERT INTO live_events (round_id, actor_id, kind, details, happened_at)
    VALUES (:round, :actor, :kind, :details, :now)
    """,
    details=JSONB(none_as_null=True),
)


@dataclass(frozen=True, slots=True)
class Live:
    """A round as it is stored: what was agreed before it began, and where it stands.

    Args:
        at: where it stands.
        limit: the time of a question; None: no timer.
        typed: everybody types, also where buttons would do.
        teams: how many; 0: everybody plays alone.
        moved: what an outage added to the open question.
        version: of the row that was read.
    """

    id: UUID
    community_id: UUID
    host_id: UUID | None
    title: str
    mode: Mode
    typed: bool
    limit: timedelta | None
    teams: int
    at: Round
    moved: timedelta | None
    version: int


async def load(conn: AsyncConnection, round_id: UUID) -> Live:
    """One round.

    Raises:
        NotFound: there is none.
    """
    row = (await conn.execute(_LOAD, {"round": round_id})).one_or_none()
    if row is None:
        raise NotFound(N_("This quiz is not there any more. Start another with /host."))
    return read(row)


async def in_chat(conn: AsyncConnection, platform: str, address: str) -> Live | None:
    """The round that is being played in a chat, or None."""
    row = (await conn.execute(_IN_CHAT, {"platform": platform, "address": address})).one_or_none()
    return None if row is None else read(row)


async def hosted_by(conn: AsyncConnection, host: UUID) -> Live | None:
    """The open round somebody began last, or None."""
    row = (await conn.execute(_HOSTED, {"host": host})).one_or_none()
    return None if row is None else read(row)


def read(row: Row[Any]) -> Live:
    """A round from its row."""
    return Live(
        id=row.id,
        community_id=row.community_id,
        host_id=row.host_id,
        title=row.title,
        mode=cast("Mode", row.mode),
        typed=row.entry == "typed",
        limit=None if row.seconds is None else timedelta(seconds=row.seconds),
        teams=row.team_count,
        at=Round(
            phase=cast("Phase", row.phase),
            position=row.position,
            count=row.question_count,
            opened_at=row.opened_at,
            closes_at=row.closes_at,
            extra=row.extra,
            seen_at=row.seen_at,
            unseen_since=row.unseen_since,
            silent=row.silent,
            paused_at=row.paused_at,
            paused_in=cast("Phase | None", row.paused_in),
            why=cast("Why | None", row.why),
        ),
        moved=row.moved,
        version=row.version,
    )


async def save(
    conn: AsyncConnection,
    live: Live,
    following: Round,
    now: datetime,
    *,
    kind: str,
    actor: UUID | None = None,
    details: dict[str, Any] | None = None,
    moved: timedelta | None = None,
) -> None:
    """Write where a round stands now, and what brought it there.

    Args:
        conn: an open transaction.
        live: as it was read.
        following: what `phases` made of it.
        now: this instant.
        kind: the event's name for the log.
        actor: who did it; None: time did.
        details: more about it.
        moved: what an outage added to the open question.

    Raises:
        Conflict: somebody was faster; read it again.
    """
    values = {
        "round": live.id,
        "version": live.version,
        "phase": following.phase,
        "position": following.position,
        "opened_at": following.opened_at,
        "closes_at": following.closes_at,
        "extra": following.extra,
        "seen_at": following.seen_at,
        "unseen_since": following.unseen_since,
        "silent": following.silent,
        "paused_at": following.paused_at,
        "paused_in": following.paused_in,
        "why": following.why,
        "moved": moved,
        "over": following.is_over,
        "now": now,
    }
    if (await conn.execute(_SAVE, values)).one_or_none() is None:
        raise Conflict
    place = {"round": live.id, "position": following.position, "now": now}
    if following.phase == "question" and live.at.position != following.position:
        await conn.execute(_OPEN, place)
    if live.at.phase == "question" and "question" not in {following.phase, following.paused_in}:
        await conn.execute(_CLOSE, place)
    if following.is_over:
        await conn.execute(_END_CHATS, {"round": live.id, "now": now})
    await tell(conn, live.id, kind, now, actor=actor, details=details)


async def tell(
    conn: AsyncConnection,
    round_id: UUID,
    kind: str,
    now: datetime,
    *,
    actor: UUID | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add to the log of a round."""
    await conn.execute(
        _TELL,
        {"round": round_id, "actor": actor, "kind": kind, "details": details, "now": now},
    )
