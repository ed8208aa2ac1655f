"""The one database of a process: connections, roles, and transactions that know their learner."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Literal, Self
from uuid import UUID

import asyncpg
from sqlalchemy import MetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import DeclarativeBase

import migrations
from domain import seal_keys
from domain.engine import CONNECT_TIMEOUT_S, LONGEST, STALLED, engine_for
from domain.errors import StoaError
from domain.execution import Connection
from domain.pool import Pool
from domain.postgres import EmbeddedServer
from domain.sealing import Seals
from domain.settings import ConfigurationError, Settings, encryption_secret
from domain.sql import sql

Role = Literal["stoa_app", "stoa_worker", "stoa_ro"]

DATABASE = "stoa"  # the embedded server's database
_SET_USER = sql("select set_config('app.user_id', :user, true)")
_SET_ROLE = sql("""
    select set_config('role', :role, true), set_config('app.user_id', :user, true),
           set_config('idle_in_transaction_session_timeout', :stalled, true),
           set_config('transaction_timeout', :longest, true)
""")
_LOOK = (
    "select (select version_num from public.alembic_version), current_user::text,"
    " (select rolsuper or rolbypassrls from pg_roles where rolname = current_user)"
)
_NO_TABLE = "42P01"
_NO_DATABASE = "3D000"
_NO_ROLE = ("28000", "22023")  # a login that is not there; a role that is not there or not ours


class Base(DeclarativeBase):
    """Every table's class derives from this; constraints get predictable names."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


class DatabaseUnreachable(StoaError):
    """No connection could be made; the message says to what, without the password."""


