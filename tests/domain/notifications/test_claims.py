"""Claims: in order, once, for a while, and what a stale sender writes is refused."""

import asyncio
from datetime import timedelta

import pytest

from domain.clock import ManualClock
from domain.database import Database
from domain.notifications import claims
from domain.notifications.rules import Claimed, Decision, Message
from tests.support.outbox import Reader, forget_all, message, reader, row, tell

LEASE = timedelta(seconds=60)
DONE = Decision("done", 1)


@pytest.fixture
async def ana(database: Database) -> Reader:
    await forget_all(database)
    return await reader(database, "ana", "terminal", "telegram")


async def take(
    database: Database, clock: ManualClock, limit: int = 10, platform: str = "terminal"
) -> list[Claimed]:
    async with database.worker_unit_of_work() as conn:
        return await claims.claim(conn, platform, limit=limit, lease=LEASE, now=clock.now())


async def settle(database: Database, clock: ManualClock, taken: Claimed, what: Decision) -> int:
    async with database.worker_unit_of_work() as conn:
        return await claims.settle(conn, [(taken, what)], now=clock.now())


async def reap(database: Database, clock: ManualClock, most: int = 20) -> int:
    async with database.worker_unit_of_work() as conn:
        return await claims.reap(conn, clock.now(), most)


def to(
    ana: Reader, clock: ManualClock, key: str, platform: str = "terminal", **more: object
) -> Message:
    account = ana.accounts[platform]
    return message(ana, key, clock.now(), identity_id=account, **more)


async def test_due_messages_of_the_platform_come_in_order(
    database: Database, ana: Reader, clock: ManualClock
) -> None:
    later = clock.now() + timedelta(minutes=5)
    messages = [to(ana, clock, f"{n}") for n in range(5)]
    await tell(database, ana, *messages)
    await tell(database, ana, message(ana, "later", later), to(ana, clock, "other", "telegram"))
    first = await take(database, clock, limit=3)
    assert [one.payload["values"]["n"] for one in first] == ["0", "1", "2"]
    assert [one.payload["values"]["n"] for one in await take(database, clock)] == ["3", "4"]
    assert await take(database, clock) == []


async def test_a_message_claimed_by_many_at_once_is_claimed_by_one(
    database: Database, ana: Reader, clock: ManualClock
) -> None:
    await tell(database, ana, *(to(ana, clock, f"{n}") for n in range(60)))
    taken = await asyncio.gather(*(take(database, clock, limit=10) for _ in range(8)))
    ids = [one.id for batch in taken for one in batch]
    assert len(ids) == len(set(ids)) == 60


async def test_the_lease_ends_and_the_old_sender_is_refused(
    database: Database, ana: Reader, clock: ManualClock
) -> None:
    await tell(database, ana, to(ana, clock, "one"))
    (stale,) = await take(database, clock)
    clock.advance(LEASE - timedelta(seconds=1))
    assert await reap(database, clock) == 0
    clock.advance(timedelta(seconds=1))
    assert await reap(database, clock) == 1
    (fresh,) = await take(database, clock)
    assert fresh.fence == stale.fence + 1
    assert await settle(database, clock, stale, DONE) == 0
    assert (stale.attempts, fresh.attempts) == (1, 2)
    assert await settle(database, clock, fresh, DONE) == 1
    assert (await row(database, "one")).state == "done"


async def test_a_sender_that_dies_while_sending_again_and_again_is_not_tried_for_ever(
    database: Database, ana: Reader, clock: ManualClock
) -> None:
    await tell(database, ana, to(ana, clock, "poison"))
    for _ in range(3):
        await take(database, clock)
        clock.advance(LEASE)
        await reap(database, clock, most=3)
    dead = await row(database, "poison")
    assert (dead.state, dead.last_error) == ("dead", "the sender stopped in the middle")


async def test_at_most_once_is_done_before_it_is_sent(
    database: Database, ana: Reader, clock: ManualClock
) -> None:
    await tell(database, ana, to(ana, clock, "once", policy="at_most_once"))
    (taken,) = await take(database, clock)
    assert (await row(database, "once")).state == "done"
    clock.advance(LEASE)
    assert await reap(database, clock) == 0
    # What surely did not arrive may be taken back by the claim that marked it.
    again = Decision("pending", 1, run_at=clock.now(), error="connection refused")
    assert await settle(database, clock, taken, again) == 1
    assert len(await take(database, clock)) == 1


async def test_what_expired_is_dead_and_hides_nothing_behind_it(
    database: Database, ana: Reader, clock: ManualClock
) -> None:
    soon = clock.now() + timedelta(minutes=1)
    await tell(database, ana, *(to(ana, clock, f"old{n}", expires_at=soon) for n in range(7)))
    await tell(database, ana, to(ana, clock, "fresh"))
    clock.advance(timedelta(minutes=1))
    taken = await take(database, clock, limit=2)
    assert [one.payload["values"]["n"] for one in taken] == ["fresh"]
    expired = await row(database, "old3")
    assert (expired.state, expired.last_error) == ("dead", "expired")


async def test_a_chat_that_is_busy_or_full_leaves_room_for_others(
    database: Database, ana: Reader, clock: ManualClock
) -> None:
    ben = await reader(database, "ben", "terminal")
    await tell(database, ana, *(to(ana, clock, f"{n}") for n in range(5)))
    await tell(database, ben, to(ben, clock, "ben's"))

    async def some(busy: list[str]) -> list[str]:
        async with database.worker_unit_of_work() as conn:
            found = await claims.claim(
                conn, "terminal", limit=6, lease=LEASE, now=clock.now(), busy=busy, each=1
            )
        return [one.payload["values"]["n"] for one in found]

    assert await some(["ana"]) == ["ben's"]
    assert await some([]) == ["0"]
    assert await some([]) == ["1"]
    assert await some(["ana"]) == []


async def test_a_blocked_chat_is_marked_and_the_other_one_is_tried(
    database: Database, ana: Reader, clock: ManualClock
) -> None:
    async def redirect(taken: Claimed) -> bool:
        async with database.worker_unit_of_work() as conn:
            return await claims.redirect(conn, taken, "bot was blocked", clock.now())

    await tell(database, ana, to(ana, clock, "moved", "telegram"))
    (taken,) = await take(database, clock, platform="telegram")
    assert await redirect(taken)
    moved = await row(database, "moved")
    assert (moved.platform, moved.state, moved.attempts) == ("terminal", "pending", 0)

    (taken,) = await take(database, clock)
    assert not await redirect(taken)
    assert (await row(database, "moved")).state == "leased"


async def test_the_app_cannot_claim(database: Database, ana: Reader, clock: ManualClock) -> None:
    await tell(database, ana, to(ana, clock, "mine"))
    with pytest.raises(Exception, match="permission denied"):
        async with database.unit_of_work(ana.user_id) as conn:
            await claims.claim(conn, "terminal", limit=1, lease=LEASE, now=clock.now())
