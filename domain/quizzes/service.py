"""Quizzes a learner may take: find one, start or resume it, hand it in.

Each function is one step inside the caller's transaction. An attempt's row is locked first, so
two devices of one learner take turns. Answering is in `asking`, what comes after in `review`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.identity.rules import Learner
from domain.quizzes import rules, starting
from domain.quizzes.grading import Result, grade
from domain.quizzes.sheet import load_sheet
from domain.quizzes.starting import Intro, Part
from domain.sql import sql

_OPEN = sql("""
    SELECT t.id FROM assessment_attempts t
    JOIN components k ON k.id = t.assessment_id
    WHERE t.user_id = :learner AND t.status = 'in_progress' ORDER BY t.id DESC LIMIT 1
""")
_COUNTS = sql("""
    SELECT EXISTS (
        SELECT FROM assessment_attempts t JOIN assessments s ON s.component_id = t.assessment_id
        WHERE t.user_id = :learner AND t.status = 'in_progress'
              AND s.assessment_type <> 'practice')
""")
_NAMED = sql("""
    SELECT k.id, k.slug, k.title, s.assessment_type AS kind, p.status
    FROM components k
    JOIN assessments s ON s.component_id = k.id
    JOIN enrollments e ON e.course_id = k.course_id AND e.user_id = :learner
         AND e.status IN ('active', 'completed')
    JOIN courses c ON c.id = k.course_id AND c.status = 'published' AND c.deleted_at IS NULL
    LEFT JOIN units u ON u.id = k.unit_id
    LEFT JOIN user_progress p ON p.component_id = k.id AND p.user_id = :learner
    WHERE k.kind = 'quiz' AND k.status = 'published'
          AND (:slug = '' OR k.slug = :slug OR k.key = :slug)
          AND (NOT :drawing OR (s.assessment_type = 'practice' AND s.draw <> '[]'))
    ORDER BY e.updated_at DESC, (p.status = 'completed') NULLS FIRST, u.position, k.position
    LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class Found:
    """One quiz that a learner may take."""

    id: UUID
    slug: str
    title: str
    kind: rules.QuizType
    status: str | None


async def open_attempt(conn: AsyncConnection, learner: UUID) -> UUID | None:
    """The attempt the learner began last and has not handed in."""
    return (await conn.execute(_OPEN, {"learner": learner})).scalar_one_or_none()


async def is_examined(conn: AsyncConnection, learner: UUID) -> bool:
    """Whether the learner has begun a quiz that counts, and has not handed it in."""
    return bool((await conn.execute(_COUNTS, {"learner": learner})).scalar_one())


async def quizzes(
    conn: AsyncConnection, learner: UUID, slug: str = "", *, drawing: bool = False, most: int = 5
) -> Sequence[Found]:
    """Quizzes of the learner's courses, those not passed first.

    Args:
        conn: an open transaction.
        learner: whose courses.
        slug: only the one of this name.
        drawing: only practice that draws from a bank.
        most: at most so many.
    """
    values = {"learner": learner, "slug": slug, "drawing": drawing, "most": most}
    return [Found(*row) for row in (await conn.execute(_NAMED, values)).all()]


async def look(conn: AsyncConnection, learner: UUID, quiz: UUID) -> Intro:
    """What a quiz says before it starts; see `starting.intro`."""
    return await starting.intro(conn, learner, quiz)


async def start(
    conn: AsyncConnection,
    learner: Learner,
    quiz: UUID,
    attempt: UUID,
    now: datetime,
    wish: Part | None = None,
) -> UUID:
    """Begin an attempt, or take over the open one.

    Args:
        conn: an open transaction.
        learner: who takes it.
        quiz: the component.
        attempt: the id of a new attempt, made from the event, so that an event twice is one start.
        now: this instant.
        wish: draw these questions instead of the author's.

    Raises:
        NotFound: no such published quiz.
        Refusal: not enrolled, something else first, no attempt left, too few questions.
    """
    await starting.lock(conn, learner.user_id, quiz)
    intro = await starting.intro(conn, learner.user_id, quiz)
    if intro.open_attempt is not None:
        sheet = await load_sheet(conn, learner.user_id, intro.open_attempt)
        if not rules.is_over(sheet.ends_at, now):
            return sheet.id
        await grade(conn, sheet, now)
        intro = await starting.intro(conn, learner.user_id, quiz)
    await starting.begin(conn, learner, intro, attempt, now, wish)
    return attempt


async def submit(conn: AsyncConnection, learner: UUID, attempt: UUID, now: datetime) -> Result:
    """Hand in; a second time gives the same result."""
    return await grade(conn, await load_sheet(conn, learner, attempt), now)


async def standing(conn: AsyncConnection, learner: UUID, attempt: UUID, now: datetime) -> Result:
    """The attempt as it is, handed in if its time is over."""
    sheet = await load_sheet(conn, learner, attempt)
    return await grade(conn, sheet, now) if sheet.is_done(now) else Result(sheet)
