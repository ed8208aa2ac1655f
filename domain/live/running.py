"""Moving rounds on: by time, when all have answered, and after whoever did it before is gone.

Any number of processes do this. Each has a lease under its own name; a round belongs to the
process whose name it bears, as long as that lease lives. A round that belongs to nobody is taken
by whoever looks first, and gets back the time in which nobody looked after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Row
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import leases
from domain.live import chats, hosting, phases, rounds, scene
from domain.live.rounds import COLUMNS, Live
from domain.sql import sql

TERM = timedelta(seconds=3)  # of a process's lease; a dead one is replaced after that
PREFIX = "live:"

_CLAIM = sql("""
    UPDATE live_rounds r SET owner = :owner, version = version + 1
    FROM (
        SELECT c.id FROM live_rounds c
        WHERE c.ended_at IS NULL AND c.phase IN ('question', 'reveal')
            AND c.owner IS DISTINCT FROM :owner
            AND NOT EXISTS (
                SELECT FROM leases l WHERE l.name = c.owner AND l.expires_at > :now)
        FOR UPDATE SKIP LOCKED) free
    WHERE r.id = free.id
    RETURNING r.id
""")
_MINE = sql(COLUMNS + " WHERE r.owner = :owner AND r.ended_at IS NULL")
_BEAT = sql("""
    UPDATE live_rounds SET seen_at = :now
    WHERE owner = :owner AND ended_at IS NULL AND phase IN ('question', 'reveal')
""")
_COUNTS = sql("""
    SELECT count(*) FILTER (WHERE p.left_at IS NULL) AS here, count(a.player_id) AS answered,
           count(a.player_id) FILTER (WHERE p.left_at IS NULL) AS answered_here
    FROM live_players p
    LEFT JOIN live_answers a ON a.player_id = p.id AND a.position = :position
    WHERE p.round_id = :round
""")
_FORGOTTEN = sql(
    COLUMNS
    + """
    WHERE r.ended_at IS NULL AND (r.paused_at < :paused
        OR (r.phase = 'lobby' AND r.created_at < :opened))
    """,
    paused=DateTime(timezone=True),
    opened=DateTime(timezone=True),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A round that this process took over, and the time its players got back."""

    round_id: UUID
    moved: timedelta
    paused: bool


async def hold(conn: AsyncConnection, owner: str, now: datetime) -> bool:
    """Say that this process lives; False: somebody else bears its name, and it must stop."""
    return await leases.take(conn, owner, owner, now, TERM) is not None


async def take_over(conn: AsyncConnection, owner: str, now: datetime) -> list[Taken]:
    """Take all rounds that nobody moves on, and give back the time that was lost."""
    taken = []
    claimed = (await conn.execute(_CLAIM, {"owner": owner, "now": now})).all()
    for row in claimed:
        live = await rounds.load(conn, row.id)
        found = phases.take_over(live.at, now)
        if found.round != live.at:
            await rounds.save(
                conn,
                live,
                found.round,
                now,
                kind="taken over",
                details={"seconds": round(found.moved.total_seconds(), 3)},
                moved=found.moved or live.moved,
            )
            if found.moved:
                await chats.outdated(conn, row.id)
        taken.append(Taken(row.id, found.moved, found.paused))
    return taken


async def mine(conn: AsyncConnection, owner: str) -> Sequence[Live]:
    """The rounds that this process moves on."""
    return [rounds.read(row) for row in (await conn.execute(_MINE, {"owner": owner})).all()]


async def beat(conn: AsyncConnection, owner: str, now: datetime) -> None:
    """Note that this process's rounds are looked after."""
    await conn.execute(_BEAT, {"owner": owner, "now": now})


async def move(conn: AsyncConnection, live: Live, now: datetime) -> bool:
    """Do what is due in one round; whether anything was.

    Raises:
        Conflict: somebody was faster.
    """
    stands = live.at
    if stands.unseen_since is not None and await _show(conn, live, now):
        return True
    if stands.phase == "question":
        counts = (
            await conn.execute(_COUNTS, {"round": live.id, "position": stands.position})
        ).one()
        if not phases.due(stands, now) and not await _all_answered(conn, live, counts):
            return False
        following = phases.reveal(stands, counts.answered, now)
        kind = "revealed" if following.phase == "reveal" else "paused"
        await rounds.save(conn, live, following, now, kind=kind)
        return True
    if stands.phase == "reveal" and phases.due(stands, now):
        following = phases.open_next(stands, await hosting.ends_at(conn, live, now), now)
        kind = "opened" if following.phase == "question" else "finished"
        await rounds.save(conn, live, following, now, kind=kind)
        return True
    return False


async def _show(conn: AsyncConnection, live: Live, now: datetime) -> bool:
    """Let the clock of a phase begin once its message is there; whether it did."""
    stands = live.at
    if stands.unseen_since is None or stands.phase not in {"question", "reveal"}:
        return False
    until = stands.unseen_since + phases.PATIENCE
    if not await chats.is_shown(conn, live.id, stands, now):
        if now < until:
            return False
        await chats.give_up(conn, live.id, stands)
    following = phases.shown(stands, now)
    await rounds.save(conn, live, following, now, kind="shown", moved=live.moved)
    return True


async def _all_answered(conn: AsyncConnection, live: Live, counts: Row[Any]) -> bool:
    """Whether nobody is waited for; in a survival round those without a life are not."""
    if live.mode == "survival" and counts.answered:
        return (await scene.load(conn, live)).everybody_answered()
    return bool(counts.here) and counts.answered_here == counts.here


async def end_forgotten(conn: AsyncConnection, now: datetime) -> int:
    """End rounds that rested for over 30 days, and lobbies nobody started within a day."""
    values = {"paused": now - phases.KEPT, "opened": now - timedelta(days=1)}
    rows = (await conn.execute(_FORGOTTEN, values)).all()
    for row in rows:
        live = rounds.read(row)
        await rounds.save(conn, live, phases.stop(live.at), now, kind="forgotten")
    return len(rows)
