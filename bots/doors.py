"""Which doors there are, what each needs, and running some of them in one process."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Literal

from pydantic import SecretStr

from bots.observability.presence import keep_noting
from bots.running import App, Running, keep_running, opened
from domain.settings import ConfigurationError, Settings

Door = Literal["discord", "telegram"]
RunDoor = Callable[[App, asyncio.Event], Awaitable[None]]

DOORS: tuple[Door, ...] = ("discord", "telegram")
TITLES: dict[Door, str] = {"discord": "Discord", "telegram": "Telegram"}


def token_of(settings: Settings, door: Door) -> SecretStr | None:
    """The token of a door's bot; None: the door stays closed."""
    return settings.discord_token if door == "discord" else settings.telegram_token


def variable_of(door: Door) -> str:
    """The variable that opens a door."""
    return f"STOA_{door.upper()}_TOKEN"


def load(door: Door) -> RunDoor:
    """The function that runs a door; its platform's library is imported only here."""
    run: RunDoor = getattr(import_module(f"bots.{door}.run"), f"run_{door}")
    return run


async def run_parts(
    settings: Settings, doors: tuple[Door, ...], *, work: bool, tell: Callable[[str], None]
) -> None:
    """Run doors, and a worker if wished, in this process until SIGTERM or Ctrl-C.

    Args:
        settings: of the process.
        doors: which ones; each must have its token.
        work: run a worker too.
        tell: told, in words, what is going on.

    Raises:
        ConfigurationError: a door has no token, or the database is not as it must be.
    """
    from bots.embedding import embeddings_of  # here: the engine is slow to import
    from bots.worker import Worker, stop_on_signals

    for door in doors:
        if token_of(settings, door) is None:
            raise ConfigurationError(
                f"{variable_of(door)} is not set, so {TITLES[door]} cannot be opened. "
                "The README says in five steps where the token comes from."
            )
    async with opened(settings, tell) as app:

        def part(door: Door) -> Running:
            run = load(door)
            return Running(door, lambda stop: run(app, stop))

        async def worker(stop: asyncio.Event) -> None:
            app.health.up("worker")
            async with embeddings_of(settings) as embeddings:
                grader = app.services.grader
                await Worker(app.database, app.clock, grader, embeddings=embeddings).run(stop)

        parts = [part(door) for door in doors]
        if work:
            parts.append(Running("worker", worker))
        stop = stop_on_signals()
        if app.port is not None:
            tell(f"/health and /metrics answer on port {app.port}.")
        tell("Working. Ctrl-C stops me.")
        noting = asyncio.create_task(keep_noting(app.database, app.health, doors, stop))
        try:
            await keep_running(parts, app.health, app.random, stop)
        finally:
            noting.cancel()
            await asyncio.gather(noting, return_exceptions=True)
        tell("Stopped; nothing was left half done.")


def tell(words: str) -> None:
    """Tell the person who started the process."""
    print(words, file=sys.stderr, flush=True)
