"""What the database says when two transactions were in each other's way."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from domain.database import Database
from domain.sql import lost_a_race, sql

_MAKE = sql("INSERT INTO users (handle) VALUES (:handle) RETURNING id")
_TOUCH = sql("UPDATE users SET status = 'active' WHERE id = :user")
_WRONG = sql("UPDATE users SET status = 'asleep' WHERE id = :user")


async def make(database: Database, handle: str) -> UUID:
    async with database.worker_unit_of_work() as conn:
        made: UUID = (await conn.execute(_MAKE, {"handle": handle})).scalar_one()
        return made


async def test_of_two_that_wait_for_each_other_one_may_try_again(database: Database) -> None:
    users = await make(database, "left"), await make(database, "right")
    meet = asyncio.Barrier(2)

    async def touch(first: UUID, second: UUID) -> bool:
        """Whether this one was ended for the other's sake."""
        try:
            async with database.worker_unit_of_work() as conn:
                await conn.execute(_TOUCH, {"user": first})
                await meet.wait()
                await conn.execute(_TOUCH, {"user": second})
        except DBAPIError as error:
            return lost_a_race(error)
        return False

    lost = await asyncio.gather(touch(*users), touch(*reversed(users)))
    assert sorted(lost) == [False, True]


async def test_what_breaks_a_rule_is_no_lost_race(database: Database) -> None:
    user = await make(database, "sleeper")
    with pytest.raises(DBAPIError) as refused:
        async with database.worker_unit_of_work() as conn:
            await conn.execute(_WRONG, {"user": user})
    assert not lost_a_race(refused.value)
