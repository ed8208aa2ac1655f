"""Stoa's Telegram door on a loopback Telegram: in this process, or in one that can be killed."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from bots.conversation.turn import Services
from bots.running import App
from bots.telegram.pace import Limits
from bots.telegram.run import run_telegram
from bots.telegram.standing import Timing
from domain.clock import SystemClock
from domain.database import Database
from domain.grading import Grader
from domain.postgres import EmbeddedServer
from domain.settings import load_settings
from tests.platforms.app import app_over as over
from tests.platforms.telegram.server import LoopbackTelegram
from tests.support.children import ROOT, Process, Program
from tests.support.processes import address_of, kill

# The door's own pace, raised: what is tested is what is said, not how long Telegram makes one wait.
FAST = Limits(overall=1e6, overall_burst=1000, private=1e6, private_burst=1000, group=100_000)

SHORT = Timing(term=timedelta(seconds=2), beat=timedelta(seconds=0.4))


def app_over(services: Services, url: str, token: str, **settings: object) -> App:
    """What the door needs, over services that are open already."""
    changes = {"telegram_api_url": url, "telegram_token": SecretStr(token), **settings}
    return over(services, **changes)


@asynccontextmanager
async def door(
    server: LoopbackTelegram,
    services: Services,
    limits: Limits = FAST,
    changes: Mapping[str, object] | None = None,
) -> AsyncIterator[asyncio.Event]:
    """The door, open; set the event to have it close, which it does at the end anyway.

    Args:
        server: the Telegram it talks to.
        services: what the process has opened.
        limits: its own pace.
        changes: to the settings.
    """
    app = app_over(services, server.url, server.token, **(changes or {}))
    stop = asyncio.Event()
    running = asyncio.create_task(run_telegram(app, stop, limits=limits))
    try:
        yield stop
    finally:
        stop.set()
        async with asyncio.timeout(60):
            await running


async def start_process(
    server: LoopbackTelegram, postgres: EmbeddedServer, name: str, folder: Path
) -> Process:
    """The door in a process of its own, ready to answer."""
    arguments = [address_of(postgres, name), server.url, server.token, str(folder)]
    process = await Process.begin(Program(__name__, arguments, {"PATH": "/usr/bin:/bin"}, ROOT))
    line = await process.stdout.readline()
    if line != b"ready\n":
        await kill(process)
        raise AssertionError(f"the door did not open: {line!r}")
    return process


async def main(address: str, url: str, token: str, folder: str) -> None:
    """Keep the door open until killed."""
    settings = load_settings(
        data_dir=Path(folder), database_url=address, secret_key="k" * 32, database_pool_size=4
    )
    database = await Database.open(settings)
    async with Grader() as grader:
        app = app_over(Services(database, SystemClock(), settings, grader), url, token)
        print("ready", flush=True)
        await run_telegram(app, asyncio.Event(), limits=FAST, timing=SHORT)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
