"""The chats of a round: who writes to each, and what its message said last."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import ARRAY, Row, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.live.phases import Round
from domain.sql import sql

Shows = Literal["lobby", "question", "rest", "reveal", "end"]

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
    SELECT c.id, c.round_id, c.platform, c.address, c.message_id, c.message_position,
           c.message_phase, c.shown, c.edits, c.shown_at, r.version, r.position, r.phase,
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
    UPDATE live_chats
    SET message_id = NULL, message_position = :position, message_phase = :phase, edits = 0
    WHERE id = :chat AND owner = :owner RETURNING id
""")
_SHOWN = sql(
    """
    UPDATE live_chats
    SET message_id = :message, message_position = :position, message_phase = :phase,
        shown = :shown, shown_at = :now, edits = :edits, failed = NULL,
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
# A chat that fails, or that no living process writes to, is not waited for while another shows it.
_SHOWING = sql("""
    SELECT count(*) FILTER (WHERE shows) AS showing,
           count(*) FILTER (WHERE NOT shows AND is_waited_for) AS waited_for, count(*) AS chats
    FROM (
        SELECT c.message_id IS NOT NULL AND c.message_position = :position
                   AND c.message_phase = :phase AS shows,
               c.failed IS NULL AND EXISTS (
                   SELECT FROM leases l WHERE l.name = c.owner AND l.expires_at > :now)
                   AS is_waited_for
        FROM live_chats c WHERE c.round_id = :round AND c.done_at IS NULL) each
""")
_LATE = sql("""
    UPDATE live_chats SET failed = coalesce(failed, 'late')
    WHERE round_id = :round AND done_at IS NULL
        AND (message_id IS NULL OR message_position <> :position OR message_phase <> :phase)
""")
_OUTDATED = sql("UPDATE live_chats SET shown = NULL WHERE round_id = :round AND done_at IS NULL")
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat of a round as this process sees it.

    Args:
        message: the platform's id of the message that shows the round; None: none was sent.
        position: what that message is about: -1 the lobby, a question, or their number: the end.
        shows: which part of it.
        shown: hash of what it says; None: it is out of date, and people wait for the change.
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
    shows: Shows | None
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
        shows=cast("Shows | None", row.message_phase),
        shown=row.shown,
        edits=row.edits,
        shown_at=row.shown_at,
        state=(row.version, row.phase, row.position, row.answered, row.here),
        language=row.language,
    )


async def sending(
    conn: AsyncConnection, chat: Chat, owner: str, position: int, shows: Shows
) -> bool:
    """Note that a new message is being sent; False: the chat is somebody else's by now."""
    values = {"chat": chat.id, "owner": owner, "position": position, "phase": shows}
    return (await conn.execute(_SENDING, values)).one_or_none() is not None


@dataclass(frozen=True, slots=True)
class Message:
    """What a chat's message is and says now.

    Args:
        ident: the platform's.
        position, shows, digest, edits: as in `Chat`; the digest is `Chat.shown`.
        done: nothing more will come.
    """

    ident: str
    position: int
    shows: Shows
    digest: str
    edits: int
    done: bool = False


async def shown(
    conn: AsyncConnection, chat: Chat, owner: str, message: Message, now: datetime
) -> None:
    """Note what the message of a chat says now."""
    await conn.execute(
        _SHOWN,
        {
            "chat": chat.id,
            "owner": owner,
            "message": message.ident,
            "position": message.position,
            "phase": message.shows,
            "shown": message.digest,
            "now": now,
            "edits": message.edits,
            "done": message.done,
        },
    )


async def is_shown(conn: AsyncConnection, round_id: UUID, at: Round, now: datetime) -> bool:
    """Whether the open phase of a round can be seen: its clock may begin.

    A question is to be seen in one chat; the answer in all that are not failing, so that nobody
    misses it. Where no chat is left nobody looks.

    Args:
        conn: a transaction of the worker.
        round_id: of the round.
        at: where it stands, in a question or a reveal.
        now: this instant.
    """
    values = {"round": round_id, "position": at.position, "phase": at.phase, "now": now}
    row = (await conn.execute(_SHOWING, values)).one()
    if not row.chats:
        return True
    return bool(row.showing) and (at.phase == "question" or not row.waited_for)


async def outdated(conn: AsyncConnection, round_id: UUID) -> None:
    """What the messages of a round say is wrong by more than a count: change them at once."""
    await conn.execute(_OUTDATED, {"round": round_id})


async def give_up(conn: AsyncConnection, round_id: UUID, at: Round) -> None:
    """Wait no more for the chats that do not show the open phase, until they show something."""
    values = {"round": round_id, "position": at.position, "phase": at.phase}
    await conn.execute(_LATE, values)


async def failed(
    conn: AsyncConnection, chat: Chat, owner: str, reason: str, now: datetime, *, gone: bool
) -> None:
    """Note that the chat could not be written to; `gone`: it never can be again."""
    values = {"chat": chat.id, "owner": owner, "reason": reason[:LONGEST_REASON]}
    await conn.execute(_FAILED, values | {"now": now, "gone": gone})
