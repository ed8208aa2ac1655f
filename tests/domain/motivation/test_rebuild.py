"""What derives from the ledger can be made again from it, to the same values."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Row, text

from domain.clock import ManualClock
from domain.database import Database
from domain.identity.service import Accounts
from domain.motivation.goals import Aim, add_goal
from domain.motivation.journey import choose_study_days, record_outage, remember_setting
from domain.motivation.queries import days
from domain.motivation.rebuild import find_learner, give_back, rebuild_all, rebuild_learner
from domain.motivation.service import Activity, Outcome, record_activity

DAY = timedelta(days=1)
START = datetime(2026, 3, 2, 18, tzinfo=UTC)
DERIVED = {
    "active_days": "local_date, finished, xp, seconds, is_frozen",
    "user_stats": "xp, level, week_start, week_xp, lessons_completed, quizzes_passed,"
    " challenges_solved, seconds_spent, cards_reviewed",
    "streaks": "current_streak, longest_streak, last_activity_date, streak_start_date,"
    " total_active_days, freezes_left",
    "user_achievements": "achievement_id, progress_level, earned_at",
    "study_goals": "title, current_value, completed_date, status",
}
BADGES = """
    INSERT INTO achievements (code, achievement_type, name, criteria, points, freezes) VALUES
        ('three-lessons', 'lessons', 'Three', '{"metric": "lessons", "target": 3}', 20, 0),
        ('hundred', 'xp', 'Hundred', '{"metric": "xp", "target": 100}', 5, 1),
        ('retired', 'lessons', 'Old', '{"metric": "lessons", "target": 1}', 5, 0)
    ON CONFLICT (code) DO NOTHING
