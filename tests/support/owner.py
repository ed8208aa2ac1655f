"""A superuser's connection, for tests that look behind the policies."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.engine import engine_for
from domain.postgres import EmbeddedServer


@asynccontextmanager
async def owner_of(server: EmbeddedServer, database: str) -> AsyncIterator[AsyncConnection]:
    """A connection that owns a database; what it leaves uncommitted is undone."""
    engine = engine_for(server.connect_arguments(database=database))
    async with engine.connect() as connection:
        yield connection
        await connection.rollback()
    await engine.dispose()


async def drop(server: EmbeddedServer, database: str) -> None:
    """Remove a database a test made."""
    async with owner_of(server, "postgres") as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.exec_driver_sql(f'drop database "{database}" with (force)')
