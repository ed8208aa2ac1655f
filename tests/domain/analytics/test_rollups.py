"""Roll-ups over all learners: right, the same when derived again, and refreshed for reports."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain import ids
from domain.analytics.measures import KEEP, measure, prune
from domain.analytics.reports import REPORTS, refresh_report
from domain.analytics.rollups import expire_enrollments, rebuild_rollups, roll_up
from domain.database import Database
from domain.sql import sql
from tests.support import nudges
from tests.support.outbox import Reader, forget_all
from tests.support.reminders import change

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

_SESSION = """
    INSERT INTO learning_sessions (id, user_id, component_id, started_at, ended_at,
                                   duration_seconds, device_type)
    VALUES (:id, :u, :c, CAST(:at AS timestamptz),
            CAST(:at AS timestamptz) + make_interval(secs => CAST(:n AS int)), CAST(:n AS int),
            'terminal')
"""
_PROGRESS = """
    INSERT INTO user_progress (user_id, component_id, status, progress_percentage,
                               first_completed_at)
    VALUES (:u, :c, 'completed', 100, CAST(:at AS timestamptz))
"""
_ROWS = sql("""
    SELECT component_id, day, views, unique_users, completions, average_seconds, average_score
    FROM component_daily ORDER BY day, component_id
""")


@pytest.fixture
async def lesson(database: Database) -> UUID:
    await forget_all(database)
    for table in ("component_daily", "courses", "performance_metrics"):
        await change(database, f"DELETE FROM {table}")
    await nudges.course(database, "rolled", 1, NOON - 30 * DAY)
    async with database.worker_unit_of_work() as conn:
        found = (await conn.exec_driver_sql("select id from components")).scalar_one()
    assert isinstance(found, UUID)
    return found


async def session(
    database: Database, of: Reader, component: UUID, at: datetime, seconds: int
) -> UUID:
    known = ids.uuid7(at)
    values = {"u": of.user_id, "c": component, "at": at, "n": seconds}
    await change(database, _SESSION, id=known, **values)
    return known


async def rows(database: Database) -> list[tuple[Any, ...]]:
    async with database.worker_unit_of_work() as conn:
        return [tuple(row) for row in (await conn.execute(_ROWS)).all()]


async def test_a_day_of_a_component_and_again_to_the_same_values(
    database: Database, lesson: UUID
) -> None:
    ana = await nudges.person(database, "ana", NOON)
    ben = await nudges.person(database, "ben", NOON)
    late = NOON + timedelta(hours=11, minutes=59)
    await session(database, ana, lesson, NOON, 100)
    await session(database, ana, lesson, NOON + HOUR, 200)
    last = await session(database, ben, lesson, late, 60)
    await session(database, ben, lesson, NOON - 40 * DAY, 30)
    await change(database, _PROGRESS, u=ana.user_id, c=lesson, at=NOON + HOUR)
    async with database.worker_unit_of_work() as conn:
        assert (await roll_up(conn, late))["days"] == 1
        assert (await roll_up(conn, late))["days"] == 0
    today = (lesson, date(2026, 3, 2), 3, 2, 1, 120, None)
    assert await rows(database) == [today]
    # The session goes on after midnight, and is still the day's on which it began.
    await change(
        database, "UPDATE learning_sessions SET duration_seconds = 120 WHERE id = :id", id=last
    )
    async with database.worker_unit_of_work() as conn:
        assert (await roll_up(conn, late + HOUR))["days"] == 1
    assert (await rows(database))[0][5] == 140
    # All days: also the one before the worker was there. What nobody did is no row.
    await change(
        database,
        "INSERT INTO component_daily (component_id, day, views) VALUES (:c, '2026-02-20', 9)",
        c=lesson,
    )
    async with database.worker_unit_of_work() as conn:
        assert (await rebuild_rollups(conn, late + HOUR))["days"] == 1
    kept = await rows(database)
    assert [row[1] for row in kept] == [date(2026, 1, 21), date(2026, 3, 2)]
    await change(database, "DELETE FROM component_daily")
    async with database.worker_unit_of_work() as conn:
        await rebuild_rollups(conn, late + HOUR)
    assert await rows(database) == kept


async def test_questions_count_how_often_they_were_given(database: Database, lesson: UUID) -> None:
    ana = await nudges.person(database, "ana", NOON)
    await change(
        database,
        """
        WITH quiz AS (
            INSERT INTO components (course_id, key, slug, kind, title, status)
            SELECT course_id, 'q', 'q', 'quiz', 'Q', 'published' FROM components WHERE id = :c
            RETURNING id, course_id
        ), test AS (INSERT INTO assessments (component_id) SELECT id FROM quiz RETURNING 1
        ), bank AS (
            INSERT INTO question_bank (course_id, key, kind)
            SELECT course_id, 'one', 'short' FROM quiz RETURNING id
        ), version AS (
            INSERT INTO question_versions (question_id, version, prompt, answer, content_hash)
            SELECT id, 1, 'What?', '{}', 'x' FROM bank RETURNING question_id
        ), tries AS (
            INSERT INTO assessment_attempts (user_id, assessment_id, attempt_number, status,
                                             started_at, submitted_at, percentage)
            SELECT :u, quiz.id, n, 'submitted', CAST(:at AS timestamptz),
                   CAST(:at AS timestamptz), n * 40 FROM quiz, generate_series(1, 2) AS n
            RETURNING id
        )
        INSERT INTO assessment_answers (attempt_id, question_id, question_version, user_id,
                                        position)
        SELECT tries.id, question_id, 1, :u, 0 FROM version, tries
        """,
        c=lesson,
        u=ana.user_id,
        at=NOON,
    )
    async with database.worker_unit_of_work() as conn:
        assert (await roll_up(conn, NOON))["questions"] == 1
        assert (await roll_up(conn, NOON))["questions"] == 0
        used = await conn.exec_driver_sql("select usage_count from question_bank")
        assert used.scalar_one() == 2
    assert [row[6] for row in await rows(database)] == [60]  # the mean of both tries


async def test_an_enrollment_ends_when_its_time_is_over(database: Database, lesson: UUID) -> None:
    ana = await nudges.person(database, "ana", NOON)
    await nudges.join(database, ana, "rolled", NOON - DAY)
    assert lesson
    await change(database, "UPDATE enrollments SET expires_at = :at", at=NOON)
    async with database.worker_unit_of_work() as conn:
        assert await expire_enrollments(conn, NOON - HOUR) == 0
        assert await expire_enrollments(conn, NOON) == 1
        assert await expire_enrollments(conn, NOON) == 0


async def test_reports_are_filled_again_and_see_everybody(database: Database, lesson: UUID) -> None:
    ana = await nudges.person(database, "ana", NOON)
    await nudges.work(database, ana, date(2026, 3, 1))
    assert lesson
    async with database.worker_unit_of_work() as conn:
        found = await conn.exec_driver_sql("select matviewname::text from pg_matviews order by 1")
        assert tuple(found.scalars()) == REPORTS
    for name in REPORTS:
        async with database.worker_unit_of_work() as conn:
            await refresh_report(conn, name)
    async with database.worker_unit_of_work() as conn:
        found = await conn.exec_driver_sql("select user_id from mv_daily_user_activity")
        assert found.scalars().all() == [ana.user_id]


async def test_an_hour_is_measured_once_and_old_hours_go(database: Database, lesson: UUID) -> None:
    await nudges.person(database, "ana", NOON)
    assert lesson
    for _ in range(2):
        async with database.worker_unit_of_work() as conn:
            found = await measure(conn, NOON, NOON)
    assert found["learners.active"] == 1
    async with database.worker_unit_of_work() as conn:
        count = "select count(*) from performance_metrics"
        assert (await conn.exec_driver_sql(count)).scalar_one() == len(found)
        assert await prune(conn, NOON + KEEP) == 0
        assert await prune(conn, NOON + KEEP + HOUR) == len(found)
