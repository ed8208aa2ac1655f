"""Monthly partitions: made ahead, filled by the time in the id."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Table, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.database import Base
from tests.support.rows import Rows, copies


def partitioned() -> list[Table]:
    return [
        table
        for table in Base.metadata.sorted_tables
        if table.dialect_options["postgresql"]["partition_by"]
    ]


async def test_every_day_of_the_next_sixty_has_a_partition(
    owner: AsyncConnection, filled: Sequence[Rows]
):
    now = datetime.now(UTC)
    days = [now + timedelta(days=ahead) for ahead in range(61)]
    assert len(partitioned()) >= 8
    for table in partitioned():
        await owner.execute(insert(table), copies(table, filled[0][table.name], days))
        strays = await owner.scalar(text(f"select count(*) from {table.name}_default"))
        assert strays == 0, table.name
        found = await owner.scalar(text(f"select count(*) from {table.name}"))
        assert found == len(days) + 2


async def test_rows_that_waited_in_the_default_partition_are_moved(
    owner: AsyncConnection, filled: Sequence[Rows]
):
    later = datetime.now(UTC) + timedelta(days=330)
    for table in partitioned():
        await owner.execute(insert(table), copies(table, filled[0][table.name], [later]))
        assert await owner.scalar(text(f"select count(*) from {table.name}_default")) == 1
    await owner.execute(text("set local role stoa_worker"))
    made = await owner.scalar(text("select ensure_partitions(12)"))
    assert made == len(partitioned()) * 9
    assert await owner.scalar(text("select ensure_partitions(12)")) == 0
    await owner.execute(text("reset role"))
    for table in partitioned():
        assert await owner.scalar(text(f"select count(*) from {table.name}_default")) == 0
        assert await owner.scalar(text(f"select count(*) from {table.name}")) == 3
        rights = await owner.scalar(
            text("select has_table_privilege('stoa_app', :name, 'select')"),
            {"name": f"{table.name}_{later:%Y_%m}"},
        )
        assert rights is False


async def test_the_edge_of_a_partition_is_the_first_uuid_of_its_millisecond(
    owner: AsyncConnection,
):
    at = datetime(2026, 12, 1, tzinfo=UTC)
    edge = await owner.scalar(
        text("select uuid7_floor(cast('2026-12-01 00:00+00' as timestamptz))")
    )
    assert ids.uuid7(at - timedelta(milliseconds=1), b"\xff" * 10) < edge
    assert edge <= ids.uuid7(at, bytes(10))


async def test_created_at_is_the_time_of_the_id(owner: AsyncConnection, filled: Sequence[Rows]):
    day = datetime(2026, 3, 2, 18, tzinfo=UTC)
    for table in partitioned():
        [row] = copies(table, filled[0][table.name], [day])
        await owner.execute(insert(table), row)
        created = await owner.scalar(
            text(f"select created_at from {table.name} where id = :id"), {"id": row["id"]}
        )
        assert created == day
