"""Finds the passages of a course that answer a question: BM25 in SQL over their words.

Where a question is there as a vector, too, `passages_near` finds what says the same in other words.

Passages are made when a course is published, from what learners read then, so no draft is ever
found. No quiz, challenge or answer key is among them. A learner finds passages of lessons that
they could open: of courses they have joined (previews of others), with nothing missing first.

Score: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with
the inverse document frequency that is never negative, counted within the course.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql
from domain.tutoring.cutting import (
    MOST_WORDS,
    asked_code_of,
    code_of,
    cut,
    keywords_of,
    terms_of,
    words_of,
)
from domain.tutoring.vectors_kept import digest_new

K1 = 1.2  # how soon a word that is repeated stops counting
B = 0.5  # how much a long passage is held back; they are nearly of one length
TITLE = 2  # a word of the heading counts so often
TERM = 2  # more often, when it introduces a term
LESSON = 1  # and one of the lesson's title
# How well a passage must fit: the part of the question's weight (inverse document frequencies)
# that stands in it, plus so much for each rare word. Chosen with `benchmarks/passages`.
RARE_WORD = 0.4
UNSEEN = 0.4  # a word that the course does not know counts as if it stood in so many passages
LEAST_FIT = 0.77

_LESSONS = sql("""
    SELECT k.id, k.title, c.language_code AS language, v.pages,
           (row_number() OVER (ORDER BY u.position, k.position))::int AS lesson
    FROM components k
    JOIN lesson_versions v ON v.component_id = k.id AND v.version = k.version
    JOIN units u ON u.id = k.unit_id
    JOIN courses c ON c.id = k.course_id
    WHERE k.course_id = :course AND k.kind = 'lesson' AND k.status = 'published'
    ORDER BY lesson
""")
_FORGET = sql("DELETE FROM passages WHERE course_id = :course")
_KEEP = sql(
    """
    WITH r AS (
        SELECT uuidv7() AS id, component, lesson, section, page, title, body, heading, name,
               terms, words, code
        FROM jsonb_to_recordset(:rows) AS r(component uuid, lesson int, section int, page int,
            title text, body text, heading text, name text, terms text, words text, code jsonb)),
    terms AS (
        SELECT id, lexeme, sum(tf)::int AS tf FROM (
            SELECT r.id, w.lexeme, w.tf FROM r, passage_lexemes(:language, r.words) w
            UNION ALL
            SELECT r.id, w.lexeme, w.tf * :title FROM r, passage_lexemes(:language, r.heading) w
            UNION ALL
            SELECT r.id, w.lexeme, w.tf * :lesson FROM r, passage_lexemes(:language, r.name) w
            UNION ALL
            SELECT r.id, w.lexeme, w.tf * :term FROM r, passage_lexemes(:language, r.terms) w
            UNION ALL
            SELECT r.id, c.key, c.value::int FROM r, jsonb_each_text(r.code) c) t
        GROUP BY id, lexeme),
    kept AS (
        INSERT INTO passages (id, course_id, component_id, lesson, section, page, title, body,
                              words)
        SELECT r.id, :course, r.component, r.lesson, r.section, r.page, r.title, r.body,
               coalesce((SELECT sum(t.tf) FROM terms t WHERE t.id = r.id), 0)
        FROM r)
    INSERT INTO passage_terms (course_id, lexeme, passage_id, tf)
    SELECT :course, lexeme, id, tf FROM terms
""",
    rows=JSONB(),
)
_WITHOUT = sql("""
    SELECT c.id FROM courses c
    WHERE c.active_version IS NOT NULL AND c.deleted_at IS NULL
      AND NOT EXISTS (SELECT FROM passages p WHERE p.course_id = c.id)
      AND EXISTS (SELECT FROM components k
                  WHERE k.course_id = c.id AND k.kind = 'lesson' AND k.status = 'published')
""")
LESSONS = """
    components k
    JOIN courses c ON c.id = k.course_id AND c.status = 'published' AND c.deleted_at IS NULL
    LEFT JOIN enrollments e ON e.course_id = c.id AND e.user_id = :learner
"""
# Of these: whether a learner could open the lesson now.
IS_OPEN = """
    k.status = 'published' AND (k.is_preview OR e.status IN ('active', 'completed'))
    AND NOT EXISTS (
        SELECT FROM component_prerequisites r
        LEFT JOIN user_progress d ON d.component_id = r.requires_component_id
             AND d.user_id = :learner
        WHERE r.component_id = k.id AND d.status IS DISTINCT FROM 'completed')
