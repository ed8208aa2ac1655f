"""The chats of a round: who writes to each, and what its message said last."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql

_CLAIM = sql(
    """
    WITH free AS (
        SELECT c.id FROM live_chats c
        WHERE c.done_at IS NULL AND c.platform = ANY(:platforms)
            AND c.owner IS DISTINCT FROM :owner
            AND NOT EXISTS (
                SELECT FROM leases l WHERE l.name = c.owner AND l.expires_at > :now)
        FOR UPDATE SKIP LOCKED)
    UPDATE live_chats c SET owner = :owner FROM free WHERE c.id = free.id
    """,
    platforms=ARRAY(Text()),
)
_MINE = sql("""
    SELECT c.id, c.round_id, c.platform, c.address, c.message_id, c.message_position, c.shown,
           c.edits, c.shown_at, r.version, r.position, r.phase,
           coalesce(g.settings ->> 'language', '') AS language,
           (SELECT count(*) FROM live_answers a
            WHERE a.round_id = r.id AND a.position = r.position) AS answered,
           (SELECT count(*) FROM live_players p
            WHERE p.round_id = r.id AND p.left_at IS NULL) AS here
    FROM live_chats c
    JOIN live_rounds r ON r.id = c.round_id
    JOIN communities g ON g.id = r.community_id
    WHERE c.owner = :owner AND c.done_at IS NULL
    ORDER BY c.id
""")
_SENDING = sql("""
    UPDATE live_chats SET message_id = NULL, message_position = :position, edits = 0
    WHERE id = :chat AND owner = :owner RETURNING id
""")
_SHOWN = sql(
    """
    UPDATE live_chats
    SET message_id = :message, shown = :shown, shown_at = :now, edits = :edits, failed = NULL,
        done_at = CASE WHEN :done THEN CAST(:now AS timestamptz) END
    WHERE id = :chat AND owner = :owner
    """,
    message=Text(),
)
_FAILED = sql("""
    UPDATE live_chats SET failed = :reason, shown_at = :now,
        done_at = CASE WHEN :gone THEN CAST(:now AS timestamptz) END
    WHERE id = :chat AND owner = :owner
""")
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat of a round as this process sees it.

    Args:
        message: the platform's id of the message that shows the round; None: none was sent.
        position: what that message is about: -1 the lobby, a question, or their number: the end.
        shown: hash of what it says.
        edits: how often it was changed.
        shown_at: when it was sent or changed last.
        state: all that decides what is shown; while it stays the same, nothing changed.
        language: of the group; "" for none.
    """

    id: UUID
    round_id: UUID
    platform: str
    address: str
    message: str | None
    position: int | None
    shown: str | None
    edits: int
    shown_at: datetime | None
    state: tuple[Any, ...]
    language: str

    @property
    def stage(self) -> tuple[Any, ...]:
        """The part of `state` that people wait for: all but the counts."""
        return self.state[:3]


async def claim(conn: AsyncConnection, owner: str, platforms: list[str], now: datetime) -> None:
    """Take the chats of these platforms that nobody writes to."""
    await conn.execute(_CLAIM, {"owner": owner, "platforms": platforms, "now": now})


async def mine(conn: AsyncConnection, owner: str) -> list[Chat]:
    """The chats this process writes to."""
    return [_chat(row) for row in (await conn.execute(_MINE, {"owner": owner})).all()]


def _chat(row: Row[Any]) -> Chat:
    return Chat(
        id=row.id,
        round_id=row.round_id,
        platform=row.platform,
        address=row.address,
        message=row.message_id,
        position=row.message_position,
        shown=row.shown,
        edits=row.edits,
        shown_at=row.shown_at,
        state=(row.version, row.phase, row.position, row.answered, row.here),
        language=row.language,
    )


async def sending(conn: AsyncConnection, chat: Chat, owner: str, position: int) -> bool:
    """Note that a new message is being sent; False: the chat is somebody else's by now."""
    values = {"chat": chat.id, "owner": owner, "position": position}
    return (await conn.execute(_SENDING, values)).one_or_none() is not None


async def shown(
    conn: AsyncConnection,
    chat: Chat,
    owner: str,
    message: str,
    digest: str,
    now: datetime,
    *,
    edits: int,
    done: bool,
) -> None:
    """Note what the message of a chat says now; `done`: nothing more will come."""
    await conn.execute(
        _SHOWN,
        {
            "chat": chat.id,
            "owner": owner,
            "message": message,
            "shown": digest,
            "now": now,
            "edits": edits,
            "done": done,
        },
    )


async def failed(
    conn: AsyncConnection, chat: Chat, owner: str, reason: str, now: datetime, *, gone: bool
) -> None:
    """Note that the chat could not be written to; `gone`: it never can be again."""
    values = {"chat": chat.id, "owner": owner, "reason": reason[:LONGEST_REASON]}
    await conn.execute(_FAILED, values | {"now": now, "gone": gone})
