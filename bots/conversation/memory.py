"""What typed text answers, remembered between messages and through restarts."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from bots.conversation import receipts
from bots.conversation.dialogue import Reply
from bots.conversation.turn import Expectation
from domain.errors import N_, Conflict, Refusal
from domain.identity.service import Kept
from domain.sealing import CannotOpen, Seals
from domain.sql import sql

DONE_ALREADY = N_("I have done that already. My answer cannot be read with the present key.")

_RECALL = sql("""
    SELECT c.state, coalesce(c.version, 0) AS version, CAST(r.reply AS text) AS reply
    FROM (VALUES (true)) AS always
    LEFT JOIN conversations c ON c.identity_id = :identity AND c.place_id = :place
    LEFT JOIN receipts r ON r.identity_id = :identity AND r.event_id = :event
""")
_QUEUE = sql("""
    SELECT pg_advisory_xact_lock(
        hashtextextended(CAST(CAST(:identity AS uuid) AS text) || :place, 0))
""")
_BEGIN = sql(
    """
    INSERT INTO conversations (identity_id, place_id, state, version)
    VALUES (:identity, :place, :state, 1)
    ON CONFLICT DO NOTHING RETURNING version
    """,
    state=JSONB(),
)
_CHANGE = sql(
    """
    UPDATE conversations SET state = :state, version = version + 1
    WHERE identity_id = :identity AND place_id = :place AND version = :version
    RETURNING version
    """,
    state=JSONB(),
)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was expected before this message.

    Args:
        expectation: what typed text answers.
        version: of the row; 0: no row yet.
        answered: what the same event was answered before, if it was.
    """

    expectation: Expectation | None
    version: int
    answered: Reply | None = None


async def queue_up(conn: AsyncConnection, identity: UUID, place: str) -> None:
    """Wait until no other message of this person is tried again; holds until the commit."""
    await conn.execute(_QUEUE, {"identity": identity, "place": place})


async def recall(
    conn: AsyncConnection, seals: Seals, identity: UUID, place: str, event: str | None = None
) -> Remembered:
    """What the next text typed from an account in a place answers, read once more.

    Args:
        conn: the transaction of the answer.
        seals: opens receipts.
        identity: the account.
        place: the chat.
        event: also look for the receipt of this event, in the same round trip.
    """
    values = {"identity": identity, "place": place, "event": event}
    row = (await conn.execute(_RECALL, values)).one()
    return understood(seals, identity, event, Kept(row.state, row.version, row.reply))


def understood(seals: Seals, identity: UUID, event: str | None, kept: Kept) -> Remembered:
    """What was kept for an account, and for this event of it, in words of the conversation.

    Raises:
        Refusal: the event was answered, and the answer is sealed with a key that is not at hand.
    """
    state = kept.state
    expectation = Expectation(state["kind"], state["data"]) if state else None
    if kept.reply is None or event is None:
        return Remembered(expectation, kept.version)
    try:
        answered = receipts.read(seals, identity, event, kept.reply)
    except CannotOpen:
        raise Refusal(DONE_ALREADY, choices=("/start",)) from None
    return Remembered(expectation, kept.version, answered)


async def remember(
    conn: AsyncConnection,
    identity: UUID,
    place: str,
    before: Remembered,
    now: Expectation | None,
) -> None:
    """Keep a changed expectation.

    Raises:
        Conflict: another message of this person changed it meanwhile; answer again.
    """
    if now == before.expectation:
        return
    state = {"kind": now.kind, "data": dict(now.data)} if now else {}
    values: dict[str, Any] = {"identity": identity, "place": place, "state": state}
    if before.version:
        values["version"] = before.version
    statement = _CHANGE if before.version else _BEGIN
    if (await conn.execute(statement, values)).one_or_none() is None:
        raise Conflict
