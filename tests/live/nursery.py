"""Doors in processes of their own that begin in a moment, because they are forked.

The nursery is a process that has imported everything once and has neither a loop nor threads. Each
line it reads names a door; it forks a child that opens it, and says the child's number. The
children are killed by SIGKILL like any other process, and end with the nursery at the latest.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self, cast

from bots.conversation.turn import Services
from bots.discord.run import run_discord
from bots.telegram.run import run_telegram
from domain.clock import SystemClock
from domain.database import Database
from domain.grading import Grader
from domain.postgres import EmbeddedServer
from domain.settings import load_settings
from tests.platforms.discord import house as discord
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.telegram import house as telegram
from tests.platforms.telegram.server import LoopbackTelegram
from tests.support.eventually import until
from tests.support.processes import ROOT

DoorName = Literal["discord", "telegram"]
OPEN_S = 60.0


@dataclass(frozen=True, slots=True)
class Child:
    """A door's process."""

    pid: int
    ready: Path

    async def opened(self) -> None:
        """Wait until it answers people."""
        async with asyncio.timeout(OPEN_S):
            await until(lambda: self.ready.exists() or not _is_there(self.pid))
        assert _is_there(self.pid), "the door did not open"

    async def kill(self) -> None:
        """SIGKILL; then wait until it is gone."""
        os.kill(self.pid, signal.SIGKILL)
        async with asyncio.timeout(OPEN_S):
            await until(lambda: not _is_there(self.pid))


def _token(platform: LoopbackDiscord | LoopbackTelegram) -> str:
    return platform.world.token if isinstance(platform, LoopbackDiscord) else platform.token


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Nursery:
    """Begins doors over one database.

    Args:
        postgres: has the database.
        name: of the database.
        folder: an empty one for this nursery alone.
    """

    def __init__(self, postgres: EmbeddedServer, name: str, folder: Path) -> None:
        self._address = f"postgresql://postgres@/{name}?host={postgres.socket_folder}&port=5432"
        self._folder = folder
        self._count = 0
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.live.nursery"],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.communicate()

    async def begin(self, platform: LoopbackDiscord | LoopbackTelegram) -> Child:
        """Fork a door for one platform; it is not open yet."""
        self._count += 1
        ready = self._folder / f"ready-{self._count}"
        is_discord = isinstance(platform, LoopbackDiscord)
        said = {
            "door": "discord" if is_discord else "telegram",
            "address": self._address,
            "url": platform.url,
            "token": _token(platform),
            "folder": str(self._folder),
            "ready": str(ready),
        }
        return Child(await asyncio.to_thread(self._ask, json.dumps(said)), ready)

    def _ask(self, line: str) -> int:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


async def _open(
    door: DoorName, address: str, url: str, token: str, folder: str, ready: str
) -> None:
    """Keep a door open until killed."""
    settings = load_settings(
        data_dir=Path(folder), database_url=address, secret_key="k" * 32, database_pool_size=4
    )
    database = await Database.open(settings)
    services = Services(database, SystemClock(), settings, Grader())  # nothing is graded
    stop = asyncio.Event()
    if door == "discord":
        await discord.forget_turns(database)
        app = discord.app_over(services, url, token)
        work = asyncio.create_task(run_discord(app, stop))
    else:
        app = telegram.app_over(services, url, token)
        work = asyncio.create_task(
            run_telegram(app, stop, limits=telegram.FAST, timing=telegram.SHORT)
        )
    await until(lambda: app.health.part(door).state == "up" or work.done())
    if not work.done():
        await asyncio.to_thread(Path(ready).touch)
    await work


def _end_with(nursery: int) -> None:
    os.read(nursery, 1)  # returns when the other end is closed: the nursery has ended
    os._exit(1)


def main() -> None:
    """Fork a child for each line of standard input."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # what ends is gone at once
    watched, kept = os.pipe()
    for line in sys.stdin:
        said = cast("dict[str, str]", json.loads(line))
        pid = os.fork()
        if pid == 0:
            os.close(kept)
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(0, 1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            threading.Thread(target=_end_with, args=(watched,), daemon=True).start()
            asyncio.run(_open(**said))  # type: ignore[arg-type]
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
