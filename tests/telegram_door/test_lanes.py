"""Stored updates: in order within a chat, side by side across chats, set aside when poisoned."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from random import Random

import pytest

from bots.telegram.lanes import MOST_TRIES, Begun, Finisher, Lanes
from bots.telegram.standing import Standing, Timing, owner_name, prefix_of
from domain import inbox, leases
from domain.clock import ManualClock
from domain.database import Database
from domain.identity import service as identity
from domain.inbox import Box, Update
from domain.notifications import claims
from domain.sql import sql
from tests.support.eventually import until

BOX = Box("telegram", "77")
TIMING = Timing(term=timedelta(seconds=60))


class House:
    """One process's lanes; `deeds` is what happened, in order."""

    def __init__(self, database: Database, clock: ManualClock, word: str = "a") -> None:
        self.database, self.clock = database, clock
        self.owner = owner_name(BOX, word)
        self.deeds: list[str] = []
        self.gates: dict[int, asyncio.Event] = {}
        self.finisher = Finisher(database, clock, BOX, Random(1))  # noqa: S311
        self.lanes = Lanes(BOX, self.owner, self.work, self.finisher, self.album)
        self.shares: list[int] = []
        self.standing = Standing(
            database, clock, BOX, self.owner, self.lanes, self.shares.append, TIMING
        )

    @staticmethod
    def album(update: Update) -> str:
        return str(update.payload.get("album", ""))

    async def work(self, updates: Sequence[Update], begun: Begun) -> str | None:
        update = updates[-1]
        self.deeds += [f"with {one.number}" for one in updates[:-1]]
        self.deeds.append(f"begin {update.number}")
        if update.payload.get("poison"):
            raise ValueError("bad update")
        if update.payload.get("later"):
            begun()
        if gate := self.gates.get(update.number):
            await gate.wait()
        self.deeds.append(f"end {update.number}")
        return update.lane

    async def gets(self, *updates: tuple[int, str], **payload: object) -> None:
        """Updates arrive: (number, chat)."""
        got = [Update(n, lane, payload, self.clock.now()) for n, lane in updates]
        async with self.database.worker_unit_of_work() as conn:
            ours, _ = await inbox.store(conn, BOX, got, self.owner, self.clock.now())
        self.lanes.add(one for one in got if one.number in ours)

    async def ended(self, *numbers: int) -> None:
        async with asyncio.timeout(20):
            await until(lambda: {f"end {n}" for n in numbers} <= set(self.deeds), 0.01)


@pytest.fixture
async def house(inboxes: Database, clock: ManualClock) -> AsyncIterator[House]:
    made = House(inboxes, clock)
    await made.standing.beat()
    yield made
    await made.lanes.drain(0)


async def waiting(database: Database) -> list[int]:
    statement = sql("SELECT sequence FROM inbound_updates WHERE handled_at IS NULL ORDER BY 1")
    async with database.worker_unit_of_work() as conn:
        return [row.sequence for row in (await conn.execute(statement)).all()]


async def test_a_chat_keeps_its_order_and_others_do_not_wait(house: House) -> None:
    house.gates[1] = asyncio.Event()
    await house.gets((1, "ada"), (2, "ada"), (3, "ben"))
    await house.ended(3)
    assert house.deeds == ["begin 1", "begin 3", "end 3"]
    house.gates[1].set()
    await house.ended(1, 2)
    assert house.deeds[3:] == ["end 1", "begin 2", "end 2"]
    await house.finisher.flush()
    assert await waiting(house.database) == []


async def test_an_answer_on_its_way_holds_up_nothing(house: House) -> None:
    house.gates[1] = asyncio.Event()
    await house.gets((1, "ada"), (2, "ada"), later=True)
    await house.ended(2)
    await house.finisher.flush()
    assert await waiting(house.database) == [1]
    house.gates[1].set()
    await house.ended(1)


