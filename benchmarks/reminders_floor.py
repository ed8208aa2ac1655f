"""Sets of reminders by the product and by bare asyncpg in turn, with as many connections each."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg

from benchmarks.home import Home
from benchmarks.recording import Floor, Recording, recorded
from benchmarks.timing import Times
from bots.reminding import SETS_AT_ONCE, day_of
from domain.database import Database
from domain.motivation.queries import run_of
from domain.notifications.fronts import Front
from domain.notifications.reminders_due import BATCH, front_of_reminders, remind_due

EACH = 3  # sets for each connection in a round
WARM_UP = 2  # rounds until statements are prepared
_FIRST = "SELECT min(next_fire_at) FROM reminders WHERE is_enabled"


class _Rehearsed(Exception):
    """Ends a transaction."""


async def beside_the_floor(home: Home, name: str, rounds: int) -> tuple[Times, Times] | None:
    """What a round of full sets takes the product, and then bare asyncpg with the same statements.

    Each round is rehearsed before, set by set, and rolled back: so the floor knows its parameters,
    and both find the pages as warm.

    Returns:
        The product's rounds and the floor's; None when so few are due that sets are not full.
    """
    took: dict[bool, list[float]] = {True: [], False: []}
    database = home.database(name)
    arguments = home.arguments("stoa_worker", name)
    bare = [await asyncpg.connect(**arguments) for _ in range(SETS_AT_ONCE)]
    floors = [Floor(connection) for connection in bare]
    try:
        async with home.owner(name) as owner:
            for number in range(2 * (rounds + WARM_UP)):
                now: datetime = await owner.fetchval(_FIRST) + timedelta(hours=1)
                tape = await _rehearse(database, now)
                if len(tape) < SETS_AT_ONCE * EACH:
                    return None
                began = time.perf_counter()
                if number % 2:
                    await _repeat(floors, tape)
                else:
                    await _remind(database, now)
                if number >= 2 * WARM_UP:
                    took[bool(number % 2)].append(time.perf_counter() - began)
    finally:
        for connection in bare:
            await connection.close()
        await database.close()
    return Times(tuple(took[False])), Times(tuple(took[True]))


async def _rehearse(database: Database, now: datetime) -> list[Recording]:
    """Judge and write the sets of a round, each rolled back; those that were full."""
    front, tape = front_of_reminders(), []
    for _ in range(SETS_AT_ONCE * EACH):
        judged = 0
        with recorded() as recording:
            try:
                async with database.worker_unit_of_work() as conn:
                    found = await remind_due(conn, now, day_of, run_of=run_of, front=front)
                    judged = found.total()
                    raise _Rehearsed
            except _Rehearsed:
                pass
        if judged < BATCH:
            break
        tape.append(recording)
    return tape


async def _repeat(floors: Sequence[Floor], tape: Sequence[Recording]) -> None:
    async def lane(floor: Floor, part: Sequence[Recording]) -> None:
        for recording in part:
            await floor.repeat(recording)

    lanes = (lane(floor, tape[place :: len(floors)]) for place, floor in enumerate(floors))
    await asyncio.gather(*lanes)


async def _remind(database: Database, now: datetime) -> None:
    async def lane(front: Front) -> None:
        for _ in range(EACH):
            async with database.worker_unit_of_work() as conn:
                await remind_due(conn, now, day_of, run_of=run_of, front=front)

    front = front_of_reminders()
    await asyncio.gather(*(lane(front) for _ in range(SETS_AT_ONCE)))
