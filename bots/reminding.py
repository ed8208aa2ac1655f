"""The worker's rounds of scheduled messages: set after set, each in a transaction of its own."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.clock import Clock
from domain.database import Database
from domain.jobs.slots import claim_slot, finish_slot
from domain.jobs.ticks import PATIENCE
from domain.motivation.daily import day_begins
from domain.motivation.days import local_date
from domain.motivation.queries import run_of
from domain.notifications import nudges_due, nudges_plan, reminders_due
from domain.notifications.fronts import Front
from domain.notifications.nudges_due import front_of_nudges, nudge_due
from domain.notifications.reminders_due import front_of_reminders, remind_due

SETS_AT_ONCE = 3


async def remind_all(
    database: Database,
    clock: Clock,
    at_once: int = SETS_AT_ONCE,
    most: int = reminders_due.BATCH,
) -> Counter[str]:
    """Deal with all reminders that are due.

    Args:
        database: worked on as the worker.
        clock: says what is due.
        at_once: sets under way together, once one was full.
        most: reminders in a set.

    Returns:
        How many were judged how.
    """

    async def remind(conn: AsyncConnection, front: Front) -> Counter[str]:
        return await remind_due(conn, clock.now(), day_of, most, run_of, front)

    return await _all(database, remind, front_of_reminders, most, at_once)


async def nudge_all(
    database: Database,
    clock: Clock,
    at_once: int = SETS_AT_ONCE,
    most: int = nudges_due.BATCH,
) -> Counter[str]:
    """Deal with all planned messages that are due, as with reminders."""

    async def nudge(conn: AsyncConnection, front: Front) -> Counter[str]:
        return await nudge_due(conn, clock.now(), day_of, run_of, most, front)

    return await _all(database, nudge, front_of_nudges, most, at_once)


async def _all(
    database: Database,
    deal: Callable[[AsyncConnection, Front], Awaitable[Counter[str]]],
    beginning: Callable[[], Front],
    full: int,
    at_once: int,
) -> Counter[str]:
    """Set after set, several at once when there are many: PostgreSQL writes, Python judges."""
    judged: Counter[str] = Counter()

    async def one_set(front: Front) -> int:
        async with database.worker_unit_of_work() as conn:
            found = await deal(conn, front)
        judged.update(found)
        return found.total()

    async def sets(front: Front) -> None:
        try:
            while await one_set(front) >= full:
                pass
        finally:
            front.looked.set()  # also when there was no connection to look with

    async def more(front: Front) -> None:
        await front.looked.wait()
        if front.claimed >= full:
            await sets(front)

    while True:  # until nothing is left behind the front
        front = beginning()
        lanes = (sets(front), *(more(front) for _ in range(at_once - 1)))
        for ended in await asyncio.gather(*lanes, return_exceptions=True):
            if ended is not None:  # the other sets were dealt with all the same
                raise ended
        if front.claimed < full:
            return judged


async def plan_all(database: Database, clock: Clock) -> int:
    """Plan each zone's present date once; the number of messages that were planned.

    A worker that dies on the way leaves its zone to another one; planning twice changes nothing.
    """
    async with database.worker_unit_of_work() as conn:
        zones = await nudges_plan.open_zones(conn, clock.now())
    planned = 0
    for zone, day in zones:
        since = clock.now()
        job, slot = f"{nudges_plan.JOB}{zone}", day.isoformat()
        async with database.worker_unit_of_work() as conn:
            if not await claim_slot(conn, job, slot, since, PATIENCE):
                continue
        count, after = 0, nudges_plan.FIRST
        while True:
            async with database.worker_unit_of_work() as conn:
                some, last = await nudges_plan.plan_some(conn, zone, day, since, after)
            count += some
            if last is None:
                break
            after = last
        async with database.worker_unit_of_work() as conn:
            now, details = clock.now(), {"planned": count}
            await finish_slot(conn, job, slot, since=since, now=now, failed=False, details=details)
        planned += count
    return planned


def day_of(now: datetime, timezone: str, day_ends: time) -> tuple[date, datetime]:
    """A learner's date at an instant, and when it began."""
    day = local_date(now, timezone, day_ends)
    return day, day_begins(day, timezone, day_ends)
