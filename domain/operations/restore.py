"""Brings a backup into a database that has nothing in it yet."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import seal_keys
from domain.database import DATABASE
from domain.engine import engine_for
from domain.errors import StoaError
from domain.operations.programs import ProgramFailed, connection_of, run_program
from domain.postgres import EmbeddedServer, find_binaries
from domain.settings import Settings, has_secret

_TABLES = text(
    "select count(*) from pg_class where relkind in ('r', 'p')"
    " and relnamespace = 'public'::regnamespace"
)
_SEALED = text("select to_regclass('public.seal_keys')::text")


class RestoreFailed(StoaError):
    """Nothing was restored; the message says why."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored.

    Args:
        tables: how many the database has now.
        warning: why parts of it cannot be read with the secret key that is here; "" when they can.
    """

    tables: int
    warning: str


async def restore_backup(settings: Settings, source: Path, say: Callable[[str], None]) -> Restored:
    """Fill the configured database, which must be empty, from a backup: all of it or nothing.

    Args:
        settings: which database. On a server its login must be a superuser, or own the database
            and be allowed to make roles.
        source: a file written by `make_backup`.
        say: told, in words, how far it is.

    Raises:
        RestoreFailed: the database is not empty, or the file cannot be read.
        StoaError: PostgreSQL's programs or the database are not there.
    """
    program = find_binaries(settings.pg_bindir).path("pg_restore")
    try:
        await run_program([str(program), "--list", str(source)], {}, None, lambda: None)
    except ProgramFailed as error:
        raise RestoreFailed(f"{source} is not a backup that can be read. {error}") from error
    server = None
    if settings.is_embedded:
        server = EmbeddedServer(settings.data_dir, settings.pg_bindir, say=say)
        await asyncio.to_thread(server.start)
    try:
        return await _restore(settings, server, [str(program)], source, say)
    finally:
        if server is not None:
            await asyncio.to_thread(server.release)


async def _restore(
    settings: Settings,
    server: EmbeddedServer | None,
    program: list[str],
    source: Path,
    say: Callable[[str], None],
) -> Restored:
    from migrations.embedded import allow_logins, create_database  # here: Alembic is slow to import
    from migrations.roles import prepare

    if server is not None:
        await create_database(server, DATABASE)
        engine = engine_for(server.connect_arguments(database=DATABASE))
    else:
        secret = settings.database_url_direct or settings.database_url
        engine = engine_for({"dsn": secret.get_secret_value() if secret else ""})
    async with engine.connect() as connection:
        if await _count(connection):
            raise RestoreFailed("The database is not empty. Restore into a new one.")
        await connection.run_sync(prepare)
        arguments, environment = connection_of(settings, server)
        options = ["--exit-on-error", "--single-transaction", "--no-password"]
        command = [*program, *options, *arguments, str(source)]
        try:
            await run_program(command, environment, None, lambda: say("Restoring..."))
        except ProgramFailed as error:
            raise RestoreFailed(f"Nothing was restored. {error}") from error
        if server is not None:
            await allow_logins(connection)
        return Restored(await _count(connection), await _warning(connection, settings))


async def _warning(connection: AsyncConnection, settings: Settings) -> str:
    """Try the proofs of the keys that the texts are sealed with."""
    if (await connection.execute(_SEALED)).scalar_one() is None:  # a backup of an older version
        return ""
    keys = await seal_keys.kept(connection)
    await connection.rollback()
    if keys and not has_secret(settings):
        return str(seal_keys.wrong_key(settings, [one.id for one in keys]))
    if not keys:
        return ""
    seals = seal_keys.seals_of(settings)
    closed = [one.id for one in keys if not seals.opens(one.proof)]
    return str(seal_keys.wrong_key(settings, closed)) if closed else ""


async def _count(connection: AsyncConnection) -> int:
    count = int((await connection.execute(_TABLES)).scalar_one())
    await connection.rollback()
    return count
