"""Many schedulers, one winner for each slot; nobody's failure, death or stop costs a day."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.clock import ManualClock, SystemClock
from domain.database import Database
from domain.jobs.slots import claim_slot, finish_slot
from domain.jobs.ticks import PATIENCE, Tick, Ticker
from domain.jobs.upkeep import ensure_partitions, prune
from domain.postgres import EmbeddedServer
from domain.settings import Settings
from domain.sql import sql
from tests.support.eventually import until
from tests.support.outbox import forget_all

DAY = timedelta(days=1)
PATIENCE_S = 60  # on a busy machine
_RUNS = sql("SELECT slot, outcome, details FROM job_runs WHERE job = :job ORDER BY slot")


async def runs(database: Database, job: str) -> list[tuple[str, str | None, Any]]:
    async with database.worker_unit_of_work() as conn:
        return [tuple(row) for row in await conn.execute(_RUNS, {"job": job})]


@pytest.fixture
async def processes(
    server: EmbeddedServer, database_name: str, settings: Settings
) -> AsyncIterator[list[Database]]:
    """Eight programs' connections to one database."""
    opened = [
        Database(lambda role: server.connect_arguments(role, database_name), settings)
        for _ in range(8)
    ]
    yield opened
    for database in opened:
        await database.close()


async def test_of_eight_schedulers_one_wins_each_slot(
    processes: list[Database], clock: ManualClock
) -> None:
    done: Counter[datetime] = Counter()

    async def work() -> Mapping[str, Any]:
        done[clock.now()] += 1
        return {}

    tick = Tick("eight", timedelta(seconds=15), work)
    tickers = [Ticker(database, clock, [tick]) for database in processes]
    for _ in range(40):
        fired = await asyncio.gather(*(ticker.fire(tick) for ticker in tickers))
        assert sum(one is not None for one in fired) == 1
        clock.advance(timedelta(seconds=15))
    assert len(done) == 40
    assert set(done.values()) == {1}
    assert {outcome for _, outcome, _ in await runs(processes[0], "eight")} == {"done"}


async def test_eight_running_schedulers_do_each_slot_once(processes: list[Database]) -> None:
    clock, stop, done = SystemClock(), asyncio.Event(), [0]

    async def work() -> Mapping[str, Any]:
        done[0] += 1
        return {}

    tick = Tick("running", timedelta(seconds=1), work)
    tickers = [Ticker(database, clock, [tick]) for database in processes]
    running = [asyncio.create_task(ticker.run(stop)) for ticker in tickers]
    async with asyncio.timeout(PATIENCE_S):
        await until(lambda: done[0] >= 3)
        stop.set()
        await asyncio.gather(*running)
    slots = await runs(processes[0], "running")
    assert done[0] == len(slots)
    assert len(slots) >= 3
    assert {outcome for _, outcome, _ in slots} == {"done"}


async def test_a_slot_whose_owner_died_is_taken_over_and_the_old_one_is_refused(
    database: Database, clock: ManualClock
) -> None:
    slot = "2026-03-02T00:00:00Z"
    died = clock.now()

    async def claim() -> bool:
        async with database.worker_unit_of_work() as conn:
            return await claim_slot(conn, "daily", slot, clock.now(), PATIENCE)

    async def finish(since: datetime) -> None:
        async with database.worker_unit_of_work() as conn:
            await finish_slot(
                conn, "daily", slot, since=since, now=clock.now(), failed=False, details=None
            )

    assert await claim()
    clock.advance(PATIENCE - timedelta(seconds=1))
    assert not await claim()
    clock.advance(timedelta(seconds=1))
    assert await claim()
    assert not await claim()
    await finish(died)
    assert await runs(database, "daily") == [(slot, None, None)]
    await finish(clock.now())
    assert await runs(database, "daily") == [(slot, "done", None)]
    clock.advance(timedelta(hours=1))
    assert not await claim()


