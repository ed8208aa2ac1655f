"""An attempt as it stands: its rules, its questions in their order, and one question in full."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, NotFound
from domain.quizzes import answers, questions, rules
from domain.quizzes.marking import known_answers
from domain.quizzes.matching import Vocabulary
from domain.quizzes.questions import PublicQuestion, Question
from domain.sql import sql

KEPT_VOCABULARIES = 16

_ATTEMPT = sql("""
    SELECT t.id, t.user_id, t.assessment_id, t.identity_id, t.attempt_number, t.status, t.seed,
           t.started_at, t.deadline_at, t.submitted_at, t.score, t.max_score, t.percentage,
           t.passed, s.assessment_type, s.reveal, s.passing_score, s.max_attempts,
           k.title, k.course_id, c.slug AS course_slug, c.active_version, p.last_position
    FROM assessment_attempts t
    JOIN assessments s ON s.component_id = t.assessment_id
    JOIN components k ON k.id = t.assessment_id
    JOIN courses c ON c.id = k.course_id
    LEFT JOIN user_progress p ON p.component_id = t.assessment_id AND p.user_id = t.user_id
    WHERE t.id = :attempt AND t.user_id = :learner
    FOR UPDATE OF t
""")
_SLOTS = sql("""
    SELECT a.position, a.user_answer IS NOT NULL AS is_answered, a.is_correct, a.points_earned,
           v.points
    FROM assessment_answers a
    JOIN question_versions v ON v.question_id = a.question_id AND v.version = a.question_version
    WHERE a.attempt_id = :attempt ORDER BY a.position
""")
_FULL = """
    SELECT a.question_id, a.position, a.option_order, a.user_answer, a.is_correct, a.points_earned,
           a.hints_used, a.seconds_spent, q.kind, q.key, v.version, v.prompt, v.data, v.answer,
           v.explanation, v.hints, v.points
    FROM assessment_answers a
    JOIN question_bank q ON q.id = a.question_id
    JOIN question_versions v ON v.question_id = a.question_id AND v.version = a.question_version
    WHERE a.attempt_id = :attempt
"""
_ONE = sql(f"{_FULL} AND a.position = :position")
_ALL = sql(f"{_FULL} ORDER BY a.position")
_BANK = sql("""
    SELECT q.kind, v.prompt, v.data, v.answer, v.explanation, v.hints, v.points
    FROM question_bank q
    JOIN question_versions v ON v.question_id = q.id AND v.version = q.version
    WHERE q.course_id = :course AND q.status = 'published' AND q.deleted_at IS NULL
