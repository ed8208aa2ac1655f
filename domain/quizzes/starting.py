"""What a quiz says before it starts, and the start of an attempt: its questions and their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import SmallInteger, Uuid

from domain.errors import N_, NotFound, Refusal
from domain.identity.rules import Learner
from domain.quizzes import questions, rules
from domain.sql import sql

AVOIDED = 50  # a draw leaves out as many of the learner's last questions

_QUIZ = sql("""
    SELECT k.id, k.title, k.slug, k.description, k.course_id, k.is_preview, k.lesson_id,
           c.slug AS course_slug, c.title AS course, e.status AS enrollment,
           s.assessment_type, s.reveal, s.passing_score, s.time_limit_seconds, s.max_attempts,
           s.shuffle_questions, s.shuffle_options, s.draw, n.fixed,
           coalesce(m.missing, '{}') AS missing, a.made, a.best, a.open_id, a.ends_at
    FROM components k
    JOIN assessments s ON s.component_id = k.id
    JOIN courses c ON c.id = k.course_id AND c.status = 'published' AND c.deleted_at IS NULL
    LEFT JOIN enrollments e ON e.course_id = k.course_id AND e.user_id = :learner
    LEFT JOIN LATERAL (
        SELECT count(*)::int AS fixed FROM assessment_questions f WHERE f.assessment_id = k.id) n
        ON true
    LEFT JOIN LATERAL (
        SELECT array_agg(r.title ORDER BY r.position) AS missing
        FROM component_prerequisites q
        JOIN components r ON r.id = q.requires_component_id
        LEFT JOIN user_progress d ON d.component_id = r.id AND d.user_id = :learner
        WHERE q.component_id = k.id AND d.status IS DISTINCT FROM 'completed') m ON true
    LEFT JOIN LATERAL (
        SELECT count(*)::int AS made, max(t.percentage) AS best,
               (array_agg(t.id) FILTER (WHERE t.status = 'in_progress'))[1] AS open_id,
               max(t.deadline_at) FILTER (WHERE t.status = 'in_progress') AS ends_at
        FROM assessment_attempts t WHERE t.assessment_id = k.id AND t.user_id = :learner) a ON true
    WHERE k.id = :quiz AND k.kind = 'quiz' AND k.status = 'published'
""")
_LOCK = sql("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
_FIXED = sql("""
    SELECT f.question_id FROM assessment_questions f
    WHERE f.assessment_id = :quiz ORDER BY f.position
""")
_CANDIDATES = sql("""
    SELECT q.id FROM question_bank q
    LEFT JOIN domains d ON d.id = q.domain_id
    LEFT JOIN domains u ON u.id = d.parent_id
    WHERE q.course_id = :course AND q.status = 'published' AND q.deleted_at IS NULL
          AND (:domain = '' OR d.code = :domain OR u.code = :domain)
          AND (:level = 0 OR q.difficulty = :level)
          AND NOT EXISTS (SELECT 1 FROM assessment_questions f WHERE f.question_id = q.id)
    ORDER BY q.key
""")
_RECENT = sql("""
    SELECT a.question_id FROM assessment_answers a
    WHERE a.user_id = :learner ORDER BY a.attempt_id DESC, a.position LIMIT :most
""")
_CURRENT = sql(
    """
    SELECT q.id, q.kind, q.version, v.prompt, v.data, v.answer, v.explanation, v.hints, v.points
    FROM question_bank q
    JOIN question_versions v ON v.question_id = q.id AND v.version = q.version
    WHERE q.id = ANY(:ids)
""",
    ids=ARRAY(Uuid()),
)
_INSERT = sql("""
    INSERT INTO assessment_attempts (id, user_id, assessment_id, identity_id, attempt_number, seed,
                                     started_at, deadline_at)
    VALUES (:attempt, :learner, :quiz, :identity, :number, :seed, :now, :until)
""")
_INSERT_ANSWER = sql(
    """
    INSERT INTO assessment_answers
        (attempt_id, question_id, question_version, user_id, position, option_order)
    VALUES (:attempt, :question, :version, :learner, :position, :order)
