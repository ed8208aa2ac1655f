"""The inbox: nothing delivered is lost, a repeat changes nothing, a lane has one owner."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from domain import inbox, leases
from domain.clock import ManualClock
from domain.database import Database
from domain.inbox import Box, Update
from domain.sql import sql

BOX = Box("telegram", "77")
TERM = timedelta(seconds=10)
_ROWS = sql("""
    SELECT sequence, owner, tries, error, payload::text AS payload, handled_at IS NOT NULL AS done
    FROM inbound_updates WHERE receiver = :receiver ORDER BY sequence
""")


@pytest.fixture(autouse=True)
async def empty(database: Database) -> None:
    async with database.worker_unit_of_work() as conn:
        await conn.execute(sql("DELETE FROM inbound_updates"))
        await conn.execute(sql("DELETE FROM leases"))


def update(number: int, lane: str, clock: ManualClock, **payload: object) -> Update:
    return Update(number, lane, payload, clock.now())


async def alive(database: Database, clock: ManualClock, owner: str) -> None:
    async with database.worker_unit_of_work() as conn:
        assert await leases.take(conn, owner, owner, clock.now(), TERM)


async def put(
    database: Database, clock: ManualClock, owner: str, *updates: Update
) -> tuple[set[int], bool]:
    async with database.worker_unit_of_work() as conn:
        return await inbox.store(conn, BOX, updates, owner, clock.now())


async def get(database: Database, clock: ManualClock, owner: str, most: int = 99) -> list[int]:
    async with database.worker_unit_of_work() as conn:
        claimed = await inbox.claim(conn, BOX, owner, clock.now(), most)
    return [one.number for one in claimed]


async def rows(database: Database) -> Sequence[object]:
    async with database.worker_unit_of_work() as conn:
        return list((await conn.execute(_ROWS, {"receiver": BOX.receiver})).all())


async def test_an_update_delivered_twice_is_worked_once(
    database: Database, clock: ManualClock
) -> None:
    await alive(database, clock, "a")
    first = await put(database, clock, "a", update(5, "ada", clock), update(6, "ben", clock))
    assert first == ({5, 6}, False)
    again = await put(database, clock, "a", update(5, "ada", clock), update(7, "ada", clock))
    assert again == ({7}, False)
    async with database.worker_unit_of_work() as conn:
        await inbox.finish(conn, BOX, [5, 6, 7], clock.now())
    assert await put(database, clock, "a", update(5, "ada", clock)) == (set(), False)
    assert await get(database, clock, "b") == []


async def test_what_is_done_keeps_its_number_and_not_its_words(
    database: Database, clock: ManualClock
) -> None:
    await put(database, clock, "a", update(5, "ada", clock, text="secret thoughts"))
    async with database.worker_unit_of_work() as conn:
        await inbox.finish(conn, BOX, [5], clock.now())
    assert await rows(database) == [(5, None, 0, None, "{}", True)]


async def test_what_a_dead_owner_left_is_claimed_in_order(
    database: Database, clock: ManualClock
) -> None:
    await alive(database, clock, "a")
    await put(database, clock, "a", *(update(n, "ada", clock, n=n) for n in (3, 1, 2)))
    await alive(database, clock, "b")
    assert await get(database, clock, "b") == []
    clock.advance(TERM)
    await alive(database, clock, "b")
    assert await get(database, clock, "b", most=2) == [1, 2]
    assert await get(database, clock, "b") == [3]
    async with database.worker_unit_of_work() as conn:
        assert await inbox.owned(conn, BOX, "b") == {1, 2, 3}


async def test_a_claimed_update_is_as_it_came(database: Database, clock: ManualClock) -> None:
    payload = {"text": 'ż 😀 "quoted" \\', "list": [1, None, {"a": 0.5}]}
    await put(database, clock, "gone", update(1, "ada", clock, **payload))
    async with database.worker_unit_of_work() as conn:
        (claimed,) = await inbox.claim(conn, BOX, "b", clock.now(), 9)
    assert claimed == Update(1, "ada", payload, clock.now(), taken_over=True)


async def test_a_lane_never_has_two_owners(database: Database, clock: ManualClock) -> None:
    await alive(database, clock, "a")
    await alive(database, clock, "b")
    await put(database, clock, "a", update(1, "ada", clock))
    stored = await put(database, clock, "b", update(2, "ada", clock), update(3, "ben", clock))
    assert stored == ({3}, True)  # ada's is left to whoever works ada's lane
    assert await get(database, clock, "b") == []
    assert await get(database, clock, "a") == [2]
    async with database.worker_unit_of_work() as conn:
        await inbox.finish(conn, BOX, [1, 2], clock.now())
    assert await put(database, clock, "b", update(4, "ada", clock)) == ({4}, False)


async def test_many_at_once_share_the_lanes_out(database: Database, clock: ManualClock) -> None:
    owners = [f"p{n}" for n in range(4)]
    for owner in owners:
        await alive(database, clock, owner)
    lanes = [f"chat {n}" for n in range(5)]

    async def deliver(owner: str, start: int) -> None:
        for number in range(start, start + 20):
            await put(database, clock, owner, update(number, lanes[number % 5], clock))
            await get(database, clock, owner)

    await asyncio.gather(*(deliver(owner, 100 * n) for n, owner in enumerate(owners)))
    for owner in owners:
        await get(database, clock, owner)
    counted = sql("SELECT lane, count(DISTINCT owner) AS owners FROM inbound_updates GROUP BY lane")
    async with database.worker_unit_of_work() as conn:
        found = {row.lane: row.owners for row in (await conn.execute(counted)).all()}
    assert found == dict.fromkeys(lanes, 1)


async def test_what_was_given_back_is_free_at_once(database: Database, clock: ManualClock) -> None:
    await alive(database, clock, "a")
    await put(database, clock, "a", update(1, "ada", clock), update(2, "ben", clock))
    async with database.worker_unit_of_work() as conn:
        assert await inbox.give_back(conn, BOX, "a") == 2
    assert await get(database, clock, "b") == [1, 2]


async def test_tries_are_counted_for_its_owner_only(database: Database, clock: ManualClock) -> None:
    await put(database, clock, "a", update(1, "ada", clock))
    async with database.worker_unit_of_work() as conn:
        assert [await inbox.begin_again(conn, BOX, "a", 1) for _ in range(3)] == [1, 2, 3]
        assert await inbox.begin_again(conn, BOX, "b", 1) == 0


async def test_a_poison_update_is_set_aside_with_its_reason(
    database: Database, clock: ManualClock
) -> None:
    await put(database, clock, "a", update(1, "ada", clock, text="kept"), update(2, "ada", clock))
    async with database.worker_unit_of_work() as conn:
        await inbox.set_aside(conn, BOX, 1, "TypeError: " + "x" * 900, clock.now())
        ((number, reason, at),) = await inbox.aside(conn, BOX)
    assert (number, len(reason), at) == (1, inbox.LONGEST_ERROR, clock.now())
    assert await get(database, clock, "b") == [2]
    assert '"kept"' in str((await rows(database))[0])


async def test_what_postgresql_cannot_store_is_refused_alone(
    database: Database, clock: ManualClock
) -> None:
    poison = update(1, "ada", clock, text="a\0b")
    with pytest.raises(DBAPIError) as raised:
        await put(database, clock, "a", poison, update(2, "ada", clock))
    assert str(getattr(raised.value.orig, "sqlstate", "")).startswith("22")
    assert await rows(database) == []
    async with database.worker_unit_of_work() as conn:
        for _ in range(2):  # it is delivered again
            await inbox.refuse(conn, BOX, poison, "cannot be stored", clock.now())
        assert [number for number, *_ in await inbox.aside(conn, BOX)] == [1]
    assert await put(database, clock, "a", update(2, "ada", clock)) == ({2}, False)


async def test_two_bots_on_one_database_do_not_meet(database: Database, clock: ManualClock) -> None:
    other = Box("telegram", "78")
    await put(database, clock, "a", update(1, "ada", clock))
    async with database.worker_unit_of_work() as conn:
        ours, _ = await inbox.store(conn, other, [update(1, "ada", clock)], "b", clock.now())
        assert ours == {1}
        await inbox.finish(conn, other, [1], clock.now())
    assert await get(database, clock, "c") == [1]
