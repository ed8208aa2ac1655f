"""Transactions: who they run as, whose rows they see, what survives a broken connection."""

import asyncio
import os
import signal
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from domain.database import Database, DatabaseUnreachable
from domain.postgres import EmbeddedServer, process
from domain.postgres.layout import Layout
from domain.settings import ConfigurationError, load_settings

KEY = "k" * 40
LEARNER = UUID(int=7)


async def test_a_unit_of_work_runs_as_the_application(database: Database) -> None:
    async with database.unit_of_work(LEARNER) as conn:
        row = await conn.exec_driver_sql(
            "select current_user::text, session_user::text, current_setting('app.user_id')"
        )
        assert row.one() == ("stoa_app", "stoa_app", str(LEARNER))


async def test_the_learner_is_forgotten_with_the_transaction(database: Database) -> None:
    async with database.unit_of_work(LEARNER):
        pass
    async with database.unit_of_work() as conn:
        row = await conn.exec_driver_sql("select nullif(current_setting('app.user_id', true), '')")
        assert row.scalar_one() is None


async def test_a_transaction_can_learn_later_who_it_is_for(database: Database) -> None:
    async with database.unit_of_work() as conn:
        await database.become(conn, LEARNER)
        row = await conn.exec_driver_sql("select current_setting('app.user_id')")
        assert row.scalar_one() == str(LEARNER)


async def test_the_worker_is_another_role(database: Database) -> None:
    async with database.worker_unit_of_work() as conn:
        row = await conn.exec_driver_sql("select current_user::text")
        assert row.scalar_one() == "stoa_worker"


@pytest.mark.parametrize("role", ["stoa_app", "stoa_worker", "stoa_ro"])
async def test_no_role_of_the_program_is_mighty(database: Database, role: str) -> None:
    async with database.unit_of_work() as conn:
        row = await conn.exec_driver_sql(
            "select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls,"
            " pg_has_role(oid, 'stoa_owner', 'member') from pg_roles where rolname = $1",
            (role,),
        )
        assert row.one() == (False, False, False, role == "stoa_worker", False)


async def test_an_error_undoes_the_transaction(database: Database) -> None:
    async def fail() -> None:
        async with database.worker_unit_of_work() as conn:
            await conn.exec_driver_sql("create temporary table gone (number int)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with database.worker_unit_of_work() as conn:
        row = await conn.exec_driver_sql("select to_regclass('pg_temp.gone')")
        assert row.scalar_one() is None


async def test_more_tasks_than_connections_wait_their_turn(database: Database) -> None:
    async def one(number: int) -> int:
        async with database.unit_of_work(UUID(int=number)) as conn:
            row = await conn.exec_driver_sql("select current_setting('app.user_id')")
            return UUID(row.scalar_one()).int

    assert await asyncio.gather(*(one(number) for number in range(100))) == list(range(100))


def address(server: EmbeddedServer, name: str, login: str = "postgres") -> str:
    return f"postgresql://{login}@/{name}?host={server.socket_folder}&port=5432"


@pytest.mark.parametrize("pooler", [False, True])
async def test_one_address_of_a_server_is_enough(
    server: EmbeddedServer, database_name: str, tmp_path: Path, pooler: bool
) -> None:
    url = address(server, database_name)
    settings = load_settings(
        data_dir=tmp_path,
        database_url=url,
        database_url_direct=url if pooler else None,
        database_pooler=pooler,
        secret_key=KEY,
    )
    opened = await Database.open(settings)
    try:
        for work, role in (
            (opened.unit_of_work(LEARNER), "stoa_app"),
            (opened.worker_unit_of_work(), "stoa_worker"),
        ):
            async with work as conn:
                row = await conn.exec_driver_sql("select current_user::text")
                assert row.scalar_one() == role
                # A process that is frozen in the middle must not keep its locks for ever.
                row = await conn.exec_driver_sql("show idle_in_transaction_session_timeout")
                assert row.scalar_one() == "10s"
        async with opened.unit_of_work() as conn:
            row = await conn.exec_driver_sql("select current_setting('app.user_id', true)")
            assert row.scalar_one() in (None, "")
        own = await opened.driver_connection()
        assert await own.fetchval("select current_user::text") == "stoa_worker"
        await own.close()
    finally:
        await opened.close()


@pytest.mark.parametrize("replica", [False, True])
async def test_reports_read_everything_and_change_nothing(
    server: EmbeddedServer, database_name: str, tmp_path: Path, replica: bool
) -> None:
    url = address(server, database_name)
    settings = load_settings(
        data_dir=tmp_path,
        database_url=url,
        database_url_ro=url if replica else None,
        secret_key=KEY,
    )
    opened = await Database.open(settings)
    async with opened.reports() as conn:
        row = await conn.exec_driver_sql("select current_user::text")
        assert row.scalar_one() == "stoa_worker"
    with pytest.raises(DBAPIError, match="read-only"):
        async with opened.reports() as conn:
            await conn.exec_driver_sql("delete from users")
    await opened.close()


async def test_a_pooler_alone_is_not_enough_for_a_connection_of_ones_own(
    server: EmbeddedServer, database_name: str, tmp_path: Path
) -> None:
    url = address(server, database_name)
    opened = await Database.open(
        load_settings(data_dir=tmp_path, database_url=url, database_pooler=True, secret_key=KEY)
    )
    with pytest.raises(ConfigurationError, match="STOA_DATABASE_URL_DIRECT"):
        await opened.driver_connection()
    await opened.close()


async def test_a_server_without_our_tables_is_refused(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    url = address(server, "postgres")
    settings = load_settings(data_dir=tmp_path, database_url=url, secret_key=KEY)
    with pytest.raises(ConfigurationError, match="stoa migrate"):
        await Database.open(settings)


async def test_a_server_without_a_secret_key_is_refused_before_anything_is_asked(
    tmp_path: Path,
) -> None:
    url = "postgresql://stoa@127.0.0.1:9/stoa"
    with pytest.raises(ConfigurationError, match="STOA_SECRET_KEY"):
        await Database.open(load_settings(data_dir=tmp_path, database_url=url))


async def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://stoa:hidden-word@127.0.0.1:9/stoa"
    with pytest.raises(DatabaseUnreachable) as caught:
        await Database.open(load_settings(data_dir=tmp_path, database_url=url, secret_key=KEY))
    assert "hidden-word" not in str(caught.value)


async def test_the_embedded_database_comes_back_after_its_server_was_killed(
    tmp_path: Path,
) -> None:
    settings = load_settings(data_dir=tmp_path)
    steps: list[str] = []
    opened = await Database.open(settings, steps.append)
    assert len(steps) == 2  # making it, and its tables
    try:
        async with opened.unit_of_work() as conn:
            before = (await conn.exec_driver_sql("select version_num from alembic_version")).all()
        note = process.read_note(Layout(tmp_path / "postgres"))
        assert note is not None
        os.kill(note.pid, signal.SIGKILL)
        await asyncio.sleep(0.5)
        async with opened.unit_of_work() as conn:
            after = (await conn.exec_driver_sql("select version_num from alembic_version")).all()
        assert after == before
    finally:
        await opened.close()
    quiet: list[str] = []
    again = await Database.open(settings, quiet.append)
    await again.close()
    assert quiet == []
