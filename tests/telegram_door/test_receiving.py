"""Updates on their way in: stored first; a broken one is set aside alone; webhooks need a word."""

import asyncio
import logging
import re
import socket
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bots.telegram.client import StoaBot
from bots.telegram.receiving import Poller, Store
from bots.telegram.webhook import HEADER, announce, listening, secret_of
from domain.clock import ManualClock
from domain.database import Database
from domain.inbox import Box, Update
from domain.settings import ConfigurationError, Settings
from domain.sql import sql
from tests.platforms.telegram.server import LoopbackTelegram
from tests.support.eventually import until

BOX = Box("telegram", "77")


class Taken:
    """A store and what it handed on."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.numbers: list[int] = []
        self.store = Store(database, clock, BOX, "me", self.take, lambda: None)

    def take(self, updates: Sequence[Update]) -> None:
        self.numbers += [update.number for update in updates]


@pytest.fixture
def taken(inboxes: Database, clock: ManualClock) -> Taken:
    return Taken(inboxes, clock)


async def rows(database: Database) -> dict[int, str | None]:
    statement = sql("SELECT sequence, error FROM inbound_updates ORDER BY sequence")
    async with database.worker_unit_of_work() as conn:
        return {row.sequence: row.error for row in (await conn.execute(statement)).all()}


async def test_what_cannot_be_stored_keeps_nothing_else_out(
    taken: Taken, inboxes: Database
) -> None:
    raws: list[dict[str, Any]] = [
        {"update_id": 1, "message": {"chat": {"id": 7}, "text": "a"}},
        {"update_id": 2, "message": {"chat": {"id": 7}, "text": "nul \0"}},
        {"update_id": 3, "message": {"chat": {"id": 7}, "text": "half a sign \ud83d"}},
        {"update_id": 4, "poll": []},
        {"update_id": "x"},
        {"update_id": 2**70},
        {},
    ]
    await taken.store.put(raws)
    await taken.store.put(raws)
    assert taken.numbers == [1, 4]
    found = await rows(inboxes)
    assert found.keys() == {1, 2, 3, 4}
    assert [number for number, error in found.items() if error] == [2, 3]


async def test_nothing_is_confirmed_before_it_is_stored(
    telegram: LoopbackTelegram,
    bot: StoaBot,
    taken: Taken,
    inboxes: Database,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("bots.telegram.receiving.backoff", lambda *_: timedelta(milliseconds=1))
    problems: list[str | None] = []
    put, failures = taken.store.put, [OSError("the disk is full")] * 3

    async def fails_at_first(raws: Sequence[dict[str, Any]]) -> None:
        if failures and raws:
            raise failures.pop()
        await put(raws)

    monkeypatch.setattr(taken.store, "put", fails_at_first)

    async def holds() -> bool:
        return True

    ada = telegram.people.user("Ada")
    telegram.people.say(ada, telegram.world.chats[ada.id], "/start")
    stop = asyncio.Event()
    poller = Poller(bot, taken.store, holds, lambda: True, problems.append, lambda: 0.5, wait=1)
    running = asyncio.create_task(poller.run(stop))
    async with asyncio.timeout(20):
        await until(lambda: not telegram.updates.pending, 0.02)
    assert len(taken.numbers) == 1
    assert set(await rows(inboxes)) == set(taken.numbers)
    assert problems[:3] == ["OSError: the disk is full"] * 3
    assert problems[-1] is None
    stop.set()
    await running


async def test_two_programs_with_one_token_are_told_in_words(
    telegram: LoopbackTelegram,
    bot: StoaBot,
    taken: Taken,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("bots.telegram.receiving.CONFLICT_S", 0.01)

    async def holds() -> bool:
        return True

    stop = asyncio.Event()
    pollers = [
        Poller(bot, taken.store, holds, lambda: True, lambda _: None, lambda: 0.5, wait=1)
        for _ in range(2)
    ]
    with caplog.at_level(logging.ERROR):
        running = [asyncio.create_task(poller.run(stop)) for poller in pollers]
        async with asyncio.timeout(20):
            await until(lambda: "Another program asks Telegram" in caplog.text, 0.02)
    stop.set()
    await asyncio.gather(*running)


@pytest.fixture
def hooked(settings: Settings) -> Settings:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return settings.model_copy(
        update={
            "telegram_webhook_url": "https://bot.example.org/telegram",
            "telegram_webhook_secret": SecretStr("owl-42"),
            "telegram_webhook_listen": f"127.0.0.1:{port}",
        }
    )


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def test_a_webhook_takes_what_carries_the_word_and_answers_after_the_commit(
    hooked: Settings, taken: Taken, inboxes: Database, session: aiohttp.ClientSession
) -> None:
    url = f"http://{hooked.telegram_webhook_listen}/telegram"
    good = {HEADER: "owl-42"}

    async def bring(data: str, headers: dict[str, str], path: str = url) -> int:
        async with session.post(path, data=data, headers=headers) as answer:
            return answer.status

    async with listening(hooked, taken.store):
        assert await bring('{"update_id": 1}', {}) == 403
        assert await bring('{"update_id": 1}', {HEADER: "owl-43"}) == 403
        assert await bring("not json", good) == 400
        assert await bring("[1]", good) == 400
        assert await bring('{"update_id": 1}', good, url + "/other") == 404
        assert await rows(inboxes) == {}
        statuses = await asyncio.gather(*(bring(f'{{"update_id": {n}}}', good) for n in range(30)))
        assert set(statuses) == {200}
        assert set(await rows(inboxes)) == set(range(30))
        assert await bring('{"update_id": 3}', good) == 200
        assert sorted(taken.numbers) == list(range(30))


async def test_telegram_brings_again_what_could_not_be_stored(
    hooked: Settings,
    taken: Taken,
    session: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fails(_: object) -> None:
        raise OSError("the database is away")

    monkeypatch.setattr(taken.store, "put", fails)
    url = f"http://{hooked.telegram_webhook_listen}/telegram"
    async with (
        listening(hooked, taken.store),
        session.post(url, data='{"update_id": 1}', headers={HEADER: "owl-42"}) as answer,
    ):
        assert answer.status == 503


async def test_a_webhook_without_a_free_port_is_refused_in_words(
    hooked: Settings, taken: Taken
) -> None:
    async with listening(hooked, taken.store):
        with pytest.raises(ConfigurationError, match="STOA_TELEGRAM_WEBHOOK_LISTEN"):
            async with listening(hooked, taken.store):
                pass


def test_a_word_that_nobody_chose_is_made_from_the_token(hooked: Settings) -> None:
    changes = {"telegram_webhook_secret": None, "telegram_token": SecretStr("1:a")}
    bare = hooked.model_copy(update=changes)
    made = secret_of(bare)
    assert re.fullmatch("[A-Za-z0-9_-]{32,256}", made)
    assert made == secret_of(bare)
    other = bare.model_copy(update={"telegram_token": SecretStr("1:b")})
    assert secret_of(other) != made
    assert secret_of(hooked) == "owl-42"


async def test_an_address_that_telegram_refuses_is_named(
    hooked: Settings, telegram: LoopbackTelegram, bot: StoaBot
) -> None:
    wrong = hooked.model_copy(update={"telegram_webhook_url": "http://bot.example.org/x"})
    with pytest.raises(ConfigurationError, match="refuses http://bot"):
        await announce(bot, wrong)
