"""What typed text answers, remembered between messages and through restarts."""

from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from bots.conversation.dialogue import Incoming
from bots.conversation.turn import Expectation
from domain.errors import Conflict
from domain.sql import sql

_RECALL = sql("""
    SELECT state, version FROM conversations
    WHERE platform = :platform AND place_id = :place AND subject = :subject
""")
_BEGIN = sql(
    """
    INSERT INTO conversations (platform, place_id, subject, state, version)
    VALUES (:platform, :place, :subject, :state, 1)
    ON CONFLICT DO NOTHING RETURNING version
    """,
    state=JSONB(),
)
_CHANGE = sql(
    """
    UPDATE conversations SET state = :state, version = version + 1
    WHERE platform = :platform AND place_id = :place AND subject = :subject AND version = :version
    RETURNING version
    """,
    state=JSONB(),
)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was expected before this message, and the version of the row (0: no row yet)."""

    expectation: Expectation | None
    version: int


async def recall(conn: AsyncConnection, incoming: Incoming) -> Remembered:
    """What the next typed text answers in this place."""
    row = (await conn.execute(_RECALL, _key(incoming))).one_or_none()
    if row is None:
        return Remembered(None, 0)
    state = row.state
    expectation = Expectation(state["kind"], state["data"]) if state else None
    return Remembered(expectation, row.version)


async def remember(
    conn: AsyncConnection, incoming: Incoming, before: Remembered, now: Expectation | None
) -> None:
    """Keep a changed expectation.

    Raises:
        Conflict: another message of this person changed it meanwhile; answer again.
    """
    if now == before.expectation:
        return
    state = {"kind": now.kind, "data": dict(now.data)} if now else {}
    values = {**_key(incoming), "state": state}
    if before.version:
        values["version"] = before.version
    statement = _CHANGE if before.version else _BEGIN
    if (await conn.execute(statement, values)).one_or_none() is None:
        raise Conflict


def _key(incoming: Incoming) -> dict[str, object]:
    return {
        "platform": incoming.actor.platform,
        "place": incoming.place.id,
        "subject": incoming.actor.subject,
    }
