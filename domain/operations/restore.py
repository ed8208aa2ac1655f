"""Brings a backup into a database that has nothing in it yet."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.database import DATABASE
from domain.engine import engine_for
from domain.errors import StoaError
from domain.operations.programs import ProgramFailed, connection_of, run_program
from domain.postgres import EmbeddedServer, find_binaries
from domain.settings import Settings

_TABLES = text(
    "select count(*) from pg_class where relkind in ('r', 'p')"
    " and relnamespace = 'public'::regnamespace"
)


class RestoreFailed(StoaError):
    """Nothing was restored; the message says why."""


async def restore_backup(settings: Settings, source: Path, say: Callable[[str], None]) -> int:
    """Fill the configured database, which must be empty, from a backup: all of it or nothing.

    Args:
        settings: which database. On a server its login must be a superuser, or own the database
            and be allowed to make roles.
        source: a file written by `make_backup`.
        say: told, in words, how far it is.

    Returns:
        How many tables the database has now.

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
) -> int:
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
        return await _count(connection)


async def _count(connection: AsyncConnection) -> int:
    count = int((await connection.execute(_TABLES)).scalar_one())
    await connection.rollback()
    return count
