"""People who want to be reminded, and a worker's part of it."""

from collections import Counter
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.database import Database
from domain.motivation.daily import day_begins
from domain.motivation.days import EVERY_DAY, local_date
from domain.notifications.reminders_due import remind_due
from domain.notifications.reminders_own import remind_at
from domain.sql import sql
from tests.support.outbox import Reader, reader

_ZONE = sql("UPDATE user_profiles SET timezone = :zone WHERE user_id = :user")
_SENT = sql("""
    SELECT idempotency_key AS key, payload ->> 'text' AS text, run_at, expires_at FROM outbox
    WHERE kind = 'reminder' ORDER BY run_at, idempotency_key
""")
_REMINDER = sql("SELECT * FROM reminders WHERE user_id = :user")


def day_of(now: datetime, timezone: str, day_ends: time) -> tuple[date, datetime]:
    """As the worker has it."""
    day = local_date(now, timezone, day_ends)
    return day, day_begins(day, timezone, day_ends)


async def reminded(
    database: Database,
    name: str,
    at: time,
    now: datetime,
    zone: str = "UTC",
    weekdays: frozenset[int] = EVERY_DAY,
) -> Reader:
    """A new person at the terminal with a reminder."""
    somebody = await reader(database, name)
    await move(database, somebody, zone)
    async with database.unit_of_work(somebody.user_id) as conn:
        await remind_at(conn, somebody.user_id, at, weekdays, now)
    return somebody


async def move(database: Database, somebody: Reader, zone: str) -> None:
    """Change a person's zone and nothing else."""
    await change(database, _ZONE.text, user=somebody.user_id, zone=zone)


async def change(database: Database, statement: str, **values: Any) -> None:
    """Change something as the worker."""
    async with database.worker_unit_of_work() as conn:
        await conn.execute(sql(statement), values)


async def one_set(conn: AsyncConnection, now: datetime, most: int = 500) -> Counter[str]:
    """One set of what is due."""
    return await remind_due(conn, now, day_of, most)


async def tick(database: Database, now: datetime, most: int = 500) -> Counter[str]:
    """All that is due, set after set."""
    judged: Counter[str] = Counter()
    while True:
        async with database.worker_unit_of_work() as conn:
            found = await one_set(conn, now, most)
        if not found:
            return judged
        judged += found


async def sent(database: Database) -> list[Any]:
    """The reminders that were written so far: key, text, run_at, expires_at."""
    async with database.worker_unit_of_work() as conn:
        return list((await conn.execute(_SENT)).all())


async def reminder(database: Database, of: Reader) -> Any:
    """The row of a person's reminder."""
    async with database.worker_unit_of_work() as conn:
        return (await conn.execute(_REMINDER, {"user": of.user_id})).one()