class Database:
    """Transactions for one process. Make it with `open`, end it with `close`.

    Args:
        connect: gives the arguments for `asyncpg.connect` as a role.
        settings: sizes and whether a pooler stands between.
        server: the embedded server this process uses, if any; released by `close`.
    """

    def __init__(
        self,
        connect: Callable[[Role], Mapping[str, object]],
        settings: Settings,
        server: EmbeddedServer | None = None,
    ) -> None:
        self._connect = connect
        self._settings = settings
        self.server = server
        self._pools: dict[tuple[Role, str | None], Pool] = {}
        self._seals: Seals | None = None

    @classmethod
    async def open(cls, settings: Settings, say: Callable[[str], None] = lambda _: None) -> Self:
        """Connect; with the embedded server also start it and bring its tables up to date.

        Args:
            settings: which database.
            say: told, in words, about steps that take long.

        Raises:
            ConfigurationError: a server without a secret key, a key that does not open what is
                sealed in the tables, a server whose tables are not at this program's revision, or
                a login that may not act as Stoa's roles.
            StoaError: the server cannot be started or reached.
        """
        if not settings.is_embedded:
            encryption_secret(settings)
        database = await cls.attach(settings, say)
        try:
            if database.server is not None and await database.revision() != migrations.head():
                from migrations.embedded import set_up  # here: Alembic is slow to import

                say("Bringing the database's tables up to date...")
                await set_up(database.server, DATABASE)
            await database.check()
        except BaseException:
            await database.close()
            raise
        return database

    @classmethod
    async def attach(cls, settings: Settings, say: Callable[[str], None] = lambda _: None) -> Self:
        """Like `open`, with the tables as they are: neither looked at nor moved.

        Raises:
            StoaError: an embedded server cannot be started.
        """
        if not settings.is_embedded:
            return cls(_server_arguments(settings), settings)
        server = EmbeddedServer(settings.data_dir, settings.pg_bindir, say=say)
        await asyncio.to_thread(server.start)
        return cls(lambda role: server.connect_arguments(role, DATABASE), settings, server)

    def unit_of_work(
        self, user_id: UUID | None = None
    ) -> AbstractAsyncContextManager[AsyncConnection]:
        """One transaction as `stoa_app`: commits at the end, rolls back on any error.

        Args:
            user_id: the learner whose rows row-level security shows; see also `become`.
        """
        return self._transaction("stoa_app", user_id)

    def worker_unit_of_work(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One transaction as `stoa_worker`, which sees every learner's rows."""
        return self._transaction("stoa_worker", None)

    def reports(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One transaction that reads every learner's rows and can change none.

        With `STOA_DATABASE_URL_RO` it runs on that replica, which may be a little behind.
        """
        return self._report()

    @staticmethod
    async def become(conn: AsyncConnection, user_id: UUID) -> None:
        """From here to the end of the transaction, see the rows of this learner."""
        await conn.execute(_SET_USER, {"user": str(user_id)})

    async def driver_connection(self, role: Role = "stoa_worker") -> asyncpg.Connection:
        """An asyncpg connection of the caller's own, past any pooler: LISTEN and job queues.

        Raises:
            ConfigurationError: there is a pooler and no address past it.
        """
        arguments = dict(self._connect(role))
        direct = self._settings.database_url_direct
        if direct is None and self._settings.database_pooler:
            raise ConfigurationError(
                "STOA_DATABASE_URL_DIRECT: with STOA_DATABASE_POOLER, set the address of the same "
                "database past the pooler; job queues need it."
            )
        if direct is not None:
            arguments = dict(_with_role(direct.get_secret_value(), role, pooler=False))
        return await asyncpg.connect(timeout=CONNECT_TIMEOUT_S, **arguments)

    async def revision(self) -> str | None:
        """The revision the tables are at; None when there are none yet."""
        try:
            async with self._transaction("stoa_app", None) as conn:
                row = tuple((await conn.exec_driver_sql(_LOOK)).one())
        except (DBAPIError, asyncpg.PostgresError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if getattr(cause, "sqlstate", None) in {_NO_TABLE, _NO_DATABASE, *_NO_ROLE}:
                return None
            raise
        revision, user, passes_security = row
        if passes_security:
            raise ConfigurationError(
                f"The database login acts as {user}, which row-level security does not bind. "
                "Stoa does not start like this. Let the login act as stoa_app."
            )
        return None if revision is None else str(revision)

    async def check_tables(self) -> None:
        """Make sure that the tables are the ones this program knows.

        Raises:
            ConfigurationError: they are older or newer, or the login is too mighty.
        """
        revision, known = await self.revision(), migrations.head()
        if revision != known:
            raise ConfigurationError(
                f"The database's tables are at revision {revision or 'none'}, and this program "
                f"needs {known or 'none'}. Run: stoa migrate"
            )

    async def check(self) -> None:
        """Make sure that the tables are the ones this program knows, and that it can read them.

        Raises:
            ConfigurationError: as `check_tables`, or something is sealed with a key that is not at
                hand.
        """
        await self.check_tables()
        async with self.unit_of_work() as conn:
            is_new = await seal_keys.is_new(conn, self._settings)
        if is_new:
            async with self.worker_unit_of_work() as conn:
                await seal_keys.register(conn, self._settings, self.seals)

    @property
    def seals(self) -> Seals:
        """What seals and opens text that is stored encrypted; the first use may make the key.

        Raises:
            ConfigurationError: a server is configured and `STOA_SECRET_KEY` is not.
        """
        if self._seals is None:
            self._seals = seal_keys.seals_of(self._settings)
        return self._seals

    async def close(self) -> None:
        """Give back connections; the last user of an embedded server stops it."""
        for pool in self._pools.values():
            await pool.close()
        self._pools.clear()
        if self.server is not None:
            await asyncio.to_thread(self.server.release)

    @asynccontextmanager
    async def _report(self) -> AsyncIterator[AsyncConnection]:
        replica = self._settings.database_url_ro
        address = None if replica is None else replica.get_secret_value()
        async with self._transaction("stoa_worker", None, address) as connection:
            await connection.exec_driver_sql("set transaction read only")
            yield connection

    def _pool(self, role: Role, address: str | None) -> Pool:
        key = (role, address)
        if key not in self._pools:
            most = self._settings.database_pool_size
            engine = engine_for(
                lambda: self._arguments(role, address),
                pool_size=most,
                pooler=self._settings.database_pooler,
            )
            self._pools[key] = Pool(engine, most)
        return self._pools[key]

    def _arguments(self, role: Role, address: str | None) -> Mapping[str, object]:
        if address is None:
            return self._connect(role)
        return _with_role(address, role, pooler=self._settings.database_pooler)

    async def _connection(self, pool: Pool) -> Connection:
        try:
            return await pool.take()
        except (OSError, asyncpg.CannotConnectNowError, StoaError, DBAPIError) as error:
            if isinstance(error, DBAPIError) and not error.connection_invalidated:
                raise
            if self.server is None:
                raise DatabaseUnreachable(f"The database cannot be reached: {error}") from error
            await asyncio.to_thread(self.server.ensure_running)
            return await pool.take()

    @asynccontextmanager
    async def _transaction(
        self, role: Role, user_id: UUID | None, address: str | None = None
    ) -> AsyncIterator[AsyncConnection]:
        pool = self._pool(role, address)
        connection = await self._connection(pool)
        driver = connection.driver
        try:
            async with driver.transaction():
                if self._settings.database_pooler:
                    user = "" if user_id is None else str(user_id)
                    values = {"role": role, "user": user, "stalled": STALLED, "longest": LONGEST}
                    await connection.execute(_SET_ROLE, values)
                elif user_id is not None:
                    await connection.execute(_SET_USER, {"user": str(user_id)})
                yield connection
        finally:
            if driver.is_in_transaction():  # a second cancellation cut the rollback short
                driver.terminate()
            await pool.give_back(connection)


def _server_arguments(settings: Settings) -> Callable[[Role], Mapping[str, object]]:
    if settings.database_url is None:
        raise ConfigurationError("STOA_DATABASE_URL is not set.")
    address = settings.database_url.get_secret_value()
    return lambda role: _with_role(address, role, pooler=settings.database_pooler)


def _with_role(address: str, role: Role, *, pooler: bool) -> Mapping[str, object]:
    if pooler:  # it refuses unknown words at log-in: see `_SET_ROLE`
        return {"dsn": address}
    return {"dsn": address, "server_settings": {"role": role}}
