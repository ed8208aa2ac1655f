"""Stoa's Discord door on a loopback Discord: in this process, or in one that can be killed."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from bots.conversation.turn import Services
from bots.discord.run import run_discord
from bots.running import App
from bots.worker import stop_on_signals
from domain.clock import SystemClock
from domain.database import Database
from domain.grading import Grader
from domain.postgres import EmbeddedServer
from domain.settings import load_settings
from domain.sql import sql
from tests.platforms.app import app_over as over
from tests.platforms.discord.server import LoopbackDiscord
from tests.support.children import ROOT, Process, Program
from tests.support.eventually import until
from tests.support.processes import address_of, kill

# A new process waits for its turn to say hello, 5 s after the last one: not in tests.
_NO_WAITING = sql("DELETE FROM leases WHERE name LIKE 'discord.identify%'")
OPEN_S = 60.0


def app_over(services: Services, url: str, token: str, **settings: object) -> App:
    """What the door needs, over services that are open already."""
    changes = {"discord_api_url": url, "discord_token": SecretStr(token), **settings}
    return over(services, **changes)


@asynccontextmanager
async def door(
    platform: LoopbackDiscord, services: Services, **settings: object
) -> AsyncIterator[asyncio.Event]:
    """The door, open; set the event to have it close, which it does at the end anyway."""
    app = app_over(services, platform.url, platform.world.token, **settings)
    await forget_turns(services.database)
    stop = asyncio.Event()
    running = asyncio.create_task(run_discord(app, stop))
    try:
        async with asyncio.timeout(OPEN_S):
            await until(lambda: app.health.part("discord").state == "up" or running.done())
        if running.done():
            await running  # it says why
        yield stop
    finally:
        stop.set()
        async with asyncio.timeout(OPEN_S):
            await running


async def forget_turns(database: Database) -> None:
    """Let the next process say hello to Discord at once."""
    async with database.worker_unit_of_work() as conn:
        await conn.execute(_NO_WAITING)


async def start_process(
    platform: LoopbackDiscord, postgres: EmbeddedServer, name: str, folder: Path
) -> Process:
    """The door in a process of its own, ready to answer."""
    before = platform.gateway.identified
    arguments = [address_of(postgres, name), platform.url, platform.world.token, str(folder)]
    process = await Process.begin(Program(__name__, arguments, {"PATH": "/usr/bin:/bin"}, ROOT))
    try:
        async with asyncio.timeout(OPEN_S):
            await until(
                lambda: platform.gateway.identified > before or process.returncode is not None
            )
    except TimeoutError:
        await kill(process)
        raise
    assert process.returncode is None, "the door did not open"
    return process


async def main(address: str, url: str, token: str, folder: str) -> None:
    """Keep the door open until told to stop, or killed."""
    settings = load_settings(
        data_dir=Path(folder), database_url=address, secret_key="k" * 32, database_pool_size=4
    )
    database = await Database.open(settings)
    await forget_turns(database)
    async with Grader() as grader:
        app = app_over(Services(database, SystemClock(), settings, grader), url, token)
        await run_discord(app, stop_on_signals())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
