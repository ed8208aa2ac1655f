"""Where benchmarks live: an embedded server of their own, and databases made for them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from platformdirs import user_cache_path

from domain.database import Database
from domain.postgres import EmbeddedServer
from domain.postgres.server import SUPERUSER
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
        prefix: the databases' names begin with it.
        empty: a migrated database that new ones are copied from; without it, they are migrated.
    """

    def __init__(
        self, server: EmbeddedServer, settings: Settings, prefix: str = "stoa", empty: str = ""
    ) -> None:
        self.server = server
        self.settings = settings
        self._prefix = prefix
        self._empty = empty

    def name(self, short: str) -> str:
        """The full name of a database."""
        return f"{self._prefix}_{short}"

    def arguments(self, user: str, name: str) -> dict[str, object]:
        """How `asyncpg.connect` reaches a database as a role."""
        return self.server.connect_arguments(user, self.name(name))

    def database(self, name: str) -> Database:
        """The database as the product sees it: `stoa_app`, `stoa_worker`, row policies."""
        return Database(lambda role: self.arguments(role, name), self.settings)

    @asynccontextmanager
    async def owner(self, name: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection that may do everything, for filling and for reading plans."""
        connection = await asyncpg.connect(**self.arguments(SUPERUSER, name))
        try:
            yield connection
        finally:
            await connection.close()

    async def make(self, name: str, template: str = "") -> None:
        """Make a database anew: a copy of another one, or a migrated empty one."""
        await self.drop(name)
        source = self.name(template) if template else self._empty
        if source:
            await create_database(self.server, self.name(name), source)
        else:
            await set_up(self.server, self.name(name))

    async def drop(self, name: str) -> None:
        """Delete a database, whoever is connected to it."""
        async with self._maintenance() as connection:
            await connection.execute(f'DROP DATABASE IF EXISTS "{self.name(name)}" WITH (FORCE)')

    async def note(self, name: str) -> str | None:
        """What was written about a database when it was finished; None when there is none."""
        async with self._maintenance() as connection:
            found: str | None = await connection.fetchval(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1",
                self.name(name),
            )
            return found

    async def write_note(self, name: str, text: str) -> None:
        """Write something about a database, to know it again."""
        quoted = text.replace("'", "''")
        async with self._maintenance() as connection:
            await connection.execute(f"COMMENT ON DATABASE \"{self.name(name)}\" IS '{quoted}'")

    @asynccontextmanager
    async def _maintenance(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(**self.server.connect_arguments())
        try:
            yield connection
        finally:
            await connection.close()


@asynccontextmanager
async def open_home(
    folder: Path | None = None, extra: Mapping[str, str] | None = None
) -> AsyncIterator[Home]:
    """Start the benchmarks' server, with the settings that Stoa gives every embedded server.

    Args:
        folder: of the server's data.
        extra: further settings of PostgreSQL, such as those of a machine with more memory.
    """
    settings = load_settings(data_dir=folder or default_folder())
    server = EmbeddedServer(settings.data_dir, settings.pg_bindir, extra).start()
    try:
        yield Home(server, settings)
    finally:
        server.release()
