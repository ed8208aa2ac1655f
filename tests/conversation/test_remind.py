"""Reminders as a learner meets them: asked for, put off, ended, and in their own words."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bots.conversation.flows.remind.words import quiet_from, wish_from
from bots.conversation.router import Router
from bots.worker import Worker
from domain.clock import ManualClock
from domain.database import Database
from domain.errors import Refusal
from domain.grading import Grader
from domain.notifications.reminders import EVERY_DAY, Quiet
from tests.support.account import Account
from tests.support.outbox import forget_all
from tests.support.reminders import change, tick

EIGHT = datetime(2026, 3, 2, 20, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def ada(database: Database, router: Router, clock: ManualClock) -> Account:
    await forget_all(database)
    return Account(router, clock, "telegram", "ada")


@pytest.mark.parametrize(
    ("typed", "at", "weekdays"),
    [
        ("20:00", time(20), EVERY_DAY),
        ("8 pm", time(20), EVERY_DAY),
        ("12am daily", time(0), EVERY_DAY),
        ("7.30 weekdays", time(7, 30), frozenset({1, 2, 3, 4, 5})),
        ("18:30 mon-fri", time(18, 30), frozenset({1, 2, 3, 4, 5})),
        ("9 sat, sun", time(9), frozenset({6, 7})),
    ],
)
def test_times_and_days_as_people_write_them(typed: str, at: time, weekdays: frozenset[int]):
    assert wish_from(typed) == (at, weekdays)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("soon", "When shall I remind you"),
        ("25:00", "When shall I remind you"),
        ("13pm", "When shall I remind you"),
        ("20:00 funday", "“funday” is no weekday.*remind 20:00 mon-fri"),
    ],
)
def test_what_is_no_time_is_refused_with_an_example(typed: str, why: str):
    with pytest.raises(Refusal, match=why):
        wish_from(typed)


def test_quiet_hours_as_people_write_them():
    assert quiet_from("22:00-08:00") == quiet_from("22 - 8") == Quiet(time(22), time(8))
    assert quiet_from("off") == Quiet(time(0), time(0))
    with pytest.raises(Refusal, match="typed like this"):
        quiet_from("the night")


async def test_from_an_offer_to_the_end(database: Database, ada: Account, clock: ManualClock):
    assert "You have no reminder." in await ada.says("/remind")
    assert ada.labels[:3] == ["Every day at 18:00", "Every day at 20:00", "Other time"]
    text = await ada.presses("Every day at 20:00")
    assert "at 20:00, every day" in text
    assert "The next reminder: Mon 2 Mar, 20:00." in text
    clock.set(EIGHT)
    await tick(database, clock.now())
    assert await ada.is_told(database) == ["Today is still open. One lesson makes it count."]
    assert ada.labels == ["Continue learning", "In 1 h", "Not today", "No reminders"]
    assert "Mon 2 Mar, 21:00" in await ada.presses("In 1 h")
    clock.set(EIGHT + timedelta(minutes=59, seconds=50))
    assert await tick(database, clock.now()) == {}
    clock.set(EIGHT + timedelta(hours=1, seconds=10))
    assert await tick(database, clock.now()) == {"sent": 1}
    assert len(await ada.is_told(database)) == 1
    assert "your quiet hours have begun" in await ada.presses("In 1 h")
    assert "Tue 3 Mar, 20:00" in await ada.presses("Not today")
    clock.set(EIGHT + DAY - timedelta(hours=1))
    assert "Wed 4 Mar, 20:00" in await ada.says("/remind not today")
    clock.set(EIGHT + 2 * DAY)
    assert await tick(database, clock.now()) == {"sent": 1}
    await ada.is_told(database)
    assert "You have no reminder." in await ada.presses("No reminders")
    clock.set(EIGHT + 3 * DAY)
    assert await tick(database, clock.now()) == {}
    assert "Type a time to get one" in await ada.says("/remind later")


async def test_times_are_typed_and_quiet_hours_are_kept(
    database: Database, ada: Account, clock: ManualClock
):
    await ada.says("/remind")
    await ada.presses("Other time")
    assert "at 18:30, Mon, Wed" in await ada.says("18:30 mon wed")
    assert "in your quiet hours, 22:00" in await ada.says("/remind 23:00")
    changed = await ada.says("/remind quiet 00:00-08:00")
    assert changed.startswith("In your quiet hours, 00:00-08:00")  # first what was changed
    assert "at 23:00, every day" in await ada.says("/remind 23:00")
    await ada.says("/remind quiet 22:00-08:00")
    await ada.says("/remind 18:30 mon wed")
    assert "at 18:30" in await ada.says("/remind")
    assert "no quiet hours" in await ada.says("/remind quiet off")
    assert "at 23:00, every day" in await ada.says("/remind 23:00")
    moved = await ada.says("/remind quiet 22:30-07:00")
    assert "The next reminder: Tue 3 Mar, 07:00." in moved
    await ada.says("/remind quiet 23:30-07:00")
    await ada.says("/settings time Asia/Tokyo")
    assert "The next reminder: Tue 3 Mar, 23:00." in await ada.says("/remind")
    assert clock.now() < EIGHT
    assert await tick(database, datetime(2026, 3, 3, 14, tzinfo=UTC)) == {"sent": 1}


async def test_the_worker_reminds_in_the_readers_language(
    database: Database, ada: Account, clock: ManualClock, grader: Grader
):
    await ada.says("/settings language pl")
    await ada.says("/goal 20m")
    await ada.says("/remind 20:00")
    clock.set(EIGHT)
    fired = {one.name: one.details for one in await Worker(database, clock, grader).run_once()}
    assert fired["reminders"] == {"sent": 1}
    (text,) = await ada.is_told(database)
    assert text == "20 min wystarczy, aby osiągnąć dzisiejszy cel."
    assert ada.labels == ["Ucz się dalej", "Za godzinę", "Nie dzisiaj", "Bez przypomnień"]


async def test_a_look_at_the_reminder_disturbs_nothing(ada: Account):
    await ada.says("/settings time")
    await ada.says("/remind")
    assert "Your time zone is Europe/Warsaw" in await ada.says("Warsaw")
    await ada.says("/remind other")
    await ada.says("/remind")
    assert "I did not get that" in await ada.says("18:30")


async def test_an_hour_that_is_set_after_the_message_of_the_date_begins_on_the_next(
    database: Database, ada: Account, clock: ManualClock
):
    await ada.says("/settings time UTC")
    await change(
        database,
        "INSERT INTO nudges (user_id, timezone, day, sent_day)"
        " SELECT user_id, 'UTC', :day, :day FROM identities WHERE subject = 'ada'",
        day=clock.now().date(),
    )
    assert "The next reminder: Tue 3 Mar, 20:00." in await ada.says("/remind 20:00")
    assert "The next reminder: Tue 3 Mar, 20:00." in await ada.says("/remind")
    assert await tick(database, EIGHT) == {}
    assert await tick(database, EIGHT + DAY) == {"sent": 1}
