"""Seals what is plain, or sealed with another key, in a process that tests kill.

Run as `python seal_process.py ADDRESS`, with the keys in the environment.
"""

import asyncio
import sys

from domain.clock import SystemClock
from domain.database import Database
from domain.settings import load_settings
from domain.tutoring.resealing import reseal


async def main(address: str) -> None:
    database = await Database.open(load_settings(database_url=address))
    print("ready", flush=True)
    await reseal(database, SystemClock().now())
    await database.close()


asyncio.run(main(*sys.argv[1:]))