""",
    order=ARRAY(SmallInteger()),
)


@dataclass(frozen=True, slots=True)
class Part:
    """So many questions drawn from the banks; "" and 0 do not filter."""

    count: int
    domain: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class Intro:
    """What a quiz says before it starts. `questions` counts fixed and drawn ones."""

    id: UUID
    title: str
    text: str
    course_id: UUID
    quiz_type: rules.QuizType
    pass_mark: Decimal
    time_limit_seconds: int | None
    max_attempts: int | None
    made: int
    best: Decimal | None
    questions: int
    open_attempt: UUID | None
    draw: tuple[Part, ...]
    shuffles_questions: bool
    shuffles_options: bool

    @property
    def left(self) -> int | None:
        """Attempts that may still be started; None without a limit."""
        return rules.attempts_left(self.max_attempts, self.made)


async def intro(conn: AsyncConnection, learner: UUID, quiz: UUID) -> Intro:
    """What a quiz says before it starts.

    Raises:
        NotFound: no such published quiz.
        Refusal: it needs enrolment, or something else first.
    """
    row = (await conn.execute(_QUIZ, {"learner": learner, "quiz": quiz})).one_or_none()
    if row is None:
        raise NotFound(
            N_("This quiz is not in the course any more. The next step is a press away."),
            choices=("/learn",),
        )
    if row.enrollment not in {"active", "completed"} and not row.is_preview:
        raise Refusal(
            N_("“{title}” is part of {course}. Join the course to take it."),
            {"title": row.title, "course": row.course},
            choices=(f"/learn {row.course_slug}",),
        )
    if row.missing and row.open_id is None:
        raise Refusal(
            N_("“{title}” opens when you have finished: {missing}."),
            {"title": row.title, "missing": ", ".join(row.missing)},
            choices=("/learn",),
        )
    return _intro(row)


async def lock(conn: AsyncConnection, learner: UUID, quiz: UUID) -> None:
    """Let starts of one learner at one quiz queue, so that none is counted twice."""
    await conn.execute(_LOCK, {"key": f"quiz {learner} {quiz}"})


async def begin(
    conn: AsyncConnection,
    learner: Learner,
    quiz: Intro,
    attempt: UUID,
    now: datetime,
    wish: Part | None = None,
) -> None:
    """Write a new attempt with its questions and orders; the caller holds `lock`.

    Args:
        conn: an open transaction.
        learner: who takes it.
        quiz: its rules.
        attempt: the new id; the order of everything follows from it.
        now: this instant.
        wish: draw this instead of what the author wrote.

    Raises:
        Refusal: no attempt is left, or there are too few questions.
    """
    if quiz.left == 0:
        raise Refusal(
            N_("You have used all {most} attempts of “{title}”. Your best result is {best} %."),
            {"most": quiz.max_attempts, "title": quiz.title, "best": quiz.best or 0},
            choices=("/learn",),
        )
    seed = attempt.int & 0x7FFFFFFF
    chosen = await _choose(conn, learner.user_id, quiz, seed, (wish,) if wish else quiz.draw, wish)
    if quiz.shuffles_questions:
        chosen = rules.shuffled(chosen, seed, "questions")
    rows = {row.id: row for row in (await conn.execute(_CURRENT, {"ids": chosen})).all()}
    values = {"attempt": attempt, "learner": learner.user_id}
    await conn.execute(
        _INSERT,
        {
            **values,
            "quiz": quiz.id,
            "identity": learner.identity_id,
            "number": quiz.made + 1,
            "seed": seed,
            "now": now,
            "until": rules.deadline(now, quiz.time_limit_seconds),
        },
    )
    await conn.execute(
        _INSERT_ANSWER,
        [
            {
                **values,
                "question": key,
                "version": rows[key].version,
                "position": position,
                "order": _order(rows[key], seed, quiz.shuffles_options),
            }
            for position, key in enumerate(chosen)
        ],
    )


async def _choose(
    conn: AsyncConnection,
    learner: UUID,
    quiz: Intro,
    seed: int,
    parts: Sequence[Part],
    wish: Part | None,
) -> list[UUID]:
    chosen: list[UUID] = []
    if wish is None:
        chosen += (await conn.execute(_FIXED, {"quiz": quiz.id})).scalars().all()
    if parts:
        recent = await conn.execute(_RECENT, {"learner": learner, "most": AVOIDED})
        seen = list(dict.fromkeys(recent.scalars().all()))
        for number, part in enumerate(parts):
            values = {"course": quiz.course_id, "domain": part.domain, "level": part.level}
            found = (await conn.execute(_CANDIDATES, values)).scalars().all()
            candidates = [key for key in found if key not in chosen]
            chosen += rules.draw(candidates, part.count, seen, seed + number)
    if not chosen:
        raise Refusal(N_("“{title}” has no questions yet."), {"title": quiz.title}, ("/learn",))
    return chosen


def _order(row: Row[Any], seed: int, shuffle: bool) -> list[int]:
    question = questions.load(row.kind, row.prompt, row.data, row.answer)
    return rules.option_order(question, seed, row.id, shuffle=shuffle)


def _intro(row: Row[Any]) -> Intro:
    draw = tuple(
        Part(int(part["n"]), str(part.get("domain") or ""), int(part.get("level") or 0))
        for part in row.draw
    )
    return Intro(
        id=row.id,
        title=row.title,
        text=row.description,
        course_id=row.course_id,
        quiz_type=row.assessment_type,
        pass_mark=row.passing_score,
        time_limit_seconds=row.time_limit_seconds,
        max_attempts=row.max_attempts,
        made=row.made,
        best=row.best,
        questions=row.fixed + sum(part.count for part in draw),
        open_attempt=row.open_id,
        draw=draw,
        shuffles_questions=row.shuffle_questions,
        shuffles_options=row.shuffle_options,
    )
