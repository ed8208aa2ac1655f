"""The loopback Discord: a stock bot feels at home, and what Discord refuses is refused."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import pytest

from tests.platforms.discord import limits
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.echo import EchoBot, point_at
from tests.platforms.discord.limiter import Rate
from tests.platforms.discord.server import TOKEN, LoopbackDiscord
from tests.platforms.discord.world import COMPONENT, SLASH, Interaction
from tests.platforms.person import sees
from tests.support.eventually import until


class Raw:
    """A client that sends whatever it is told to."""

    def __init__(self, platform: LoopbackDiscord, session: aiohttp.ClientSession) -> None:
        self.platform, self.session = platform, session

    async def ask(self, method: str, path: str, body: object = None, token: str = TOKEN) -> Any:
        """The JSON of an answer, with its status and its headers in it."""
        headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (test, 1)"}
        url = f"{self.platform.url}/api/v10{path}"
        async with self.session.request(method, url, json=body, headers=headers) as response:
            text = await response.text()
            data = json.loads(text) if text else {}
            whole = data if isinstance(data, dict) else {"list": data}
            return {**whole, "status": response.status, "headers": response.headers}

    async def answer(self, one: Interaction, body: object) -> Any:
        """Answer an interaction."""
        return await self.ask("POST", f"/interactions/{one.id}/{one.token}/callback", body)

    def hook(self, one: Interaction, rest: str = "") -> str:
        """The path of an interaction's webhook."""
        return f"/webhooks/{self.platform.world.bot.id}/{one.token}{rest}"


@pytest.fixture
async def platform() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as running:
        yield running


@pytest.fixture
async def raw(platform: LoopbackDiscord) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as session:
        yield Raw(platform, session)


@asynccontextmanager
async def echo_bot(platform: LoopbackDiscord) -> AsyncIterator[EchoBot]:
    point_at(platform.url)
    bot = EchoBot()
    async with bot:
        running = asyncio.create_task(bot.start(TOKEN))
        async with asyncio.timeout(30):
            await until(bot.is_ready, every=0.01)
        yield bot
        await bot.close()
        with suppress(asyncio.CancelledError):
            await running


async def test_a_stock_bot_of_the_real_library_is_at_home(platform: LoopbackDiscord):
    ada = DiscordPerson(platform, "Ada")
    school = platform.world.add_guild("School", ada.user)
    room = platform.world.add_channel(0, "room", school)
    bob = DiscordPerson(platform, "Bob", room)
    async with echo_bot(platform):
        asked = [one.line.compression for one in platform.gateway.live if one.line]
        assert asked == ["zstd-stream"]  # the library's own choice
        await ada.command("/echo hello there")
        await sees(ada, "You said hello there.")
        await ada.press("Press")
        await sees(ada, "Pressed 1.")
        await ada.types("in a dialog")
        await sees(ada, "You said in a dialog.")
        await ada.sends_file("a.txt", b"123", "look")
        await sees(ada, "Read look and b'123'")
        await bob.command("/think")
        assert (await sees(bob, "Thought.", "And more.")).text.count("\n") == 1
        assert ada.screen.text.startswith("Read")  # what only Bob sees is not on Ada's screen
        platform.gateway.drop()
        await bob.command("/think")
        await sees(bob, "Thought.", "And more.")
        await platform.gateway.ask_to_reconnect()
        await bob.command("/think")
        await sees(bob, "Thought.", "And more.")
        assert platform.gateway.resumed == 2
        await platform.gateway.invalidate()
        async with asyncio.timeout(30):
            await until(lambda: platform.gateway.identified == 2)
        await ada.press("Press")
        await sees(ada, "Pressed 2.")
    assert platform.violations == []
    assert platform.api.refusals == []


SAID = {"type": 4, "data": {"content": "x"}}


