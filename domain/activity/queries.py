"""What a learner has done, for the dashboard, the saved list and the way back in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql

SAVED_PAGE = 8

_DASHBOARD = sql("""
    SELECT c.id, c.slug, c.title, e.status, e.progress_percentage AS percentage,
           e.completed_count AS done, e.total_count AS total, e.seconds_spent, e.completed_at
    FROM enrollments e JOIN courses c ON c.id = e.course_id
    WHERE e.user_id = :learner AND e.status IN ('active', 'completed')
          AND c.status = 'published' AND c.deleted_at IS NULL
    ORDER BY e.updated_at DESC LIMIT 20
""")
_SAVED = sql("""
    SELECT b.component_id, b.position, b.note, k.title, c.title AS course,
           count(*) OVER ()::int AS total
    FROM bookmarks b
    JOIN components k ON k.id = b.component_id AND k.status = 'published'
    JOIN courses c ON c.id = k.course_id AND c.status = 'published'
    WHERE b.user_id = :learner ORDER BY b.updated_at DESC LIMIT :limit OFFSET :offset
""")
_LATEST = sql("""
    SELECT c.id FROM enrollments e JOIN courses c ON c.id = e.course_id
    WHERE e.user_id = :learner AND e.status = 'active' AND c.status = 'published'
          AND c.deleted_at IS NULL
    ORDER BY e.updated_at DESC LIMIT 1
""")
_LAST = sql("""
    SELECT last_component_id FROM enrollments WHERE user_id = :learner AND course_id = :course
""")
_LESSON = sql("""
    SELECT p.component_id FROM user_progress p
    JOIN components k ON k.id = p.component_id
    WHERE p.user_id = :learner AND k.kind = 'lesson' AND k.status = 'published'
          AND p.last_position IS NOT NULL
    ORDER BY p.updated_at DESC LIMIT 1
""")


@dataclass(frozen=True, slots=True)
class CourseStanding:
    """One enrolled course on the dashboard."""

    id: UUID
    slug: str
    title: str
    status: str
    percentage: Decimal
    done: int
    total: int
    seconds: int
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SavedPlace:
    """One saved place: the component, the page (from 0) and the note."""

    component_id: UUID
    page: int
    note: str
    title: str
    course: str


async def dashboard(conn: AsyncConnection, learner: UUID) -> Sequence[CourseStanding]:
    """The learner's courses, the most recent first, at most 20."""
    rows = (await conn.execute(_DASHBOARD, {"learner": learner})).all()
    return [CourseStanding(*row) for row in rows]


async def saved(
    conn: AsyncConnection, learner: UUID, offset: int = 0
) -> tuple[Sequence[SavedPlace], int]:
    """One page of what the learner saved, newest first, and how many there are."""
    rows = (
        await conn.execute(_SAVED, {"learner": learner, "limit": SAVED_PAGE, "offset": offset})
    ).all()
    places = [
        SavedPlace(
            row.component_id,
            int((row.position or {}).get("page", 0)),
            row.note,
            row.title,
            row.course,
        )
        for row in rows
    ]
    return places, rows[0].total if rows else 0


async def latest_course(conn: AsyncConnection, learner: UUID) -> UUID | None:
    """The active course the learner worked in last."""
    return (await conn.execute(_LATEST, {"learner": learner})).scalar_one_or_none()


async def last_component(conn: AsyncConnection, learner: UUID, course: UUID) -> UUID | None:
    """The component of a course that the learner had open last."""
    values = {"learner": learner, "course": course}
    return (await conn.execute(_LAST, values)).scalar_one_or_none()


async def latest_lesson(conn: AsyncConnection, learner: UUID) -> UUID | None:
    """The lesson the learner looked at last, in any course."""
    return (await conn.execute(_LESSON, {"learner": learner})).scalar_one_or_none()
