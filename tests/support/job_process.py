"""A worker process for one kind of job; each start and end of a job is a line of a file.

Arguments: the database's address, a folder, the file.
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from random import SystemRandom
from typing import Any

from domain.database import Database
from domain.jobs.engine import PgQueuerJobs
from domain.settings import load_settings

DEAD_AFTER = timedelta(seconds=1)


async def main(address: str, folder: str, path: str) -> None:
    """Work until killed."""
    settings = load_settings(data_dir=Path(folder), database_url=address, database_pool_size=2)
    database = await Database.open(settings)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def work(payload: Mapping[str, Any]) -> None:
        os.write(file, f"begin {payload['n']} {os.getpid()}\n".encode())
        await asyncio.sleep(payload["seconds"])
        os.write(file, f"end {payload['n']} {os.getpid()}\n".encode())

    queue = PgQueuerJobs(
        database, SystemRandom(), poll=timedelta(seconds=0.1), dead_after=DEAD_AFTER
    )
    queue.handle("work", work)
    print("ready", flush=True)
    await queue.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
