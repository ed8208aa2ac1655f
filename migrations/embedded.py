"""Makes the embedded server's database and moves it to the newest revision."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.engine import engine_for
from domain.postgres import EmbeddedServer
from migrations.run import upgrade

_ALREADY_THERE = {"42P04", "23505"}  # the name check and the unique index of the catalogue
# Looks first: altering the same role from two databases at once would fail.
_ALLOW_LOGIN = """
do $$
declare
  role name;
begin
  for role in
    select rolname from pg_roles
    where rolname in ('stoa_app', 'stoa_worker', 'stoa_ro') and not rolcanlogin
  loop
    execute format('alter role %I login', role);
  end loop;
end $$
"""


async def set_up(server: EmbeddedServer, database: str) -> None:
    """Make the database when it is missing, its roles, their logins, and all its tables.

    Args:
        server: running.
        database: a name of lower-case letters, digits and underscores.
    """
    await create_database(server, database)
    async with engine_for(server.connect_arguments(database=database)).connect() as connection:
        await upgrade(connection)
        await allow_logins(connection)


async def allow_logins(connection: AsyncConnection) -> None:
    """Let processes of the server's owner log in as the roles that do not own the tables."""
    await connection.exec_driver_sql(_ALLOW_LOGIN)
    await connection.commit()


async def create_database(server: EmbeddedServer, name: str, template: str = "template0") -> None:
    """Make a database from a template that nobody is connected to; fine when it is there."""
    engine = engine_for(server.connect_arguments(database="postgres"))
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            await connection.exec_driver_sql(f'create database "{name}" template "{template}"')
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _ALREADY_THERE:
                raise
