"""Transactions: who they run as, whose rows they see, what survives a broken connection."""

from uuid import UUID

import pytest

from domain.database import Database

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
