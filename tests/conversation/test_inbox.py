"""What was sent to a learner stays readable, also what did not arrive."""

from datetime import UTC, datetime, timedelta

from bots.conversation.router import Router
from domain.clock import ManualClock
from domain.database import Database
from tests.support.account import Account
from tests.support.outbox import forget_all
from tests.support.reminders import change, tick

EIGHT = datetime(2026, 3, 2, 20, tzinfo=UTC)
DAY = timedelta(days=1)


async def test_messages_are_listed_with_what_became_of_them(
    database: Database, router: Router, clock: ManualClock
):
    await forget_all(database)
    ada, bob = (Account(router, clock, "telegram", name) for name in ("ada", "bob"))
    assert "I have sent you no message of my own" in await ada.says("/progress inbox")
    await ada.says("/goal 20m")
    await ada.says("/remind 20:00")
    clock.set(EIGHT)
    await tick(database, EIGHT)
    await ada.is_told(database)
    await tick(database, EIGHT + DAY)
    await change(
        database,
        "UPDATE outbox SET state = 'dead', finished_at = run_at, last_error = 'blocked'"
        " WHERE state = 'pending'",
    )
    clock.set(EIGHT + 2 * DAY)
    await tick(database, clock.now())
    assert await ada.says("/progress inbox") == (
        "My latest messages to you:\n\n"
        "- **4 Mar 2026, 20:00, on its way**: 20 min would finish today's goal.\n\n"
        "- **3 Mar 2026, 20:00, it could not be delivered**: 20 min would finish today's goal.\n\n"
        "- **2 Mar 2026, 20:00**: 20 min would finish today's goal."
    )
    await ada.says("/settings language pl")
    assert "20 min wystarczy" in await ada.says("/progress inbox")
    assert "I have sent you no message of my own" in await bob.says("/progress inbox")


async def test_the_daily_goal_stands_beside_the_progress_and_a_strange_word_is_refused(
    router: Router, clock: ManualClock
):
    cyd = Account(router, clock, "telegram", "cyd")
    await cyd.says("/learn tiny")
    assert "Today:" not in await cyd.says("/progress")
    await cyd.says("/goal 20m")
    assert "Today: 0 of 20 min. 20 more to go." in await cyd.says("/progress")
    assert "After /progress I know days, courses" in await cyd.says("/progress report")
