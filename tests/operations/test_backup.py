"""A backup holds every row, can be restored, and is never half written."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

import migrations
from domain.database import Database
from domain.operations import BackupFailed, RestoreFailed, make_backup, restore_backup
from domain.postgres import EmbeddedServer
from domain.settings import Settings, load_settings
from migrations.embedded import create_database

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)


@pytest.fixture
def server_settings(server: EmbeddedServer, database_name: str, tmp_path: Path) -> Settings:
    """Settings that lead to the module's database as if it were somebody's server."""
    url = f"postgresql://postgres:some%40word@/{database_name}?host={server.socket_folder}"
    return load_settings(data_dir=tmp_path / "data", database_url=url, secret_key="k" * 40)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def quiet(words: str) -> None:
    """Say nothing."""


async def test_what_is_restored_is_what_was_saved(
    server: EmbeddedServer,
    server_settings: Settings,
    database: Database,
    tmp_path: Path,
) -> None:
    async with database.worker_unit_of_work() as conn:
        await conn.exec_driver_sql("insert into users (handle) values ('ana'), ('bob'), ('chi')")
    target = tmp_path / "a copy.dump"
    backup = await make_backup(server_settings, target, NOW, quiet)
    assert backup.path == target
    assert "Keep STOA_SECRET_KEY as well, in another place" in backup.render()
    assert backup.size == target.stat().st_size
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [name for name in names(tmp_path) if "dump" in name] == [target.name]

    elsewhere = load_settings(data_dir=tmp_path / "elsewhere")
    assert (await restore_backup(elsewhere, target, quiet)).tables > 50
    looked = await Database.attach(elsewhere)  # changes nothing, unlike open
    assert await looked.revision() == migrations.head()
    await looked.close()
    opened = await Database.open(elsewhere)
    async with opened.worker_unit_of_work() as conn:
        handles = await conn.exec_driver_sql("select handle from users order by handle")
        assert handles.scalars().all() == ["ana", "bob", "chi"]
        owner = await conn.exec_driver_sql(
            "select distinct tableowner from pg_tables where schemaname = 'public'"
        )
        assert owner.scalars().all() == ["stoa_owner"]
    async with opened.unit_of_work() as conn:
        hidden = await conn.exec_driver_sql("select count(*) from users")
        assert hidden.scalar_one() == 0  # row-level security came with it
    with pytest.raises(RestoreFailed, match="not empty"):
        await restore_backup(elsewhere, target, quiet)
    await opened.close()


async def test_a_file_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "x.dump"
    source.write_text("hello")
    with pytest.raises(RestoreFailed, match="not a backup"):
        await restore_backup(load_settings(data_dir=tmp_path / "data"), source, quiet)
    assert not (tmp_path / "data").exists()


async def test_a_file_that_exists_is_never_replaced(
    server_settings: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "kept.dump"
    target.write_text("mine")
    with pytest.raises(BackupFailed, match="exists already"):
        await make_backup(server_settings, target, NOW, quiet)
    assert target.read_text() == "mine"


async def test_a_missing_folder_is_named(server_settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="does not exist"):
        await make_backup(server_settings, tmp_path / "none" / "x.dump", NOW, quiet)


async def test_a_failure_leaves_nothing_and_tells_no_password(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    url = f"postgresql://postgres:some-word@/nowhere?host={server.socket_folder}"
    settings = load_settings(data_dir=tmp_path, database_url=url)
    target = tmp_path / "x.dump"
    with pytest.raises(BackupFailed, match="nowhere") as caught:
        await make_backup(settings, target, NOW, quiet)
    assert "some-word" not in str(caught.value)
    assert names(tmp_path) == []


async def test_a_database_without_tables_is_not_worth_a_file(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    name = f"stoa_bare_{os.getpid()}"
    await create_database(server, name)
    url = f"postgresql://postgres@/{name}?host={server.socket_folder}"
    settings = load_settings(data_dir=tmp_path, database_url=url)
    with pytest.raises(BackupFailed, match="no tables yet"):
        await make_backup(settings, tmp_path / "x.dump", NOW, quiet)
    connection = await asyncpg.connect(**server.connect_arguments())
    await connection.execute(f'drop database "{name}"')
    await connection.close()
