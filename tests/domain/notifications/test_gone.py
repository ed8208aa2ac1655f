"""A learner who goes while a message to them comes: whoever is first, nothing is left behind."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.clock import ManualClock
from domain.database import Database
from domain.notifications.outbox import post
from domain.postgres import EmbeddedServer
from domain.sql import sql
from tests.support.eventually import until
from tests.support.outbox import Reader, forget_all, message, reader, tell
from tests.support.owner import owner_of
from tests.support.reminders import one_set, reminded

DUE = datetime(2026, 3, 2, 20, tzinfo=UTC)
_GO = sql("DELETE FROM users WHERE id = :learner")
_COUNT = sql("SELECT count(*) FROM outbox WHERE user_id = :learner")
_WAITS = text(
    "select exists (select from pg_stat_activity"
    " where datname = current_database() and wait_event_type = 'Lock')"
)


@pytest.fixture(autouse=True)
async def nothing_left(database: Database) -> None:
    await forget_all(database)


@pytest.fixture
async def owner(server: EmbeddedServer, database_name: str) -> AsyncIterator[AsyncConnection]:
    async with owner_of(server, database_name) as connection:
        yield connection


async def go(database: Database, who: Reader) -> None:
    async with database.worker_unit_of_work() as conn:
        await conn.execute(_GO, {"learner": who.user_id})


async def left(database: Database, who: Reader) -> int:
    async with database.worker_unit_of_work() as conn:
        return int((await conn.execute(_COUNT, {"learner": who.user_id})).scalar_one())


async def somebody_waits(owner: AsyncConnection) -> None:
    """Return once a transaction waits for another one's lock."""

    async def waits() -> bool:
        found = bool(await owner.scalar(_WAITS))
        await owner.rollback()
        return found

    async with asyncio.timeout(60):
        await until(waits)


async def test_messages_go_with_their_learner(database: Database, clock: ManualClock) -> None:
    ana, bob = await reader(database, "ana"), await reader(database, "bob")
    for one in (ana, bob):
        await tell(database, one, message(one, f"{one.name}:1", clock.now()))
    await go(database, ana)
    assert (await left(database, ana), await left(database, bob)) == (0, 1)


async def test_what_a_set_writes_meanwhile_goes_too(
    database: Database, clock: ManualClock, owner: AsyncConnection
) -> None:
    ana = await reminded(database, "ana", time(20), clock.now())
    async with database.worker_unit_of_work() as conn:
        assert await one_set(conn, DUE) == {"sent": 1}
        going = asyncio.create_task(go(database, ana))
        await somebody_waits(owner)
    await going
    assert await left(database, ana) == 0


async def test_nothing_is_posted_to_who_is_going(
    database: Database, clock: ManualClock, owner: AsyncConnection
) -> None:
    ana = await reader(database, "ana")

    async def tell_ana() -> bool:
        async with database.worker_unit_of_work() as conn:
            return await post(conn, message(ana, "ana:1", clock.now()))

    async with database.worker_unit_of_work() as conn:
        await conn.execute(_GO, {"learner": ana.user_id})
        telling = asyncio.create_task(tell_ana())
        await somebody_waits(owner)
    assert not await telling
    assert await left(database, ana) == 0


async def test_joining_waits_for_a_set_before_it_holds_the_learners(
    database: Database,
    clock: ManualClock,
    owner: AsyncConnection,
    server: EmbeddedServer,
    database_name: str,
) -> None:
    """Each would wait for the other if the set asked for a learner whom the joining held."""
    ana = await reminded(database, "ana", time(20), clock.now())
    bob = await reminded(database, "bob", time(20), clock.now())
    both = {"a": ana.user_id, "b": bob.user_id}

    async def hold() -> None:
        async with owner_of(server, database_name) as conn:
            await conn.execute(text("select hold_learners(:a, :b)"), both)

    async with database.worker_unit_of_work() as conn:
        assert await one_set(conn, DUE) == {"sent": 2}
        holding = asyncio.create_task(hold())
        await somebody_waits(owner)
        await conn.exec_driver_sql("select from users for key share nowait")
    await holding
