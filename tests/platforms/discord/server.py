"""A Discord on this machine: the real wire, its rules, and what tests may do to it."""

import asyncio
import re
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.platforms.discord import limits, shapes
from tests.platforms.discord.api import PREFIX, Api, Trouble
from tests.platforms.discord.application import Application
from tests.platforms.discord.channels import Channels
from tests.platforms.discord.errors import Json
from tests.platforms.discord.gateway import Gateway
from tests.platforms.discord.interactions import Interactions
from tests.platforms.discord.limiter import Limiter, Rate
from tests.platforms.discord.world import DM, Channel, Interaction, Message, User, World

TOKEN = "MTIzNDU2Nzg5.loopback.token"


class LoopbackDiscord:
    """The server; use it with `async with`, which opens a port of its own.

    Args:
        now: Discord's time in seconds since 1970.
        usual: the rate of routes without a rate of their own in `limiter.rates`.
        overall: requests a second over all routes but interactions.
        identify_every: seconds between two IDENTIFY of a bucket.
        max_concurrency: buckets of IDENTIFY.
        shards: that clients are recommended.
        heartbeat: seconds between heartbeats.
        privileged: intents that were approved.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.time,
        *,
        usual: Rate = Rate(100, 1.0),  # noqa: B008 - it does not change
        overall: int = limits.GLOBAL_PER_SECOND,
        identify_every: float = 0.0,
        max_concurrency: int = 1,
        shards: int = 1,
        heartbeat: float = 41.25,
        privileged: int = 0,
    ) -> None:
        self.world = World(now, TOKEN)
        self.limiter = Limiter(usual=usual, overall=overall)
        self.gateway = Gateway(
            self.world,
            identify_every=identify_every,
            max_concurrency=max_concurrency,
            shards=shards,
            heartbeat=heartbeat,
            privileged=privileged,
        )
        self.api = Api(self.world, self.limiter)
        self.is_gateway_down = False
        self.url = ""
        self._runner: web.AppRunner | None = None
        self.channels = Channels(self.world, self)
        self.interactions = Interactions(self.world, self.channels)
        Application(self.world, self.gateway).register(self.api)
        self.channels.register(self.api)
        self.interactions.register(self.api)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; `url` says where."""
        app = web.Application(client_max_size=limits.REQUEST_BYTES + 1)
        app.router.add_get("/gateway/", self._gateway)
        app.router.add_get("/attachments/{key}/{name}", self._file)
        app.router.add_route("*", PREFIX + "/{rest:.*}", self.api.handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = self.channels.base = f"http://127.0.0.1:{port}"
        self.gateway.url = f"ws://127.0.0.1:{port}/gateway/"

    async def stop(self) -> None:
        """Close everything."""
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()
        await asyncio.sleep(0)

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        if self.is_gateway_down:
            return web.Response(status=503)
        return await self.gateway.connect(request)

    async def _file(self, request: web.Request) -> web.Response:
        content = self.world.files.get(request.match_info["key"])
        if content is None or self.api.is_down:
            return web.Response(status=404)
        return web.Response(body=content, content_type="application/octet-stream")

    # --- what tests do to it

    @property
    def violations(self) -> list[str]:
        """What requests (or the loopback's own answers) did against Discord's description."""
        return self.api.violations

    def go_down(self) -> None:
        """The outage begins: connections are cut, and nothing is answered."""
        self.api.is_down = self.is_gateway_down = True
        self.gateway.drop()

    def come_back(self, seconds: float = 0.0) -> None:
        """The outage ends, after it has lasted so long for everything that was open."""
        self.world.let_pass(seconds)
        self.api.is_down = self.is_gateway_down = False

    def trouble(
        self, pattern: str, status: int, times: int = 1, *, after: bool = False, method: str = ""
    ) -> None:
        """Answer requests on matching paths with an error; `after` they have taken effect."""
        self.api.troubles.append(Trouble(re.compile(pattern), status, times, after, method))

    # --- what people do

    async def tell(self, event: str, data: Json, channel: Channel, intent: int = 0) -> None:
        """Dispatch an event about a channel."""
        guild = channel.guild.id if channel.guild else None
        await self.gateway.dispatch(event, data, guild_id=guild, intent=intent)

    async def interact(
        self,
        kind: int,
        user: User,
        channel: Channel,
        data: Json,
        *,
        message: Message | None = None,
        ago: float = 0.0,
    ) -> Interaction:
        """A person uses a command, a component or a modal; `ago` seconds before now."""
        one = self.world.open_interaction(kind, user, channel, data, ago=ago)
        one.message = message
        await self.tell("INTERACTION_CREATE", shapes.interaction(self.world, one), channel)
        return one

    async def again(self, one: Interaction) -> None:
        """The gateway delivers an interaction once more."""
        shape = shapes.interaction(self.world, one)
        await self.tell("INTERACTION_CREATE", shape, one.channel)

    async def post(
        self, user: User, channel: Channel, content: str, files: tuple[tuple[str, bytes], ...] = ()
    ) -> Message:
        """A person writes a message."""
        message = self.world.add_message(channel, user)
        message.content = content
        message.attachments = [self.channels.keep_file(name, body) for name, body in files]
        mention = f"<@{self.world.bot.id}>"
        message.mentions = [self.world.bot] if mention in content else []
        shape = shapes.message(message)
        if channel.guild is not None:
            shape |= {"guild_id": str(channel.guild.id), "member": shapes.member(user)}
            del shape["member"]["user"]
        intent = limits.DIRECT_MESSAGES if channel.kind == DM else limits.GUILD_MESSAGES
        await self.tell("MESSAGE_CREATE", self._readable(shape, message), channel, intent)
        return message

    def _readable(self, shape: Json, message: Message) -> Json:
        """Without the privileged intent only messages to the bot have content."""
        to_bot = message.channel.kind == DM or self.world.bot in message.mentions
        intents = [session.intents for session in self.gateway.sessions.values()]
        if to_bot or any(one & limits.MESSAGE_CONTENT for one in intents):
            return shape
        return shape | {"content": "", "embeds": [], "attachments": [], "components": []}
