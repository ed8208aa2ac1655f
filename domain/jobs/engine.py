"""The job port on PgQueuer 1.6. Its tables are in the schema `jobs`, made by our migrations.

The engine is polled: its NOTIFY trigger is left out on purpose (see docs/decisions/0004-jobs.md).
"""

import asyncio
import json
import logging
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

import asyncpg
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.db import AsyncpgDriver
from pgqueuer.domain.settings import DBSettings
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Channel
from pgqueuer.models import Job as PickedJob
from pgqueuer.qm import QueueManager
from pgqueuer.queries import Queries
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.database import Database
from domain.errors import StoaError
from domain.jobs.port import Handler, Job
from domain.jobs.posting import enqueue
from domain.jobs.rules import backoff

log = logging.getLogger(__name__)

SCHEMA = "jobs"
POLL = timedelta(seconds=1)
DEAD_AFTER = timedelta(seconds=30)  # without a heartbeat; beats come at half of it
BATCH = 5  # jobs taken at once; at most twice as many run in one worker
_LOOK_S = 0.05  # how often `drain` looks whether all is done

# Every name is given: PgQueuer would take the others from the environment.
NAMES = DBSettings(
    prefix="",
    db_schema=SCHEMA,
    channel=Channel("ch_pgqueuer"),
    function="fn_pgqueuer_changed",
    statistics_table="pgqueuer_statistics",
    queue_status_type="pgqueuer_status",
    queue_table="pgqueuer",
    queue_table_log="pgqueuer_log",
    trigger="tg_pgqueuer_changed",
    schedules_table="pgqueuer_schedules",
)
_DUE = """
    select exists (
        select from jobs.pgqueuer
        where entrypoint = any($1) and execute_after <= now()
            and (status = 'queued' or status = 'picked' and heartbeat < now() - $2::interval)
    )
"""
_LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError, StoaError)


def queries_on(connection: asyncpg.Connection) -> Queries:
    """PgQueuer's queries over one connection, for our schema."""
    return Queries(
        AsyncpgDriver(connection),
        QueryBuilderEnvironment(NAMES),
        QueryQueueBuilder(NAMES),
        QuerySchedulerBuilder(NAMES),
    )


class PgQueuerJobs:
    """A `JobQueue` on PgQueuer.

    Args:
        database: gives each run a connection of its own, as the worker.
        random: spreads retries.
        poll: how often an idle worker looks for jobs.
        dead_after: without a sign of life for so long, a worker's jobs go to others.
    """

    def __init__(
        self,
        database: Database,
        random: Random,
        *,
        poll: timedelta = POLL,
        dead_after: timedelta = DEAD_AFTER,
    ) -> None:
        self._database = database
        self._random = random
        self._poll = poll
        self._dead_after = dead_after
        self._handlers: dict[str, tuple[Handler, int]] = {}

    async def enqueue(self, conn: AsyncConnection, job: Job) -> bool:
        """Add a job in the caller's transaction; False when one with its key is there already."""
        return await enqueue(conn, job)

    def handle(self, kind: str, handler: Handler, *, attempts: int = 8) -> None:
        """Let a handler do the jobs of a kind; after so many failures a job is set aside."""
        self._handlers[kind] = (handler, attempts)

    async def run(self, stop: asyncio.Event) -> None:
        """Do jobs until told to stop; a lost connection is made again.

        Whatever the engine dies of, it begins anew: a driver that is cut off in the middle of a
        reply may even fail with what it calls an internal error.
        """
        if not self._handlers:
            await stop.wait()
        failures = 0
        while not stop.is_set():
            try:
                await self._serve(stop)
                failures = 0
            except Exception as error:
                failures += 1
                if isinstance(error, _LOST):
                    log.warning("the job queue lost its connection: %s", error)
                else:
                    log.exception("the job queue fails")
                pause = backoff(failures, self._random.random())
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause.total_seconds())

    async def drain(self) -> None:
        """Do the jobs that are due now, and those of dead workers, then return."""
        if self._handlers:
            await self._serve(None)

    async def _serve(self, stop: asyncio.Event | None) -> None:
        async with self._database.worker_unit_of_work():
            pass  # starts a server that went away
        connection = await self._database.driver_connection("stoa_worker")
        watcher: asyncio.Task[None] | None = None
        try:
            queries = queries_on(connection)
            manager = QueueManager(queries, Channel(NAMES.channel))
            for kind in self._handlers:
                manager.entrypoint(kind, accepts_context=False, on_failure="hold")(self._execute)
            watcher = asyncio.create_task(self._watch(manager, queries, stop))
            await manager.run(
                dequeue_timeout=self._poll,
                batch_size=BATCH,
                max_concurrent_tasks=2 * BATCH,
                heartbeat_timeout=self._dead_after,
            )
        finally:
            if watcher is not None:
                watcher.cancel()
                await asyncio.gather(watcher, return_exceptions=True)
            with suppress(Exception):  # it is cut then
                await connection.close(timeout=5)

    async def _watch(
        self, manager: QueueManager, queries: Queries, stop: asyncio.Event | None
    ) -> None:
        """End the engine when told to, or when nothing is due; it finishes what it began."""
        if stop is not None:
            await stop.wait()
        else:
            kinds = list(self._handlers)
            while True:
                rows: list[dict[str, Any]] = await queries.driver.fetch(
                    _DUE, kinds, self._dead_after
                )
                if not rows[0]["exists"] and not manager.job_context:
                    break
                await asyncio.sleep(_LOOK_S)
        manager.shutdown.set()

    async def _execute(self, job: PickedJob) -> None:
        handler, attempts = self._handlers[job.entrypoint]
        try:
            await handler(json.loads(job.payload or b"{}"))
        except Exception as error:
            tries = job.attempts + 1
            if tries >= attempts:
                raise  # set aside as failed, with its traceback in the engine's log
            pause = backoff(tries, self._random.random())
            raise RetryRequested(pause, type(error).__name__) from error