async def test_interactions_are_answered_once_and_in_time(platform: LoopbackDiscord, raw: Raw):
    ada = platform.world.add_user("Ada")
    dm = platform.world.dm_with(ada)

    async def used() -> Interaction:
        return await platform.interact(SLASH, ada, dm, {"id": "1", "name": "learn", "type": 1})

    one = await used()
    assert (await raw.ask("PATCH", raw.hook(one, "/messages/@original"), {"content": "y"}))[
        "code"
    ] == 10015
    assert (await raw.answer(one, SAID))["status"] == 204
    assert (await raw.answer(one, SAID))["code"] == 40060
    assert (await raw.ask("POST", raw.hook(one), {"content": "more"}))["status"] == 200
    platform.world.let_pass(limits.TOKEN_S + 1)
    assert (await raw.ask("POST", raw.hook(one), {"content": "more"}))["code"] == 50027
    late = await used()
    platform.world.let_pass(limits.FIRST_ANSWER_S + 0.1)
    assert (await raw.answer(late, SAID))["code"] == 10062
    two = await used()
    assert (await raw.answer(two, {"type": 7, "data": {"content": "x"}}))["code"] == 50035
    hidden = {"type": 5, "data": {"flags": limits.EPHEMERAL}}
    assert (await raw.answer(two, hidden))["status"] == 204
    first = await raw.ask("POST", raw.hook(two), {"content": "instead"})
    assert first["flags"] & limits.EPHEMERAL
    assert two.original is not None
    assert first["id"] == str(two.original.id)
    path = f"/channels/{dm.id}/messages/{first['id']}"
    assert (await raw.ask("GET", path))["code"] == 10008
    assert (await raw.ask("DELETE", raw.hook(two, "/messages/@original")))["status"] == 204
    assert (await raw.ask("PATCH", raw.hook(two, "/messages/@original"), {"content": "y"}))[
        "code"
    ] == 10008
    three = await used()
    assert (await raw.answer(three, SAID))["status"] == 204
    assert three.original is not None
    pressed = await platform.interact(
        COMPONENT, ada, dm, {"component_type": 2, "custom_id": "a"}, message=three.original
    )
    await raw.answer(pressed, {"type": 7, "data": {"content": "redrawn"}})
    assert three.original.content == "redrawn"
    assert platform.violations == []


async def test_channels_say_no_as_discord_does(platform: LoopbackDiscord, raw: Raw):
    world = platform.world
    ada = world.add_user("Ada")
    dm = world.dm_with(ada)
    room = world.add_channel(0, "room", world.add_guild("School", ada))

    async def send(body: dict[str, object], channel: int = room.id) -> Any:
        return await raw.ask("POST", f"/channels/{channel}/messages", body)

    assert (await send({"content": "x"}, 1))["code"] == 10003
    ada.closed = True
    assert (await send({"content": "x"}, dm.id))["code"] == 50007
    room.allowed &= ~limits.SEND_MESSAGES
    assert (await send({"content": "x"}))["code"] == 50013
    room.allowed = 0
    assert (await send({"content": "x"}))["code"] == 50001
    room.allowed = limits.EVERYTHING_USUAL
    once = await send({"content": "x", "nonce": "n", "enforce_nonce": True})
    again = await send({"content": "x", "nonce": "n", "enforce_nonce": True})
    assert once["id"] == again["id"]
    theirs = await platform.post(ada, room, "hello")
    path = f"/channels/{room.id}/messages/{theirs.id}"
    assert (await raw.ask("PATCH", path, {"content": "x"}))["code"] == 50005
    assert (await raw.ask("DELETE", path))["code"] == 50013
    path = f"/channels/{dm.id}/threads"
    assert (await raw.ask("POST", path, {"name": "t", "type": 12}))["code"] == 50024
    path = f"/channels/{room.id}/threads"
    thread = await raw.ask("POST", path, {"name": "t", "type": 12})
    assert thread["status"] == 201
    assert (await raw.ask("GET", "/users/@me", token="wrong"))["status"] == 401
    assert platform.violations == []
    await raw.ask("POST", f"/channels/{room.id}/messages", {"content": 5})
    assert "content" in platform.violations.pop()
    await raw.ask("POST", f"/channels/{room.id}/messages", {"content": "hi @everyone"})
    assert "@everyone would be pinged" in platform.violations.pop()


