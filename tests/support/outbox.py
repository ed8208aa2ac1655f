"""People with accounts, and messages to them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.database import Database
from domain.notifications.outbox import post
from domain.notifications.rules import Message
from domain.sql import sql

_USER = sql("INSERT INTO users DEFAULT VALUES RETURNING id")
_PROFILE = sql("INSERT INTO user_profiles (user_id, display_name) VALUES (:user, :name)")
_ACCOUNT = sql(
    "INSERT INTO identities (user_id, provider, subject) VALUES (:user, :platform, :subject)"
    " RETURNING id"
)
_ROW = sql("SELECT * FROM outbox WHERE idempotency_key = :key")


@dataclass(frozen=True)
class Reader:
    """Somebody who can be told things; their accounts by platform."""

    user_id: UUID
    name: str
    accounts: dict[str, UUID]


async def forget_all(database: Database) -> None:
    """Take away what earlier tests of the module left: people, messages, jobs, runs."""
    async with database.worker_unit_of_work() as conn:
        for table in ("users", "outbox", "jobs.pgqueuer", "jobs.pgqueuer_log", "job_runs"):
            await conn.exec_driver_sql(f"delete from {table}")


async def reader(database: Database, name: str, *platforms: str) -> Reader:
    """A new person with an account on each platform (the terminal when none is named)."""
    async with database.worker_unit_of_work() as conn:
        user = (await conn.execute(_USER)).scalar_one()
        await conn.execute(_PROFILE, {"user": user, "name": name})
        accounts = {}
        for platform in platforms or ("terminal",):
            values = {"user": user, "platform": platform, "subject": name}
            accounts[platform] = (await conn.execute(_ACCOUNT, values)).scalar_one()
    return Reader(user, name, accounts)


def message(to: Reader, key: str, at: datetime, **changes: Any) -> Message:
    """A message to somebody, due at an instant."""
    given = Message(key, "news", "Number {n}.", {"n": key}, at, to.user_id)
    return replace(given, **changes)


async def tell(database: Database, to: Reader, *messages: Message) -> list[bool]:
    """Post messages as the application, in one transaction of theirs."""
    async with database.unit_of_work(to.user_id) as conn:
        return [await post(conn, one) for one in messages]


async def row(database: Database, key: str) -> Any:
    """The outbox row of a key, or None."""
    async with database.worker_unit_of_work() as conn:
        return (await conn.execute(_ROW, {"key": key})).one_or_none()
