"""People without a reminder, what may be worth a message to them, and a worker's part of it."""

from collections import Counter
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bots.reminding import day_of, nudge_all, plan_all
from domain import ids
from domain.clock import ManualClock
from domain.database import Database
from domain.motivation.queries import run_of
from domain.notifications.nudges_due import nudge_due
from domain.sql import sql
from tests.support.outbox import Reader, reader
from tests.support.reminders import change, move

_SEEN = "UPDATE users SET last_active_at = :at WHERE id = :u"
_STREAK = """
    INSERT INTO streaks (user_id, current_streak, longest_streak, last_activity_date,
                         streak_start_date, total_active_days, freezes_left)
    VALUES (:u, :days, :days, :last, :last, :days, :freezes)
"""
_WORK = """
    INSERT INTO activity_ledger (user_id, source, kind, occurred_at, local_date, timezone)
    VALUES (:u, :source, 'lesson', CAST(:at AS timestamptz), CAST(:day AS date), 'UTC')
"""
_CARDS = """
    WITH deck AS (
        INSERT INTO flashcard_sets (owner_id, title) VALUES (:u, 'Mine') RETURNING id
    ), card AS (
        INSERT INTO flashcards (set_id, key, front, back, position)
        SELECT id, 'k' || n, 'a', 'b', n FROM deck, generate_series(1, CAST(:n AS int)) AS n
        RETURNING id)
    INSERT INTO flashcard_progress (user_id, card_id, due_at)
    SELECT :u, id, CAST(:at AS timestamptz) FROM card
"""
_GOAL = """
    INSERT INTO study_goals (id, user_id, goal_type, title, metric, target_value, current_value,
                             start_date, target_date)
    VALUES (:id, :u, 'custom', :title, 'lessons', :target, :value, :start, :by)
"""
_LANGUAGE = "INSERT INTO languages (code, name) VALUES ('en', 'English') ON CONFLICT DO NOTHING"
_COURSE = """
    WITH course AS (
        INSERT INTO courses (slug, title, language_code, status)
        VALUES (:slug, :title, 'en', 'published') RETURNING id)
    INSERT INTO components (course_id, key, slug, kind, title, status, created_at)
    SELECT id, 'l' || n, 'l' || n, 'lesson', 'L', 'published', CAST(:at AS timestamptz)
    FROM course, generate_series(1, CAST(:n AS int)) AS n
"""
_JOIN = """
    INSERT INTO enrollments (user_id, course_id, enrolled_at)
    SELECT :u, id, CAST(:at AS timestamptz) FROM courses WHERE slug = :slug
"""
_SENT = sql("""
    SELECT o.kind, o.idempotency_key AS key, o.payload, o.run_at, o.policy, o.address AS who
    FROM outbox o ORDER BY o.run_at, o.idempotency_key
""")


async def person(
    database: Database, name: str, seen: datetime, zone: str = "UTC", *platforms: str
) -> Reader:
    """Somebody who told their zone and wrote lately."""
    somebody = await reader(database, name, *platforms)
    await move(database, somebody, zone)
    await change(database, _SEEN, u=somebody.user_id, at=seen)
    return somebody


async def streak(database: Database, of: Reader, days: int, last: date, freezes: int = 0) -> None:
    """A run of days as the work of its last day left it."""
    values = {"days": days, "last": last, "freezes": freezes}
    await change(database, _STREAK, u=of.user_id, **values)


async def work(database: Database, of: Reader, *days: date) -> None:
    """A finished lesson at noon of each day."""
    for day in days:
        at = datetime.fromisoformat(f"{day}T12:00:00+00:00")
        await change(database, _WORK, u=of.user_id, source=f"lesson:{day}", at=at, day=day)


async def cards(database: Database, of: Reader, number: int, due: datetime) -> None:
    """Flashcards of their own that are due."""
    await change(database, _CARDS, u=of.user_id, n=number, at=due)


async def goal(
    database: Database, of: Reader, title: str, target: int, value: int, start: date, by: date
) -> UUID:
    """A goal in lessons."""
    known = ids.uuid7(datetime.fromisoformat(f"{start}T00:00:00+00:00"), of.user_id.bytes[-10:])
    values = {"title": title, "target": target, "value": value, "start": start, "by": by}
    await change(database, _GOAL, id=known, u=of.user_id, **values)
    return known


async def course(database: Database, slug: str, lessons: int, at: datetime) -> None:
    """A course whose lessons came at an instant."""
    await change(database, _LANGUAGE)
    await change(database, _COURSE, slug=slug, title=slug.title(), n=lessons, at=at)


async def join(database: Database, of: Reader, slug: str, at: datetime) -> None:
    """Join a course."""
    await change(database, _JOIN, u=of.user_id, slug=slug, at=at)


async def arrive(database: Database, state: str = "done") -> None:
    """All that waits in the outbox has been sent, or given up."""
    await change(
        database,
        "UPDATE outbox SET state = :state, finished_at = run_at WHERE state = 'pending'",
        state=state,
    )


async def plan(database: Database, now: datetime) -> int:
    """Plan what a worker would plan now."""
    return await plan_all(database, ManualClock(now))


async def nudge(database: Database, now: datetime) -> Counter[str]:
    """Plan and judge all that a worker would now."""
    await plan(database, now)
    return await nudge_all(database, ManualClock(now))


async def one_set(conn: AsyncConnection, now: datetime, most: int) -> Counter[str]:
    """One set of what is due."""
    return await nudge_due(conn, now, day_of, run_of, most)


async def said(database: Database) -> list[Any]:
    """The scheduled messages that were written so far."""
    async with database.worker_unit_of_work() as conn:
        return list((await conn.execute(_SENT)).all())