"""
SHOWN = "p.id, p.lesson, p.section, p.page, p.title, p.body, k.id AS component, k.title AS name"
_FIND = sql(
    f"""
    WITH given AS (
        SELECT CAST(:k1 AS float8) AS k1, CAST(:b AS float8) AS b,
               CAST(:rare AS float8) AS rare, CAST(:unseen AS float8) AS unseen),
    stems AS MATERIALIZED (
        SELECT w.lexeme FROM courses c, passage_lexemes(c.language_code, :words) w
        WHERE c.id = :course),
    asked AS (
        SELECT lexeme FROM stems UNION SELECT unnest(:code)
        UNION SELECT word FROM unnest(:keywords) word
        WHERE NOT EXISTS (SELECT FROM stems)
          AND EXISTS (SELECT FROM passage_terms t WHERE t.course_id = :course AND t.lexeme = word)),
    size AS MATERIALIZED (
        SELECT count(*)::float8 AS n, avg(words)::float8 AS mean FROM passages
        WHERE course_id = :course),
    weighed AS MATERIALIZED (
        SELECT a.lexeme, ln(1 + (size.n - d.df + 0.5) / (d.df + 0.5)) AS idf
        FROM given, size, (SELECT lexeme FROM asked LIMIT :most) a
        CROSS JOIN LATERAL (
            SELECT greatest(count(*), given.unseen) AS df FROM passage_terms t
            WHERE t.course_id = :course AND t.lexeme = a.lexeme) d),
    scored AS (
        SELECT p.id, sum(w.idf * t.tf * (k1 + 1)
                         / (t.tf + k1 * (1 - b + b * p.words / size.mean))) AS score,
               sum(w.idf) / (SELECT sum(idf) FROM weighed)
               + rare * sum(w.idf) / ln(1 + (size.n - unseen + 0.5) / (unseen + 0.5)) AS fit
        FROM given, size, weighed w
        JOIN passage_terms t ON t.course_id = :course AND t.lexeme = w.lexeme
        JOIN passages p ON p.id = t.passage_id
        GROUP BY p.id, rare, unseen, size.n)
    SELECT {SHOWN}, s.score, s.fit
    FROM {LESSONS}
    JOIN passages p ON p.component_id = k.id
    JOIN scored s ON s.id = p.id
    WHERE {IS_OPEN} AND s.fit >= :least_fit
    ORDER BY s.score DESC, p.lesson, p.section LIMIT :limit
""",  # noqa: S608 - constants
    code=ARRAY(TEXT()),
    keywords=ARRAY(TEXT()),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that fits a question.

    Args:
        key: how it is cited, "L3.2": lesson 3 of the course, section 2.
        title: its heading.
        text: its Markdown.
        score: BM25, or of both rankings where meaning counts; compares for one question only.
        fit: how much of the question it speaks of; comparable between questions and courses.
        component: the lesson, to open it.
        lesson: the lesson's title.
        page: of the lesson, from 0.
    """

    key: str
    title: str
    text: str
    score: float
    fit: float
    component: UUID
    lesson: str
    page: int


async def index(conn: AsyncConnection, course: UUID) -> int:
    """Make the passages of a course anew from the lessons that are published now.

    Args:
        conn: a transaction of the worker.
        course: id of the course.

    Returns:
        How many passages there are.
    """
    await conn.execute(_FORGET, {"course": course})
    lessons = (await conn.execute(_LESSONS, {"course": course})).all()
    rows = [
        {
            "component": str(lesson.id),
            "lesson": lesson.lesson,
            "section": section,
            "page": piece.page,
            "title": piece.title,
            "body": piece.body,
            "heading": words_of(piece.title),
            "name": words_of(lesson.title),
            "terms": terms_of(piece.body),
            "words": words_of(piece.body),
            "code": Counter(code_of(f"{piece.title}\n{piece.body}")),
        }
        for lesson in lessons
        for section, piece in enumerate(cut(lesson.pages, lesson.title), 1)
    ]
    if rows:
        values = {"course": course, "rows": rows, "language": lessons[0].language}
        await conn.execute(_KEEP, values | {"title": TITLE, "term": TERM, "lesson": LESSON})
        await digest_new(conn, course)
    return len(rows)


async def index_missing(conn: AsyncConnection) -> int:
    """Index the published courses that have no passages, as after an upgrade; how many."""
    courses = (await conn.execute(_WITHOUT)).scalars().all()
    for course in courses:
        await index(conn, course)
    return len(courses)


async def find(
    conn: AsyncConnection, *, course: UUID, user: UUID, text: str, limit: int = 3
) -> list[Found]:
    """The passages that answer a question best by its words, best first.

    Words are read in the course's language, whatever the learner's.

    Returns:
        An empty list when the course (as far as this learner may read it) does not speak of it.
    """
    rows = await by_words(
        conn, course=course, user=user, text=text, limit=limit, least_fit=LEAST_FIT
    )
    return [found(row, row.score, row.fit) for row in rows]


async def by_words(
    conn: AsyncConnection, *, course: UUID, user: UUID, text: str, limit: int, least_fit: float
) -> Sequence[Row[Any]]:
    """Passages with a word of the question, best first: `SHOWN`, `score` and `fit`."""
    values = {
        "course": course,
        "learner": user,
        "words": words_of(text),
        "code": asked_code_of(text),
        "keywords": keywords_of(text),
        "most": MOST_WORDS,
        "k1": K1,
        "b": B,
        "rare": RARE_WORD,
        "unseen": UNSEEN,
        "least_fit": least_fit,
        "limit": limit,
    }
    return (await conn.execute(_FIND, values)).all()


def found(row: Row[Any], score: float, fit: float) -> Found:
    """A row of `SHOWN` as what a learner gets."""
    return Found(
        key=f"L{row.lesson}.{row.section}",
        title=row.title,
        text=row.body,
        score=score,
        fit=fit,
        component=row.component,
        lesson=row.name,
        page=row.page,
    )
