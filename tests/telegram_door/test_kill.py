"""Processes that work stored updates are killed at random moments: nothing lost, nothing twice."""

import asyncio
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from domain import inbox
from domain.clock import SystemClock
from domain.database import Database
from domain.inbox import Update
from domain.postgres import EmbeddedServer
from domain.sql import sql
from tests.support.eventually import until
from tests.support.inbox_process import BOX
from tests.support.processes import Process, kill, start

LANES, EACH = 12, 40
_EFFECTS = sql("SELECT job, slot FROM job_runs WHERE starts_with(job, 'chat') ORDER BY started_at")
_LEFT = sql("SELECT count(*) FROM inbound_updates WHERE handled_at IS NULL")


@pytest.mark.parametrize(
    ("seed", "kills"),
    [(1, 1), *(pytest.param(seed, 12, marks=pytest.mark.soak) for seed in (2, 3))],
)
async def test_killed_processes_lose_no_update_and_keep_the_order_of_each_chat(
    server: EmbeddedServer,
    database: Database,
    database_name: str,
    tmp_path: Path,
    seed: int,
    kills: int,
) -> None:
    random, clock = Random(seed), SystemClock()  # noqa: S311
    total = LANES * EACH
    async with database.worker_unit_of_work() as conn:
        await conn.execute(sql("DELETE FROM inbound_updates"))
        await conn.execute(sql("DELETE FROM job_runs"))
        updates = [Update(n, f"chat{n % LANES}", {"n": n}, clock.now()) for n in range(total)]
        await inbox.store(conn, BOX, updates, "nobody", clock.now())

    async def worker(number: int) -> Process:
        log = tmp_path / "log"
        return await start("inbox_process.py", server, database_name, tmp_path, log, number)

    async def is_done() -> bool:
        async with database.worker_unit_of_work() as conn:
            return bool((await conn.execute(_LEFT)).scalar_one() == 0)

    workers = [await worker(seed * 100 + n) for n in (0, 1)]
    try:
        for number in range(kills):
            await asyncio.sleep(random.random() * 0.5)
            await kill(workers[number % 2])
            workers[number % 2] = await worker(seed * 1000 + number)
        async with asyncio.timeout(60):
            await until(is_done)
    finally:
        for one in workers:
            await kill(one)

    poison = {n for n in range(total) if n % 50 == 7}
    answers = Counter(map(int, (tmp_path / "log").read_text().split()))
    assert set(answers) == set(range(total)) - poison
    async with database.worker_unit_of_work() as conn:
        effects = [(row.job, int(row.slot)) for row in (await conn.execute(_EFFECTS)).all()]
        assert {number for number, *_ in await inbox.aside(conn, BOX, total)} == poison
    for lane in range(LANES):
        order = [number for name, number in effects if name == f"chat{lane}"]
        assert order == list(range(lane, total, LANES))
