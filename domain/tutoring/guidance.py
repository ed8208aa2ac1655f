"""What the tutor is told by instructors when it helps: notes, how far, and in what style."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql
from domain.tutoring.rungs import HIGHEST

Style = Literal["questions", "balanced", "direct"]
STYLES: tuple[Style, ...] = ("questions", "balanced", "direct")

_FOR_ITEM = sql("""
    SELECT coalesce(i.most_level, c.most_level) AS level, coalesce(i.style, c.style) AS style,
           c.notes AS course_notes, i.notes AS item_notes, v.tutor_notes AS file_notes,
           ARRAY(SELECT h.text FROM pinned_answers p
                 JOIN hints h ON h.component_id = p.component_id AND h.position = p.position
                 WHERE p.component_id = k.id ORDER BY h.position) AS pinned
    FROM components k
    LEFT JOIN tutor_guidance c ON c.course_id = k.course_id AND c.component_id IS NULL
    LEFT JOIN tutor_guidance i ON i.component_id = k.id
    LEFT JOIN challenge_versions v ON v.component_id = k.id AND v.version = k.version
    WHERE k.id = :component
""")
_FOR_COURSE = sql("""
    SELECT most_level AS level, style, notes FROM tutor_guidance
    WHERE course_id = :course AND component_id IS NULL
""")
_OWN_OF_ITEM = sql("""
    SELECT most_level AS level, style, notes FROM tutor_guidance WHERE component_id = :component
""")


@dataclass(frozen=True, slots=True)
class Guidance:
    """What an instructor wants of the tutor.

    Args:
        notes: for the prompt; trusted.
        support_level: the highest rung of the ladder, 0 to 4.
        style: how answers are written.
        pinned: answers that are kept as hints of the item.
        own_level: the rung that was set here; None: it is the course's, or 4.
        own_style: the style that was set here.
    """

    notes: str = ""
    support_level: int = HIGHEST
    style: Style = "balanced"
    pinned: tuple[str, ...] = ()
    own_level: int | None = None
    own_style: Style | None = None


async def notes_for(conn: AsyncConnection, component: UUID) -> Guidance:
    """How the tutor is to help with an item: the item's own wishes before the course's."""
    row = (await conn.execute(_FOR_ITEM, {"component": component})).one_or_none()
    if row is None:
        return Guidance()
    notes = [row.course_notes, row.file_notes, row.item_notes]
    return Guidance(
        notes="\n".join(note.strip() for note in notes if note and note.strip()),
        support_level=HIGHEST if row.level is None else row.level,
        style=row.style or "balanced",
        pinned=tuple(row.pinned),
    )


async def course_notes(conn: AsyncConnection, course: UUID) -> Guidance:
    """How the tutor is to help in a course, outside of its items."""
    return _guidance((await conn.execute(_FOR_COURSE, {"course": course})).one_or_none())


async def own_notes(conn: AsyncConnection, component: UUID) -> Guidance:
    """What was set for this item alone."""
    return _guidance((await conn.execute(_OWN_OF_ITEM, {"component": component})).one_or_none())


def _guidance(row: Row[Any] | None) -> Guidance:
    if row is None:
        return Guidance()
    level = HIGHEST if row.level is None else row.level
    return Guidance(
        row.notes, level, row.style or "balanced", own_level=row.level, own_style=row.style
    )


def style_of(word: str) -> Style | None:
    """The style of this name, if there is one."""
    return next((one for one in STYLES if one == word), None)
