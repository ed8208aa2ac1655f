"""A simulated year: exactly the messages that the rules give, and the streaks of a slow reference.

The soak (`make soak`, `pytest --soak tests/year`) plays 2,000 learners in forty zones for a year;
YEAR_SEED, YEAR_LEARNERS and YEAR_DAYS change that. Every difference is printed with
the seed, the learner and the date; the same seed makes the same lives and outages.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import uvloop

from domain.database import Database
from domain.postgres import EmbeddedServer
from domain.settings import Settings
from domain.sql import sql
from tests.support.owner import owner_of
from tests.support.processes import kill, start
from tests.year.judging import differences, summary
from tests.year.lives import DAY, ZONES, Span, Year, live
from tests.year.world import World

SPRING = Span(datetime(2026, 3, 26, tzinfo=UTC), datetime(2026, 4, 7, tzinfo=UTC))
AUTUMN = Span(datetime(2026, 10, 22, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC))
WHOLE = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))

_DUE = sql("""
    SELECT count(*) AS due, current_database()::text AS name
    FROM reminders WHERE is_enabled AND next_fire_at <= :now
""")


def looks(span: Span, every: timedelta) -> list[datetime]:
    """When everybody looks at their streak."""
    found, at = [], span.begins + every + timedelta(seconds=40)
    while at < span.ends:
        found.append(at)
        at += every
    return found


class Killer:
    """Starts a real worker now and then when several reminders are due, and kills it.

    Args:
        server: of the database.
        database: by whose name the worker finds it.
        folder: for the worker's own files.
        random: when.
        most: so often at most.
    """

    def __init__(
        self, server: EmbeddedServer, database: Database, folder: Path, random: Random, most: int
    ) -> None:
        self.left = most
        self._server = server
        self._database = database
        self._folder = folder
        self._random = random

    async def __call__(self, now: datetime) -> None:
        """Perhaps kill a worker at this instant."""
        if not self.left:
            return
        async with self._database.worker_unit_of_work() as conn:
            due, name = (await conn.execute(_DUE, {"now": now})).one()
        if due < 2:
            return
        self.left -= 1
        worker = await start(
            "reminder_process.py",
            self._server,
            name,
            self._folder,
            now.isoformat(),
            self._random.randint(0, 1000),
        )
        await asyncio.sleep(self._random.random() * 0.3)
        await kill(worker)


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)


async def play(
    database: Database,
    year: Year,
    seed: int,
    every: timedelta,
    killer: Killer | None = None,
) -> World:
    """Let a year go by and compare."""
    world = World(database, year, Random(seed), killer)  # noqa: S311
    times = looks(year.span, every)
    await world.go_by(times, say)
    found = await differences(world, times, say)
    for one in found[:40]:
        print(f"seed {seed}: {one}")
    print(summary(world, seed))
    assert not found, f"{len(found)} differences, seed {seed}"
    return world


@pytest.mark.parametrize(("span", "seed"), [(SPRING, 1), (AUTUMN, 2)])
async def test_weeks_in_which_the_clocks_change(
    empty_database: Database, server: EmbeddedServer, tmp_path: Path, span: Span, seed: int
) -> None:
    random = Random(seed)  # noqa: S311
    year = live(random, span, 16, ZONES[:12])
    killer = Killer(server, empty_database, tmp_path, random, most=1)
    world = await play(empty_database, year, seed, 4 * DAY, killer)
    assert not killer.left, "no worker was killed"
    assert world.died["in a statement"]


@pytest.fixture
def tidied(server: EmbeddedServer) -> Iterator[EmbeddedServer]:
    """The tests' PostgreSQL, clearing away dead rows as a real one does: a year leaves many."""

    async def let(state: str) -> None:
        async with owner_of(server, "postgres") as owner:
            await owner.execution_options(isolation_level="AUTOCOMMIT")
            await owner.exec_driver_sql(f"ALTER SYSTEM {state}")
            await owner.exec_driver_sql("SELECT pg_reload_conf()")

    asyncio.run(let("SET autovacuum = on"))
    yield server
    asyncio.run(let("RESET autovacuum"))


@pytest.mark.soak
def test_a_whole_year(
    tidied: EmbeddedServer, database_name: str, settings: Settings, tmp_path: Path
) -> None:
    seed = int(os.environ.get("YEAR_SEED", "1"))
    people = int(os.environ.get("YEAR_LEARNERS", "2000"))
    days = int(os.environ.get("YEAR_DAYS", "365"))
    span = Span(WHOLE.begins, WHOLE.begins + days * DAY)
    year = live(Random(seed), span, people, ZONES)  # noqa: S311

    async def work() -> World:
        database = Database(lambda role: tidied.connect_arguments(role, database_name), settings)
        killer = Killer(tidied, database, tmp_path, Random(seed), most=20)  # noqa: S311
        try:
            return await play(database, year, seed, 14 * DAY, killer)
        finally:
            await database.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the program has it
        world = runner.run(work())
    assert world.died.total() > 0
