"""One question at a time: show it, answer it by text or by presses, take a hint.

A step that comes after the deadline hands in what there was, and returns the `Result` instead.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.activity import service as activity
from domain.errors import N_, NotFound, Refusal
from domain.quizzes import drafts, marking, rules, typed
from domain.quizzes.answers import Answer, Picks
from domain.quizzes.grading import Result, grade
from domain.quizzes.marking import Mark
from domain.quizzes.sheet import Asked, Sheet, Slot, load_question, load_sheet, vocabularies
from domain.quizzes.shown import Answered, Shown, shown
from domain.sql import sql

LONGEST_THINKING = 600  # seconds on one question; a longer silence was a pause

_ANSWER = sql(
    """
    UPDATE assessment_answers
    SET user_answer = :answer, is_correct = :correct, points_earned = :earned, answered_at = :now,
        seconds_spent = seconds_spent + :seconds
    WHERE attempt_id = :attempt AND position = :position
""",
    answer=JSONB(),
)
_HINT = sql("""
    UPDATE assessment_answers SET hints_used = hints_used + 1, points_earned = :earned
    WHERE attempt_id = :attempt AND position = :position
""")


async def show(
    conn: AsyncConnection,
    learner: UUID,
    attempt: UUID,
    position: int | None,
    device: str,
    now: datetime,
) -> Shown | Result:
    """A question as it is asked, and keep the place.

    Args:
        conn: an open transaction.
        learner: whose attempt.
        attempt: which.
        position: from 0; None is where the learner was.
        device: the platform, for the time that is counted.
        now: this instant.
    """
    sheet = await load_sheet(conn, learner, attempt)
    if sheet.is_done(now):
        return await grade(conn, sheet, now)
    wanted = sheet.place.position if position is None else position
    asked = await load_question(conn, attempt, min(wanted, len(sheet.slots) - 1))
    draft = sheet.place.draft if wanted == sheet.place.position else ()
    await activity.touch(conn, learner, sheet.quiz_id, device, now)
    await _keep_place(conn, sheet, asked.position, list(draft), now)
    return shown(sheet, asked, draft)


async def type_answer(
    conn: AsyncConnection, learner: UUID, attempt: UUID, position: int, text: str, now: datetime
) -> Shown | Answered | Result:
    """Answer with text: a whole answer, or the next gap, pair or item of one.

    Raises:
        Refusal: the text cannot be an answer; nothing is counted.
    """
    sheet, asked = await _at(conn, learner, attempt, position)
    if sheet.is_done(now):
        return await grade(conn, sheet, now)
    view = asked.view
    draft = list(sheet.place.draft) if sheet.place.position == position else []
    if view.kind == "cloze" and ";" not in text and view.gaps > 1:
        return await _proceed(conn, sheet, asked, [*draft, typed.gap(text)], now)
    if (place := typed.single(view, text)) is not None:
        return await _proceed(conn, sheet, asked, drafts.press(view, draft, place), now)
    return await _record(conn, sheet, asked, typed.parse(view, asked.order, text), now)


async def press(
    conn: AsyncConnection, learner: UUID, attempt: UUID, position: int, place: int, now: datetime
) -> Shown | Answered | Result:
    """Press an option: an answer at once where one is enough, else one more step of the draft.

    Args:
        conn: an open transaction.
        learner: whose attempt.
        attempt: which.
        position: of the question, from 0.
        place: the place shown of the option, from 0.
        now: this instant.

    Raises:
        Refusal: the press does nothing there.
    """
    sheet, asked = await _at(conn, learner, attempt, position)
    if sheet.is_done(now):
        return await grade(conn, sheet, now)
    view = asked.view
    if view.kind in drafts.BUILT:
        draft = list(sheet.place.draft) if sheet.place.position == position else []
        return await _proceed(conn, sheet, asked, drafts.press(view, draft, place), now)
    if not 0 <= place < len(view.options):
        raise NotFound(N_("That option is not there any more. Choose one of those shown."))
    return await _record(conn, sheet, asked, Picks(picks=(asked.order[place],)), now)


async def undo(
    conn: AsyncConnection, learner: UUID, attempt: UUID, position: int, now: datetime
) -> Shown | Result:
    """Take the last step of a draft back."""
    sheet, asked = await _at(conn, learner, attempt, position)
    if sheet.is_done(now):
        return await grade(conn, sheet, now)
    draft = list(sheet.place.draft[:-1]) if sheet.place.position == position else []
    await _keep_place(conn, sheet, position, draft, now)
    return shown(sheet, asked, tuple(draft))


async def confirm(
    conn: AsyncConnection, learner: UUID, attempt: UUID, position: int, now: datetime
) -> Answered | Result:
    """Answer with the draft as it is.

    Raises:
        Refusal: something is still missing.
    """
    sheet, asked = await _at(conn, learner, attempt, position)
    if sheet.is_done(now):
        return await grade(conn, sheet, now)
    draft = list(sheet.place.draft) if sheet.place.position == position else []
    return await _record(conn, sheet, asked, drafts.finished(asked.view, asked.order, draft), now)


async def hint(
    conn: AsyncConnection, learner: UUID, attempt: UUID, position: int, now: datetime
) -> Shown | Result:
    """Take the next hint; each one costs a fifth of the question's points.

    Raises:
        Refusal: there is none (left), or the question is settled.
    """
    sheet, asked = await _at(conn, learner, attempt, position)
    if sheet.is_done(now):
        return await grade(conn, sheet, now)
    _refuse_settled(sheet, asked)
    if not rules.gives_hints(sheet.quiz_type):
        raise Refusal(N_("An exam gives no hints."))
    if asked.hints_used >= len(asked.question.hints):
        raise Refusal(N_("There are no more hints for this question."))
    earned = None
    if asked.answer is not None:
        mark = await _mark(conn, sheet, asked, asked.answer)
        earned = rules.earned(mark.fraction, asked.question.points, asked.hints_used + 1)
    await conn.execute(_HINT, {"attempt": attempt, "position": position, "earned": earned})
    draft = sheet.place.draft if sheet.place.position == position else ()
    return shown(sheet, await load_question(conn, attempt, position), draft)


async def _at(
    conn: AsyncConnection, learner: UUID, attempt: UUID, position: int
) -> tuple[Sheet, Asked]:
    sheet = await load_sheet(conn, learner, attempt)
    return sheet, await load_question(conn, attempt, position)


async def _proceed(
    conn: AsyncConnection, sheet: Sheet, asked: Asked, draft: list[Any], now: datetime
) -> Shown | Answered:
    """Keep a longer draft; pairs and gaps are an answer as soon as they are whole."""
    _refuse_settled(sheet, asked)
    view = asked.view
    if view.kind in {"matching", "cloze"} and drafts.is_whole(view, draft):
        return await _record(conn, sheet, asked, drafts.finished(view, asked.order, draft), now)
    await _keep_place(conn, sheet, asked.position, draft, now)
    return shown(sheet, asked, tuple(draft))


async def _record(
    conn: AsyncConnection, sheet: Sheet, asked: Asked, answer: Answer, now: datetime
) -> Answered:
    _refuse_settled(sheet, asked)
    mark = await _mark(conn, sheet, asked, answer)
    points = asked.question.points
    if sheet.gives_feedback and mark.close and asked.question.kind == "short":
        return Answered(sheet, asked.position, points, mark, is_recorded=False)
    earned = rules.earned(mark.fraction, points, asked.hints_used)
    since = sheet.place.since if sheet.place.position == asked.position else None
    seconds = int((now - since).total_seconds()) if since else 0
    await conn.execute(
        _ANSWER,
        {
            "attempt": sheet.id,
            "position": asked.position,
            "answer": answer.json_value(),
            "correct": mark.is_correct,
            "earned": earned,
            "now": now,
            "seconds": min(max(seconds, 0), LONGEST_THINKING),
        },
    )
    await _keep_place(conn, sheet, asked.position, [], now)
    after = _with_answer(sheet, Slot(asked.position, True, mark.is_correct, earned, points))
    if not sheet.gives_feedback:
        return Answered(after, asked.position, points)
    return Answered(
        after,
        asked.position,
        points,
        mark,
        earned,
        right=marking.right_answer(asked.question, asked.view),
        remarks=marking.feedback(asked.question, answer),
        explanation=asked.question.explanation,
    )


def _with_answer(sheet: Sheet, slot: Slot) -> Sheet:
    slots = tuple(slot if old.position == slot.position else old for old in sheet.slots)
    return replace(sheet, slots=slots)


async def _mark(conn: AsyncConnection, sheet: Sheet, asked: Asked, answer: Answer) -> Mark:
    vocabulary = await vocabularies.of(conn, sheet.course_id, sheet.course_version)
    return marking.mark(asked.question, answer, vocabulary)


def _refuse_settled(sheet: Sheet, asked: Asked) -> None:
    if sheet.gives_feedback and asked.answer is not None:
        raise Refusal(
            N_("You have answered this question, and the answer was shown. Go on with the next."),
            choices=("/quiz",),
        )


async def _keep_place(
    conn: AsyncConnection, sheet: Sheet, position: int, draft: list[Any], now: datetime
) -> None:
    same = sheet.place.position == position and sheet.place.since
    since = sheet.place.since if same and sheet.place.since else now
    place = {
        "attempt": str(sheet.id),
        "question": position,
        "draft": draft,
        "since": since.isoformat(),
    }
    await activity.reached(conn, sheet.user_id, sheet.quiz_id, place, now)
