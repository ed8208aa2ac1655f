"""A worker that does nothing but remind, and is slow to commit, until it is killed.

Arguments: the database's address, a folder, the time it is (ISO), a seed; "nudges" for those who
set no hour.
"""

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from random import Random

from domain.database import Database
from domain.settings import load_settings
from tests.support import nudges, reminders


async def main(address: str, folder: str, now: str, seed: str, what: str = "") -> None:
    """Remind until killed."""
    settings = load_settings(data_dir=Path(folder), database_url=address, database_pool_size=2)
    database = await Database.open(settings)
    random = Random(int(seed))  # noqa: S311
    one_set = nudges.one_set if what == "nudges" else reminders.one_set
    print("ready", flush=True)
    while True:
        async with database.worker_unit_of_work() as conn:
            await one_set(conn, datetime.fromisoformat(now), 3)
            await asyncio.sleep(random.random() * 0.1)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
