"""Runs the migrations on a connection; Alembic calls this file.

`config.attributes["connection"]` is a synchronous connection outside a transaction. Without it
(the `alembic` command of a developer) the database of the settings is used.
"""

import asyncio
import importlib
import time
from pathlib import Path

from alembic import context
from sqlalchemy import Connection, text

import domain
from domain.database import Base
from domain.settings import load_settings
from migrations import roles
from migrations.run import connect_as_owner

_LOCK = 0x53746F61  # "Stoa": one migrator at a time per database
_ASK_AGAIN_S = 0.1
_PARTITIONS = text("select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid")


def load_tables() -> None:
    """Import each `tables` module of the domain, so that `Base.metadata` is whole."""
    for path in sorted(Path(domain.__file__).parent.glob("*/tables.py")):
        importlib.import_module(f"domain.{path.parent.name}.tables")


def migrate(connection: Connection) -> None:
    """Migrate under a lock, as the owner of the tables, one transaction for each step."""
    _wait_for_turn(connection)
    try:
        roles.prepare(connection)
        with connection.begin():
            connection.execute(text("set role stoa_owner"))
            connection.execute(text("set lock_timeout = '3s'"))
            partitions = set(connection.scalars(_PARTITIONS))
        load_tables()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            compare_type=True,
            compare_server_default=True,
            include_name=lambda name, kind, _parents: kind != "table" or name not in partitions,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()
        roles.close_behind(connection)
    finally:
        if connection.in_transaction():
            connection.rollback()
        with connection.begin():
            connection.execute(text("reset role"))
            connection.execute(text("reset lock_timeout"))
            connection.execute(text("select pg_advisory_unlock(:key)"), {"key": _LOCK})


def _wait_for_turn(connection: Connection) -> None:
    """Take the lock, of the session and not of a transaction: it must span all the steps.

    Asked again and again: a statement that waits for it would hold a snapshot, and an index made
    CONCURRENTLY by the migrator before us would wait for that.
    """
    while True:
        with connection.begin():
            if connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": _LOCK}):
                return
        time.sleep(_ASK_AGAIN_S)


async def _migrate_configured() -> None:
    async with connect_as_owner(load_settings()) as connection:
        await connection.run_sync(migrate)


if context.is_offline_mode():
    raise SystemExit("Migrations as a script are not supported: some steps look at the data.")
given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    asyncio.run(_migrate_configured())
