"""Brings the configured database's tables to what this program needs."""

from collections.abc import Callable
from dataclasses import dataclass

import asyncpg

import migrations
from domain.database import Database, DatabaseUnreachable
from domain.settings import Settings


@dataclass(frozen=True, slots=True)
class Migration:
    """What `migrate` did.

    Args:
        before: the revision the tables were at; None when there were none.
        after: the revision they are at now.
    """

    before: str | None
    after: str | None

    def render(self) -> str:
        """The same in words."""
        if self.before == self.after:
            return f"The tables are up to date, revision {self.after}."
        return f"The tables went from revision {self.before or 'none'} to {self.after}."


async def migrate(settings: Settings, say: Callable[[str], None]) -> Migration:
    """Move the configured database to the newest revision; safe to run again and again.

    On a server the login of `STOA_DATABASE_URL_DIRECT`, else of `STOA_DATABASE_URL`, needs to be
    the owner of the database or a superuser.

    Raises:
        DatabaseUnreachable: nothing answers there.
        StoaError: the roles may not be made by this login, or PostgreSQL is missing.
        DBAPIError: a step failed; the steps before it stay done.
    """
    from migrations import run  # here: Alembic is slow to import

    address = settings.database_url_direct or settings.database_url
    if address is None:
        database = await Database.attach(settings, say)
        try:
            before = await database.revision()
        finally:
            await database.close()
        await (await Database.open(settings, say)).close()
        return Migration(before, migrations.head())
    try:
        before = await run.current(address.get_secret_value())
        say("Bringing the database's tables up to date...")
        await run.upgrade(address.get_secret_value())
        return Migration(before, await run.current(address.get_secret_value()))
    except (OSError, asyncpg.PostgresConnectionError) as error:
        raise DatabaseUnreachable(f"The database cannot be reached: {error}") from error
