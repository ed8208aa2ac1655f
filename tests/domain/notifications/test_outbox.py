"""Messages are written with their fact, to the right chat, and once."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from domain.clock import ManualClock
from domain.database import Database
from domain.errors import NotFound, Refusal
from domain.notifications import outbox
from domain.notifications.claims import claim
from domain.notifications.queries import backlog, dead_letters, revive
from domain.sql import sql
from tests.support.outbox import message, reader, row, tell

_COUNT = sql("SELECT count(*) FROM outbox WHERE idempotency_key LIKE :like")
_BLOCK = sql("""
    INSERT INTO delivery_channels (user_id, identity_id, platform, address, blocked_at,
                                   blocked_reason)
    VALUES (:user, :identity, :platform, :address, now(), 'told us so')
""")


async def count(database: Database, like: str) -> int:
    async with database.worker_unit_of_work() as conn:
        return int((await conn.execute(_COUNT, {"like": like})).scalar_one())


async def test_the_same_key_twice_is_one_message(database: Database, clock: ManualClock) -> None:
    ana = await reader(database, "twice")
    first = message(ana, "twice:1", clock.now())
    assert await tell(database, ana, first, first) == [True, False]
    assert await tell(database, ana, first) == [False]
    assert await count(database, "twice:%") == 1


async def test_a_message_goes_with_its_transaction(database: Database, clock: ManualClock) -> None:
    ana = await reader(database, "rolled-back")

    async def fail() -> None:
        async with database.unit_of_work(ana.user_id) as conn:
            assert await outbox.post(conn, message(ana, "rolled-back:1", clock.now()))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await count(database, "rolled-back:%") == 0


async def test_a_learner_cannot_write_to_another(database: Database, clock: ManualClock) -> None:
    ana, eve = await reader(database, "victim"), await reader(database, "eve")
    with pytest.raises(DBAPIError, match="row-level security"):
        await tell(database, eve, message(ana, "eve:1", clock.now()))


async def test_the_account_the_work_came_from_is_preferred(
    database: Database, clock: ManualClock
) -> None:
    ana = await reader(database, "two-chats", "discord", "telegram")
    for platform, identity in ana.accounts.items():
        key = f"two-chats:{platform}"
        await tell(database, ana, message(ana, key, clock.now(), identity_id=identity))
        assert ((await row(database, key)).platform) == platform


async def test_a_blocked_chat_is_passed_over(database: Database, clock: ManualClock) -> None:
    ana = await reader(database, "passed-over", "discord", "telegram")
    identity = ana.accounts["discord"]
    values = {"user": ana.user_id, "identity": identity, "platform": "discord"}
    async with database.worker_unit_of_work() as conn:
        await conn.execute(_BLOCK, {**values, "address": ana.name})
    blocked = message(ana, "passed-over:1", clock.now(), identity_id=identity)
    assert await tell(database, ana, blocked) == [True]
    assert (await row(database, "passed-over:1")).platform == "telegram"

    async with database.unit_of_work(ana.user_id) as conn:
        await outbox.reopen(conn, "discord", ana.name)
    again = message(ana, "passed-over:2", clock.now(), identity_id=identity)
    await tell(database, ana, again)
    assert (await row(database, "passed-over:2")).platform == "discord"


async def test_somebody_without_a_chat_gets_no_row(database: Database, clock: ManualClock) -> None:
    ana = await reader(database, "github-only", "github")
    assert await tell(database, ana, message(ana, "github-only:1", clock.now())) == [False]


async def test_a_message_to_a_community_is_the_workers(
    database: Database, clock: ManualClock
) -> None:
    ana = await reader(database, "announcer")
    async with database.worker_unit_of_work() as conn:
        community = await conn.execute(
            sql(
                "INSERT INTO communities (platform, place_id, title)"
                " VALUES ('discord', 'guild', 'Guild') RETURNING id"
            )
        )
        channel = await conn.execute(
            sql(
                "INSERT INTO delivery_channels (community_id, platform, address)"
                " VALUES (:community, 'discord', 'hall') RETURNING id"
            ),
            {"community": community.scalar_one()},
        )
        channel_id: UUID = channel.scalar_one()
        news = message(ana, "hall:1", clock.now(), user_id=None, channel_id=channel_id)
        assert await outbox.post(conn, news)
    written = await row(database, "hall:1")
    assert (written.platform, written.address, written.user_id) == ("discord", "hall", None)


async def test_old_messages_are_deleted_and_dead_ones_can_be_read(
    empty_database: Database, clock: ManualClock
) -> None:
    database = empty_database
    ana = await reader(database, "old")
    names = ["done", "dead", "waiting"]
    await tell(database, ana, *(message(ana, f"old:{name}", clock.now()) for name in names))
    finish = sql("""
        UPDATE outbox SET state = :state, finished_at = :at, last_error = 'no such chat'
        WHERE idempotency_key = :key
    """)
    async with database.worker_unit_of_work() as conn:
        for state in ("done", "dead"):
            values = {"state": state, "key": f"old:{state}", "at": clock.now()}
            await conn.execute(finish, values)
        (letter,) = await dead_letters(conn)
        assert (letter.kind, letter.error) == ("news", "no such chat")
        (waiting,) = await backlog(conn, clock.now())
        assert (waiting.platform, waiting.waiting) == ("terminal", 1)

    async def prune(days: int) -> int:
        async with database.worker_unit_of_work() as conn:
            return await outbox.prune(conn, clock.now() + timedelta(days=days))

    assert [await prune(29), await prune(31), await prune(31), await prune(91)] == [0, 1, 0, 1]
    assert await row(database, "old:waiting") is not None


async def test_a_message_that_was_given_up_gets_a_second_chance(
    empty_database: Database, clock: ManualClock
) -> None:
    database = empty_database
    ana = await reader(database, "again")
    given = (("result", "graded"), ("reminder", "reminder"))
    await tell(database, ana, *(message(ana, key, clock.now(), kind=kind) for key, kind in given))
    give_up = sql("""
        UPDATE outbox SET state = 'dead', attempts = 20, finished_at = run_at, expires_at = run_at
    """)
    async with database.worker_unit_of_work() as conn:
        await conn.execute(give_up)
        letters = {letter.kind: letter.id for letter in await dead_letters(conn)}
        assert await revive(conn, letters["graded"], clock.now()) == "graded"
        with pytest.raises(NotFound, match="was given up"):
            await revive(conn, letters["graded"], clock.now())
        with pytest.raises(Refusal, match="hour that is over"):
            await revive(conn, letters["reminder"], clock.now())
    written = await row(database, "result")
    assert (written.state, written.attempts, written.expires_at) == ("pending", 0, None)
    async with database.worker_unit_of_work() as conn:
        lease = timedelta(minutes=1)
        (claimed,) = await claim(conn, "terminal", limit=9, lease=lease, now=clock.now())
    assert claimed.id == letters["graded"]
