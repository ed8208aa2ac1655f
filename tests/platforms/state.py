"""What the database holds of one learner, in a form that two doors can be compared by."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Column, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.database import Base, Database
from domain.schema_doc import load_tables
from domain.sql import sql

Value = object
Row = Mapping[str, Value]
State = Mapping[str, tuple[Row, ...]]

_USER = sql("SELECT user_id FROM identities WHERE provider = :platform AND subject = :subject")
# What tells one door or one moment from another, and is no state of learning.
_APART = frozenset({
    "identities", "delivery_channels", "outbox", "learning_sessions", "receipts", "auth_sessions",
    "activity_log", "analytics_events", "one_time_tokens", "users",
})  # fmt: skip
_MOMENTARY = frozenset({
    "seed", "option_order", "place_id", "device_type", "seconds", "seconds_spent",
    "display_name", "locale", "execution_time_ms", "cpu_time_ms", "memory_peak_kb", "runtime_logs",
    "fence", "platform", "provider", "subject",
})  # fmt: skip
_TIMED_RESULT = frozenset({"ms", "cpu_ms", "wall_ms", "memory_kb", "time_ms", "duration_ms"})
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_NAMES = (
    sql("SELECT id, slug AS name FROM courses"),
    sql("SELECT id, key AS name FROM components"),
    sql("SELECT id, key AS name FROM question_bank"),
)


async def state_of(database: Database, platform: str, subject: str) -> State:
    """Every row of every table that belongs to a learner, without ids, times and the door's own.

    Ids of content become its names; other ids are left out, and so is how long things took.

    Raises:
        sqlalchemy.exc.NoResultFound: nobody has that account.
    """
    load_tables()
    async with database.worker_unit_of_work() as conn:
        values = {"platform": platform, "subject": subject}
        user: UUID = (await conn.execute(_USER, values)).scalar_one()
        names = {row.id: row.name for query in _NAMES for row in await conn.execute(query)}
        tables = [
            table
            for table in Base.metadata.sorted_tables
            if "user_id" in table.columns and table.name not in _APART
        ]
        found = {table.name: await _rows(conn, table, user, names) for table in tables}
    return {name: rows for name, rows in found.items() if rows}


async def _rows(
    conn: AsyncConnection, table: Table, user: UUID, names: Mapping[UUID, str]
) -> tuple[Row, ...]:
    rows = await conn.execute(table.select().where(table.c.user_id == user))
    kept = [column for column in table.columns if _is_kept(column)]
    shown = [{column.name: _plain(row[column.name], names) for column in kept}
             for row in rows.mappings()]  # fmt: skip
    return tuple(sorted(shown, key=repr))


def _is_kept(column: Column[object]) -> bool:
    return column.name not in _MOMENTARY and column.name != "user_id"


def _plain(value: Value, names: Mapping[UUID, str]) -> Value:
    match value:
        case UUID():
            return names.get(value, "")
        case datetime():
            return "then"
        case date():
            return value.isoformat()
        case Decimal():
            return format(value.normalize(), "f")
        case Mapping():
            return {
                key: _plain(one, names) for key, one in value.items() if key not in _TIMED_RESULT
            }
        case str() if _INSTANT.match(value):
            return "then"
        case list() | tuple():
            return [_plain(one, names) for one in value]
    return value
