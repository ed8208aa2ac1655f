"""A process that works the updates of one bot, until it is killed.

An effect is a row (of a table that serves), written once for each update as the router does it by
its receipts. An answer is a line of a file with the update's number.

Arguments: the database's address, a folder, the file, a seed.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

from bots.telegram.lanes import Begun, Finisher, Lanes
from bots.telegram.standing import Standing, Timing, owner_name
from domain.clock import SystemClock
from domain.database import Database
from domain.inbox import Box, Update
from domain.settings import load_settings
from domain.sql import sql

BOX = Box("telegram", "4711")
TIMING = Timing(term=timedelta(seconds=1), beat=timedelta(seconds=0.1))
_ONCE = sql("""
    INSERT INTO job_runs (job, slot, started_at)
    VALUES (:lane, CAST(CAST(:number AS bigint) AS text), clock_timestamp())
    ON CONFLICT DO NOTHING
""")


async def main(address: str, folder: str, path: str, seed: str) -> None:
    """Work until killed."""
    settings = load_settings(data_dir=Path(folder), database_url=address, database_pool_size=3)
    database = await Database.open(settings)
    clock, random = SystemClock(), Random(int(seed))  # noqa: S311
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def work(updates: Sequence[Update], begun: Begun) -> None:
        (update,) = updates
        async with database.worker_unit_of_work() as conn:
            await conn.execute(_ONCE, {"lane": update.lane, "number": update.number})
        begun()
        await asyncio.sleep(random.random() * 0.02)
        if update.number % 50 == 7:
            raise ValueError("a poison update")
        os.write(file, f"{update.number}\n".encode())

    finisher = Finisher(database, clock, BOX, random)
    owner = owner_name(BOX, f"{os.getpid()}-{seed}")
    lanes = Lanes(BOX, owner, work, finisher)
    standing = Standing(database, clock, BOX, owner, lanes, lambda _: None, TIMING)
    print("ready", flush=True)
    await asyncio.gather(standing.run(), finisher.run())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
