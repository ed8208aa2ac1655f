"""`stoa migrate`: on the embedded database and on a server, once and again."""

import os
from pathlib import Path

import asyncpg
import pytest

import migrations
from domain.database import Database, DatabaseUnreachable
from domain.operations import Migration, migrate
from domain.postgres import EmbeddedServer
from domain.settings import load_settings
from migrations.embedded import create_database
from migrations.roles import RolesMissing


def quiet(words: str) -> None:
    """Say nothing."""


async def test_the_embedded_database_is_made_and_then_left_alone(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path)
    assert await migrate(settings, quiet) == Migration(None, migrations.head())
    again = await migrate(settings, quiet)
    assert again == Migration(migrations.head(), migrations.head())
    assert "up to date" in again.render()


async def test_a_server_is_migrated_by_its_owner_and_used_by_a_plain_login(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    name, owner, login = (f"stoa_{word}_{os.getpid()}" for word in ("host", "owner", "plain"))
    await create_database(server, name)
    admin = await asyncpg.connect(**server.connect_arguments())
    await admin.execute(f"create role {owner} login createrole bypassrls")
    await admin.execute(f"create role {login} login")
    await admin.execute(f"alter database {name} owner to {owner}")
    host = f"/{name}?host={server.socket_folder}"
    try:
        url = f"postgresql://{login}@{host}"
        plain = load_settings(data_dir=tmp_path, database_url=url, secret_key="k" * 40)
        with pytest.raises(RolesMissing, match="Migrate once as"):
            await migrate(plain, quiet)
        # The roles are the cluster's; the template's making left them for all databases.
        await admin.execute(
            f"grant stoa_owner, stoa_app, stoa_worker, stoa_ro to {owner} with admin option"
        )
        settings = load_settings(data_dir=tmp_path, database_url=f"postgresql://{owner}@{host}")
        assert await migrate(settings, quiet) == Migration(None, migrations.head())
        await admin.execute(f"grant stoa_app, stoa_worker to {login} with inherit false")
        opened = await Database.open(plain)
        async with opened.unit_of_work() as conn:
            row = await conn.exec_driver_sql("select session_user::text, current_user::text")
            assert row.one() == (login, "stoa_app")
        await opened.close()
    finally:
        await admin.execute(f"drop database {name} with (force)")
        await admin.execute(f"drop role {owner}, {login}")
        await admin.close()


async def test_nobody_there(tmp_path: Path) -> None:
    url = "postgresql://stoa:hidden@127.0.0.1:9/stoa"
    with pytest.raises(DatabaseUnreachable) as caught:
        await migrate(load_settings(data_dir=tmp_path, database_url=url), quiet)
    assert "hidden" not in str(caught.value)
