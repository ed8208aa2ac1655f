"""Connections are kept between transactions, and only those that are in order."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain import engine
from domain import pool as module
from domain.engine import engine_for
from domain.pool import Pool
from domain.postgres import EmbeddedServer
from domain.sql import sql
from tests.support.eventually import until

_PID = sql("SELECT pg_backend_pid()")


@pytest.fixture
async def pool(server: EmbeddedServer, database_name: str) -> AsyncIterator[Pool]:
    engine = engine_for(lambda: server.connect_arguments("stoa_app", database_name), pool_size=2)
    made = Pool(engine, 2)
    yield made
    await made.close()


async def pid(pool: Pool) -> int:
    """The server's process behind the next connection."""
    connection = await pool.take()
    found: int = (await connection.execute(_PID)).scalar_one()
    await pool.give_back(connection)
    return found


async def test_the_same_connection_comes_again(pool: Pool) -> None:
    assert await pid(pool) == await pid(pool)


async def test_one_that_sqlalchemy_used_is_tidied_up_and_comes_again(pool: Pool) -> None:
    first = await pid(pool)
    connection = await pool.take()
    await connection.execute(text("SELECT 1"), execution_options={"stream_results": False})
    assert connection.in_transaction()
    await pool.give_back(connection)
    assert connection.closed
    assert await pid(pool) == first


async def test_one_that_broke_is_replaced(pool: Pool) -> None:
    first = await pid(pool)
    connection = await pool.take()
    connection.driver.terminate()
    await pool.give_back(connection)
    idle = await pool.take()
    assert (await idle.execute(_PID)).scalar_one() != first
    await pool.give_back(idle)
    idle.driver.terminate()  # while nobody uses it: as when the server goes away
    assert await pid(pool) != first


async def test_who_comes_when_all_are_in_use_waits_for_the_next(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = await pool.take(), await pool.take()
    waiting = asyncio.create_task(pool.take())
    await asyncio.sleep(0)
    assert not waiting.done()
    await pool.give_back(one)
    assert await waiting is one
    monkeypatch.setattr(module, "PATIENCE_S", 0.05)
    with pytest.raises(PoolTimeout):
        await pool.take()
    await pool.give_back(other)
    assert await pool.take() is other
    for connection in (one, other):
        await pool.give_back(connection)


async def test_a_failed_start_takes_no_place(server: EmbeddedServer) -> None:
    engine = engine_for(lambda: server.connect_arguments(database="not_there"), pool_size=1)
    made = Pool(engine, 1)
    for _ in range(3):
        with pytest.raises(Exception, match="does not exist"):
            await made.take()
    await made.close()


async def test_one_given_back_after_the_end_is_closed(pool: Pool) -> None:
    connection = await pool.take()
    await pool.close()
    await pool.give_back(connection)
    assert connection.closed


@pytest.mark.parametrize(("limit", "then"), [("STALLED", ""), ("LONGEST", "SELECT 1")])
async def test_a_transaction_that_nobody_goes_on_with_is_ended(
    server: EmbeddedServer,
    database_name: str,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    then: str,
) -> None:
    """Also where the process was frozen between preparing a statement and running it."""
    monkeypatch.setattr(engine, limit, "500ms")
    arguments = server.connect_arguments("stoa_worker", database_name)
    pool = Pool(engine.engine_for(arguments, pool_size=1), 1)
    connection = await pool.take()
    await connection.driver.execute("BEGIN")
    if then:
        await connection.driver.prepare(then)
    async with asyncio.timeout(60):
        await until(connection.driver.is_closed)
    await pool.give_back(connection)
    await pool.close()
