"""Leases: a role that one process holds at a time, and proof that a process is alive.

A lease ends by itself when it is not renewed, so a process that was killed or has stalled is
replaced. Each new owner gets a higher fence; whatever an older owner still does can be told by it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql

KEEP_EXPIRED = timedelta(days=1)

_TAKE = sql("""
    INSERT INTO leases (name, owner, expires_at) VALUES (:name, :owner, :until)
    ON CONFLICT (name) DO UPDATE
        SET owner = excluded.owner, expires_at = excluded.expires_at,
            fence = leases.fence + CASE WHEN leases.owner = excluded.owner THEN 0 ELSE 1 END
        WHERE leases.owner = excluded.owner OR leases.expires_at <= :now
    RETURNING fence
""")
_RELEASE = sql("""
    UPDATE leases SET expires_at = :now WHERE name = :name AND owner = :owner AND expires_at > :now
""")
_LIVE = sql("""
    SELECT name, owner FROM leases
    WHERE starts_with(name, :prefix) AND expires_at > :now ORDER BY name
""")
_PRUNE = sql("""
    DELETE FROM leases WHERE starts_with(name, :prefix) AND expires_at <= :until
""")


@dataclass(frozen=True, slots=True)
class Lease:
    """A role that `owner` holds until `expires_at`, the `fence`-th owner of it."""

    name: str
    owner: str
    fence: int
    expires_at: datetime


async def take(
    conn: AsyncConnection, name: str, owner: str, now: datetime, term: timedelta
) -> Lease | None:
    """Take a free role, or renew one's own.

    Args:
        conn: a transaction of the worker.
        name: of the role.
        owner: names the process; nobody else may use that name.
        now: the present.
        term: how long it lasts unless it is renewed.

    Returns:
        None while somebody else holds it.
    """
    until = now + term
    values = {"name": name, "owner": owner, "now": now, "until": until}
    fence = (await conn.execute(_TAKE, values)).scalar_one_or_none()
    return None if fence is None else Lease(name, owner, fence, until)


async def release(conn: AsyncConnection, name: str, owner: str, now: datetime) -> None:
    """Let others take a role at once; nothing happens when it is somebody else's by now."""
    await conn.execute(_RELEASE, {"name": name, "owner": owner, "now": now})


async def live(conn: AsyncConnection, prefix: str, now: datetime) -> dict[str, str]:
    """The owners of the leases in force whose names begin so, by name."""
    rows = await conn.execute(_LIVE, {"prefix": prefix, "now": now})
    return {row.name: row.owner for row in rows}


async def prune(conn: AsyncConnection, prefix: str, now: datetime) -> int:
    """Delete leases with such names that ended long ago; their number.

    For names that are used once, such as those of processes: a role that is taken again keeps its
    row, and with it its fence.
    """
    values = {"prefix": prefix, "until": now - KEEP_EXPIRED}
    return (await conn.execute(_PRUNE, values)).rowcount
