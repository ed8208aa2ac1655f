"""Rounds move on by time and by processes that come and go, and wait for what can be seen."""

from datetime import timedelta

import pytest

from domain.errors import Conflict
from domain.live import (
    chats,
    hosting,
    making,
    phases,
    rounds,
    running,
)
from domain.sql import sql
from tests.domain.live.seated import Table
from tests.domain.quizzes import samples

ME, OTHER = "live:one", "live:two"

_FAIL = sql("UPDATE live_chats SET failed = 'no' WHERE address = :chat")


async def moved(table: Table, owner: str) -> list[timedelta]:
    """One look by a process: take what is free, then do what is due."""
    now = table.clock.now()
    async with table.database.worker_unit_of_work() as conn:
        assert await running.hold(conn, owner, now)
        await running.beat(conn, owner, now)
        taken = await running.take_over(conn, owner, now)
        for live in await running.mine(conn, owner):
            await running.move(conn, live, now)
    return [one.moved for one in taken if one.round_id == table.round]


async def test_time_moves_a_round_to_its_end(table: Table):
    await table.open(1, "time:10", (samples.SINGLE, samples.SINGLE))
    await table.join(0)
    await table.go_on()
    seen = []
    for _ in range(60):
        await moved(table, ME)
        await table.show()
        seen.append((await table.live()).at.phase)
        table.clock.advance(timedelta(seconds=1))
    assert [phase for n, phase in enumerate(seen) if n == 0 or seen[n - 1] != phase] == [
        *("question", "reveal", "question", "reveal", "finished")
    ]


async def test_a_clock_waits_for_its_message_but_not_for_ever(table: Table):
    await table.open(1, "time:10")
    await table.join(0)
    host = table.people[0].user_id
    async with table.database.unit_of_work(host) as conn:
        live = await rounds.load(conn, table.round)
        await hosting.go_on(conn, live, host, table.clock.now())
    opened = table.clock.now()
    for _ in range(29):
        await moved(table, ME)
        table.clock.advance(timedelta(seconds=1))
    await table.press(0, await table.right())
    assert (await table.scene()).given[0].used == timedelta(0)
    table.clock.advance(timedelta(seconds=1))
    await moved(table, ME)
    begun = (await table.live()).at
    assert begun.unseen_since is None
    assert begun.opened_at == opened + phases.PATIENCE


async def test_an_answer_stays_until_all_chats_have_shown_it_that_can(table: Table):
    await table.open(2, "time:10", (samples.SINGLE,) * 2)
    second = f"{table.chat}-2"
    async with table.database.worker_unit_of_work() as conn:
        await making.add_chat(conn, table.round, "terminal", second)
        await running.hold(conn, ME, table.clock.now())
        await chats.claim(conn, ME, ["terminal"], table.clock.now())

    async def waits() -> bool:
        return (await table.live()).at.unseen_since is not None

    await table.go_on()  # the first chat shows each phase, the second one nothing
    assert not await waits()  # a question that can be seen somewhere is open
    await table.go_on()
    assert await waits()
    await table.show(second)
    assert not await waits()
    await table.go_on()
    async with table.database.worker_unit_of_work() as conn:
        await conn.execute(_FAIL, {"chat": second})
    await table.go_on()
    assert not await waits()


async def test_when_all_have_answered_nobody_waits(table: Table):
    await table.open(2, "time:60")
    await table.join(0)
    await table.join(1)
    await table.go_on()
    await table.press(0, 0)
    await moved(table, ME)
    assert (await table.live()).at.phase == "question"
    await table.press(1, 1)
    await moved(table, ME)
    assert (await table.live()).at.phase == "reveal"


async def test_another_process_takes_over_and_gives_the_time_back(table: Table):
    await table.open(2, "time:60")
    await table.join(0)
    await table.go_on()
    await moved(table, ME)
    before = (await table.live()).at
    table.clock.advance(timedelta(seconds=2))
    assert await moved(table, OTHER) == []  # the first one still lives
    table.clock.advance(timedelta(seconds=38))
    assert await moved(table, OTHER) == [timedelta(seconds=40)]
    after = (await table.live()).at
    assert after.closes_at is not None
    assert before.closes_at is not None
    assert after.closes_at - before.closes_at == timedelta(seconds=40)
    await table.press(0, await table.right())  # 40 s of outage are not the player's
    assert (await table.scene()).given[0].used == timedelta(0)


async def test_what_a_stalled_owner_still_writes_is_refused(table: Table):
    await table.open(1, "time:10")
    await table.join(0)
    await table.go_on()
    await moved(table, ME)
    stalled = await table.live()
    table.clock.advance(timedelta(seconds=12))
    await moved(table, OTHER)
    async with table.database.worker_unit_of_work() as conn:
        with pytest.raises(Conflict):
            await running.move(conn, stalled, table.clock.now())


async def test_after_a_long_outage_the_host_decides(table: Table):
    await table.open(1, "time:10")
    await table.join(0)
    await table.go_on()
    await moved(table, ME)
    table.clock.advance(timedelta(minutes=11))
    await moved(table, OTHER)
    assert ((await table.live()).at.phase, (await table.live()).at.why) == ("paused", "outage")
    host = table.people[0].user_id
    async with table.database.unit_of_work(host) as conn:
        await hosting.resume(conn, await rounds.load(conn, table.round), host, table.clock.now())
    current = (await table.scene()).current
    assert current is not None
    assert current.closed_at is None  # it rested, and can be answered again
    await table.press(0, await table.right())
    assert (await table.scene()).given[0].used == timedelta(0)
