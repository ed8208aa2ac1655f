"""The large data set in small: it keeps every rule of the schema and of the product."""

from dataclasses import replace
from datetime import time

from benchmarks.filling import Sizes, fill
from benchmarks.home import Home
from domain.motivation.days import Excuses, Mark, local_date
from domain.motivation.streaks import streak_of

SMALL = Sizes(learners=25, items=60, attempts=600, courses=60, days=60)
_PROGRESS = """
    SELECT md5(string_agg(concat_ws(' ', user_id, component_id, status, best_score, started_at),
                          ',' ORDER BY user_id, component_id)) FROM user_progress
"""
_MARKS = """
    SELECT user_id, local_date, min(occurred_at), max(occurred_at), array_agg(timezone)
    FROM activity_ledger GROUP BY user_id, local_date
"""


async def _made(home: Home, name: str, sizes: Sizes) -> dict[str, int]:
    await home.make(name)
    async with home.owner(name) as connection:
        return await fill(connection, sizes, print, checked=True)


async def test_there_is_as_much_as_was_asked_for(home: Home) -> None:
    counts = await _made(home, "counted", SMALL)
    assert counts["user_progress"] == 25 * 60
    assert counts["challenge_attempts"] + counts["assessment_attempts"] == 600
    assert counts["assessment_answers"] == 5 * counts["assessment_attempts"]
    assert counts["courses"] == 60
    async with home.owner("counted") as connection:
        for table in ("challenge_attempts", "learning_sessions"):
            lost = await connection.fetchval(f"SELECT count(*) FROM {table}_default")
            assert lost == 0, "every month has a partition"


async def test_the_same_seed_makes_the_same_rows(home: Home) -> None:
    prints = []
    for name, sizes in (("one", SMALL), ("same", SMALL), ("other", replace(SMALL, seed=2))):
        await _made(home, name, sizes)
        async with home.owner(name) as connection:
            prints.append(await connection.fetchval(_PROGRESS))
    assert prints[0] == prints[1] != prints[2]


async def test_what_is_derived_is_what_the_product_derives(home: Home) -> None:
    await _made(home, "derived", SMALL)
    async with home.owner("derived") as connection:
        wrong_totals = await connection.fetchval(
            "SELECT count(*) FROM user_stats s WHERE xp <> (SELECT coalesce(sum(l.xp), 0)"
            " FROM activity_ledger l WHERE l.user_id = s.user_id)"
        )
        wrong_courses = await connection.fetchval(
            "SELECT count(*) FROM enrollments e JOIN course_progress p ON p.enrollment_id = e.id"
            " WHERE (e.completed_count, e.total_count, e.progress_percentage)"
            " <> (p.completed_count, p.total_count, p.progress_percentage)"
        )
        wrong_tries = await connection.fetchval(
            "SELECT count(*) FROM user_progress p WHERE total_attempts <>"
            " (SELECT count(*) FROM challenge_attempts a"
            "  WHERE a.user_id = p.user_id AND a.component_id = p.component_id)"
            " + (SELECT count(*) FROM assessment_attempts a"
            "    WHERE a.user_id = p.user_id AND a.assessment_id = p.component_id)"
        )
        ledger = await connection.fetch(
            "SELECT occurred_at, timezone, local_date FROM activity_ledger"
        )
        marks = await connection.fetch(_MARKS)
        streaks = await connection.fetch(
            "SELECT user_id, current_streak, longest_streak, total_active_days,"
            " streak_start_date, last_activity_date, freezes_left FROM streaks"
        )
    assert (wrong_totals, wrong_courses, wrong_tries) == (0, 0, 0)
    assert all(local_date(at, zone, time(3)) == day for at, zone, day in ledger)
    for user, *stored in streaks:
        days = [
            Mark(day, began, ended, frozenset(zones))
            for owner, day, began, ended, zones in marks
            if owner == user
        ]
        if days:
            derived = streak_of(days, Excuses(), max(days, key=lambda mark: mark.day))
            own = [derived.current, derived.longest, derived.total, derived.start, derived.last]
            assert stored == [*own, derived.freezes]
