"""What the simulated year has found: what was put off, and outages of more than a day."""

from datetime import UTC, datetime, time, timedelta

import pytest

from domain.clock import ManualClock
from domain.database import Database
from domain.identity.service import change_profile
from domain.notifications.reminders import Quiet
from domain.notifications.reminders_own import choose_quiet, reckon_again, remind_later
from tests.support.outbox import Reader, forget_all
from tests.support.reminders import reminded, reminder, sent, tick

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DUE = datetime(2026, 3, 2, 20, tzinfo=UTC)
NONE = Quiet(time(0), time(0))


@pytest.fixture
async def ana(database: Database, clock: ManualClock) -> Reader:
    await forget_all(database)
    return await reminded(database, "ana", time(20), clock.now())


async def later(database: Database, of: Reader, now: datetime) -> None:
    async with database.unit_of_work(of.user_id) as conn:
        await remind_later(conn, of.user_id, now)


async def days(database: Database) -> list[str]:
    """The dates that had a message; with the hour of one that was put off."""
    keys = [one.key.split(":") for one in await sent(database)]
    return [":".join((day, *hour)) for _, day, _, *hour in keys]


@pytest.mark.parametrize("what", ["quiet hours", "zone"])
async def test_it_still_comes_when_something_else_is_changed(
    database: Database, ana: Reader, what: str
) -> None:
    await tick(database, DUE)
    asked = DUE + timedelta(minutes=5)
    await later(database, ana, asked)
    async with database.unit_of_work(ana.user_id) as conn:
        if what == "zone":
            await change_profile(conn, ana.user_id, "timezone", "Europe/London")
            await reckon_again(conn, ana.user_id, asked)
        else:
            await choose_quiet(conn, ana.user_id, Quiet(time(23), time(7)), asked)
    assert await tick(database, asked + HOUR) == {"sent": 1}
    assert len(await sent(database)) == 2
    assert (await reminder(database, ana)).next_fire_at == DUE + DAY


async def test_quiet_hours_that_begin_meanwhile_keep_it_back(
    database: Database, ana: Reader
) -> None:
    await later(database, ana, DUE)
    async with database.unit_of_work(ana.user_id) as conn:
        await choose_quiet(conn, ana.user_id, Quiet(time(20, 30), time(8)), DUE)
    assert await tick(database, DUE + HOUR) == {"quiet": 1}


async def test_past_midnight_it_does_not_cost_the_next_date_its_message(
    database: Database, ana: Reader
) -> None:
    async with database.unit_of_work(ana.user_id) as conn:
        await choose_quiet(conn, ana.user_id, NONE, DUE)
    night = DUE + timedelta(hours=3, minutes=30)
    await later(database, ana, night)
    assert await tick(database, night + HOUR) == {"sent": 1}
    assert await tick(database, DUE + DAY) == {"sent": 1}
    at = int((night + HOUR).timestamp())
    assert await days(database) == [f"2026-03-03:{at}", "2026-03-03"]


async def test_after_more_than_a_day_the_latest_one_may_still_be_wanted(
    database: Database, ana: Reader
) -> None:
    back = DUE + DAY + timedelta(minutes=30)
    assert await tick(database, back) == {"late": 1, "sent": 1}
    assert await days(database) == ["2026-03-03"]
    assert (await reminder(database, ana)).next_fire_at == DUE + 2 * DAY
