"""After the quiz: own answers beside the right ones as far as they may be shown, and objections."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, Refusal
from domain.quizzes import marking, rules
from domain.quizzes.questions import PublicQuestion
from domain.quizzes.sheet import Sheet, load_question, load_sheet
from domain.sql import sql

LONGEST_NOTE = 500

_APPEAL = sql("""
    INSERT INTO answer_appeals (user_id, attempt_id, question_id, note)
    VALUES (:learner, :attempt, :question, :note)
    ON CONFLICT (attempt_id, question_id) DO NOTHING RETURNING id
""")
_APPEALED = sql("""
    SELECT status FROM answer_appeals WHERE attempt_id = :attempt AND question_id = :question
""")
_REPORT = sql(
    """
    INSERT INTO suggested_edits (user_id, course_id, component_id, base_version, payload)
    SELECT :learner, :course, :quiz, :version, :payload
    WHERE NOT EXISTS (
        SELECT 1 FROM suggested_edits
        WHERE user_id = :learner AND course_id = :course AND status = 'open'
              AND payload ->> 'report' = 'question' AND payload ->> 'question' = :question)
    RETURNING id
""",
    payload=JSONB(),
)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One question after the attempt.

    Attributes:
        sheet: the attempt.
        position: from 0.
        question: as the attempt showed it.
        own: the learner's answer in words; empty when there was none.
        shows_key: whether marks, key and explanation may be shown; the rest is empty otherwise.
        is_correct: whether all of it was right.
        earned: its points.
        hints_used: how many hints were taken.
        right: the key in words.
        explanation: the author's.
        appeal: the state of the learner's objection, if any.
    """

    sheet: Sheet
    position: int
    question: PublicQuestion
    own: tuple[str, ...]
    shows_key: bool
    is_correct: bool | None = None
    earned: Decimal | None = None
    hints_used: int = 0
    right: tuple[str, ...] = ()
    explanation: str = ""
    appeal: str | None = None


async def review(conn: AsyncConnection, learner: UUID, attempt: UUID, position: int) -> Reviewed:
    """One question of a graded attempt.

    Raises:
        NotFound: no such attempt of this learner, or no such question.
        Refusal: it has not been handed in.
    """
    sheet = await load_sheet(conn, learner, attempt)
    if sheet.is_open:
        raise Refusal(N_("Hand the quiz in first. Then you can review it."), choices=("/quiz",))
    asked = await load_question(conn, attempt, position)
    view = asked.view
    own = () if asked.answer is None else marking.in_words(view, asked.order, asked.answer)
    if not rules.shows_after(sheet.reveal):
        return Reviewed(sheet, position, view, own, shows_key=False)
    values = {"attempt": attempt, "question": asked.question_id}
    return Reviewed(
        sheet=sheet,
        position=position,
        question=view,
        own=own,
        shows_key=True,
        is_correct=asked.is_correct,
        earned=asked.earned,
        hints_used=asked.hints_used,
        right=marking.right_answer(asked.question, view),
        explanation=asked.question.explanation,
        appeal=(await conn.execute(_APPEALED, values)).scalar_one_or_none(),
    )


async def appeal(
    conn: AsyncConnection, learner: UUID, attempt: UUID, position: int, note: str = ""
) -> bool:
    """Tell the author that an answer was right; False when that is already known.

    Raises:
        NotFound: no such question of this learner.
        Refusal: there is no answer, or it was marked right, or the result is not known yet.
    """
    sheet = await load_sheet(conn, learner, attempt)
    asked = await load_question(conn, attempt, position)
    may_know = sheet.gives_feedback or (not sheet.is_open and rules.shows_after(sheet.reveal))
    if asked.answer is None or not may_know:
        raise Refusal(N_("You can say so once the answer has been marked."))
    if asked.is_correct:
        raise Refusal(N_("This answer was marked right already."))
    values = {
        "learner": learner,
        "attempt": attempt,
        "question": asked.question_id,
        "note": note[:LONGEST_NOTE],
    }
    return (await conn.execute(_APPEAL, values)).one_or_none() is not None


async def report(
    conn: AsyncConnection, learner: UUID, attempt: UUID, position: int, note: str
) -> bool:
    """Tell the author that a question is wrong or unclear; False when this learner did already.

    Raises:
        NotFound: no such question of this learner.
        Refusal: the note is too long.
    """
    if len(note) > LONGEST_NOTE:
        raise Refusal(
            N_("A note can have {most} characters; yours has {length}. Shorten it, please."),
            {"most": LONGEST_NOTE, "length": len(note)},
        )
    sheet = await load_sheet(conn, learner, attempt)
    asked = await load_question(conn, attempt, position)
    question = str(asked.question_id)
    values = {
        "learner": learner,
        "course": sheet.course_id,
        "quiz": sheet.quiz_id,
        "version": asked.version,
        "question": question,
        "payload": {"report": "question", "question": question, "note": note},
    }
    return (await conn.execute(_REPORT, values)).one_or_none() is not None
