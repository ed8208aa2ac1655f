"""A worker that does nothing but remind, and is slow to commit, until it is killed.

Arguments: the database's address, a folder, the time it is (ISO), a seed; "nudges" for those who
set no hour.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path
from random import Random

from sqlalchemy.ext.asyncio import AsyncConnection

from bots.reminding import nudge_all, remind_all
from domain import engine
from domain.clock import ManualClock
from domain.database import Database
from domain.settings import load_settings

LANES = 2
IN_A_SET = 3

_random = Random()  # noqa: S311


class Slow(Database):
    """A database whose worker is slow to commit."""

    def worker_unit_of_work(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """As before, and then a moment in which it may be killed."""
        return self._slow()

    @asynccontextmanager
    async def _slow(self) -> AsyncIterator[AsyncConnection]:
        async with super().worker_unit_of_work() as conn:
            yield conn
            await asyncio.sleep(_random.random() * 0.1)


async def main(address: str, folder: str, now: str, seed: str, what: str = "") -> None:
    """Remind until killed."""
    engine.LONGEST = "15s"  # it may be frozen while it prepares a statement
    settings = load_settings(data_dir=Path(folder), database_url=address, database_pool_size=3)
    database = await Slow.open(settings)
    _random.seed(int(seed))
    deal = nudge_all if what == "nudges" else remind_all
    print("ready", flush=True)
    while True:
        await deal(database, ManualClock(datetime.fromisoformat(now)), LANES, IN_A_SET)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
