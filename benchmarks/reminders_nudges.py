"""Planning and judging the messages of a million learners who set no hour."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.home import Home
from benchmarks.timing import Times
from bots.reminding import day_of, nudge_all, plan_all
from domain.clock import ManualClock
from domain.database import Database
from domain.notifications.reminders_due import remind_due

TICK = timedelta(minutes=1)
BREATH_S = 0.01
_LEARNERS = Path(__file__).parent / "data" / "reminders" / "nudges.sql"
_FIRST = "SELECT min(next_at) FROM nudges"
_ZONES = "SELECT count(DISTINCT timezone) FROM nudges WHERE next_at IS NOT NULL"
_BURSTS = """
    SELECT count(*) - count(DISTINCT user_id) FROM outbox
    WHERE idempotency_key LIKE 'reminder:' || $1 || ':%'
"""


class ToldTwice(Exception):
    """The benchmark's own look at the rows found somebody who was told twice."""


@dataclass(slots=True)
class Nudged:
    """What was measured; times in seconds.

    Attributes:
        zones: of learners, planned one after the other.
        planned: messages.
        due: judged minute by minute, as the worker's tick does.
        backlog: judged in one tick, after half an hour without one.
        beside: how long an empty tick of the reminders took meanwhile.
    """

    zones: int = 0
    planned: int = 0
    planning: float = 0.0
    due: int = 0
    seconds: float = 0.0
    judged: Counter[str] = field(default_factory=Counter)
    backlog: int = 0
    backlog_seconds: float = 0.0
    beside_p50_ms: float = 0.0
    beside_worst_ms: float = 0.0


async def nudge(
    home: Home, name: str, made: str, today: date, due: int, say: Callable[[str], None]
) -> Nudged:
    """Copy the learners, take their hours away, plan a date for them, and let its evening come."""
    await home.make(name, made)
    async with home.owner(name) as owner:
        text = _LEARNERS.read_text(encoding="utf-8").format(today=today)
        await owner.execute("SET session_replication_role = replica")
        await owner.execute(text)
        await owner.execute("VACUUM ANALYZE nudges, active_days, streaks, reminders")
        await owner.execute("CHECKPOINT")
    found, database = Nudged(), home.database(name)
    try:
        say("The messages of a date are planned ...")
        began = time.perf_counter()
        noon = datetime.combine(today, datetime.min.time(), tzinfo=UTC) + timedelta(hours=12)
        found.planned = await plan_all(database, ManualClock(noon))
        found.planning = time.perf_counter() - began
        say("Evening comes ...")
        await _evenings(home, name, database, found, due)
        async with home.owner(name) as owner:
            bursts = await owner.fetchval(_BURSTS, today.isoformat())
        if bursts:
            raise ToldTwice(f"{bursts} learners")
    finally:
        await database.close()
    return found


async def _evenings(home: Home, name: str, database: Database, found: Nudged, due: int) -> None:
    async with home.owner(name) as owner:
        found.zones = await owner.fetchval(_ZONES)
        while found.due < due:
            first: datetime | None = await owner.fetchval(_FIRST)
            if first is None:
                return
            began = time.perf_counter()
            judged = await nudge_all(database, ManualClock(first + TICK))
            found.seconds += time.perf_counter() - began
            found.judged += judged
            found.due += judged.total()
        first = await owner.fetchval(_FIRST)
    if first is None:
        return
    now, done, took = first + 30 * TICK, asyncio.Event(), []

    async def remind() -> None:
        while not done.is_set():
            began = time.perf_counter()
            async with database.worker_unit_of_work() as conn:
                await remind_due(conn, now, day_of)
            took.append(time.perf_counter() - began)
            await asyncio.sleep(BREATH_S)

    beside = asyncio.create_task(remind())
    began = time.perf_counter()
    judged = await nudge_all(database, ManualClock(now))
    found.backlog_seconds, found.backlog = time.perf_counter() - began, judged.total()
    done.set()
    await beside
    found.judged += judged
    times = Times(tuple(took))
    found.beside_p50_ms, found.beside_worst_ms = times.p50, max(took) * 1000
