"""What processes share through the database: the pace, turns, commands sent once, open chats."""

import asyncio
from typing import Any

import pytest

from bots.conversation.completion import Catalogue, candidates
from bots.discord.commands import tree
from bots.discord.pace import SharedPace
from bots.discord.reunion import AGAIN, Reunion
from bots.discord.shards import Turns
from bots.discord.sync import sync
from domain.clock import ManualClock
from domain.database import Database
from domain.sql import sql
from tests.support.courses import teach

STEP = 0.02  # seconds between two requests in these tests


async def test_processes_share_one_pace(database: Database):
    loop, paces = (
        asyncio.get_running_loop(),
        [SharedPace(database, "pace", per_second=1 / STEP) for _ in range(3)],
    )
    begun = loop.time()
    await asyncio.gather(*(pace.wait() for pace in paces for _ in range(10)))
    assert loop.time() - begun >= 29 * STEP - 0.001  # the first waits for nobody
    async with database.worker_unit_of_work() as conn:
        rows = await conn.execute(
            sql("SELECT tokens FROM rate_limits WHERE scope = 'platform' AND subject = 'pace'")
        )
        assert len(rows.all()) == 1


async def test_nothing_is_sent_when_the_pace_cannot_be_kept():
    class Away:
        def worker_unit_of_work(self) -> Any:
            raise ConnectionError("away")

    pace = SharedPace(Away())  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(ConnectionError):
            await pace.wait()


async def test_shards_of_one_remainder_wait_for_each_other_in_all_processes(database: Database):
    loop, seen = asyncio.get_running_loop(), list[tuple[int, float]]()
    turns = [Turns(database, 2, seconds=0.3) for _ in range(2)]

    async def identify(process: Turns, shard: int) -> None:
        await process.wait(shard)
        seen.append((shard % 2, loop.time()))

    await asyncio.gather(*(identify(turns[n // 2], n) for n in range(4)))
    for remainder in (0, 1):
        first, second = sorted(at for which, at in seen if which == remainder)
        assert second - first >= 0.29
    assert len(seen) == 4


class Discord:
    """Takes commands, or does not."""

    def __init__(self) -> None:
        self.sent: list[object] = []
        self.is_away = False

    async def request(self, route: object, *, json: object) -> None:
        if self.is_away:
            raise ConnectionError("away")
        self.sent.append(json)


async def test_commands_are_sent_when_they_changed_and_by_one_process(database: Database):
    http: Any = Discord()
    first, second = tree(frozenset()), tree(frozenset({"course"}))
    http.is_away = True
    with pytest.raises(ConnectionError):
        await sync(database, http, 1, first)
    http.is_away = False
    sent = await asyncio.gather(*(sync(database, http, 1, first) for _ in range(3)))
    assert sorted(sent) == [False, False, True]
    assert await sync(database, http, 1, second)
    assert await sync(database, http, 1, first)  # taken back to an older version
    assert not await sync(database, http, 1, first)
    assert await sync(database, http, 2, first)
    assert http.sent == [first, second, first, first]


async def test_a_chat_that_writes_again_is_open(database: Database, clock: ManualClock):
    person = sql("""
        WITH one AS (INSERT INTO users DEFAULT VALUES RETURNING id)
        INSERT INTO delivery_channels (user_id, platform, address, blocked_at, blocked_reason)
        SELECT id, 'discord', :address, now(), 'closed' FROM one
    """)
    blocked = sql("SELECT count(*) FROM delivery_channels WHERE blocked_at IS NOT NULL")
    close = sql("UPDATE delivery_channels SET blocked_at = now(), blocked_reason = 'closed'")
    reunion = Reunion(database, clock)

    async def is_blocked() -> bool:
        async with database.worker_unit_of_work() as conn:
            return bool((await conn.execute(blocked)).scalar_one())

    async with database.worker_unit_of_work() as conn:
        await conn.execute(person, {"address": "7"})
    await reunion.heard("7")
    assert not await is_blocked()
    async with database.worker_unit_of_work() as conn:
        await conn.execute(close)
    await reunion.heard("7")  # a look at the database a moment ago is enough
    assert await is_blocked()
    reunion.closed("7")
    await reunion.heard("7")
    assert not await is_blocked()
    async with database.worker_unit_of_work() as conn:
        await conn.execute(close)
    clock.advance(AGAIN)
    await reunion.heard("7")
    assert not await is_blocked()


async def test_values_are_completed_from_memory(database: Database, clock: ManualClock):
    await teach(database)
    catalogue = Catalogue(database, clock)
    await catalogue.refresh()
    ((slug, title),) = candidates(catalogue, "course", "", 25)
    assert slug == "tiny"
    assert candidates(catalogue, "course", title[2:5].upper(), 25) == [(slug, title)]
    assert candidates(catalogue, "course", "nothing like it", 25) == []
    assert [slug for slug, _ in candidates(catalogue, "challenge", "DOUBLE", 25)] == ["tiny-double"]
    assert candidates(catalogue, "quiz", "tiny", 1)
    assert len(candidates(catalogue, "zone", "", 25)) == 25
    assert candidates(catalogue, "zone", "warsaw", 25)[0][0] == "Europe/Warsaw"
    assert candidates(catalogue, "zone", "new york", 25)[0][0] == "America/New_York"
    assert ("pl", "polski") in candidates(catalogue, "language", "pol", 25)
    assert candidates(catalogue, "command", "le", 1) == [("learn", "/learn")]
    assert candidates(catalogue, "lang", "en", 25) == [("en", "en")]
    await catalogue.close()