async def test_rate_limits_are_told_and_enforced(raw: Raw, platform: LoopbackDiscord):
    platform.limiter.usual = Rate(3, 30.0)
    told = [await raw.ask("GET", "/users/@me") for _ in range(4)]
    assert [one["status"] for one in told] == [200, 200, 200, 429]
    assert [one["headers"]["X-RateLimit-Remaining"] for one in told] == ["2", "1", "0", "0"]
    assert "Via" in told[-1]["headers"]
    assert 0 < told[-1]["retry_after"] <= 30
    platform.limiter.usual = Rate(1000, 1.0)
    platform.limiter.overall = 5
    told = await asyncio.gather(*(raw.ask("GET", "/gateway/bot") for _ in range(12)))
    refused = [one for one in told if one["status"] == 429]
    assert refused
    assert all(one["global"] for one in refused)


class Wire:
    """A gateway connection that sends whatever it is told to."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, op: int, data: object) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def until(self, event: str) -> Any:
        """The next event of that name, or payload of that opcode."""
        while True:
            got = await self.socket.receive_json(timeout=30)
            if event in (got.get("t"), str(got["op"])):
                return got

    async def close_code(self) -> int | None:
        while (await self.socket.receive(timeout=30)).type is aiohttp.WSMsgType.TEXT:
            pass
        return self.socket.close_code


def identity(**changes: object) -> dict[str, object]:
    return {"token": TOKEN, "intents": 1, "properties": {}, **changes}


async def test_the_gateway_keeps_its_rules(platform: LoopbackDiscord, raw: Raw):
    url = platform.gateway.url + "?v=10&encoding=json"
    for op, data, code in (
        (2, identity(token="wrong"), 4004),
        (2, identity(shard=[2, 2]), 4010),
        (2, identity(intents=limits.MESSAGE_CONTENT), 4014),
        (2, identity(intents=-1), 4013),
        (3, {}, 4003),
        (77, {}, 4001),
        (1, "x" * 5000, 4002),
    ):
        async with raw.session.ws_connect(url) as socket:
            wire = Wire(socket)
            await wire.send(op, data)
            assert await wire.close_code() == code
    async with raw.session.ws_connect(url) as socket:
        wire = Wire(socket)
        await wire.send(1, None)
        await wire.until("11")
        await wire.send(2, identity())
        ready = await wire.until("READY")
        await socket.close(code=4000)  # 1000 would end the session
    session = ready["d"]["session_id"]
    ada = platform.world.add_user("Ada")
    missed = await platform.interact(SLASH, ada, platform.world.dm_with(ada), {"name": "learn"})
    async with raw.session.ws_connect(url) as socket:
        wire = Wire(socket)
        await wire.send(6, {"token": TOKEN, "session_id": session, "seq": ready["s"]})
        assert (await wire.until("INTERACTION_CREATE"))["d"]["id"] == str(missed.id)
        await wire.until("RESUMED")
        await socket.close(code=1000)
    async with asyncio.timeout(30):
        await until(lambda: not platform.gateway.sessions)
    async with raw.session.ws_connect(url) as socket:
        wire = Wire(socket)
        await wire.send(6, {"token": TOKEN, "session_id": session, "seq": ready["s"]})
        assert (await wire.until("9"))["d"] is False
    async with raw.session.ws_connect(url + "&compress=zlib-stream") as socket:
        await socket.send_json({"op": 2, "d": identity()})
        stream = zlib.decompressobj()
        told = [json.loads(stream.decompress(await socket.receive_bytes())) for _ in range(2)]
        assert [one.get("t") for one in told] == [None, "READY"]
    platform.gateway.identify_every = 60.0
    async with raw.session.ws_connect(url) as socket:
        wire = Wire(socket)
        await wire.send(2, identity())
        await wire.until("9")
