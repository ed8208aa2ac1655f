"""Where benchmarks live: an embedded server of their own, and databases made for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from platformdirs import user_cache_path

from domain.database import Database
from domain.postgres import EmbeddedServer
from domain.settings import Settings, load_settings
from migrations.embedded import create_database, set_up


def default_folder() -> Path:
    """The data folder of the benchmarks' server; delete it to free the space."""
    return user_cache_path("stoa", appauthor=False) / "benchmarks"


class Home:
    """The benchmarks' server and the databases on it.

    Args:
        server: running.
        settings: what the product is configured with.
    """

    def __init__(self, server: EmbeddedServer, settings: Settings) -> None:
        self.server = server
        self.settings = settings

    def database(self, name: str) -> Database:
        """The database as the product sees it: `stoa_app`, `stoa_worker`, row policies."""
        return Database(lambda role: self.server.connect_arguments(role, name), self.settings)

    @asynccontextmanager
    async def owner(self, name: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection that may do everything, for filling and for reading plans."""
        connection = await asyncpg.connect(**self.server.connect_arguments(database=name))
        try:
            yield connection
        finally:
            await connection.close()

    async def make(self, name: str, template: str = "") -> None:
        """Make a database anew: a copy of another one, or a migrated empty one."""
        await self.drop(name)
        if template:
            await create_database(self.server, name, template)
        else:
            await set_up(self.server, name)

    async def drop(self, name: str) -> None:
        """Delete a database, whoever is connected to it."""
        async with self.owner("postgres") as connection:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def note(self, name: str) -> str | None:
        """What was written about a database when it was finished; None when there is none."""
        async with self.owner("postgres") as connection:
            found: str | None = await connection.fetchval(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1",
                name,
            )
            return found

    async def write_note(self, name: str, text: str) -> None:
        """Write something about a database, to know it again."""
        quoted = text.replace("'", "''")
        async with self.owner("postgres") as connection:
            await connection.execute(f"COMMENT ON DATABASE \"{name}\" IS '{quoted}'")


@asynccontextmanager
async def open_home(folder: Path | None = None) -> AsyncIterator[Home]:
    """Start the benchmarks' server, with the settings that Stoa gives every embedded server."""
    settings = load_settings(data_dir=folder or default_folder())
    server = EmbeddedServer(settings.data_dir, settings.pg_bindir).start()
    try:
        yield Home(server, settings)
    finally:
        server.release()
