"""What every door needs, opened once for a process: database, grader, router, metrics, health."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from random import Random, SystemRandom
from typing import Any

from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.embedding import embeddings_of
from bots.observability.health import Health
from bots.observability.metrics import Metrics
from bots.observability.observed import Observed
from bots.observability.server import Watch, serving
from bots.tutoring import models_of
from domain.authoring.shipped import ensure_shipped
from domain.clock import Clock, SystemClock
from domain.database import Database
from domain.grading import Grader
from domain.jobs.rules import backoff
from domain.settings import ConfigurationError, Settings

log = logging.getLogger(__name__)

GRACE_S = 30.0  # for what is in flight when told to stop; the platforms wait no longer either


@dataclass(frozen=True, slots=True)
class App:
    """What lives as long as the process.

    Args:
        services: database, clock, settings, grader.
        router: answers events, once each.
        metrics: counts.
        health: a door says `up("discord")` when connected, `down("discord", why)` when cut off.
        random: spreads retries.
        port: of /health and /metrics, when they are served.
    """

    services: Services
    router: Observed
    metrics: Metrics
    health: Health
    random: Random
    port: int | None = None

    @property
    def database(self) -> Database:
        """The one database of the process."""
        return self.services.database

    @property
    def clock(self) -> Clock:
        """Tells the time."""
        return self.services.clock

    @property
    def settings(self) -> Settings:
        """The configuration of the process."""
        return self.services.settings


@asynccontextmanager
async def opened(
    settings: Settings,
    say: Callable[[str], None] = lambda _: None,
    *,
    receipts: bool = True,
    listen: bool = True,
) -> AsyncIterator[App]:
    """Open all of it, publish the shipped courses where there are none, and close it at the end.

    Args:
        settings: of the process.
        say: told, in words, about steps that take long.
        receipts: events may arrive twice; a terminal's do not.
        listen: serve /health and /metrics where the settings ask for it.

    Raises:
        ConfigurationError: a setting or the database's tables are not as they must be.
        StoaError: the database cannot be started or reached.
    """
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        database = await Database.open(settings, say)
        stack.push_async_callback(database.close)
        await ensure_shipped(database, say)
        grader = await stack.enter_async_context(Grader())
        models = await stack.enter_async_context(models_of(settings))
        embeddings = await stack.enter_async_context(embeddings_of(settings))
        services = Services(database, clock, settings, grader, models, embeddings)
        metrics, health = Metrics(), Health()
        watch = Watch(database, clock, health, metrics)
        address = settings.metrics_listen if listen else None
        port = await stack.enter_async_context(serving(watch, address))
        router = Observed(Router(services, receipts=receipts), metrics)
        gc.freeze()  # what is there now stays: it need not be looked through for garbage
        yield App(services, router, metrics, health, SystemRandom(), port)


@dataclass(frozen=True, slots=True)
class Running:
    """One part of a process that runs until told to stop: a door, the worker."""

    name: str
    run: Callable[[asyncio.Event], Awaitable[None]]


async def keep_running(
    parts: list[Running],
    health: Health,
    random: Random,
    stop: asyncio.Event,
    grace: float = GRACE_S,
) -> None:
    """Run parts side by side; one that fails is started again, and the others do not notice.

    A part whose configuration is wrong is not started again.

    Args:
        parts: what runs. Each returns once `stop` is set.
        health: where a failing part can be seen.
        random: spreads restarts.
        stop: ends it.
        grace: seconds for what is in flight after `stop`; then it is cut off.

    Raises:
        ConfigurationError: no part is left that can run.
    """
    for part in parts:
        health.part(part.name)
    tasks = [asyncio.create_task(_supervise(part, health, random, stop)) for part in parts]
    stopping = asyncio.create_task(stop.wait())
    running: set[asyncio.Task[ConfigurationError | None]] = set(tasks)
    try:
        while running and not stop.is_set():
            waits: list[asyncio.Task[Any]] = [stopping, *running]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            running = {task for task in running if not task.done()}
        if not stop.is_set():
            raise next(wrong for wrong in (task.result() for task in tasks) if wrong)
        _, late = await asyncio.wait(tasks, timeout=grace)
        if late:
            log.warning("%s did not stop within %s s: cut off", len(late), grace)
    finally:
        for task in (stopping, *tasks):
            task.cancel()
        await asyncio.gather(stopping, *tasks, return_exceptions=True)


async def _supervise(
    part: Running, health: Health, random: Random, stop: asyncio.Event
) -> ConfigurationError | None:
    """Run a part until told to stop; gives what is wrong when it must not be started again."""
    failures = 0
    while not stop.is_set():
        try:
            await part.run(stop)
        except ConfigurationError as error:
            log.error("%s is off: %s", part.name, error)
            health.down(part.name, str(error))
            return error
        except Exception as error:
            log.exception("%s failed", part.name)
            reason = f"{type(error).__name__}: {error}"
        else:
            if stop.is_set():
                break
            log.error("%s ended by itself", part.name)
            reason = "it ended by itself"
        if health.part(part.name).state == "up":
            failures = 0  # it had worked: begin again with a short pause
        failures += 1
        health.down(part.name, reason)
        health.part(part.name).restarts += 1
        pause = backoff(failures, random.random()).total_seconds()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
    return None
