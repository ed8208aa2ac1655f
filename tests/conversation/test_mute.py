"""Kinds of messages as a learner meets them: told, muted by one tap, and told again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bots.conversation.router import Router
from domain.clock import ManualClock
from domain.database import Database
from domain.notifications.kinds import SCHEDULED
from tests.support import nudges
from tests.support.account import Account
from tests.support.nudges import nudge
from tests.support.outbox import Reader, forget_all
from tests.support.reminders import change

MORNING = datetime(2026, 3, 2, 10, 15, tzinfo=UTC)
EVENING = datetime(2026, 3, 2, 19, 45, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def ada(database: Database, router: Router, clock: ManualClock) -> Account:
    await forget_all(database)
    clock.set(MORNING - timedelta(hours=4))
    account = Account(router, clock, "telegram", "ada")
    await account.says("/settings time UTC")
    return account


async def reader_of(database: Database) -> Reader:
    async with database.worker_unit_of_work() as conn:
        user = (await conn.exec_driver_sql("select id from users")).scalar_one()
    return Reader(user, "ada", {})


async def at_risk(database: Database, last: date) -> None:
    somebody = await reader_of(database)
    await change(database, "DELETE FROM streaks WHERE user_id = :u", u=somebody.user_id)
    await nudges.streak(database, somebody, 23, last)


async def test_a_streak_at_risk_is_told_and_muted_by_one_tap(
    database: Database, ada: Account, clock: ManualClock
):
    await at_risk(database, date(2026, 3, 1))
    assert await nudges.plan(database, clock.now()) == 1
    clock.set(EVENING)
    assert await nudge(database, clock.now()) == {"sent": 1}
    (text,) = await ada.is_told(database)
    assert text == "You have 23 days in a row. One lesson today keeps them going."
    assert ada.labels == ["Continue learning", "Reminder", "Mute streak"]
    assert "Muted: days in a row." in await ada.presses("Mute streak")
    await at_risk(database, date(2026, 3, 2))
    clock.set(EVENING + DAY)
    assert "sent" not in await nudge(database, clock.now())
    assert "Unmute streak" in await again(ada)
    assert "days in a row" in await ada.presses("Unmute streak")


async def again(ada: Account) -> list[str]:
    await ada.says("/mute")
    return ada.labels


async def test_the_list_shows_what_comes_and_each_kind_has_a_button(ada: Account):
    text = await ada.says("/mute")
    assert "freezes used, days in a row, cards due, goals, news of courses" in text
    assert len([label for label in ada.labels if label.startswith("Mute")]) == len(SCHEDULED)
    text = await ada.presses("Mute news")
    assert "Muted: news of courses." in text
    assert "news" in await ada.presses("Undo")
    assert "I know these kinds: freeze, reminder" in await ada.says("/mute everything")
    assert "I tell you nothing without being asked." in await ada.says("/mute all")
    await ada.says("/unmute goal")
    text = await ada.says("/remind")
    assert "Without being asked I tell you of: goals." in text


async def test_without_a_zone_nothing_comes_and_it_is_said(
    database: Database, router: Router, clock: ManualClock
):
    await forget_all(database)
    ben = Account(router, clock, "telegram", "ben")
    assert "once I know your time zone: /settings time" in await ben.says("/mute")
    await at_risk(database, date(2026, 3, 1))
    assert await nudges.plan(database, MORNING) == 0


async def test_no_reminders_means_nothing_at_all_until_asked(
    database: Database, ada: Account, clock: ManualClock
):
    await at_risk(database, date(2026, 3, 1))
    assert await nudges.plan(database, clock.now()) == 1
    clock.set(EVENING)
    assert await nudge(database, clock.now()) == {"sent": 1}
    text = await ada.says("/remind off")  # before it was delivered
    assert "You have no reminder." in text
    assert "I tell you nothing without being asked." in text
    assert await ada.is_told(database) == []
    await ada.says("/remind 20:00")
    assert "Your reminder is all that comes" in await ada.says("/mute")
