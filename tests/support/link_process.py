"""Joins two accounts that have agreed, and is killed before it commits."""

import asyncio
import sys
from datetime import datetime

from domain.database import Database
from domain.identity import linking
from domain.motivation.rebuild import rebuild_learner
from domain.settings import load_settings
from domain.sql import sql

_WHO = sql("SELECT user_id FROM identities WHERE subject = :subject")


async def main(address: str, subject: str, at: str) -> None:
    database = await Database.open(load_settings(database_url=address))
    now = datetime.fromisoformat(at)
    async with database.unit_of_work() as conn:
        learner = (await conn.execute(_WHO, {"subject": subject})).scalar_one()
        await database.become(conn, learner)
        (link,) = await linking.links(conn)
        if await linking.join(conn, link.id, now) is None:
            raise SystemExit("nothing was joined")
        await rebuild_learner(conn, learner, now)
        print("ready", flush=True)
        await asyncio.sleep(600)


asyncio.run(main(*sys.argv[1:]))
