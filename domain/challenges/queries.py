"""Reading one challenge. Learners see published challenges, and how far they are in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.challenges.rules import Hint, Locked, Step
from domain.challenges.understanding import Wanted
from domain.errors import N_, NotFound, Refusal
from domain.sql import sql

_CHALLENGE = sql("""
    SELECT k.id, k.slug, k.course_id, c.slug AS course_slug, c.title AS course, k.difficulty,
           k.points, k.estimated_minutes AS minutes, k.version, k.is_preview,
           v.title, v.summary, v.business_context, v.instructions, v.starter_files,
           v.solution_files, v.language, v.mode, v.limits, v.show_hidden,
           e.status AS enrollment, p.status AS progress, p.best_score,
           coalesce(p.total_attempts, 0) AS attempts, p.started_at, p.last_position,
           coalesce(m.missing, '{}') AS missing, m.ids AS missing_ids, m.kinds AS missing_kinds,
           t.tests, t.most, coalesce(t.samples, '[]') AS samples, coalesce(h.hints, '[]') AS hints
    FROM components k
    JOIN challenge_versions v ON v.component_id = k.id AND v.version = k.version
    JOIN courses c ON c.id = k.course_id AND c.status = 'published' AND c.deleted_at IS NULL
    LEFT JOIN enrollments e ON e.course_id = k.course_id AND e.user_id = :learner
    LEFT JOIN user_progress p ON p.component_id = k.id AND p.user_id = :learner
    LEFT JOIN LATERAL (
        SELECT array_agg(r.title ORDER BY r.position) AS missing,
               array_agg(r.id ORDER BY r.position) AS ids,
               array_agg(r.kind ORDER BY r.position) AS kinds
        FROM component_prerequisites q
        JOIN components r ON r.id = q.requires_component_id
        LEFT JOIN user_progress d ON d.component_id = r.id AND d.user_id = :learner
        WHERE q.component_id = k.id AND d.status IS DISTINCT FROM 'completed') m ON true
    CROSS JOIN LATERAL (
        SELECT count(*)::int AS tests, coalesce(sum(s.points), 0) AS most,
               jsonb_agg(jsonb_build_object('name', s.name, 'spec', s.spec) ORDER BY s.position)
                   FILTER (WHERE s.is_sample) AS samples
        FROM challenge_tests s WHERE s.component_id = k.id AND s.version = k.version) t
    LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object(
                   'position', i.position, 'text', i.text, 'cost', i.cost::text,
                   'after_attempts', i.after_attempts, 'after_minutes', i.after_minutes,
                   'taken', u.position IS NOT NULL, 'paid', u.cost::text)
                   ORDER BY i.position) AS hints
        FROM hints i
        LEFT JOIN hint_unlocks u ON u.component_id = i.component_id AND u.position = i.position
             AND u.user_id = :learner
        WHERE i.component_id = k.id) h ON true
    WHERE k.id = :challenge AND k.kind = 'challenge' AND k.status = 'published'
          AND k.deleted_at IS NULL
""")
_OPEN = sql("""
    SELECT p.component_id FROM user_progress p
    JOIN components k ON k.id = p.component_id
    WHERE p.user_id = :learner AND k.kind = 'challenge' AND k.status = 'published'
          AND p.last_position ? 'opened'
    ORDER BY p.last_position ->> 'opened' DESC LIMIT 1
""")


@dataclass(frozen=True, slots=True)
class Sample:
    """A test that learners see whole."""

    name: str
    spec: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge with all that its screen needs, and this learner's standing in it."""

    id: UUID
    slug: str
    title: str
    course_id: UUID
    version: int
    difficulty: int | None
    summary: str
    context: str
    instructions: str
    starter: Mapping[str, str]
    solution: Mapping[str, str]
    language: str
    mode: str
    limits: Mapping[str, Any]
    show_hidden: bool
    tests: int
    most: Decimal
    samples: tuple[Sample, ...]
    hints: tuple[Hint, ...]
    status: str
    best: Decimal | None
    attempts: int
    started_at: datetime | None
    given_up: bool
    paid: Decimal

    @property
    def main(self) -> str:
        """The file that is run."""
        return str(self.limits.get("main") or next(iter(self.starter), "main.py"))

    @property
    def wanted(self) -> Wanted:
        """What a submission must be."""
        return Wanted(self.language, self.main, (self.main, *self.starter))

    @property
    def is_done(self) -> bool:
        """Whether it was passed or given up."""
        return self.status == "completed"


async def challenge(conn: AsyncConnection, learner: UUID, challenge_id: UUID) -> Challenge:
    """A published challenge that is open for this learner, by one query.

    Raises:
        NotFound: no such published challenge.
        Locked: something else comes first.
        Refusal: it needs enrolment.
    """
    values = {"learner": learner, "challenge": challenge_id}
    row = (await conn.execute(_CHALLENGE, values)).one_or_none()
    if row is None:
        raise NotFound(
            N_("This challenge is not in the course any more. The next step is a press away."),
            choices=("/learn", "/code"),
        )
    if row.enrollment not in {"active", "completed"} and not row.is_preview:
        raise Refusal(
            N_("“{title}” is part of {course}. Join the course to solve it."),
            {"title": row.title, "course": row.course},
            choices=(f"/learn {row.course_slug}",),
        )
    if row.missing and row.progress != "completed" and not row.attempts:
        steps = zip(row.missing_ids, row.missing_kinds, row.missing, strict=True)
        raise Locked(row.title, tuple(Step(*step) for step in steps))
    return _challenge(row)


def _challenge(row: Row[Any]) -> Challenge:
    position = row.last_position or {}
    return Challenge(
        id=row.id,
        slug=row.slug,
        title=row.title,
        course_id=row.course_id,
        version=row.version,
        difficulty=row.difficulty,
        summary=row.summary,
        context=row.business_context,
        instructions=row.instructions,
        starter=row.starter_files,
        solution=row.solution_files,
        language=row.language,
        mode=row.mode,
        limits=row.limits,
        show_hidden=row.show_hidden == "full",
        tests=row.tests,
        most=row.most,
        samples=tuple(Sample(one["name"], one["spec"]) for one in row.samples),
        hints=tuple(_hint(one) for one in row.hints),
        status=row.progress or "not_started",
        best=row.best_score,
        attempts=row.attempts,
        started_at=row.started_at,
        given_up=bool(position.get("given_up")),
        paid=sum((Decimal(one["paid"]) for one in row.hints if one["taken"]), Decimal(0)),
    )


def _hint(one: Mapping[str, Any]) -> Hint:
    return Hint(
        position=one["position"],
        text=one["text"],
        cost=Decimal(one["cost"]),
        after_attempts=one["after_attempts"],
        after_minutes=one["after_minutes"],
        taken=one["taken"],
    )


async def opened_last(conn: AsyncConnection, learner: UUID) -> UUID | None:
    """The challenge that the learner opened last."""
    return (await conn.execute(_OPEN, {"learner": learner})).scalar_one_or_none()
