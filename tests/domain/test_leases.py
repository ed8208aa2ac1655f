"""Leases: one owner at a time, a higher fence for each new one, and an end without any owner."""

import asyncio
from datetime import timedelta

import pytest

from domain import leases
from domain.clock import ManualClock
from domain.database import Database
from domain.leases import Lease
from domain.sql import sql

TERM = timedelta(seconds=10)


async def take(database: Database, clock: ManualClock, name: str, owner: str) -> Lease | None:
    async with database.worker_unit_of_work() as conn:
        return await leases.take(conn, name, owner, clock.now(), TERM)


@pytest.fixture(autouse=True)
async def nothing_held(database: Database) -> None:
    async with database.worker_unit_of_work() as conn:
        await conn.execute(sql("DELETE FROM leases"))


async def test_only_one_of_many_gets_a_role(database: Database, clock: ManualClock) -> None:
    names = [f"process {n}" for n in range(6)]
    found = await asyncio.gather(*(take(database, clock, "poller", name) for name in names))
    held = [one for one in found if one]
    assert len(held) == 1
    assert held[0].fence == 1


async def test_an_owner_renews_and_keeps_its_fence(database: Database, clock: ManualClock) -> None:
    await take(database, clock, "poller", "a")
    clock.advance(TERM * 0.9)
    renewed = await take(database, clock, "poller", "a")
    assert renewed == Lease("poller", "a", 1, clock.now() + TERM)
    clock.advance(TERM * 0.9)
    assert await take(database, clock, "poller", "b") is None


async def test_who_stalls_is_replaced_under_a_higher_fence(
    database: Database, clock: ManualClock
) -> None:
    await take(database, clock, "poller", "a")
    clock.advance(TERM)
    taken = await take(database, clock, "poller", "b")
    assert taken is not None
    assert taken.fence == 2
    assert await take(database, clock, "poller", "a") is None


async def test_a_released_role_is_free_at_once(database: Database, clock: ManualClock) -> None:
    await take(database, clock, "poller", "a")
    async with database.worker_unit_of_work() as conn:
        await leases.release(conn, "poller", "b", clock.now())  # not its own: nothing happens
    assert await take(database, clock, "poller", "b") is None
    async with database.worker_unit_of_work() as conn:
        await leases.release(conn, "poller", "a", clock.now())
    assert await take(database, clock, "poller", "b") is not None


async def test_those_alive_are_known_and_old_ones_go(
    database: Database, clock: ManualClock
) -> None:
    await take(database, clock, "bot:1:worker:a", "a")
    await take(database, clock, "bot:10:worker:x", "x")
    clock.advance(TERM)
    await take(database, clock, "bot:1:worker:b", "b")
    async with database.worker_unit_of_work() as conn:
        assert await leases.live(conn, "bot:1:", clock.now()) == {"bot:1:worker:b": "b"}
        assert await leases.prune(conn, "bot:1:", clock.now()) == 0
        clock.advance(leases.KEEP_EXPIRED)
        assert await leases.prune(conn, "bot:1:", clock.now()) == 1  # b has just ended
