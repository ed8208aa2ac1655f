"""A worker that is frozen in the middle of a set holds nobody up for long, and doubles nothing."""

import asyncio
import signal
from collections import Counter
from datetime import UTC, datetime, time
from pathlib import Path

from domain.clock import ManualClock
from domain.database import Database
from domain.postgres import EmbeddedServer
from tests.support.eventually import until
from tests.support.processes import kill, start
from tests.support.reminders import change, reminded, sent, tick

DUE = datetime(2026, 3, 2, 20, tzinfo=UTC)


async def test_others_take_over_from_a_frozen_worker_and_it_does_no_harm_when_it_wakes(
    database: Database,
    database_name: str,
    server: EmbeddedServer,
    clock: ManualClock,
    tmp_path: Path,
) -> None:
    people = [await reminded(database, f"p{n}", time(20), clock.now()) for n in range(9)]
    keys = sorted(f"reminder:2026-03-02:{one.user_id}" for one in people)
    worker = await start("reminder_process.py", server, database_name, tmp_path, DUE.isoformat(), 5)

    async def told() -> list[str]:
        return [one.key for one in await sent(database)]

    async def holds_a_set() -> bool:
        return 0 < len(await told()) < len(people)

    async def all_are_told() -> bool:
        await tick(database, DUE)
        return len(await told()) == len(people)

    try:
        async with asyncio.timeout(60):
            await until(holds_a_set)
        worker.send_signal(signal.SIGSTOP)
        async with asyncio.timeout(60):
            await until(all_are_told)
        assert sorted(await told()) == keys
        await change(database, "UPDATE reminders SET next_fire_at = '2026-03-03 20:00+00'")
        worker.send_signal(signal.SIGCONT)
        await asyncio.sleep(0.5)
    finally:
        await kill(worker)
    assert Counter(await told()) == Counter(keys)
