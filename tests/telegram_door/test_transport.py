"""The transport under the library: what is sent, what failures mean, and that no token gets out."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from pydantic import SecretStr
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut

from bots.telegram import transport as module
from bots.telegram.client import StoaBot, bot_for
from bots.telegram.transport import AiohttpRequest, Flood, NotSent
from domain.settings import ConfigurationError, Settings, load_settings

TOKEN = "7000000001:AAloopback-loopback-loopback-loopba"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Api:
    """One Bot API method after another, answered by the test."""

    def __init__(self) -> None:
        self.answer: Answer | None = None
        self.url = ""

    async def take(self, request: web.Request) -> web.StreamResponse:
        assert self.answer is not None
        return await self.answer(request)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    made, app = Api(), web.Application(client_max_size=2**26)
    app.router.add_route("*", "/{path:.*}", made.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def bot(api: Api, settings: Settings) -> AsyncIterator[StoaBot]:
    changes = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": api.url}
    made = bot_for(settings.model_copy(update=changes))
    for request in made._request:
        await request.initialize()
    yield made
    for request in made._request:
        await request.shutdown()


def says(body: object, status: int = 200) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    return answer


async def test_parameters_are_json_and_files_are_parts(api: Api, bot: StoaBot) -> None:
    seen: list[object] = []

    async def answer(request: web.Request) -> web.Response:
        if request.content_type == "application/json":
            seen.append(await request.json())
        else:
            form = await request.post()
            file = form["document"]
            assert isinstance(file, web.FileField)
            seen.append((form["chat_id"], file.filename, file.file.read()))
        sent = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}}
        return web.json_response({"ok": True, "result": sent})

    api.answer = answer
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "x"}]]}
    await bot.call("sendMessage", {"chat_id": 7, "text": "ż", "reply_markup": keyboard, "no": None})
    await bot.send_document(7, b"\x00\xff" * 50_000, filename="ż.bin")
    assert seen == [
        {"chat_id": 7, "text": "ż", "reply_markup": keyboard},
        ("7", "ż.bin", b"\x00\xff" * 50_000),
    ]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"ok": False, "description": "Bad Request: chat not found"}, BadRequest),
        (502, {"ok": False}, NetworkError),
        (429, {"ok": False, "parameters": {"retry_after": 7}}, Flood),
        (429, {"ok": False}, Flood),
        (200, ["not", "an", "object"], TelegramError),
    ],
)
async def test_answers_become_errors(
    api: Api, bot: StoaBot, status: int, body: object, kind: type[TelegramError]
) -> None:
    api.answer = says(body, status)
    with pytest.raises(kind) as raised:
        await bot.call("sendMessage", {})
    if isinstance(raised.value, Flood):
        assert raised.value.seconds in {7, module.PAUSE_S}


async def test_a_proxys_page_is_no_answer(api: Api, bot: StoaBot) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=502, text="<html>Bad Gateway</html>")

    api.answer = answer
    with pytest.raises(NetworkError):
        await bot.call("getMe", {})


async def test_what_surely_did_not_arrive_is_told_from_what_may_have(
    api: Api, bot: StoaBot, settings: Settings
) -> None:
    async def cut(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    api.answer = cut
    with pytest.raises(NetworkError) as raised:
        await bot.call("sendMessage", {})
    assert not isinstance(raised.value, NotSent)

    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    api.answer = slow
    with pytest.raises(TimedOut):
        await bot._post("sendMessage", {}, read_timeout=0.05)
    closed = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": "http://127.0.0.1:9"}
    nowhere = bot_for(settings.model_copy(update=closed))
    await nowhere._request[1].initialize()
    with pytest.raises(NotSent) as refused:
        await nowhere.call("sendMessage", {})
    await nowhere._request[1].shutdown()
    for error in (raised.value, refused.value):
        assert TOKEN.partition(":")[2] not in f"{error!r} {error.__cause__!r}"


async def test_an_answer_that_never_ends_is_cut_off(
    api: Api, bot: StoaBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST_ANSWER", 100_000)

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            for _ in range(1000):
                await response.write(b"x" * 10_000)
        except ConnectionError:
            pass
        return response

    api.answer = endless
    with pytest.raises(NetworkError, match="too large"):
        await bot.call("getFile", {})


async def test_updates_come_unread(api: Api, bot: StoaBot) -> None:
    asked: list[object] = []
    update = {"update_id": 5, "message": "not what the library expects"}

    async def answer(request: web.Request) -> web.Response:
        asked.append(await request.json())
        return web.json_response({"ok": True, "result": [update, 7]})

    api.answer = answer
    assert await bot.raw_updates(3, ("message",), 1) == [update]
    assert asked == [{"timeout": 1, "limit": 100, "allowed_updates": ["message"], "offset": 3}]


async def test_the_token_is_never_logged(
    api: Api, bot: StoaBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("telegram.Bot").setLevel(logging.NOTSET)  # the library logs it, if let
    changes = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": api.url}
    bot_for(load_settings(**changes))
    api.answer = says({"ok": True, "result": True})
    await bot.call("sendMessage", {"text": "x"})
    api.answer = says({"ok": False, "description": "no"}, 400)
    with pytest.raises(BadRequest):
        await bot.answer_callback_query("1")
    assert TOKEN.partition(":")[2] not in f"{caplog.text} {bot!r}"


def test_without_a_token_the_message_says_what_to_do(settings: Settings) -> None:
    with pytest.raises(ConfigurationError, match="BotFather"):
        bot_for(settings)


def test_an_answer_is_read_as_json_only_when_it_is_an_object() -> None:
    assert AiohttpRequest.parse_json_payload(json.dumps({"ok": True}).encode()) == {"ok": True}
    for payload in (b"", b"<html>", b"[]", b"\xff"):
        with pytest.raises(TelegramError):
            AiohttpRequest.parse_json_payload(payload)
