"""The loopback Telegram under the real client library: polling, webhook, conflicts, files."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from tests.platforms.person import sees
from tests.platforms.telegram.echo_bot import build
from tests.platforms.telegram.limits import UNLIMITED, Rates
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram
from tests.platforms.telegram.wire import Object
from tests.support.eventually import until


@pytest.fixture
async def server() -> AsyncIterator[LoopbackTelegram]:
    async with LoopbackTelegram(UNLIMITED) as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def bot(server: LoopbackTelegram) -> AsyncIterator[Bot]:
    async with client(server) as opened:
        yield opened


def client(server: LoopbackTelegram, token: str = "") -> Bot:
    plain = {"verify": False}  # reading the certificates takes longer than all of a test
    request, polling = HTTPXRequest(httpx_kwargs=plain), HTTPXRequest(httpx_kwargs=plain)
    address = f"{server.url}/bot", f"{server.url}/file/bot"
    return Bot(token or server.token, *address, request=request, get_updates_request=polling)


async def test_an_echo_bot_talks_with_a_person(server: LoopbackTelegram):
    ada = TelegramPerson(server, server.people.user("Ada"))
    echo = build(server.url, server.token)
    async with echo:
        await echo.start()
        assert echo.updater is not None
        await echo.updater.start_polling(timeout=5)
        await ada.says("/start hello")
        await sees(ada, "/start hello")
        await ada.press("Next")
        screen = await sees(ada, "next 0: page 1")
        assert screen.labels == ("Back", "Next")
        await echo.updater.stop()
        await echo.stop()
    assert server.updates.confirmed == 2


async def test_updates_stay_until_they_are_confirmed(server: LoopbackTelegram, bot: Bot):
    ada = server.people.user("Ada", started=True)
    for number in range(3):
        server.people.say(ada, server.world.chats[ada.id], str(number))
    first = await bot.get_updates(limit=2)
    assert [one.message and one.message.text for one in first] == ["0", "1"]
    again = await bot.get_updates(offset=first[1].update_id)
    assert [one.message and one.message.text for one in again] == ["1", "2"]
    assert [one.update_id for one in await bot.get_updates(offset=-1)] == [again[1].update_id]
    assert await bot.get_updates(offset=again[1].update_id + 1) == ()
    server.people.group("Owls", ada)
    assert len(await bot.get_updates(allowed_updates=["message"])) == 1
    server.people.block(ada)  # a kind that was not asked for
    assert len(await bot.get_updates()) == 1


async def test_a_repeated_update_is_the_same_update(server: LoopbackTelegram, bot: Bot):
    server.updates.twice = True
    ada = server.people.user("Ada", started=True)
    server.people.say(ada, server.world.chats[ada.id], "once")
    (first,) = await bot.get_updates()
    (again,) = await bot.get_updates(offset=first.update_id + 1)
    assert again == first
    assert await bot.get_updates(offset=first.update_id + 1) == ()


async def test_of_two_pollers_the_first_is_sent_away(server: LoopbackTelegram, bot: Bot):
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await until(lambda: server.updates.polls == 1)
    async with client(server) as second:
        other = asyncio.create_task(second.get_updates(timeout=20))
        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await waiting
        ada = server.people.user("Ada", started=True)
        server.people.say(ada, server.world.chats[ada.id], "hello")
        assert len(await other) == 1


async def test_a_webhook_is_called_until_it_says_yes(bot: Bot, server: LoopbackTelegram):
    server.updates.speed = 100
    got: list[tuple[Object, str | None]] = []
    refusals = 2

    async def take(request: web.Request) -> web.Response:
        nonlocal refusals
        got.append((await request.json(), request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        refusals -= 1
        return web.Response(status=500 if refusals >= 0 else 200)

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await bot.set_webhook(url, secret_token="owl", max_connections=2)
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    ada = server.people.user("Ada", started=True)
    for number in range(3):
        server.people.say(ada, server.world.chats[ada.id], str(number))
    async with asyncio.timeout(30):
        await until(lambda: server.updates.confirmed == 3)
    texts = [update["message"]["text"] for update, _ in got]
    assert texts == ["0", "0", "0", "1", "2"]  # one at a time, in the chat's order
    assert {secret for _, secret in got} == {"owl"}
    assert (await bot.get_webhook_info()).pending_update_count == 0
    await bot.delete_webhook()
    await runner.cleanup()


async def test_files_go_both_ways(server: LoopbackTelegram, bot: Bot):
    ada = TelegramPerson(server, server.people.user("Ada", started=True))
    await bot.send_document(ada.user.id, b"print(1)\n", caption="Start here", filename="one.py")
    (file,) = ada.screen.files
    assert (file.name, file.content, file.alt) == ("one.py", b"print(1)\n", "Start here")
    await ada.sends_file("two żółw.py", b"print(2)\n", "done")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    fetched = await (await update.message.document.get_file()).download_as_bytearray()
    assert (bytes(fetched), update.message.caption) == (b"print(2)\n", "done")


async def test_refusals_are_what_the_library_knows(
    server: LoopbackTelegram, bot: Bot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # else the library warns of its next version
    eve = server.people.user("Eve")
    with pytest.raises(Forbidden):
        await bot.send_message(eve.id, "Hi")
    eve.started = True
    server.flood.close(eve.id, 7)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(eve.id, "Hi")
    assert caught.value.retry_after in {timedelta(seconds=7), timedelta(seconds=6)}
    server.is_down = True
    with pytest.raises(NetworkError):
        await bot.send_message(eve.id, "Hi")
    server.is_down = False
    server.flood = server.writing.flood = type(server.flood)(Rates())
    server.lost_answers["sendMessage"] = 1
    with pytest.raises(NetworkError):
        await bot.send_message(eve.id, "Did it arrive?")
    assert TelegramPerson(server, eve).screen.text == "Did it arrive?"
    with pytest.raises(InvalidToken):
        async with client(server, "7:wrong"):
            pass