""")


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in an attempt, without the question."""

    position: int
    is_answered: bool
    is_correct: bool | None
    earned: Decimal | None
    points: Decimal


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of an attempt with its key and what the learner did. Never shown as it is."""

    question_id: UUID
    position: int
    order: tuple[int, ...]
    question: Question
    version: int
    answer: answers.Answer | None
    is_correct: bool | None
    earned: Decimal | None
    hints_used: int
    seconds_spent: int

    @property
    def view(self) -> PublicQuestion:
        """What may be shown of it."""
        return questions.public(self.question, self.order)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the learner is in an attempt, and what is half answered there."""

    position: int = 0
    draft: tuple[Any, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """An attempt: whose, under which rules, how far."""

    id: UUID
    user_id: UUID
    identity_id: UUID | None
    quiz_id: UUID
    course_id: UUID
    course_slug: str
    course_version: int | None
    title: str
    number: int
    status: rules.Status
    started_at: datetime
    ends_at: datetime | None
    submitted_at: datetime | None
    quiz_type: rules.QuizType
    reveal: rules.Reveal
    pass_mark: Decimal
    max_attempts: int | None
    score: Decimal | None
    max_score: Decimal | None
    percentage: Decimal | None
    passed: bool | None
    place: Place
    slots: tuple[Slot, ...] = field(default=())

    @property
    def gives_feedback(self) -> bool:
        """Whether the key of a question is shown once it is answered."""
        return rules.shows_during(self.quiz_type, self.reveal)

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered (time aside)."""
        return self.status == "in_progress"

    def is_done(self, now: datetime) -> bool:
        """Whether it was handed in, or its time is over."""
        return not self.is_open or rules.is_over(self.ends_at, now)

    @property
    def unanswered(self) -> tuple[int, ...]:
        """Positions without an answer."""
        return tuple(slot.position for slot in self.slots if not slot.is_answered)


async def load_sheet(conn: AsyncConnection, learner: UUID, attempt: UUID) -> Sheet:
    """Lock an attempt and read it; two devices of one learner queue here.

    Raises:
        NotFound: it is not this learner's, or not there.
    """
    values = {"attempt": attempt, "learner": learner}
    row = (await conn.execute(_ATTEMPT, values)).one_or_none()
    if row is None:
        raise NotFound(
            N_("This question belongs to somebody else's quiz. Open your own."),
            choices=("/quiz",),
        )
    slots = (await conn.execute(_SLOTS, {"attempt": attempt})).all()
    return _sheet(row, tuple(Slot(*slot) for slot in slots))


async def load_question(conn: AsyncConnection, attempt: UUID, position: int) -> Asked:
    """One question of an attempt in full.

    Raises:
        NotFound: the attempt has no such position.
    """
    row = (await conn.execute(_ONE, {"attempt": attempt, "position": position})).one_or_none()
    if row is None:
        raise NotFound(N_("This quiz has no such question. Open it again."), choices=("/quiz",))
    return _asked(row)


async def load_questions(conn: AsyncConnection, attempt: UUID) -> Sequence[Asked]:
    """All questions of an attempt in full, in its order."""
    return [_asked(row) for row in (await conn.execute(_ALL, {"attempt": attempt})).all()]


class Vocabularies:
    """The known answers of each course version, prepared once per process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[UUID, int | None], Vocabulary] = OrderedDict()

    async def of(self, conn: AsyncConnection, course: UUID, version: int | None) -> Vocabulary:
        """The vocabulary of a course as it is published now."""
        key = (course, version)
        if key not in self._kept:
            rows = (await conn.execute(_BANK, {"course": course})).all()
            self._kept[key] = known_answers(questions.from_row(row) for row in rows)
            while len(self._kept) > KEPT_VOCABULARIES:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


vocabularies = Vocabularies()


def _asked(row: Row[Any]) -> Asked:
    return Asked(
        question_id=row.question_id,
        position=row.position,
        order=tuple(row.option_order),
        question=questions.from_row(row),
        version=row.version,
        answer=None if row.user_answer is None else answers.load(row.kind, row.user_answer),
        is_correct=row.is_correct,
        earned=row.points_earned,
        hints_used=row.hints_used,
        seconds_spent=row.seconds_spent,
    )


def _place(attempt: UUID, position: Mapping[str, Any] | None) -> Place:
    if not position or position.get("attempt") != str(attempt):
        return Place()
    since = position.get("since")
    return Place(
        int(position.get("question", 0)),
        tuple(position.get("draft", ())),
        datetime.fromisoformat(since) if since else None,
    )


def _sheet(row: Row[Any], slots: tuple[Slot, ...]) -> Sheet:
    return Sheet(
        id=row.id,
        user_id=row.user_id,
        identity_id=row.identity_id,
        quiz_id=row.assessment_id,
        course_id=row.course_id,
        course_slug=row.course_slug,
        course_version=row.active_version,
        title=row.title,
        number=row.attempt_number,
        status=row.status,
        started_at=row.started_at,
        ends_at=row.deadline_at,
        submitted_at=row.submitted_at,
        quiz_type=row.assessment_type,
        reveal=row.reveal,
        pass_mark=row.passing_score,
        max_attempts=row.max_attempts,
        score=row.score,
        max_score=row.max_score,
        percentage=row.percentage,
        passed=row.passed,
        place=_place(row.id, row.last_position),
        slots=slots,
    )
