"""Reading about courses and their versions, for those who write them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, NotFound
from domain.sql import sql

_HISTORY = sql("""
    SELECT v.version, v.status, v.created_at, v.published_at, p.display_name AS by,
           coalesce(v.version = c.active_version, false) AS is_active
    FROM courses c JOIN course_versions v ON v.course_id = c.id
    LEFT JOIN user_profiles p ON p.user_id = coalesce(v.published_by, v.created_by)
    WHERE c.slug = :slug AND c.deleted_at IS NULL
    ORDER BY v.version DESC NULLS FIRST
""")


@dataclass(frozen=True, slots=True)
class Version:
    """One line of a course's history; a draft has no number yet."""

    version: int | None
    status: str
    created_at: datetime
    published_at: datetime | None
    by: str | None
    is_active: bool


async def history(conn: AsyncConnection, slug: str) -> tuple[Version, ...]:
    """The draft, if there is one, and all published versions, newest first.

    Raises:
        NotFound: there is no such course.
    """
    found = (await conn.execute(_HISTORY, {"slug": slug})).all()
    if not found:
        raise no_course(slug)
    return tuple(Version(*row) for row in found)


def no_course(slug: str) -> NotFound:
    """What to raise when there is no such course."""
    return NotFound(N_("There is no course “{slug}”. Import it first."), {"slug": slug[:64]})
