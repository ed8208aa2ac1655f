"""What instructors see of their courses' tutor, and what they make of it.

Whether somebody teaches a course is decided in the database, in the functions that everything here
goes through: owners, people who work on the course, and administrators of this Stoa.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, Uuid
from sqlalchemy.dialects.postgresql import TEXT
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import INTEGER

from domain.errors import N_, NotFound, Refusal
from domain.sql import sql
from domain.tutoring.guidance import Style

Only = Literal["all", "queue", "low", "blocked", "unsure", "model", "offline"]
FILTERS: tuple[Only, ...] = ("all", "queue", "low", "blocked", "unsure", "model", "offline")
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
_LOG = sql(
    """
    SELECT id, learner, component_id, item, item_kind, message_type, status, asked, answered, level,
           provider, model, tokens, quality, leak_blocked, fallback_reason, ms, confidence, outcome,
           is_pinned, uuid_extract_timestamp(id) AS asked_at
    FROM tutor_log(:course, :only, :answer, :before, :limit)
""",
    answer=Uuid(),
    before=Uuid(),
)
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
class Entry:
    """One question with its answer, as an instructor sees it.

    Args:
        learner: a pseudonym of four letters or digits.
        item: title of what it was about; None: the course as a whole.
        tokens: of all kinds together; 0 without a model.
        quality: the learner's rating, 1 to 5.
        outcome: "seen" or "pinned" when an instructor has looked at it.
    """

    id: UUID
    learner: str
    component: UUID | None
    item: str | None
    item_kind: str | None
    kind: str
    status: str
    asked: str
    answered: str
    level: int | None
    provider: str
    model: str
    tokens: int
    quality: int | None
    blocked: bool
    fallback: str
    ms: int | None
    confidence: str | None
    outcome: str | None
    is_pinned: bool
    asked_at: datetime


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


async def entries(
    conn: AsyncConnection, course: UUID, only: Only, *, before: UUID | None = None, limit: int
) -> Sequence[Entry]:
    """The log of a course, newest first, after `before`; empty for who does not teach it."""
    values = {"course": course, "only": only, "answer": None, "before": before, "limit": limit}
    return [_entry(row) for row in (await conn.execute(_LOG, values)).all()]


async def entry(conn: AsyncConnection, course: UUID, answer: UUID) -> Entry:
    """One answer of a course.

    Raises:
        NotFound: it is not there, or whoever asks does not teach the course.
    """
    values = {"course": course, "only": "all", "answer": answer, "before": None, "limit": 1}
    row = (await conn.execute(_LOG, values)).one_or_none()
    if row is None:
        raise _gone()
    return _entry(row)


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        learner=row.learner,
        component=row.component_id,
        item=row.item,
        item_kind=row.item_kind,
        kind=row.message_type,
        status=row.status,
        asked=row.asked,
        answered=row.answered or "",
        level=row.level,
        provider=row.provider or "",
        model=row.model or "",
        tokens=row.tokens,
        quality=row.quality,
        blocked=row.leak_blocked,
        fallback=row.fallback_reason or "",
        ms=row.ms,
        confidence=row.confidence,
        outcome=row.outcome,
        is_pinned=row.is_pinned,
        asked_at=row.asked_at,
    )


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
        raise _gone()


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
        raise _gone()


async def seen(conn: AsyncConnection, course: UUID, answer: UUID) -> None:
    """Take an answer off the queue.

    Raises:
        NotFound: it is not there, or whoever asks does not teach the course.
    """
    if not (await conn.execute(_SEEN, {"course": course, "answer": answer})).scalar_one():
        raise _gone()


def _gone() -> NotFound:
    return NotFound(N_("That answer is not in this course's log."), choices=("/teach tutor",))
