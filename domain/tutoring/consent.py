"""Whether a learner's words may go to a service: asked once, kept, and changed at any time.

Nothing leaves before the learner has said yes. A yes to a service that does not learn from what it
gets is no yes to one that does: when that changes, or the address, the learner is asked again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql
from domain.tutoring.destinations import Destination

Answer = Literal["unasked", "yes", "no"]

_FOUND = sql("SELECT destination, is_allowed, trains FROM tutor_consents WHERE user_id = :user")
_DECIDE = sql("""
    INSERT INTO tutor_consents (user_id, destination, is_allowed, trains, decided_at)
    VALUES (:user, :destination, :allow, :trains, :now)
    ON CONFLICT (user_id, destination) DO UPDATE
    SET is_allowed = excluded.is_allowed, trains = excluded.trains, decided_at = excluded.decided_at
""")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a learner has said about the configured services.

    Args:
        allowed: keys of those their words may go to, for `Models.stream(allowed=...)`.
        ask: the one to ask them about, where none is allowed and one was never asked about.
    """

    allowed: frozenset[str]
    ask: Destination | None


async def answers(
    conn: AsyncConnection, user: UUID, destinations: Sequence[Destination]
) -> dict[str, Answer]:
    """What the learner said about each service, by its key."""
    if not destinations:
        return {}
    rows = (await conn.execute(_FOUND, {"user": user})).all()
    said = {row.destination: row for row in rows}
    found: dict[str, Answer] = {}
    for destination in destinations:
        row = said.get(destination.key)
        if row is None or (row.is_allowed and destination.trains and not row.trains):
            found[destination.key] = "unasked"
        else:
            found[destination.key] = "yes" if row.is_allowed else "no"
    return found


async def standing(
    conn: AsyncConnection, user: UUID, destinations: Sequence[Destination]
) -> Standing:
    """Where the learner's words may go now, and what to ask them before more can happen."""
    said = await answers(conn, user, destinations)
    allowed = frozenset(key for key, answer in said.items() if answer == "yes")
    unasked = [d for d in destinations if said[d.key] == "unasked"]
    return Standing(allowed, unasked[0] if unasked and not allowed else None)


async def decide(
    conn: AsyncConnection, user: UUID, destination: Destination, *, allow: bool, now: datetime
) -> None:
    """Keep what the learner says, with what they were told about the service."""
    values = {
        "user": user,
        "destination": destination.key,
        "allow": allow,
        "trains": destination.trains,
        "now": now,
    }
    await conn.execute(_DECIDE, values)
