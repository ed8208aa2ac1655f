"""Boards: who is first, as far as the asker may look, among those who agreed to be shown."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql

Kind = Literal["week", "group", "course", "challenge", "all"]
SHOWN = 10

# The function checks consent, membership and enrolment; it gives names and numbers only.
_BOARD = sql(
    "SELECT place, name, value, is_me FROM board(:kind, :target, :week, :most)", target=Uuid()
)
_GROUP = sql("""
    SELECT c.id, c.title FROM communities c
    JOIN memberships m ON m.community_id = c.id AND m.user_id = :learner
    WHERE c.deleted_at IS NULL
    ORDER BY c.platform = :platform AND c.place_id = :place DESC, m.created_at DESC LIMIT 1
""")
_CHALLENGE = sql("""
    SELECT k.id, k.title FROM components k
    JOIN courses c ON c.id = k.course_id AND c.status = 'published' AND c.deleted_at IS NULL
    LEFT JOIN enrollments e ON e.course_id = c.id AND e.user_id = :learner
    WHERE k.kind = 'challenge' AND k.status = 'published' AND k.slug = :slug
    ORDER BY e.id IS NULL, c.title LIMIT 1
""")
_COURSE = sql("""
    SELECT c.id, c.title FROM enrollments e JOIN courses c ON c.id = e.course_id
    WHERE e.user_id = :learner AND e.status IN ('active', 'completed')
        AND c.status = 'published' AND c.deleted_at IS NULL
        AND (CAST(:slug AS text) = '' OR c.slug = :slug)
    ORDER BY e.updated_at DESC LIMIT 1
""")
_SHOWN = sql("SELECT show_on_boards FROM user_settings WHERE user_id = :learner")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a board; equal values share a place."""

    place: int
    name: str
    value: int
    is_me: bool


@dataclass(frozen=True, slots=True)
class Named:
    """What a board is about: a group, a course, a challenge."""

    id: UUID
    title: str


def week_of(day: date) -> date:
    """The Monday of a date's week."""
    return day - timedelta(days=day.weekday())


async def board(
    conn: AsyncConnection, kind: Kind, target: UUID | None, today: date, most: int = SHOWN
) -> list[Line]:
    """The first places, ties included, and the asker's own line wherever it is.

    Args:
        conn: a transaction of the asker.
        kind: points of this week (of everybody or a group), steps of a course, the best score of
            a challenge (rounded down), or all points.
        target: the group, the course or the challenge.
        today: the asker's local date.
        most: how many lines, not counting the asker's own.
    """
    values = {"kind": kind, "target": target, "week": week_of(today), "most": most}
    rows = (await conn.execute(_BOARD, values)).all()
    lines = sorted(
        (Line(row.place, row.name, int(row.value), row.is_me) for row in rows),
        key=lambda line: (line.place, not line.is_me, line.name.casefold()),
    )
    mine = [line for line in lines if line.is_me]
    first = lines[:most]
    return first if not mine or mine[0] in first else [*first[: most - 1], *mine]


async def group_of(conn: AsyncConnection, learner: UUID, platform: str, place: str) -> Named | None:
    """The group that is asked in, if the learner belongs to it, else the one they joined last."""
    values = {"learner": learner, "platform": platform, "place": place}
    row = (await conn.execute(_GROUP, values)).one_or_none()
    return Named(*row) if row else None


async def course_of(conn: AsyncConnection, learner: UUID, slug: str = "") -> Named | None:
    """One of the learner's courses by its slug, or the one they worked in last."""
    row = (await conn.execute(_COURSE, {"learner": learner, "slug": slug})).one_or_none()
    return Named(*row) if row else None


async def challenge_of(conn: AsyncConnection, learner: UUID, slug: str) -> Named | None:
    """A challenge by its slug, of the learner's courses first."""
    row = (await conn.execute(_CHALLENGE, {"learner": learner, "slug": slug})).one_or_none()
    return Named(*row) if row else None


async def is_shown(conn: AsyncConnection, learner: UUID) -> bool:
    """Whether the learner agreed to be on boards."""
    shown = (await conn.execute(_SHOWN, {"learner": learner})).scalar_one_or_none()
    return shown is not False
