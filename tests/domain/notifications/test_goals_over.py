"""A goal that is over is told once, in the next message, unless its learner was told at once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.database import Database
from domain.motivation.goals import advance_goals
from domain.motivation.rebuild import rebuild_learner
from tests.support import nudges
from tests.support.nudges import nudge, person, said
from tests.support.outbox import Reader, forget_all
from tests.support.reminders import change

DAY = timedelta(days=1)
TODAY = date(2026, 3, 10)
MORNING = datetime(2026, 3, 10, 10, 15, tzinfo=UTC)


@pytest.fixture
async def ana(empty_database: Database) -> Reader:
    await forget_all(empty_database)
    return await person(empty_database, "ana", MORNING)


async def heard(database: Database, now: datetime) -> list[tuple[str, int]]:
    """The goal's name and value of each message that was written by now, and is sent then."""
    await nudge(database, now)
    messages = await said(database)
    await nudges.arrive(database)
    return [(one.payload["text"], one.payload["values"]["value"]) for one in messages]


async def test_a_goal_whose_date_is_over_is_told_once(empty_database: Database, ana: Reader):
    await nudges.goal(empty_database, ana, "OSI", 10, 4, TODAY - 20 * DAY, TODAY - DAY)
    await nudges.goal(empty_database, ana, "Old", 10, 4, TODAY - 21 * DAY, TODAY - 9 * DAY)
    ((text, value),) = await heard(empty_database, MORNING)
    assert (text.split(".")[0], value) == (
        "The date of “{goal}” is over, at {value} of {target}",
        4,
    )
    await change(empty_database, "UPDATE users SET last_active_at = :at", at=MORNING + DAY)
    assert len(await heard(empty_database, MORNING + DAY)) == 1


async def test_a_goal_that_was_reached_unseen_is_told_and_one_that_was_seen_is_not(
    empty_database: Database, ana: Reader
):
    yesterday = TODAY - DAY
    await nudges.work(empty_database, ana, yesterday)
    await nudges.goal(empty_database, ana, "Seen", 1, 0, yesterday, TODAY + 9 * DAY)
    async with empty_database.unit_of_work(ana.user_id) as conn:
        (reached,) = await advance_goals(conn, ana.user_id, yesterday)
        assert reached.title == "Seen"
        assert await advance_goals(conn, ana.user_id, yesterday) == ()
    assert await heard(empty_database, MORNING) == []
    await nudges.goal(empty_database, ana, "Unseen", 1, 0, yesterday - DAY, TODAY + 10 * DAY)
    async with empty_database.worker_unit_of_work() as conn:
        await rebuild_learner(conn, ana.user_id, MORNING)
    await change(empty_database, "DELETE FROM nudges")
    await change(empty_database, "DELETE FROM job_runs")
    ((text, _),) = await heard(empty_database, MORNING)
    assert text == "You reached your goal “{goal}”. Set a next one with /goal."
    (message,) = await said(empty_database)
    assert message.payload["values"]["goal"] == "Unseen"
    assert message.payload["choices"] == ["/learn", "/mute goal", "/remind"]
