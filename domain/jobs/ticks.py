"""Clock ticks: APScheduler in every worker wakes them, a slot in the database picks one winner."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from domain.clock import Clock
from domain.database import Database
from domain.jobs.rules import slot_name, slot_start
from domain.jobs.slots import claim_slot, finish_slot

log = logging.getLogger(__name__)

LATE_S = 30  # a tick that is later than this waits for its next time
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Tick:
    """Work that recurs.

    Args:
        name: of the tick, the same in every version of the program.
        every: length of a slot; the work is done once in each.
        work: does it, in transactions of its own; gives what is worth keeping about the run.
        look: how often workers look whether the slot still waits; by default once.
    """

    name: str
    every: timedelta
    work: Callable[[], Awaitable[Mapping[str, Any]]]
    look: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Fired:
    """One run of a tick in this process."""

    name: str
    failed: bool
    details: Mapping[str, Any]


class Ticker:
    """Fires ticks in this process; other processes may do the same.

    Args:
        database: where slots are claimed, as the worker.
        clock: names the slots.
        ticks: what recurs.
    """

    def __init__(self, database: Database, clock: Clock, ticks: Sequence[Tick]) -> None:
        self._database = database
        self._clock = clock
        self._ticks = ticks
        self._running: set[asyncio.Task[Fired | None]] = set()

    async def fire(self, tick: Tick) -> Fired | None:
        """Do a tick's work if its present slot is not claimed yet; None when it is."""
        since = self._clock.now()
        slot = slot_name(since, tick.every)
        async with self._database.worker_unit_of_work() as conn:
            if not await claim_slot(conn, tick.name, slot, since, PATIENCE):
                return None
        details: Mapping[str, Any] = {}
        failed = False
        try:
            details = await tick.work()
        except Exception as error:
            log.exception("tick %s failed", tick.name)
            failed, details = True, {"error": type(error).__name__}
        async with self._database.worker_unit_of_work() as conn:
            await finish_slot(
                conn,
                tick.name,
                slot,
                since=since,
                now=self._clock.now(),
                failed=failed,
                details=details or None,
            )
        return Fired(tick.name, failed, details)

    async def run_once(self) -> list[Fired]:
        """Fire every tick that is due, one after the other; those fired here."""
        fired = [await self.fire(tick) for tick in self._ticks]
        return [one for one in fired if one is not None]

    async def run(self, stop: asyncio.Event) -> None:
        """Fire ticks at the beginning of their slots until told to stop; then finish the begun."""
        scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": LATE_S},
        )
        now = self._clock.now()
        for tick in self._ticks:
            look = tick.look or tick.every
            first = slot_start(now, look) + look
            trigger = IntervalTrigger(seconds=look.total_seconds(), start_date=first, timezone=UTC)
            scheduler.add_job(self._fire, trigger, (tick,), id=tick.name, name=tick.name)
        scheduler.start()
        try:
            await asyncio.gather(*(self._fire(tick) for tick in self._ticks))
            await stop.wait()
        finally:
            # Paused first: shutting down would cancel what is under way.
            scheduler.pause()
            await asyncio.gather(*self._running, return_exceptions=True)
            scheduler.shutdown(wait=False)

    async def _fire(self, tick: Tick) -> None:
        task = asyncio.create_task(self.fire(tick))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            await task
        except Exception:
            log.exception("tick %s could not be claimed; it comes again", tick.name)
