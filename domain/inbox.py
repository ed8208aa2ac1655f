"""The inbox: what a platform delivered once waits here until it has been worked.

A platform that forgets an update as soon as it was fetched would lose it with the process. So each
is stored before the platform is told, under its number, and an update that is delivered again
changes nothing. Updates of one lane (a chat) are worked in the order of their numbers by one owner;
lanes are independent. An owner is the name of a lease (`domain.leases`): once that ends, whoever
asks next gets what was left.

`store` and `claim` take a lock until the commit, so that no lane ever gets two owners.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql

LONGEST_ERROR = 500  # characters kept

_NUMBERS = ARRAY(BigInteger())

_LOCK = sql("SELECT pg_advisory_xact_lock(hashtextextended('inbox:' || :platform || :receiver, 0))")
# A lane in which something waits that is not the owner's is left to `claim`, which sees the order.
_STORE = sql(
    """
    WITH given AS (
        SELECT * FROM jsonb_to_recordset(:updates) AS g (n bigint, lane text, payload jsonb)
    ), busy AS (
        SELECT DISTINCT w.lane FROM inbound_updates w
        WHERE w.platform = :platform AND w.receiver = :receiver AND w.handled_at IS NULL
            AND w.lane IN (SELECT lane FROM given) AND w.owner IS DISTINCT FROM :owner
    )
    INSERT INTO inbound_updates
        (platform, update_id, receiver, lane, sequence, payload, owner, received_at)
    SELECT :platform, :receiver || ':' || n, :receiver, lane, n, payload,
           CASE WHEN lane IN (SELECT lane FROM busy) THEN NULL ELSE :owner END, :now
    FROM given
    ON CONFLICT DO NOTHING
    RETURNING sequence, owner
    """,
    updates=JSONB(),
    owner=Text(),
)
_SET_ASIDE_AT_ONCE = sql(
    """
    INSERT INTO inbound_updates
        (platform, update_id, receiver, lane, sequence, payload, received_at, handled_at, error)
    VALUES (:platform, :receiver || ':' || CAST(:number AS bigint), :receiver, :lane,
            CAST(:number AS bigint), :payload, :now, :now, :error)
    ON CONFLICT DO NOTHING
    """,
    payload=JSONB(),
    number=BigInteger(),
)
_CLAIM = sql(
    """
    WITH taken AS (
        SELECT w.platform, w.update_id FROM inbound_updates w
        WHERE w.platform = :platform AND w.receiver = :receiver AND w.handled_at IS NULL
            AND w.owner IS DISTINCT FROM :owner
            AND NOT EXISTS (
                SELECT FROM inbound_updates o JOIN leases l ON l.name = o.owner
                WHERE o.platform = w.platform AND o.receiver = w.receiver AND o.lane = w.lane
                    AND o.handled_at IS NULL AND o.owner <> :owner AND l.expires_at > :now)
        ORDER BY w.sequence LIMIT :most
    )
    UPDATE inbound_updates u SET owner = :owner
    FROM taken t WHERE u.platform = t.platform AND u.update_id = t.update_id
    RETURNING u.sequence, u.lane, u.payload, u.received_at
    """,
    owner=Text(),
)
_BEGIN_AGAIN = sql(
    """
    UPDATE inbound_updates SET tries = tries + 1
    WHERE platform = :platform AND update_id = :receiver || ':' || CAST(:number AS bigint)
        AND owner = :owner AND handled_at IS NULL
    RETURNING tries
    """,
    number=BigInteger(),
)
_FINISH = sql(
    """
    UPDATE inbound_updates SET handled_at = :now, payload = '{}', owner = NULL
    WHERE platform = :platform AND receiver = :receiver AND handled_at IS NULL
        AND update_id = ANY (SELECT :receiver || ':' || n FROM unnest(CAST(:numbers AS bigint[])) n)
    """,
    numbers=_NUMBERS,
)
_SET_ASIDE = sql(
    """
    UPDATE inbound_updates SET handled_at = :now, owner = NULL, error = :error
    WHERE platform = :platform AND update_id = :receiver || ':' || CAST(:number AS bigint)
        AND handled_at IS NULL
    """,
    number=BigInteger(),
)
_GIVE_BACK = sql("""
    UPDATE inbound_updates SET owner = NULL
    WHERE platform = :platform AND receiver = :receiver AND owner = :owner AND handled_at IS NULL
""")
_OWNED = sql("""
    SELECT sequence FROM inbound_updates
    WHERE platform = :platform AND receiver = :receiver AND owner = :owner AND handled_at IS NULL
""")
_ASIDE = sql("""
    SELECT sequence, error, handled_at FROM inbound_updates
    WHERE platform = :platform AND receiver = :receiver AND error IS NOT NULL
    ORDER BY handled_at DESC LIMIT :most
