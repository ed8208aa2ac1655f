"""Choosing the questions of a round: a quiz, a filter of the banks, a list, an earlier round."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, NotFound, Refusal
from domain.live.options import MOST_QUESTIONS, Options
from domain.live.rounds import Live
from domain.quizzes import questions, rules
from domain.quizzes.questions import Question
from domain.sql import sql

USUAL_QUESTIONS = 10
MOST_OFFERED = 9
AVOIDED = 50  # a draw leaves out as many of the questions the group saw last
Item = TypeVar("Item")

_BANK = sql("""
    SELECT q.id, q.kind, v.prompt, v.data, v.answer, v.explanation, v.points
    FROM question_bank q
    JOIN question_versions v ON v.question_id = q.id AND v.version = q.version
    JOIN courses c ON c.id = q.course_id AND c.status = 'published' AND c.deleted_at IS NULL
    LEFT JOIN domains d ON d.id = q.domain_id
    LEFT JOIN domains u ON u.id = d.parent_id
    WHERE q.status = 'published' AND q.deleted_at IS NULL
        AND (:course = '' OR c.slug = :course)
        AND (:domain = '' OR d.code = :domain OR u.code = :domain)
        AND (:level = 0 OR q.difficulty = :level)
        AND (:tag = '' OR EXISTS (
            SELECT FROM course_tags ct JOIN tags t ON t.id = ct.tag_id
            WHERE ct.course_id = c.id AND lower(t.name) = :tag))
    ORDER BY q.id
""")
_QUIZ = sql("""
    SELECT q.id, q.kind, v.prompt, v.data, v.answer, v.explanation, v.points, k.title
    FROM components k
    JOIN courses c ON c.id = k.course_id AND c.status = 'published' AND c.deleted_at IS NULL
    JOIN assessment_questions f ON f.assessment_id = k.id
    JOIN question_bank q ON q.id = f.question_id AND q.deleted_at IS NULL
    JOIN question_versions v ON v.question_id = q.id AND v.version = q.version
    WHERE k.kind = 'quiz' AND k.status = 'published' AND k.slug = :slug
    ORDER BY k.id, f.position
""")
_SEEN = sql("""
    SELECT q.question_id FROM live_questions q JOIN live_rounds r ON r.id = q.round_id
    WHERE r.community_id = :community AND q.question_id IS NOT NULL AND q.opened_at IS NOT NULL
    ORDER BY q.opened_at DESC LIMIT :most
""")
_HOSTABLE = sql("""
    SELECT k.slug, k.title, count(*)::int AS questions
    FROM components k
    JOIN courses c ON c.id = k.course_id AND c.status = 'published' AND c.deleted_at IS NULL
    JOIN assessments s ON s.component_id = k.id AND s.assessment_type = 'practice'
    JOIN assessment_questions f ON f.assessment_id = k.id
    WHERE k.kind = 'quiz' AND k.status = 'published'
    GROUP BY k.id ORDER BY count(*) DESC, k.slug LIMIT :most
""")
_ROUND = sql("""
    SELECT q.question_id, q.kind, q.prompt, q.data, q.answer, q.explanation, q.points
    FROM live_questions q
    WHERE q.round_id = :round AND (NOT :missed OR live_was_missed(q.round_id, q.position))
    ORDER BY q.position
""")


@dataclass(frozen=True, slots=True)
class Picked:
    """Questions for a round, with where they came from."""

    title: str
    questions: tuple[tuple[UUID | None, Question], ...]
    source: dict[str, Any]


async def of_quiz(conn: AsyncConnection, slug: str, options: Options, seed: int) -> Picked:
    """The questions of a course quiz, in its order; with `n:` so many of them, drawn.

    Raises:
        NotFound: no published quiz of that name has questions of its own.
    """
    rows = (await conn.execute(_QUIZ, {"slug": slug.casefold()})).all()
    if not rows:
        raise NotFound(
            N_("I know no quiz called “{wish}” with questions of its own. Try /host n:10."),
            {"wish": slug[:40]},
            choices=("/host n:10",),
        )
    found = [(row.id, questions.from_row(row)) for row in rows]
    if options.count is not None and options.count < len(found):
        found = _some(found, options.count, seed)
    return Picked(rows[0].title, tuple(found[:MOST_QUESTIONS]), {"quiz": slug})


async def of_bank(conn: AsyncConnection, community: UUID, options: Options, seed: int) -> Picked:
    """Questions drawn from the banks; those the group saw last come only when no others are left.

    Raises:
        NotFound: nothing fits the filter.
    """
    values = {
        "course": options.course,
        "domain": options.domain,
        "level": options.level,
        "tag": options.tag,
    }
    rows = (await conn.execute(_BANK, values)).all()
    if not rows:
        raise NotFound(
            N_("No question fits. Leave out a filter, or look at /courses."), choices=("/courses",)
        )
    seen = await conn.execute(_SEEN, {"community": community, "most": AVOIDED})
    recent = list(dict.fromkeys(row.question_id for row in seen))
    by_id = {row.id: row for row in rows}
    drawn = rules.draw(list(by_id), options.count or min(USUAL_QUESTIONS, len(rows)), recent, seed)
    named = " ".join(f"{name}:{value}" for name, value in values.items() if value)
    return Picked(
        named or "Mixed questions",
        tuple((ident, questions.from_row(by_id[ident])) for ident in drawn),
        {"bank": {name: value for name, value in values.items() if value}},
    )


def of_list(title: str, given: Sequence[Question], options: Options, seed: int) -> Picked:
    """Questions of a list that the host brought.

    Raises:
        Refusal: it holds none.
    """
    if not given:
        raise Refusal(N_("I found no question in that list."))
    count = min(options.count or len(given), MOST_QUESTIONS)
    some = _some(list(given), count, seed)
    return Picked(title, tuple((None, question) for question in some), {"list": title})


def _some(items: Sequence[Item], count: int, seed: int) -> list[Item]:
    """So many of the items, in their order."""
    kept = sorted(rules.shuffled(range(len(items)), seed, "some")[:count])
    return [items[place] for place in kept]


@dataclass(frozen=True, slots=True)
class Hostable:
    """A quiz with questions of its own, and how many."""

    slug: str
    title: str
    count: int


async def hostable(conn: AsyncConnection) -> list[Hostable]:
    """A few quizzes that can be hosted, by course and place."""
    rows = await conn.execute(_HOSTABLE, {"most": MOST_OFFERED})
    return [Hostable(row.slug, row.title, row.questions) for row in rows]


async def of_round(conn: AsyncConnection, before: Live, *, missed_only: bool) -> Picked:
    """The questions of an earlier round, all or only those that somebody got wrong.

    Raises:
        Refusal: nobody got one wrong.
    """
    rows = (await conn.execute(_ROUND, {"round": before.id, "missed": missed_only})).all()
    if not rows:
        raise Refusal(N_("Nobody missed a question in that quiz. Play it again, or another one."))
    return Picked(
        before.title,
        tuple((row.question_id, questions.from_row(row)) for row in rows),
        {"round": str(before.id), "missed": missed_only},
    )