async def test_a_poison_update_is_set_aside_and_the_chat_goes_on(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.gets((1, "ada"), poison=True)
    await house.gets((2, "ada"))
    await house.ended(2)
    await house.finisher.flush()
    assert await waiting(house.database) == []
    async with house.database.worker_unit_of_work() as conn:
        ((number, error, _),) = await inbox.aside(conn, BOX)
    assert (number, error) == (1, "ValueError: bad update")
    assert "updates [1] cannot be worked" in caplog.text


async def test_the_files_of_an_album_are_one_deed(house: House) -> None:
    await house.gets((1, "ada"), (2, "ada"), album="x")
    await asyncio.sleep(0.05)
    await house.gets((3, "ada"), album="x")  # it comes a little later
    await house.gets((4, "ada"))
    await house.ended(3, 4)
    assert house.deeds == ["with 1", "with 2", "begin 3", "end 3", "begin 4", "end 4"]
    await house.finisher.flush()
    assert await waiting(house.database) == []


async def test_an_update_that_ends_every_process_is_given_up(house: House) -> None:
    other = House(house.database, house.clock, "dead")
    async with house.database.worker_unit_of_work() as conn:
        await leases.take(conn, other.owner, other.owner, house.clock.now(), TIMING.term)
        killer = Update(1, "ada", {}, house.clock.now())
        await inbox.store(conn, BOX, [killer], other.owner, house.clock.now())
        for _ in range(MOST_TRIES):
            await inbox.begin_again(conn, BOX, other.owner, 1)
    house.clock.advance(TIMING.term)
    await house.standing.beat()
    async with asyncio.timeout(20):
        await until(lambda: bool(house.finisher._done), 0.01)
    await house.finisher.flush()
    assert house.deeds == []
    async with house.database.worker_unit_of_work() as conn:
        ((number, error, _),) = await inbox.aside(conn, BOX)
    assert (number, error) == (1, f"its process ended {MOST_TRIES} times")


async def test_a_process_that_stalled_begins_nothing_that_another_took_over(
    house: House, clock: ManualClock
) -> None:
    house.gates[1] = asyncio.Event()
    await house.gets((1, "ada"), (2, "ada"), (3, "ben"))
    await house.ended(3)
    clock.advance(TIMING.term)  # the first one has stalled, in the middle of 1
    second = House(house.database, clock, "b")
    await second.standing.beat()
    await second.ended(1, 2)
    await second.finisher.flush()
    house.standing._sure_until = 0.0
    await house.standing.beat()  # it comes to itself
    house.gates[1].set()
    await house.ended(1)
    assert "begin 2" not in house.deeds
    await second.lanes.drain(0)


async def test_what_is_not_begun_when_told_to_stop_is_left_to_others(house: House) -> None:
    house.gates[1] = asyncio.Event()
    await house.gets((1, "ada"), (2, "ada"))
    async with asyncio.timeout(20):
        await until(lambda: "begin 1" in house.deeds, 0.01)
    draining = asyncio.create_task(house.lanes.drain(20))
    await asyncio.sleep(0)
    house.gates[1].set()
    await draining
    await house.finisher.flush()
    await house.standing.leave()
    assert house.deeds == ["begin 1", "end 1"]
    second = House(house.database, house.clock, "b")
    await second.standing.beat()
    await second.ended(2)
    await second.lanes.drain(0)


async def test_the_role_of_asking_moves_when_its_holder_stalls(
    house: House, clock: ManualClock
) -> None:
    second = House(house.database, clock, "b")
    for one in (house, second):
        one.standing.want_to_poll()
        await one.standing.beat()
    assert (house.standing.polls, second.standing.polls) == (True, False)
    assert second.shares == [2]  # each may use half of the pace
    clock.advance(TIMING.term)
    await second.standing.beat()
    await house.standing.beat()
    assert (house.standing.polls, second.standing.polls) == (False, True)
    await second.standing.leave()
    await house.standing.beat()
    assert house.standing.polls
    async with house.database.worker_unit_of_work() as conn:
        assert len(await leases.live(conn, prefix_of(BOX), clock.now())) == 2


async def test_done_updates_wait_until_the_database_is_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [OSError("the database is away")] * 2
    open_ = house.database.worker_unit_of_work

    def fails_twice() -> object:
        if failures:
            raise failures.pop()
        return open_()

    await house.gets((1, "ada"))
    await house.ended(1)
    monkeypatch.setattr(house.database, "worker_unit_of_work", fails_twice)
    monkeypatch.setattr("bots.telegram.lanes.backoff", lambda *_: timedelta(milliseconds=1))
    await house.finisher.flush()
    assert await waiting(house.database) == []


async def test_a_chat_that_writes_again_is_open_again(house: House) -> None:
    async with house.database.unit_of_work() as conn:
        now = house.clock.now()
        await identity.Accounts().learner(conn, "telegram", "600", "Ada", None, now)
    async with house.database.worker_unit_of_work() as conn:
        await claims.close(conn, "telegram", "600", "blocked", house.clock.now())
    await house.gets((1, "600"))
    await house.ended(1)
    await house.finisher.flush()
    statement = sql("SELECT blocked_at FROM delivery_channels WHERE address = '600'")
    async with house.database.worker_unit_of_work() as conn:
        assert (await conn.execute(statement)).scalar_one() is None