""")


class Box(NamedTuple):
    """Whose updates: the platform, and our account there (a bot's id)."""

    platform: str
    receiver: str


@dataclass(frozen=True, slots=True)
class Update:
    """One update as it came: its number, its lane, and its payload (a JSON object)."""

    number: int
    lane: str
    payload: Mapping[str, Any]
    received_at: datetime
    taken_over: bool = False  # from an owner that is gone


async def store(
    conn: AsyncConnection, box: Box, updates: Sequence[Update], owner: str, now: datetime
) -> tuple[set[int], bool]:
    """Keep updates that were just delivered; those that are known already change nothing.

    Args:
        conn: a transaction of the worker. Only after its commit may the platform forget them.
        box: whose updates.
        updates: as they came.
        owner: the name of the lease of the process that would like to work them.
        now: the present.

    Returns:
        The numbers of those that the owner works now, and whether others were left to `claim`.

    Raises:
        DataError: a payload holds what PostgreSQL cannot store; see `refuse`.
    """
    given = [{"n": u.number, "lane": u.lane, "payload": u.payload} for u in updates]
    await conn.execute(_LOCK, box._asdict())
    values = {**box._asdict(), "updates": given, "owner": owner, "now": now}
    rows = (await conn.execute(_STORE, values)).all()
    ours = {row.sequence for row in rows if row.owner is not None}
    return ours, len(ours) < len(rows)


async def refuse(
    conn: AsyncConnection, box: Box, update: Update, error: str, now: datetime
) -> None:
    """Set an update aside that cannot be stored as it came; its text is kept as ASCII."""
    raw = json.dumps(update.payload)  # \u0000 stays an escape, and becomes text once more below
    values = {"number": update.number, "lane": update.lane, "payload": {"raw": raw}, "now": now}
    await conn.execute(
        _SET_ASIDE_AT_ONCE, {**box._asdict(), **values, "error": error[:LONGEST_ERROR]}
    )


async def claim(
    conn: AsyncConnection, box: Box, owner: str, now: datetime, most: int
) -> list[Update]:
    """Take what waits in lanes that no living owner works, oldest first.

    Args:
        conn: a transaction of the worker.
        box: whose updates.
        owner: the name of the lease of the process that asks.
        now: the present.
        most: at most so many.
    """
    await conn.execute(_LOCK, box._asdict())
    values = {**box._asdict(), "owner": owner, "now": now, "most": most}
    rows = (await conn.execute(_CLAIM, values)).all()
    found = [Update(r.sequence, r.lane, _object(r.payload), r.received_at, True) for r in rows]
    return sorted(found, key=lambda update: update.number)


async def begin_again(conn: AsyncConnection, box: Box, owner: str, number: int) -> int:
    """Count that an update is begun once more after its owner was gone; commit before working it.

    Returns:
        How often that was; 0: it is not the owner's any more.
    """
    values = {**box._asdict(), "owner": owner, "number": number}
    return (await conn.execute(_BEGIN_AGAIN, values)).scalar_one_or_none() or 0


async def finish(conn: AsyncConnection, box: Box, numbers: Sequence[int], now: datetime) -> None:
    """These have been worked; their contents go, their numbers stay for a while."""
    await conn.execute(_FINISH, {**box._asdict(), "numbers": list(numbers), "now": now})


async def set_aside(
    conn: AsyncConnection, box: Box, number: int, error: str, now: datetime
) -> None:
    """An update that cannot be worked stops waiting, and is kept with the reason."""
    values = {**box._asdict(), "number": number, "error": error[:LONGEST_ERROR], "now": now}
    await conn.execute(_SET_ASIDE, values)


async def give_back(conn: AsyncConnection, box: Box, owner: str) -> int:
    """Let others take everything this owner has not finished; the number of updates."""
    return (await conn.execute(_GIVE_BACK, {**box._asdict(), "owner": owner})).rowcount


async def owned(conn: AsyncConnection, box: Box, owner: str) -> set[int]:
    """The numbers of the updates that wait for this owner."""
    rows = await conn.execute(_OWNED, {**box._asdict(), "owner": owner})
    return {row.sequence for row in rows}


async def aside(conn: AsyncConnection, box: Box, most: int = 50) -> list[tuple[int, str, datetime]]:
    """What was set aside last: number, reason, when; for the people who run Stoa."""
    rows = await conn.execute(_ASIDE, {**box._asdict(), "most": most})
    return [(row.sequence, row.error, row.handled_at) for row in rows]


def _object(payload: object) -> Mapping[str, Any]:
    """JSON as the driver gives it: text, or read already."""
    found = json.loads(payload) if isinstance(payload, str) else payload
    return found if isinstance(found, dict) else {}
