"""Migrating: up, down, up again; roles that several databases make at once."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

import migrations
from domain.engine import engine_for
from domain.postgres import EmbeddedServer
from migrations import run
from migrations.embedded import create_database

ROOT = Path(__file__).parents[2]
_numbers = count()


@pytest.fixture
async def blank(server: EmbeddedServer) -> AsyncIterator[str]:
    """The address of a database with nothing in it."""
    name = f"stoa_blank_{os.getpid()}_{next(_numbers)}"
    await create_database(server, name)
    yield f"postgresql://postgres@/{name}?host={server.socket_folder}&port=5432"
    async with engine_for(server.connect_arguments()).connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.exec_driver_sql(f'drop database "{name}" with (force)')


async def objects(address: str) -> list[str]:
    async with engine_for({"dsn": address}).connect() as connection:
        rows = await connection.exec_driver_sql(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " union all select proname from pg_proc where pronamespace = 'public'::regnamespace"
            " order by 1"
        )
        return [str(row[0]) for row in rows]


async def test_up_down_and_up_again(blank: str) -> None:
    assert await run.current(blank) is None
    await run.upgrade(blank)
    assert await run.current(blank) == migrations.head()
    full = await objects(blank)
    await run.upgrade(blank)  # nothing to do
    await run.downgrade(blank, "base")
    left = set(await objects(blank))
    assert left == {"alembic_version", "alembic_version_pkc"}
    await run.upgrade(blank)
    assert await objects(blank) == full


async def test_two_migrators_take_turns(blank: str) -> None:
    code = "import asyncio, sys; from migrations import run; asyncio.run(run.upgrade(sys.argv[1]))"
    command = [sys.executable, "-c", code, blank]
    both = [await asyncio.create_subprocess_exec(*command, cwd=ROOT) for _ in range(2)]
    assert [await process.wait() for process in both] == [0, 0]
    assert await run.current(blank) == migrations.head()


async def test_everything_belongs_to_the_owner(server: EmbeddedServer, database_name: str) -> None:
    arguments = server.connect_arguments(database=database_name)
    async with engine_for(arguments).connect() as connection:
        rows = await connection.exec_driver_sql(
            "select distinct relowner::regrole::text from pg_class"
            " where relnamespace = 'public'::regnamespace"
        )
        assert rows.scalars().all() == ["stoa_owner"]


async def test_partitions_are_reached_by_their_parents_only(
    server: EmbeddedServer, database_name: str
) -> None:
    arguments = server.connect_arguments(database=database_name)
    async with engine_for(arguments).connect() as connection:
        rows = await connection.exec_driver_sql(
            "select relname from pg_class where relispartition and relkind = 'r'"
            " and has_table_privilege('stoa_app', oid, 'select')"
        )
        assert rows.scalars().all() == []


async def test_a_program_role_cannot_change_the_history(
    server: EmbeddedServer, database_name: str
) -> None:
    arguments = server.connect_arguments(database=database_name)
    async with engine_for(arguments).connect() as connection:
        rows = await connection.exec_driver_sql(
            "select role, privilege from unnest(array['stoa_app', 'stoa_worker', 'stoa_ro']) role,"
            " unnest(array['insert', 'update', 'delete', 'truncate']) privilege"
            " where has_table_privilege(role, 'alembic_version', privilege)"
        )
        assert rows.all() == []
