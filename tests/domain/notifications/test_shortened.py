"""A message that waits, since its platform is down, and meanwhile it is night, or not wanted."""

from datetime import UTC, datetime, time, timedelta

import pytest

from domain.clock import ManualClock
from domain.database import Database
from domain.identity.service import change_profile
from domain.notifications import claims
from domain.notifications.mutes import mute
from domain.notifications.reminders import Quiet
from domain.notifications.reminders_own import choose_quiet, reckon_again
from domain.notifications.rules import Claimed, Decision
from tests.support.outbox import Reader, forget_all, message, row, tell
from tests.support.reminders import reminded, sent, tick

MINUTE = timedelta(minutes=1)
DUE = datetime(2026, 3, 2, 20, tzinfo=UTC)


@pytest.fixture
async def ana(database: Database, clock: ManualClock) -> Reader:
    """Somebody whose message has just been written."""
    await forget_all(database)
    ana = await reminded(database, "ana", time(20), clock.now())
    assert await tick(database, DUE) == {"sent": 1}
    return ana


async def fly(database: Database, ana: Reader, zone: str, now: datetime) -> None:
    """As /settings time does it."""
    async with database.unit_of_work(ana.user_id) as conn:
        await change_profile(conn, ana.user_id, "timezone", zone)
        await reckon_again(conn, ana.user_id, now)


async def take(database: Database, now: datetime) -> list[Claimed]:
    async with database.worker_unit_of_work() as conn:
        return await claims.claim(conn, "terminal", limit=9, lease=MINUTE, now=now)


async def fail(database: Database, taken: Claimed, now: datetime) -> None:
    """The platform is down: to be tried again in a minute."""
    again = Decision("pending", taken.attempts, now + MINUTE, "down")
    async with database.worker_unit_of_work() as conn:
        assert await claims.settle(conn, [(taken, again)], now=now) == 1


@pytest.mark.parametrize("when", ["not begun", "to be tried again", "on its way"])
async def test_who_moves_into_the_night_is_not_woken(
    database: Database, ana: Reader, when: str
) -> None:
    if when == "not begun":
        await fly(database, ana, "Asia/Tokyo", DUE + MINUTE)
    else:
        (taken,) = await take(database, DUE)
        if when == "to be tried again":
            await fail(database, taken, DUE)
            await fly(database, ana, "Asia/Tokyo", DUE + MINUTE)
        else:
            await fly(database, ana, "Asia/Tokyo", DUE + MINUTE)
            await fail(database, taken, DUE + MINUTE)
    assert await take(database, DUE + 5 * MINUTE) == []
    (key,) = [one.key for one in await sent(database)]
    assert (await row(database, key)).last_error == "expired"


async def test_it_comes_until_the_quiet_hours_that_were_chosen(
    database: Database, ana: Reader
) -> None:
    async with database.unit_of_work(ana.user_id) as conn:
        await choose_quiet(conn, ana.user_id, Quiet(time(20, 30), time(8)), DUE + MINUTE)
    (taken,) = await take(database, DUE + 29 * MINUTE)
    await fail(database, taken, DUE + 29 * MINUTE)
    assert await take(database, DUE + 30 * MINUTE) == []


async def test_who_moves_within_the_day_gets_it(database: Database, ana: Reader) -> None:
    await fly(database, ana, "Europe/Lisbon", DUE + MINUTE)
    assert len(await take(database, DUE + 59 * MINUTE)) == 1


async def test_what_is_muted_meanwhile_does_not_come(database: Database, ana: Reader) -> None:
    (taken,) = await take(database, DUE)
    await fail(database, taken, DUE)
    async with database.unit_of_work(ana.user_id) as conn:
        await mute(conn, ana.user_id, ["reminder"])
    assert await take(database, DUE + 5 * MINUTE) == []


async def test_what_somebody_waits_for_comes_at_night_as_well(
    database: Database, ana: Reader
) -> None:
    ends = DUE + timedelta(hours=1)
    await tell(database, ana, message(ana, "graded:1", DUE, kind="graded", expires_at=ends))
    await fly(database, ana, "Asia/Tokyo", DUE + MINUTE)
    assert [one.kind for one in await take(database, DUE + 5 * MINUTE)] == ["graded"]
