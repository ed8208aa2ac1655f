"""The job port on PgQueuer: jobs go with their transaction, once, and outlive their worker."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pgqueuer.queries import Queries

from domain.database import Database
from domain.jobs import engine
from domain.jobs.engine import PgQueuerJobs, queries_on
from domain.jobs.port import Job, JobQueue
from domain.postgres import EmbeddedServer
from domain.sql import sql
from tests.support.eventually import until
from tests.support.outbox import forget_all
from tests.support.processes import kill, start

PATIENCE_S = 60  # a job that a dying connection took is another's only after half a minute
_WAITING = sql("SELECT count(*) FROM jobs.pgqueuer")
_CUT = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE query ILIKE '%pgqueuer%' AND datname = current_database() AND pid <> pg_backend_pid()
"""
_LOGGED = sql("SELECT status::text FROM jobs.pgqueuer_log ORDER BY id")


@pytest.fixture
async def queue(database: Database) -> PgQueuerJobs:
    await forget_all(database)
    return PgQueuerJobs(database, Random(1), poll=timedelta(seconds=0.05))  # noqa: S311


async def waiting(database: Database) -> int:
    async with database.worker_unit_of_work() as conn:
        return int((await conn.execute(_WAITING)).scalar_one())


async def test_jobs_are_enqueued_by_a_request_and_done_by_a_worker(
    database: Database, queue: PgQueuerJobs
) -> None:
    port: JobQueue = queue
    done: list[Mapping[str, Any]] = []

    async def remember(payload: Mapping[str, Any]) -> None:
        done.append(payload)

    port.handle("greet", remember)
    async with database.unit_of_work() as conn:
        assert await port.enqueue(conn, Job("greet", {"name": "Zoë"}))
    await port.drain()
    assert done == [{"name": "Zoë"}]
    assert await waiting(database) == 0
    async with database.worker_unit_of_work() as conn:
        assert (await conn.execute(_LOGGED)).scalars().all() == ["queued", "picked", "successful"]


async def test_a_request_cannot_read_what_jobs_are_about(
    database: Database, queue: PgQueuerJobs
) -> None:
    async with database.unit_of_work() as conn:
        await queue.enqueue(conn, Job("greet"))
    with pytest.raises(Exception, match="permission denied"):
        async with database.unit_of_work() as conn:
            await conn.exec_driver_sql("select payload from jobs.pgqueuer")


async def test_a_job_goes_with_its_transaction(database: Database, queue: PgQueuerJobs) -> None:
    async def fail() -> None:
        async with database.unit_of_work() as conn:
            await queue.enqueue(conn, Job("greet"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await waiting(database) == 0


async def test_a_key_that_waits_is_not_added_again(database: Database, queue: PgQueuerJobs) -> None:
    runs = 0

    async def count(_: Mapping[str, Any]) -> None:
        nonlocal runs
        runs += 1

    queue.handle("greet", count)
    for expected in ([True, False], [True, False]):  # and may come again once it was done
        async with database.unit_of_work() as conn:
            added = [await queue.enqueue(conn, Job("greet", key="ana")) for _ in range(2)]
        assert added == expected
        await queue.drain()
    assert runs == 2


async def test_a_failed_job_comes_again_and_is_set_aside_at_last(
    database: Database, queue: PgQueuerJobs
) -> None:
    async def fail(_: Mapping[str, Any]) -> None:
        raise ZeroDivisionError

    queue.handle("greet", fail, attempts=2)
    async with database.unit_of_work() as conn:
        await queue.enqueue(conn, Job("greet"))
    await queue.drain()
    status = sql("SELECT status::text FROM jobs.pgqueuer WHERE execute_after > now()")
    hurry = sql("UPDATE jobs.pgqueuer SET execute_after = now()")
    async with database.worker_unit_of_work() as conn:
        assert (await conn.execute(status)).scalar_one() == "queued"
        await conn.execute(hurry)
    await queue.drain()
    async with database.worker_unit_of_work() as conn:
        left = await conn.execute(sql("SELECT status::text FROM jobs.pgqueuer"))
        assert left.scalar_one() == "failed"


async def test_a_stopped_worker_finishes_what_it_began(
    database: Database, queue: PgQueuerJobs
) -> None:
    stop, began, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(_: Mapping[str, Any]) -> None:
        began.set()
        await asyncio.sleep(0.3)
        ended.set()

    queue.handle("greet", slow)
    async with database.unit_of_work() as conn:
        await queue.enqueue(conn, Job("greet"))
    running = asyncio.create_task(queue.run(stop))
    async with asyncio.timeout(PATIENCE_S):
        await began.wait()
        stop.set()
        await running
    assert ended.is_set()
    assert await waiting(database) == 0


async def test_a_connection_that_is_lost_at_any_moment_is_made_again(
    database: Database, queue: PgQueuerJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, done, random = asyncio.Event(), asyncio.Event(), Random(1)  # noqa: S311
    monkeypatch.setattr(engine, "backoff", lambda *_: timedelta(seconds=0.01))

    async def work(_: Mapping[str, Any]) -> None:
        done.set()

    queue.handle("greet", work)
    own = await database.driver_connection("stoa_worker")
    running = asyncio.create_task(queue.run(stop))
    try:
        async with asyncio.timeout(2 * PATIENCE_S):
            cut = 0
            while cut < 40:
                await asyncio.sleep(random.random() * 0.06)
                cut += await own.fetchval(_CUT)
            async with database.unit_of_work() as conn:
                await queue.enqueue(conn, Job("greet"))
            waiting_for = asyncio.create_task(done.wait())
            await asyncio.wait({running, waiting_for}, return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            await running
            await waiting_for
    finally:
        await own.close()


async def test_a_killed_worker_s_job_is_done_by_another(
    database: Database,
    queue: PgQueuerJobs,
    server: EmbeddedServer,
    database_name: str,
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    log.touch()
    async with database.unit_of_work() as conn:
        await queue.enqueue(conn, Job("work", {"n": 1, "seconds": 3}))
    first = await start("job_process.py", server, database_name, tmp_path, log)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await until(lambda: log.read_text().startswith("begin 1"))
            await kill(first)
            second = await start("job_process.py", server, database_name, tmp_path, log)
            try:
                await until(lambda: f"end 1 {second.pid}" in log.read_text())
            finally:
                await kill(second)
    finally:
        await kill(first)
    lines = log.read_text().splitlines()
    assert lines == [f"begin 1 {first.pid}", f"begin 1 {second.pid}", f"end 1 {second.pid}"]


async def test_jobs_longer_than_the_lease_are_not_taken_from_a_living_worker(
    database: Database,
    server: EmbeddedServer,
    database_name: str,
    queue: PgQueuerJobs,
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    log.touch()
    workers = [
        await start("job_process.py", server, database_name, tmp_path, log) for _ in range(2)
    ]
    try:
        async with database.unit_of_work() as conn:
            for number in range(6):
                await queue.enqueue(conn, Job("work", {"n": number, "seconds": 2.5}))
        async with asyncio.timeout(PATIENCE_S):
            await until(lambda: log.read_text().count("end") == 6)
    finally:
        for worker in workers:
            await kill(worker)
    assert log.read_text().count("begin") == 6


async def test_our_tables_are_the_ones_the_engine_expects_but_for_its_trigger(
    database: Database,
) -> None:
    connection = await database.driver_connection("stoa_worker")
    try:
        queries: Queries = queries_on(connection)
        plan = await queries.plan_upgrade()
    finally:
        await connection.close()
    assert [line for line in plan.statements if "changed" not in line] == []
    assert plan.notes == ()