"""


class Learner:
    """Somebody whose work is recorded directly."""

    def __init__(self, database: Database, user_id: UUID, identity_id: UUID) -> None:
        self.database, self.user_id, self.identity_id = database, user_id, identity_id

    async def finishes(
        self, at: datetime, kind: str = "lesson", xp: int = 10, source: str = ""
    ) -> Outcome:
        async with self.database.unit_of_work(self.user_id) as conn:
            return await record_activity(
                conn,
                Activity(
                    self.user_id,
                    self.identity_id,
                    source or f"{kind}:{uuid4()}",
                    kind,
                    None,
                    xp,
                    90,
                    at,
                ),
            )

    async def has(self) -> dict[str, Sequence[Row[Any]]]:
        """The derived rows."""
        found = {}
        async with self.database.worker_unit_of_work() as conn:
            for table, columns in DERIVED.items():
                query = f"SELECT {columns} FROM {table} WHERE user_id = '{self.user_id}' ORDER BY 1"
                found[table] = (await conn.execute(text(query))).all()
        return found


@pytest.fixture
async def ada(database: Database) -> Learner:
    async with database.worker_unit_of_work() as conn:
        await conn.execute(text(BADGES))
        await conn.execute(text("UPDATE achievements SET is_active = code <> 'retired'"))
    async with database.unit_of_work() as conn:
        name = f"ada-{uuid4()}"
        found = await Accounts().learner(conn, "terminal", name, "Ada", None, START)
    return Learner(database, found.user_id, found.identity_id)


async def test_scrambled_values_are_derived_again(database: Database, ada: Learner):
    async with database.unit_of_work(ada.user_id) as conn:
        today = START.date()
        for title, metric, target, by in (
            ("Read", "lessons", 5, None),
            ("Study", "minutes", 1_000, today + 90 * DAY),
            ("Points", "xp", 60, today + 90 * DAY),
            ("Too late", "lessons", 50, today + DAY),
        ):
            await add_goal(conn, ada.user_id, uuid4(), Aim(title, metric, target, by), today)
        await choose_study_days(conn, ada.user_id, today + 10 * DAY, frozenset(range(1, 6)))
    for number in (0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 14, 15, 16):
        kind = ("lesson", "quiz", "challenge")[number % 3]
        await ada.finishes(START + number * DAY, kind)
        await ada.finishes(START + number * DAY, "lesson")
    await ada.finishes(START + 3 * DAY + timedelta(hours=1), "challenge")  # graded late
    before = await ada.has()
    assert all(before.values())
    assert {row.is_frozen for row in before["active_days"]} == {True, False}
    assert {row.status for row in before["study_goals"]} == {"active", "completed", "missed"}
    assert len(before["user_achievements"]) == 2
    async with database.worker_unit_of_work() as conn:
        for query in (
            "UPDATE user_stats SET xp = 7, level = 9, week_xp = 3, week_start = '2020-01-06',"
            " lessons_completed = 0, quizzes_passed = 99, seconds_spent = 0",
            "DELETE FROM active_days WHERE local_date < '2026-03-06'",
            "INSERT INTO active_days (user_id, local_date, is_frozen)"
            " SELECT user_id, '2026-02-01', true FROM user_stats",
            "UPDATE active_days SET xp = 1, seconds = 5",
            "UPDATE streaks SET current_streak = 0, longest_streak = 500, freezes_left = 2,"
            " total_active_days = 0",
            "UPDATE user_achievements SET earned_at = now(), progress_level = 0",
            "UPDATE study_goals SET current_value = 0, completed_date = NULL, status = 'active'",
        ):
            await conn.execute(text(query))
    assert await ada.has() != before
    async with database.worker_unit_of_work() as conn:
        await rebuild_learner(conn, ada.user_id, START + 16 * DAY)
    assert await ada.has() == before
    assert [done async for done in rebuild_all(database, START + 16 * DAY)]
    assert await ada.has() == before


async def test_a_fact_that_is_told_twice_counts_once(ada: Learner):
    first = await ada.finishes(START, source="lesson:one")
    before = await ada.has()
    again = await ada.finishes(START + DAY, source="lesson:one")
    assert (first.counted, again.counted) == (True, False)
    assert await ada.has() == before


async def test_an_achievement_comes_once_with_its_points_and_its_freeze(ada: Learner):
    outcomes = [await ada.finishes(START + timedelta(minutes=n), xp=30) for n in range(4)]
    assert [[one.code for one in outcome.badges] for outcome in outcomes] == [
        [],
        [],
        ["three-lessons", "hundred"],
        [],
    ]
    assert outcomes[2].total_xp == 90 + 20 + 5
    has = await ada.has()
    assert has["user_stats"][0].xp == 4 * 30 + 25 == has["user_stats"][0].week_xp
    assert has["active_days"][0].xp == 145
    assert has["streaks"][0].freezes_left == 1


async def test_goals_are_reached_once_and_in_the_same_transaction(database: Database, ada: Learner):
    async with database.unit_of_work(ada.user_id) as conn:
        await add_goal(conn, ada.user_id, uuid4(), Aim("Two", "lessons", 2), START.date())
    outcomes = [await ada.finishes(START + n * DAY) for n in range(3)]
    assert [[goal.title for goal in outcome.goals] for outcome in outcomes] == [[], ["Two"], []]
    row = (await ada.has())["study_goals"][0]
    assert (row.current_value, row.completed_date, row.status) == (
        2,
        START.date() + DAY,
        "completed",
    )


async def test_work_graded_late_has_the_date_of_where_it_was_handed_in(
    database: Database, ada: Learner
):
    async with database.unit_of_work(ada.user_id) as conn:
        await conn.execute(
            text("UPDATE user_profiles SET timezone = 'America/Los_Angeles' WHERE user_id = :me"),
            {"me": ada.user_id},
        )
    handed_in = datetime(2026, 3, 10, 5, tzinfo=UTC)  # the evening of the 9th in Los Angeles
    async with database.unit_of_work(ada.user_id) as conn:
        await remember_setting(conn, ada.user_id, handed_in + timedelta(hours=1))
        await conn.execute(
            text("UPDATE user_profiles SET timezone = 'Asia/Tokyo' WHERE user_id = :me"),
            {"me": ada.user_id},
        )
    await ada.finishes(handed_in, "challenge")
    assert [row.local_date for row in (await ada.has())["active_days"]] == [date(2026, 3, 9)]


async def test_more_work_on_a_day_that_shows_a_flight_gives_its_freeze_back(
    database: Database, ada: Learner
):
    move = text("UPDATE user_profiles SET timezone = :zone WHERE user_id = :me")
    async with database.unit_of_work(ada.user_id) as conn:
        await conn.execute(move, {"me": ada.user_id, "zone": "Asia/Tokyo"})
    for number in range(7):
        await ada.finishes(datetime(2026, 3, 1 + number, 13, tzinfo=UTC), xp=1)
    await ada.finishes(datetime(2026, 3, 8, 23, tzinfo=UTC), xp=1)  # in Tokyo it is the 9th
    assert [row.freezes_left for row in (await ada.has())["streaks"]] == [0]
    landed = datetime(2026, 3, 9, tzinfo=UTC)
    async with database.unit_of_work(ada.user_id) as conn:
        await remember_setting(conn, ada.user_id, landed - timedelta(minutes=30))
        await conn.execute(move, {"me": ada.user_id, "zone": "Europe/London"})
    await ada.finishes(landed, xp=1)
    kept = await ada.has()
    assert [row.freezes_left for row in kept["streaks"]] == [1]
    async with database.worker_unit_of_work() as conn:
        await rebuild_learner(conn, ada.user_id, landed)
    assert (await ada.has())["streaks"] == kept["streaks"]


async def test_an_outage_that_is_recorded_afterwards_gives_the_streak_back(
    database: Database, ada: Learner
):
    await ada.finishes(START)
    now = START + 2 * DAY
    async with database.unit_of_work(ada.user_id) as conn:
        assert (await days(conn, ada.user_id, now)).streak.current == 0
    async with database.worker_unit_of_work() as conn:
        began = START + DAY
        await record_outage(conn, began, began + timedelta(minutes=30), "a test")
        await record_outage(conn, began, began + timedelta(minutes=40), "a test")
    async with database.unit_of_work(ada.user_id) as conn:
        found = await days(conn, ada.user_id, now)
    assert (found.streak.current, found.recent(2)) == (1, ["down", "open"])


async def test_days_off_that_are_chosen_on_an_earlier_date_replace_the_later_choice(
    database: Database, ada: Learner
):
    """Whoever flies west may choose on a date before the one they chose on last."""
    async with database.unit_of_work(ada.user_id) as conn:
        await choose_study_days(conn, ada.user_id, START.date(), frozenset((1, 2)))
        await choose_study_days(conn, ada.user_id, START.date() - DAY, frozenset((3, 4)))
        excuses = (await days(conn, ada.user_id, START)).journey.excuses
    assert excuses.weekdays(START.date()) == excuses.weekdays(START.date() + DAY) == {3, 4}


async def test_what_was_lost_to_an_outage_since_is_given_back_in_what_is_kept_too(
    database: Database, ada: Learner
):
    for day in (0, 1, 2, 3, 4, 5, 6, 8, 10):  # a freeze for the 7th, none for the 9th
        await ada.finishes(START + day * DAY, xp=1)
    (lost,) = (await ada.has())["streaks"]
    assert (lost.current_streak, lost.freezes_left, lost.longest_streak) == (1, 0, 8)
    async with database.worker_unit_of_work() as conn:
        await record_outage(conn, START + 7 * DAY, START + 7 * DAY + timedelta(hours=2), "a test")
    assert [number async for number in give_back(database, START + 7 * DAY)][-1] >= 1
    (kept,) = (await ada.has())["streaks"]
    assert (kept.current_streak, kept.freezes_left, kept.longest_streak) == (9, 0, 9)
    frozen = [row.local_date for row in (await ada.has())["active_days"] if row.is_frozen]
    assert frozen == [(START + 9 * DAY).date()]


async def test_a_learner_is_found_by_account_or_id_and_never_guessed(
    database: Database, ada: Learner, clock: ManualClock
):
    async with database.worker_unit_of_work() as conn:
        assert await find_learner(conn, str(ada.user_id)) == ada.user_id
        assert await find_learner(conn, "nobody at all") is None
