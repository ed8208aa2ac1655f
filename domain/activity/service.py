"""Enrollment, progress of one component, and what was saved; `visits` keeps places and time."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.activity.tables import Bookmark
from domain.activity.visits import reached, touch, visit
from domain.errors import N_, Refusal
from domain.sql import sql

__all__ = [
    "CourseProgress", "complete", "enroll", "forget", "leave", "reached", "recount_all", "save",
    "touch", "visit",
]  # fmt: skip

LONGEST_NOTE = 500

_ENROLL = sql("""
    INSERT INTO enrollments (user_id, course_id, status, enrolled_at, completed_count, total_count)
    SELECT :learner, :course, 'active', :now, n.done, n.total
    FROM (SELECT count(*) FILTER (WHERE p.status = 'completed')::int AS done,
                 count(*)::int AS total
          FROM components k
          LEFT JOIN user_progress p ON p.component_id = k.id AND p.user_id = :learner
          WHERE k.course_id = :course AND k.status = 'published' AND k.is_required
                AND k.kind <> 'deck') n
    ON CONFLICT (user_id, course_id) DO UPDATE
        SET status = CASE WHEN enrollments.completed_at IS NULL THEN 'active'
                          ELSE 'completed' END, dropped_at = NULL
        WHERE enrollments.status IN ('dropped', 'expired')
    RETURNING id
""")
_LEAVE = sql("""
    UPDATE enrollments SET status = 'dropped', dropped_at = :now
    WHERE user_id = :learner AND course_id = :course AND status = 'active'
    RETURNING id
""")
_RECOUNT = sql("""
    WITH n AS (
        SELECT count(*) FILTER (WHERE p.status = 'completed')::int AS done, count(*)::int AS total
        FROM components k
        LEFT JOIN user_progress p ON p.component_id = k.id AND p.user_id = :learner
        WHERE k.course_id = :course AND k.status = 'published' AND k.is_required
              AND k.kind <> 'deck')
    UPDATE enrollments e
    SET completed_count = n.done, total_count = n.total,
        progress_percentage = CASE WHEN n.total = 0 THEN 0
                                   ELSE round(100.0 * n.done / n.total, 2) END,
        status = CASE WHEN e.status = 'active' AND n.total > 0 AND n.done = n.total
                      THEN 'completed' ELSE e.status END,
        completed_at = CASE WHEN n.total > 0 AND n.done = n.total
                            THEN coalesce(e.completed_at, :now) ELSE e.completed_at END
    FROM n WHERE e.user_id = :learner AND e.course_id = :course
    RETURNING e.completed_count, e.total_count, e.progress_percentage, e.status, e.completed_at
""")
_COURSES = sql("SELECT course_id FROM enrollments WHERE user_id = :learner ORDER BY course_id")
_COMPLETE = sql("""
    INSERT INTO user_progress
        (user_id, component_id, status, progress_percentage, started_at, first_completed_at)
    VALUES (:learner, :component, 'completed', 100, :now, :now)
    ON CONFLICT (user_id, component_id) DO UPDATE
        SET status = 'completed', progress_percentage = 100,
            first_completed_at = coalesce(user_progress.first_completed_at, :now)
        WHERE user_progress.status <> 'completed'
    RETURNING component_id
""")
_SAVE = (
    insert(Bookmark)
    .values(
        user_id=bindparam("learner"),
        component_id=bindparam("component"),
        position=bindparam("position"),
        note=bindparam("note"),
    )
    .on_conflict_do_update(
        index_elements=[Bookmark.user_id, Bookmark.component_id],
        set_={"position": bindparam("position"), "note": bindparam("note")},
    )
)
_FORGET = (
    delete(Bookmark)
    .where(Bookmark.user_id == bindparam("learner"))
    .where(Bookmark.component_id == bindparam("component"))
    .returning(Bookmark.component_id)
)


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """How far one enrollment is: counts of required components and their percentage."""

    done: int
    total: int
    percentage: Decimal
    just_finished: bool


async def enroll(conn: AsyncConnection, learner: UUID, course: UUID, now: datetime) -> bool:
    """Join a course, or come back to it with everything kept; False when already in it."""
    result = await conn.execute(_ENROLL, {"learner": learner, "course": course, "now": now})
    changed = result.one_or_none() is not None
    if changed:
        await _recount(conn, learner, course, now)
    return changed


async def leave(conn: AsyncConnection, learner: UUID, course: UUID, now: datetime) -> bool:
    """Leave a course; progress is kept. False when not in it, or finished with it."""
    result = await conn.execute(_LEAVE, {"learner": learner, "course": course, "now": now})
    return result.one_or_none() is not None


async def complete(
    conn: AsyncConnection, learner: UUID, component: UUID, course: UUID, now: datetime
) -> CourseProgress | None:
    """Mark a component finished; None when it already was, so that rewards are given once."""
    values = {"learner": learner, "component": component, "now": now}
    if (await conn.execute(_COMPLETE, values)).one_or_none() is None:
        return None
    return await _recount(conn, learner, course, now)


async def save(
    conn: AsyncConnection, learner: UUID, component: UUID, position: dict[str, Any], note: str
) -> None:
    """Keep a place with a note; saving it again replaces the note.

    Raises:
        Refusal: the note is over 500 characters.
    """
    if len(note) > LONGEST_NOTE:
        raise Refusal(
            N_("A note can have {most} characters; yours has {length}. Shorten it, please."),
            {"most": LONGEST_NOTE, "length": len(note)},
        )
    values = {"learner": learner, "component": component, "position": position, "note": note}
    await conn.execute(_SAVE, values)


async def forget(conn: AsyncConnection, learner: UUID, component: UUID) -> bool:
    """Delete a saved place; False when there was none."""
    result = await conn.execute(_FORGET, {"learner": learner, "component": component})
    return result.one_or_none() is not None


async def recount_all(conn: AsyncConnection, learner: UUID, now: datetime) -> None:
    """Count what is finished in every course of a learner again, after rows came or went."""
    courses = await conn.execute(_COURSES, {"learner": learner})
    for course in courses.scalars().all():
        await _recount(conn, learner, course, now)


async def _recount(
    conn: AsyncConnection, learner: UUID, course: UUID, now: datetime
) -> CourseProgress:
    row = (
        await conn.execute(_RECOUNT, {"learner": learner, "course": course, "now": now})
    ).one_or_none()
    if row is None:  # finished without being enrolled: a preview
        return CourseProgress(0, 0, Decimal(0), just_finished=False)
    finished = row.status == "completed" and row.completed_at == now
    return CourseProgress(row.completed_count, row.total_count, row.progress_percentage, finished)
