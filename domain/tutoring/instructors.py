"""What instructors see of their courses' tutor, and what they make of it.

Whether somebody teaches a course is decided in the database, in the functions that everything here
goes through: owners, people who work on the course, and administrators of this Stoa.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.dialects.postgresql import TEXT
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import INTEGER

from domain.errors import N_, NotFound, Refusal
from domain.sql import sql
from domain.tutoring.guidance import Style

MOST_NOTES = 4_000
MOST_HINT = 1_500
NOBODY = N_("This is for people who teach a course here, and you do not yet.")

_COURSES = sql("SELECT id, slug, title FROM tutor_courses()")
_PLACE = sql("""
    SELECT t.id AS course_id, NULL::uuid AS component_id, t.title
    FROM tutor_courses() t WHERE t.id = :key
    UNION ALL
    SELECT t.id, k.id, k.title FROM components k JOIN tutor_courses() t ON t.id = k.course_id
    WHERE k.id = :key
""")
_TOTALS = sql("""
    SELECT answers, learners, by_model, tokens, rated, mean_quality, low, blocked
    FROM tutor_totals(:course, :since)
""")
_GUIDE = sql(
    "SELECT tutor_guide(:course, :component, :level, :style, :notes)",
    component=Uuid(),
    level=INTEGER(),
    style=TEXT(),
)
_PIN = sql("SELECT tutor_pin(:answer, :text)")
_UNPIN = sql("SELECT tutor_unpin(:answer)")
_SEEN = sql("SELECT tutor_seen(:course, :answer)")


@dataclass(frozen=True, slots=True)
class Taught:
    """A course whose tutor somebody may look after."""

    id: UUID
    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class Place:
    """A course, or one item of it, that notes are about."""

    course: UUID
    component: UUID | None
    title: str

    @property
    def id(self) -> UUID:
        """The item's id, or the course's."""
        return self.component or self.course


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers over a course's conversations since a time."""

    answers: int
    learners: int
    by_model: int
    tokens: int
    rated: int
    mean_quality: Decimal | None
    low: int
    blocked: int


async def taught(conn: AsyncConnection) -> list[Taught]:
    """The courses whose tutor the learner of this request may look after."""
    return [Taught(*row) for row in (await conn.execute(_COURSES)).all()]


async def require_taught(conn: AsyncConnection, wish: str) -> Taught:
    """The course that is meant; without words, the only one.

    Raises:
        NotFound: whoever asks teaches no course, not this one, or several.
    """
    courses = await taught(conn)
    if not courses:
        raise NotFound(NOBODY, choices=("/courses",))
    slug = wish.strip().casefold()
    found = [one for one in courses if not slug or slug in (one.slug, one.title.casefold())]
    if len(found) == 1:
        return found[0]
    choices = tuple(f"/teach tutor {one.slug}" for one in courses[:4])
    if slug:
        raise NotFound(
            N_("You teach no course called “{wish}”."), {"wish": wish.strip()[:40]}, choices=choices
        )
    raise NotFound(N_("Which of your courses do you mean?"), choices=choices)


async def place_of(conn: AsyncConnection, key: UUID) -> Place:
    """The course or item of an id.

    Raises:
        NotFound: there is none that whoever asks teaches.
    """
    row = (await conn.execute(_PLACE, {"key": key})).one_or_none()
    if row is None:
        raise NotFound(NOBODY, choices=("/courses",))
    return Place(row.course_id, row.component_id, row.title)


async def totals(conn: AsyncConnection, course: UUID, since: datetime) -> Totals | None:
    """Numbers over a course's conversations; None for anybody who does not teach it."""
    row = (await conn.execute(_TOTALS, {"course": course, "since": since})).one_or_none()
    return None if row is None else Totals(*row)


async def guide(
    conn: AsyncConnection,
    *,
    course: UUID,
    component: UUID | None,
    level: int | None,
    style: Style | None,
    notes: str,
) -> None:
    """Set how the tutor helps in a course, or with one item; it is in the audit log.

    Args:
        conn: the transaction of the request.
        course: the course.
        component: the item; None: the whole course.
        level: the highest rung, 0 to 4; None leaves it to the course, or is 4.
        style: None leaves it to the course, or is "balanced".
        notes: for the prompt, at most 4,000 characters.

    Raises:
        NotFound: whoever asks does not teach the course.
        Refusal: the notes are too long.
    """
    if len(notes) > MOST_NOTES:
        raise Refusal(
            N_("Notes have at most {most} characters, and these have {size}."),
            {"most": MOST_NOTES, "size": len(notes)},
        )
    values = {"course": course, "component": component, "level": level, "style": style}
    if not (await conn.execute(_GUIDE, {**values, "notes": notes.strip()})).scalar_one():
        raise gone()


async def pin(conn: AsyncConnection, answer: UUID, text: str) -> None:
    """Keep an answer as a hint of its challenge, in these words; again changes the words.

    Raises:
        NotFound: not an answer about a challenge that whoever asks teaches.
        Refusal: the text is empty or too long.
    """
    text = text.strip()
    if not text:
        raise Refusal(N_("A hint needs words. Write them, or leave it."))
    if len(text) > MOST_HINT:
        raise Refusal(
            N_("A hint has at most {most} characters, and this has {size}. Shorten it first."),
            {"most": MOST_HINT, "size": len(text)},
        )
    if not (await conn.execute(_PIN, {"answer": answer, "text": text})).scalar_one():
        raise NotFound(N_("Only answers about a challenge can become its hint."))


async def unpin(conn: AsyncConnection, answer: UUID) -> None:
    """Take a kept answer back.

    Raises:
        NotFound: it is no hint, or whoever asks does not teach the course.
    """
    if not (await conn.execute(_UNPIN, {"answer": answer})).scalar_one():
        raise gone()


async def seen(conn: AsyncConnection, course: UUID, answer: UUID) -> None:
    """Take an answer off the queue.

    Raises:
        NotFound: it is not there, or whoever asks does not teach the course.
    """
    if not (await conn.execute(_SEEN, {"course": course, "answer": answer})).scalar_one():
        raise gone()


def gone() -> NotFound:
    """Why an answer cannot be looked at or changed."""
    return NotFound(N_("That answer is not in this course's log."), choices=("/teach tutor",))
