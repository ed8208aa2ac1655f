"""Handing in: every answer is marked, the attempt graded, progress written, all in one step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.activity import service as activity
from domain.activity.service import CourseProgress
from domain.adaptivity.service import learn_from_quiz
from domain.motivation.levels import xp_for_score
from domain.motivation.service import Activity, Outcome, record_activity
from domain.quizzes import marking, rules
from domain.quizzes.matching import Vocabulary
from domain.quizzes.sheet import Asked, Sheet, load_questions, load_sheet, vocabularies
from domain.sql import sql

_MARKED = sql("""
    UPDATE assessment_answers SET is_correct = :correct, points_earned = :earned
    WHERE attempt_id = :attempt AND question_id = :question
""")
_GRADED = sql("""
    UPDATE assessment_attempts
    SET status = 'graded', submitted_at = :at, graded_at = :now, score = :score,
        max_score = :max_score, percentage = :percentage, passed = :passed,
        seconds_spent = greatest(0, extract(epoch FROM :at - started_at)::int)
    WHERE id = :attempt
""")
_SCORED = sql("""
    INSERT INTO user_progress AS p (user_id, component_id, status, total_attempts, started_at,
                                    last_attempt_at, latest_score, best_score)
    VALUES (:learner, :quiz, 'in_progress', 1, :at, :at,
            :percentage, :percentage)
    ON CONFLICT (user_id, component_id) DO UPDATE
        SET total_attempts = p.total_attempts + 1, last_attempt_at = excluded.last_attempt_at,
            latest_score = coalesce(excluded.latest_score, p.latest_score),
            best_score = greatest(p.best_score, excluded.best_score),
            status = CASE WHEN p.status = 'not_started' THEN 'in_progress' ELSE p.status END,
            started_at = coalesce(p.started_at, excluded.started_at),
            last_position = NULL
""")
_OVERDUE = sql("""
    SELECT t.id, t.user_id FROM assessment_attempts t
    WHERE t.status = 'in_progress' AND t.deadline_at < :now
    ORDER BY t.deadline_at LIMIT :most FOR UPDATE SKIP LOCKED
""")
_IDENTITY = sql("SELECT id FROM identities WHERE user_id = :learner ORDER BY id LIMIT 1")


@dataclass(frozen=True, slots=True)
class Result:
    """A graded attempt.

    Attributes:
        sheet: the attempt as it is now.
        progress: how far the course is; set when this attempt completed the quiz.
        outcome: points and streak; set likewise.
        was_late: the time was over, and what there was got handed in.
    """

    sheet: Sheet
    progress: CourseProgress | None = None
    outcome: Outcome | None = None
    was_late: bool = False


async def grade(conn: AsyncConnection, sheet: Sheet, now: datetime) -> Result:
    """Hand in an attempt and grade it; a graded one is given back unchanged.

    Args:
        conn: an open transaction that holds the attempt's row (see `load_sheet`).
        sheet: the attempt.
        now: this instant; an attempt whose time was over counts as handed in on its deadline.
    """
    if not sheet.is_open:
        return Result(sheet)
    rules.advance(rules.advance(sheet.status, "submitted"), "graded")
    late = rules.is_over(sheet.ends_at, now)
    at = sheet.ends_at if late and sheet.ends_at else now
    asked = await load_questions(conn, sheet.id)
    vocabulary = await vocabularies.of(conn, sheet.course_id, sheet.course_version)
    points: list[Decimal] = []
    rows: list[dict[str, object]] = []
    for one in asked:
        correct, earned = mark_of(one, vocabulary)
        points.append(earned)
        rows.append(
            {
                "attempt": sheet.id,
                "question": one.question_id,
                "correct": correct,
                "earned": earned,
            }
        )
    await conn.execute(_MARKED, rows)
    score, top = sum(points, Decimal(0)), _top(asked)
    percentage = rules.percentage(score, top)
    passed = rules.passes(percentage, sheet.pass_mark)
    await conn.execute(
        _GRADED,
        {
            "attempt": sheet.id,
            "at": at,
            "now": now,
            "score": score,
            "max_score": top,
            "percentage": percentage,
            "passed": passed,
        },
    )
    await conn.execute(
        _SCORED,
        {
            "learner": sheet.user_id,
            "quiz": sheet.quiz_id,
            "at": at,
            "percentage": None if sheet.quiz_type == "practice" else percentage,
        },
    )
    progress, outcome = None, None
    if passed:
        progress = await activity.complete(conn, sheet.user_id, sheet.quiz_id, sheet.course_id, at)
    if progress is not None:
        outcome = await _reward(conn, sheet, score, at)
    await learn_from_quiz(conn, sheet.id)
    return Result(await load_sheet(conn, sheet.user_id, sheet.id), progress, outcome, late)


def mark_of(asked: Asked, vocabulary: Vocabulary) -> tuple[bool, Decimal]:
    """Whether an answer is right, and its points; a question left out is worth nothing."""
    if asked.answer is None:
        return False, rules.rounded(Decimal(0))
    mark = marking.mark(asked.question, asked.answer, vocabulary)
    return mark.is_correct, rules.earned(mark.fraction, asked.question.points, asked.hints_used)


async def grade_overdue(conn: AsyncConnection, now: datetime, most: int = 50) -> list[Result]:
    """Hand in attempts whose time is over although nobody came back; those there were.

    Args:
        conn: a transaction of the worker, which sees every learner's rows.
        now: this instant.
        most: at most so many at once.
    """
    found = (await conn.execute(_OVERDUE, {"now": now, "most": most})).all()
    return [await grade(conn, await load_sheet(conn, row.user_id, row.id), now) for row in found]


def _top(asked: Sequence[Asked]) -> Decimal:
    return sum((one.question.points for one in asked), Decimal(0))


async def _reward(
    conn: AsyncConnection, sheet: Sheet, score: Decimal, at: datetime
) -> Outcome | None:
    identity: UUID | None = sheet.identity_id
    if identity is None:  # the account it was begun from is gone
        found = await conn.execute(_IDENTITY, {"learner": sheet.user_id})
        identity = found.scalar_one_or_none()
    if identity is None:
        return None
    return await record_activity(
        conn,
        Activity(
            user_id=sheet.user_id,
            identity_id=identity,
            source=f"quiz:{sheet.quiz_id}",
            kind="quiz",
            component_id=sheet.quiz_id,
            xp=xp_for_score(score),
            seconds=0,
            occurred_at=at,
        ),
    )
