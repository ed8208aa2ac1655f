"""A learner's request sees and writes that learner's rows, whatever it asks."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, insert, literal, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.database import Base, Database
from domain.postgres import EmbeddedServer
from tests.support.owner import owner_of
from tests.support.rows import Rows

# Where some rows are for everybody: which ones are not.
SHARED = {
    "delivery_channels": "community_id is null",
    "flashcard_sets": "component_id is null",
}


@pytest.fixture
def people(filled: Sequence[Rows]) -> Sequence[Rows]:
    """Two people with a row in every table."""
    return filled


@pytest.fixture
async def protected(
    server: EmbeddedServer, database_name: str, people: Sequence[Rows]
) -> list[Table]:
    """The tables with row-level security, as the catalogue says."""
    async with owner_of(server, database_name) as connection:
        names = set(
            await connection.scalars(
                text(
                    "select relname::text from pg_class where relrowsecurity"
                    " and not relispartition and relnamespace = 'public'::regnamespace"
                )
            )
        )
    return [table for table in Base.metadata.sorted_tables if table.name in names]


async def may(connection: AsyncConnection, table: Table, what: str) -> set[str]:
    """The columns the role of this connection may use so."""
    return {
        column.name
        for column in table.columns
        if await connection.scalar(
            text("select has_column_privilege(:table, :column, :what)"),
            {"table": table.name, "column": column.name, "what": what},
        )
    }


def same(table: Table, row: Mapping[str, Any]) -> Any:
    keys = [column == row[column.name] for column in table.primary_key.columns]
    found = keys[0]
    for key in keys[1:]:
        found &= key
    return found


async def test_a_learner_sees_their_own_rows_only(
    database: Database, people: Sequence[Rows], protected: list[Table]
):
    assert len(protected) > 40
    for mine, theirs in (people, people[::-1]):
        async with database.unit_of_work(mine["users"]["id"]) as connection:
            for table in protected:
                if await may(connection, table, "select") != set(table.columns.keys()):
                    continue
                seen = select(literal(1)).select_from(table)
                assert await connection.scalar(seen.where(same(table, mine[table.name]))) == 1
                other = await connection.scalar(seen.where(same(table, theirs[table.name])))
                assert other is None, table.name


async def test_without_a_learner_there_are_no_rows_and_no_error(
    database: Database, protected: list[Table]
):
    for _ in range(2):  # the second time the setting exists and is empty
        async with database.unit_of_work() as connection:
            for table in protected:
                if await may(connection, table, "select"):
                    personal = SHARED.get(table.name, "true")
                    found = await connection.scalar(
                        text(f"select count(*) from {table.name} where {personal}")
                    )
                    assert found == 0, table.name


async def test_nobody_writes_for_somebody_else(
    database: Database, people: Sequence[Rows], protected: list[Table]
):
    mine, theirs = people
    tried = 0
    async with database.unit_of_work(mine["users"]["id"]) as connection:
        for table in protected:
            columns = await may(connection, table, "insert")
            values = {
                name: value
                for name, value in theirs[table.name].items()
                if name in columns and table.columns[name].computed is None
            }
            if not values:
                continue
            nested = await connection.begin_nested()
            with pytest.raises(DBAPIError, match="row-level security"):
                await connection.execute(insert(table).values(values))
            await nested.rollback()
            tried += 1
    assert tried > 30


async def test_nobody_changes_or_deletes_what_is_somebody_elses(
    database: Database, people: Sequence[Rows], protected: list[Table]
):
    mine, theirs = people
    async with database.unit_of_work(mine["users"]["id"]) as connection:
        for table in protected:
            where = same(table, theirs[table.name])
            names = await may(connection, table, "update") - set(table.primary_key.columns.keys())
            if names and await may(connection, table, "select"):
                name = min(names)
                changed = await connection.execute(
                    table.update().where(where).values({name: theirs[table.name][name]})
                )
                assert changed.rowcount == 0, table.name
            if await connection.scalar(
                text("select has_table_privilege(:table, 'delete')"), {"table": table.name}
            ):
                assert (await connection.execute(table.delete().where(where))).rowcount == 0


async def test_nobody_makes_themselves_an_administrator(database: Database, people: Sequence[Rows]):
    me = people[0]["users"]["id"]
    for statement in (
        "update users set is_platform_admin = true where id = :me",
        "update memberships set role = 'admin' where user_id = :me",
        "insert into users (id, is_platform_admin) values (:me, true)",
        "select * from user_performance_summary where user_id = :me",
        "delete from audit_log where actor_id = :me",
        "select ensure_partitions(1) where cast(:me as uuid) is not null",
    ):
        async with database.unit_of_work(me) as connection:
            with pytest.raises(DBAPIError, match="permission denied"):
                await connection.execute(text(statement), {"me": me})
            await connection.rollback()


async def test_a_partition_cannot_be_read_by_its_name(database: Database, people: Sequence[Rows]):
    me = people[0]["users"]["id"]
    async with database.unit_of_work(me) as connection:
        with pytest.raises(DBAPIError, match="permission denied"):
            await connection.execute(text("select count(*) from challenge_attempts_default"))
        await connection.rollback()


async def test_views_show_a_learner_their_own_rows(database: Database, people: Sequence[Rows]):
    mine, theirs = (rows["users"]["id"] for rows in people)
    async with database.unit_of_work(mine) as connection:
        for view, column in {
            "course_progress": "user_id",
            "unit_progress": "user_id",
            "lesson_progress": "user_id",
            "student_enrollments": "student_id",
            "streak_history": "user_id",
            "unit_streaks": "user_id",
        }.items():
            owners = set(await connection.scalars(text(f"select {column} from {view}")))
            assert owners == {mine}, view
    assert mine != theirs


async def resolve(
    database: Database, subject: str, user_id: UUID | None = None, name: str = "Ada"
) -> tuple[UUID, UUID, bool]:
    async with database.unit_of_work() as connection:
        row = (
            await connection.execute(
                text(
                    "select user_id, identity_id, created"
                    " from resolve_learner('terminal', :subject, :name, 'en', :user_id)"
                ),
                {"subject": subject, "name": name, "user_id": user_id},
            )
        ).one()
        # From here on the transaction is theirs.
        seen = list(await connection.scalars(text("select id from users")))
        assert seen == [row.user_id]
        return row.user_id, row.identity_id, row.created


async def test_twenty_first_messages_make_one_person(database: Database):
    subject = f"new-{uuid4()}"
    found = await asyncio.gather(*(resolve(database, subject) for _ in range(20)))
    assert len({user for user, _, _ in found}) == 1
    assert len({identity for _, identity, _ in found}) == 1
    assert [created for _, _, created in found].count(True) == 1
    async with database.worker_unit_of_work() as connection:
        for table in ("user_profiles", "user_settings", "streaks", "user_stats", "identities"):
            count = await connection.scalar(
                text(f"select count(*) from {table} where user_id = :user"), {"user": found[0][0]}
            )
            assert count == 1, table


async def test_a_new_person_gets_the_id_and_name_that_were_asked_for(database: Database):
    wanted = ids.event_uuid7(datetime(2026, 3, 2, tzinfo=UTC), "terminal", "1")
    user, _, created = await resolve(database, f"new-{uuid4()}", wanted, name="  " + "a" * 150)
    assert (user, created) == (wanted, True)
    async with database.unit_of_work(user) as connection:
        name = await connection.scalar(text("select display_name from user_profiles"))
    assert name == "a" * 100


async def test_a_person_without_a_name_is_called_by_their_account(database: Database):
    subject = f"new-{uuid4()}"
    user, _, _ = await resolve(database, subject, name=" ")
    async with database.unit_of_work(user) as connection:
        assert await connection.scalar(text("select display_name from user_profiles")) == subject
