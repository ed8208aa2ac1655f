"""Connections that stay open between two transactions.

Taking a connection from SQLAlchemy's pool and giving it back costs a process as much as two
statements. So those that SQLAlchemy has nothing to tidy up on are kept here as they are.
"""

import asyncio
from contextlib import suppress

import asyncpg
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.execution import Connection

PATIENCE_S = 30.0  # for a connection, while all are in use
FAREWELL_S = 5.0  # for the server to take leave; then the connection is cut


class Pool:
    """The connections of one engine.

    Args:
        engine: makes them. Its own pool keeps as many.
        most: at the same time.
    """

    def __init__(self, engine: AsyncEngine, most: int) -> None:
        self._engine = engine
        self._idle: list[Connection] = []
        self._free = asyncio.Semaphore(most)
        self._closed = False

    async def take(self) -> Connection:
        """A connection, to be given back with `give_back`.

        Raises:
            PoolTimeout: all have been in use for long.
            Exception: none can be made.
        """
        if self._free.locked():
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._free.acquire()
            except TimeoutError:
                raise PoolTimeout("All connections to the database are in use.") from None
        else:
            await self._free.acquire()
        try:
            while self._idle:
                connection = self._idle.pop()
                if not connection.driver.is_closed():
                    return connection
                await connection.close()
            return await Connection(self._engine).open()
        except BaseException:
            self._free.release()
            raise

    async def give_back(self, connection: Connection) -> None:
        """The transaction has ended; nothing is waited for."""
        try:
            if self._closed:  # the engine's pool, too, so that nobody would close it
                with suppress(TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await connection.driver.close(timeout=FAREWELL_S)
            if self._closed or connection.driver.is_closed() or connection.in_transaction():
                await connection.close()
            else:
                self._idle.append(connection)
        finally:
            self._free.release()

    async def close(self) -> None:
        """Close all that are not in use, and the others when they are given back."""
        self._closed = True
        while self._idle:
            await self._idle.pop().close()
        await self._engine.dispose()