async def test_a_failed_tick_comes_again_after_a_while_and_says_what_it_was(
    database: Database, clock: ManualClock
) -> None:
    broken = True

    async def work() -> Mapping[str, Any]:
        if broken:
            raise ZeroDivisionError
        return {"n": 1}

    tick = Tick("fails", DAY, work, look=timedelta(hours=1))
    ticker = Ticker(database, clock, [tick])
    (fired,) = await ticker.run_once()
    assert fired.failed
    ((_, outcome, details),) = await runs(database, "fails")
    assert (outcome, details) == ("failed", {"error": "ZeroDivisionError"})
    broken = False
    assert await ticker.run_once() == []
    clock.advance(PATIENCE)
    assert [one.failed for one in await ticker.run_once()] == [False]


async def test_a_stopped_ticker_finishes_what_it_began(database: Database) -> None:
    stop, began, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow() -> Mapping[str, Any]:
        began.set()
        await asyncio.sleep(0.3)
        ended.set()
        return {}

    ticker = Ticker(database, SystemClock(), [Tick("slow", DAY, slow)])
    running = asyncio.create_task(ticker.run(stop))
    async with asyncio.timeout(PATIENCE_S):
        await began.wait()
        stop.set()
        await running
    assert ended.is_set()
    assert (await runs(database, "slow"))[0][1] == "done"


async def test_a_scheduler_begins_with_what_is_due_and_goes_on(database: Database) -> None:
    stop, times = asyncio.Event(), []

    async def work() -> Mapping[str, Any]:
        times.append(SystemClock().now())
        return {}

    ticker = Ticker(database, SystemClock(), [Tick("on", timedelta(seconds=1), work)])
    running = asyncio.create_task(ticker.run(stop))
    async with asyncio.timeout(PATIENCE_S):
        await until(lambda: len(times) >= 3)
        stop.set()
        await running
    assert len({at.replace(microsecond=0) for at in times}) == len(times)


async def test_partitions_are_there_three_months_ahead(database: Database) -> None:
    newest = sql(
        "SELECT max(relname) FROM pg_class"
        " WHERE relispartition AND relkind = 'r' AND relname LIKE 'activity_log_2%'"
    )
    async with database.worker_unit_of_work() as conn:
        await ensure_partitions(conn)  # the copied database may be from last month
        assert await ensure_partitions(conn) == 0
        name = str((await conn.execute(newest)).scalar_one())
    year, month = (int(part) for part in name.rsplit("_", 2)[1:])
    now = SystemClock().now()
    assert (year - now.year) * 12 + month - now.month == 3


async def test_old_rows_go_and_the_others_stay(database: Database, clock: ManualClock) -> None:
    await forget_all(database)
    now = clock.now()
    run = sql("INSERT INTO job_runs (job, slot, started_at) VALUES (:job, :slot, :at)")
    update = sql(
        "INSERT INTO inbound_updates (platform, update_id, received_at, handled_at)"
        " VALUES ('telegram', :id, :at, :at)"
    )
    log = sql("""
        INSERT INTO jobs.pgqueuer_log (created, job_id, status, priority, entrypoint, aggregated)
        VALUES (:at, 1, 'successful', 0, 'greet', true)
    """)
    reserved = sql("""
        WITH somebody AS (INSERT INTO users DEFAULT VALUES RETURNING id)
        INSERT INTO tutor_reservations (user_id, day, tokens, made_at, expires_at)
        SELECT id, CAST(:at AS timestamptz)::date, 1, CAST(:at AS timestamptz),
               CAST(:at AS timestamptz) FROM somebody
    """)
    days = [1, 3, 8, 91]
    async with database.worker_unit_of_work() as conn:
        for age in days:
            at = now - timedelta(days=age)
            for job in ("often", "daily", "plan:UTC"):
                await conn.execute(run, {"job": job, "slot": f"{age}", "at": at})
            await conn.execute(update, {"id": f"{age}", "at": at})
            await conn.execute(log, {"at": at})
            await conn.execute(reserved, {"at": at})
        assert await prune(conn, now, ["often"]) == 3 + 1 + 3 + 2 + 2 + 1
    assert [slot for slot, *_ in await runs(database, "often")] == ["1"]
    assert [slot for slot, *_ in await runs(database, "daily")] == ["1", "3", "8"]
