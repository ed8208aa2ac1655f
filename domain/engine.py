"""Engines: how SQLAlchemy's pool gets its asyncpg connections."""

from collections.abc import Callable, Mapping
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

ConnectArguments = Mapping[str, object] | Callable[[], Mapping[str, object]]

CONNECT_TIMEOUT_S = 15.0
# The server ends a transaction in which nothing is asked for so long: a process that was frozen in
# the middle of one would keep its locks, and nobody could take over what it held.
STALLED = "10s"
# That does not count between preparing a statement and running it: the driver asks for no end of
# the exchange there, so the server waits as for the rest of a request. This counts always, and a
# transaction cannot have more; none of ours takes minutes.
LONGEST = "15min"
STATEMENTS_KEPT = 400  # prepared ones for each connection; more than the program has


def engine_for(
    arguments: ConnectArguments, *, pool_size: int | None = None, pooler: bool = False
) -> AsyncEngine:
    """An engine whose connections are made by asyncpg with these arguments.

    Args:
        arguments: for `asyncpg.connect`, or a function called for each new connection.
        pool_size: connections kept; without it, none is kept.
        pooler: PgBouncer in transaction mode stands between: prepare nothing by name.
    """

    async def connect(**_: object) -> asyncpg.Connection:
        given = arguments() if callable(arguments) else arguments
        given = {**given, "statement_cache_size": 0 if pooler else STATEMENTS_KEPT}
        if pool_size is not None and not pooler:
            told = given.get("server_settings")
            named = told if isinstance(told, Mapping) else {}
            given["server_settings"] = {
                **named,
                "idle_in_transaction_session_timeout": STALLED,
                "transaction_timeout": LONGEST,
            }
        return await asyncpg.connect(timeout=CONNECT_TIMEOUT_S, **given)

    options: dict[str, Any] = {"poolclass": NullPool} if pool_size is None else {}
    if pool_size is not None:
        # `Database` begins and ends transactions on the driver itself.
        options = {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": 30}
        options["isolation_level"] = "AUTOCOMMIT"
    engine = create_async_engine(
        "postgresql+asyncpg://",
        connect_args={
            "async_creator_fn": connect,
            "prepared_statement_cache_size": 0 if pooler else STATEMENTS_KEPT,
        },
        hide_parameters=True,  # learners' texts stay out of error messages and logs
        **options,
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(_: object, entry: ConnectionPoolEntry, __: object) -> None:
    """Replace a connection whose server went away, at no cost: the loop has seen it close."""
    driver: Any = entry.driver_connection
    if driver.is_closed():
        raise DisconnectionError
