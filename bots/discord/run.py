"""The Discord door from its start to its end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from functools import partial

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bots.conversation.completion import COMPLETED, Catalogue
from bots.delivery import Delivery
from bots.discord.client import PART, DoorClient
from bots.discord.commands import tree
from bots.discord.door import Door
from bots.discord.pace import SharedPace
from bots.discord.reunion import Reunion
from bots.discord.sender import DiscordSender
from bots.discord.shards import Turns, shards_from
from bots.discord.stage import DiscordStage
from bots.discord.sync import sync
from bots.discord.wire import Wire, user_agent
from bots.live.director import Director
from bots.running import App
from domain.errors import StoaError
from domain.identity.presence import announce_bot
from domain.settings import ConfigurationError

log = logging.getLogger(__name__)

API = "/api/v10"
DRAIN_S = 2.5  # for what is being answered when told to stop; Discord waits 3 s for each
REQUEST_S = 30.0
MISSING = (
    "STOA_DISCORD_TOKEN: set the token of your bot. It is in Discord's Developer Portal: "
    "your application, Bot, Reset Token."
)
UNKNOWN = (
    "STOA_DISCORD_TOKEN: Discord does not know this token. Make a new one in Discord's Developer "
    "Portal: your application, Bot, Reset Token."
)


class StartsUsedUp(StoaError):
    """The bot has connected so often today that Discord would take its token away."""


async def run_discord(app: App, stop: asyncio.Event) -> None:
    """Answer on Discord until told to stop, then finish what is in flight.

    Args:
        app: what every door needs.
        stop: ends it.

    Raises:
        ConfigurationError: there is no token, or Discord does not take it.
        discord.DiscordException: the gateway cannot be used with these settings.
    """
    settings = app.settings
    if settings.discord_token is None:
        raise ConfigurationError(MISSING)
    shards = shards_from(settings.discord_shards) if settings.discord_shards else None
    async with AsyncExitStack() as stack:
        stack.enter_context(api_at(settings.discord_api_url))
        timeout = aiohttp.ClientTimeout(total=REQUEST_S)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(
                timeout=timeout,
                headers={"User-Agent": user_agent()},
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        )
        client = await stack.enter_async_context(DoorClient(app.health, shards))
        try:
            await client.login(settings.discord_token.get_secret_value())
        except discord.LoginFailure as error:
            raise ConfigurationError(UNKNOWN) from error
        application, ourselves = client.application_id, client.user
        if application is None or ourselves is None:
            raise ConfigurationError(UNKNOWN)
        turns, address = await _gateway(client, app)
        if settings.discord_api_url is not None:
            stack.enter_context(gateway_at(address))
        client.turns = turns
        wire = Wire(client.http, session, SharedPace(app.database), application)
        catalogue = Catalogue(app.database, app.clock)
        await catalogue.refresh()
        stack.push_async_callback(catalogue.close)
        reunion = Reunion(app.database, app.clock)
        counted = partial(app.metrics.acknowledged, PART)
        client.door = Door(app.router, app.clock, wire, catalogue, reunion, ourselves.id, counted)
        async with app.database.worker_unit_of_work() as conn:
            await announce_bot(conn, "discord", ourselves.name)
        await _tell_commands(client, app, application)
        sender = DiscordSender(wire, reunion)
        delivery = Delivery(
            app.database, app.clock, app.random, sender, counted=app.metrics.delivered
        )
        director = Director(app.database, app.clock, {"discord": DiscordStage(wire)})
        await _listen(client, (delivery.run, director.run), stop)


async def _listen(
    client: DoorClient,
    beside: Sequence[Callable[[asyncio.Event], Awaitable[None]]],
    stop: asyncio.Event,
) -> None:
    """Hold the connection until told to stop; end it when it ends by itself."""
    stopping = asyncio.create_task(stop.wait())
    ended = asyncio.Event()
    sending = [asyncio.ensure_future(work(ended)) for work in beside]
    listening = asyncio.create_task(client.connect())
    try:
        await asyncio.wait({stopping, listening}, return_when=asyncio.FIRST_COMPLETED)
        left = await client.door.in_flight.drain(DRAIN_S)
        if left:
            log.warning("%s answers were not finished in time", left)
    finally:
        ended.set()
        await asyncio.gather(*sending)
        await client.close()
        stopping.cancel()
        if not listening.done():
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(listening), DRAIN_S)
            listening.cancel()
    if listening.done() and not listening.cancelled() and not stop.is_set():
        listening.result()


async def _gateway(client: DoorClient, app: App) -> tuple[Turns, str]:
    """Ask how many shards there are, and how many may connect at once."""
    count, address, limits = await client.http.get_bot_gateway()
    if limits["remaining"] < 1:
        minutes = -(-limits["reset_after"] // 60_000)
        raise StartsUsedUp(f"Discord lets this bot connect again in {minutes} minutes.")
    if client.shard_ids is None:
        client.shard_count = count
    return Turns(app.database, limits["max_concurrency"]), address


async def _tell_commands(client: DoorClient, app: App, application: int) -> None:
    try:
        await sync(app.database, client.http, application, tree(COMPLETED))
    except discord.HTTPException:
        log.exception("Discord did not take the commands; those it knows stay")


@contextmanager
def api_at(base: str | None) -> Iterator[None]:
    """Send the library's requests to another server, such as a proxy."""
    before = Route.BASE
    if base is not None:
        Route.BASE = base.rstrip("/") + API
    try:
        yield
    finally:
        Route.BASE = before


@contextmanager
def gateway_at(address: str) -> Iterator[None]:
    """Connect to the gateway that a proxy named, also after a lost session."""
    before = DiscordWebSocket.DEFAULT_GATEWAY
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)
    try:
        yield
    finally:
        DiscordWebSocket.DEFAULT_GATEWAY = before
