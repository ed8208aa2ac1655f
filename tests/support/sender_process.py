"""A process that sends one platform's messages into a file, until it is killed.

Arguments: the database's address, a folder, the file that stands for the platform, a seed.
"""

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path
from random import Random

from bots.conversation.dialogue import Platform, Reply
from bots.delivery import Delivery
from domain.clock import SystemClock
from domain.database import Database
from domain.notifications.rules import Outcome
from domain.settings import load_settings

LEASE = timedelta(seconds=1)
AT_ONCE = 4


class FilePlatform:
    """Each message arrives as one line; the answer to the sender comes a moment later."""

    platform: Platform = "telegram"
    address: str | None = None

    def __init__(self, path: Path, random: Random) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._random = random

    async def send(self, address: str, reply: Reply) -> Outcome:
        """Append the text, and fail now and then in both known ways."""
        await asyncio.sleep(self._random.random() * 0.03)
        if self._random.random() < 0.05:
            return Outcome("wait", "429", timedelta(milliseconds=50))
        os.write(self._file, f"{reply.text}\n".encode())
        await asyncio.sleep(self._random.random() * 0.03)
        return Outcome("sent")


async def main(address: str, folder: str, path: str, seed: str) -> None:
    """Send until killed."""
    settings = load_settings(data_dir=Path(folder), database_url=address, database_pool_size=2)
    database = await Database.open(settings)
    random = Random(int(seed))  # noqa: S311
    platform = FilePlatform(Path(path), random)
    delivery = Delivery(database, SystemClock(), random, platform, lease=LEASE, at_once=AT_ONCE)
    print("ready", flush=True)
    await delivery.run(asyncio.Event(), poll=0.05)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
