"""Statements run on the driver read like SQLAlchemy's, in one transaction with them."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Boolean, bindparam, literal, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    MultipleResultsFound,
    NoResultFound,
    ProgrammingError,
)

from domain.database import Database
from domain.sql import sql

_NUMBERS = sql("SELECT n, 'n' || n AS name FROM generate_series(1, :most) AS n ORDER BY n")
_TYPES = sql(
    "SELECT CAST(:id AS uuid) AS id, :data AS data, :now AS now, CAST(:part AS numeric) AS part,"
    " CAST(:words AS text[]) AS words",
    data=JSONB(),
)
_LANGUAGE = sql("INSERT INTO languages (code, name) VALUES (:code, :name)")
_COUNT = sql("SELECT count(*) FROM languages WHERE code = :code")


async def test_rows_are_read_by_name_by_place_and_as_tuples(database: Database) -> None:
    async with database.worker_unit_of_work() as conn:
        rows = (await conn.execute(_NUMBERS, {"most": 3})).all()
    assert [row.name for row in rows] == ["n1", "n2", "n3"]
    assert rows[0][0] == 1
    assert rows[0][:1] == (1,)
    assert [tuple(row) for row in rows] == [(1, "n1"), (2, "n2"), (3, "n3")]
    assert dict(rows) == {1: "n1", 2: "n2", 3: "n3"}
    assert rows[0]._mapping == {"n": 1, "name": "n1"}
    with pytest.raises(AttributeError):
        _ = rows[0].nothing


async def test_one_none_and_several(database: Database) -> None:
    async with database.worker_unit_of_work() as conn:
        none = await conn.execute(_NUMBERS, {"most": 0})
        one = await conn.execute(_NUMBERS, {"most": 1})
        two = await conn.execute(_NUMBERS, {"most": 2})
    assert none.first() is none.one_or_none() is none.scalar() is none.scalar_one_or_none() is None
    assert one.scalar() == one.scalar_one() == one.scalar_one_or_none() == 1
    assert tuple(one.one()) == (1, "n1")
    assert two.scalars().all() == [1, 2]
    assert list(two.scalars()) == [1, 2]
    assert two.rowcount == 2
    with pytest.raises(NoResultFound):
        none.one()
    with pytest.raises(MultipleResultsFound):
        two.one_or_none()


async def test_values_keep_their_types(database: Database) -> None:
    values = {
        "id": uuid4(),
        "data": {"deep": [1, None, "ü"]},
        "now": datetime(2026, 3, 2, 18, tzinfo=UTC),
        "part": Decimal("12.30"),
        "words": ["a", "b"],
    }
    async with database.worker_unit_of_work() as conn:
        row = (await conn.execute(_TYPES, values)).one()
        plain = (await conn.execute(select(literal(values["id"]), literal("x")))).one()
    assert tuple(row) == tuple(values.values())
    assert isinstance(row.id, UUID)
    assert str(row.part) == "12.30"
    assert plain[0] == values["id"]


async def test_both_ways_share_one_transaction(database: Database) -> None:
    async def write_and_fail() -> None:
        async with database.worker_unit_of_work() as conn:
            written = await conn.execute(_LANGUAGE, {"code": "xa", "name": "Xa"})
            assert written.rowcount == 1
            many = [{"code": "xb", "name": "Xb"}, {"code": "xc", "name": "Xc"}]
            await conn.execute(_LANGUAGE, many)  # several at once go SQLAlchemy's way
            assert (await conn.execute(_COUNT, {"code": "xb"})).scalar_one() == 1
            seen = select(literal(1)).where(bindparam("yes", type_=Boolean()))
            assert (await conn.execute(seen, {"yes": True})).scalar_one() == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await write_and_fail()
    async with database.worker_unit_of_work() as conn:
        for code in ("xa", "xb", "xc"):
            assert (await conn.execute(_COUNT, {"code": code})).scalar_one() == 0


@pytest.mark.parametrize(
    ("query", "value", "kind", "state"),
    [
        ("INSERT INTO languages (code, name) VALUES (:value, 'x')", "NO", IntegrityError, "23514"),
        ("SELECT CAST(CAST(:value AS text) AS int)", "secret", DataError, "22P02"),
        ("SELECT nothing FROM languages WHERE code = :value", "x", ProgrammingError, "42703"),
        ("SELECT CAST(:value AS int)", 10**10, DataError, "22000"),  # the driver refuses it
    ],
)
async def test_what_is_refused_is_raised_as_sqlalchemy_would(
    database: Database, query: str, value: object, kind: type[DBAPIError], state: str
) -> None:
    with pytest.raises(kind) as caught:
        await _run(database, query, value)
    assert getattr(caught.value.orig, "sqlstate", None) == state
    async with database.worker_unit_of_work() as conn:  # and the connection is fit for use
        assert (await conn.execute(_COUNT, {"code": "NO"})).scalar_one() == 0


async def _run(database: Database, query: str, value: object) -> None:
    async with database.worker_unit_of_work() as conn:
        await conn.execute(sql(query), {"value": value})


async def test_a_cancelled_unit_of_work_gives_its_connection_back_clean(
    database: Database,
) -> None:
    async def write_and_wait() -> None:
        async with database.worker_unit_of_work() as conn:
            await conn.execute(_LANGUAGE, {"code": "xd", "name": "Xd"})
            await conn.execute(sql("SELECT pg_sleep(:seconds)"), {"seconds": 30.0})

    for _ in range(20):  # more than the pool has connections
        task = asyncio.create_task(write_and_wait())
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()  # the second one may cut the rollback short
        with pytest.raises(asyncio.CancelledError):
            await task
    async with database.worker_unit_of_work() as conn:
        assert (await conn.execute(_COUNT, {"code": "xd"})).scalar_one() == 0
