"""Finds the passages of a course that answer a question by their words and by their meaning.

Floors decide what may be found, and ranks decide the order. A passage is found when it holds enough
of the question's words (`passages.LEAST_FIT`), or when it lies nearer to the question than anything
in the course lies to questions about something else (`vectors.nearness`). All that is found is
ordered by both rankings. Passages without a vector take part by their words alone.
"""

from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as UUIDS
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql
from domain.tutoring import vectors_kept
from domain.tutoring.passages import IS_OPEN, LEAST_FIT, LESSONS, SHOWN, Found, by_words, found
from domain.tutoring.vectors import Asked, fused, nearness

WORDED = 50  # passages with words of the question that are ranked

# One row: thousands of rows would take longer to carry than to compare. What is open is found
# first, lesson by lesson.
_VECTORS = sql(f"""
    WITH open AS MATERIALIZED (SELECT k.id FROM {LESSONS} WHERE {IS_OPEN} AND c.id = :course),
    near AS (
        SELECT p.id, v.vector
        FROM passages p JOIN open ON open.id = p.component_id
        JOIN passage_vectors v ON v.digest = p.digest AND v.model = :model
             AND v.task = 'passage' AND octet_length(v.vector) = :size
        WHERE p.course_id = :course)
    SELECT coalesce(array_agg(id ORDER BY id), '{{}}') AS ids,
           string_agg(vector, ''::bytea ORDER BY id) AS vectors
    FROM near
""")  # noqa: S608 - a constant
_READ = sql(
    f"""
    SELECT {SHOWN} FROM passages p JOIN components k ON k.id = p.component_id
    WHERE p.id = ANY (:ids)
""",  # noqa: S608 - a constant
    ids=ARRAY(UUIDS()),
)


async def find_near(
    conn: AsyncConnection, *, course: UUID, user: UUID, text: str, asked: Asked, limit: int = 3
) -> list[Found]:
    """The passages that answer a question best, best first.

    Args:
        conn: of a unit of work of `user`.
        course: where to look.
        user: who asks; only what they could open is found.
        text: the question.
        asked: the same as a vector.
        limit: how many at most.

    Returns:
        An empty list when the course (as far as this learner may read it) does not speak of it.
    """
    worded = await by_words(conn, course=course, user=user, text=text, limit=WORDED, least_fit=0.0)
    values = {"course": course, "learner": user, "model": asked.model, "size": asked.size}
    kept = (await conn.execute(_VECTORS, values)).one()
    foreign = await vectors_kept.foreign(conn, asked)
    near = nearness(kept.vectors or b"", asked.vector, foreign)
    cosines: dict[UUID, float] = dict(zip(kept.ids, near.cosines, strict=True))
    fits: dict[UUID, float] = {row.id: row.fit for row in worded}
    scores = fused(
        (row.id for row in worded), sorted(cosines, key=lambda one: cosines[one], reverse=True)
    )
    admitted = {one for one, fit in fits.items() if fit >= LEAST_FIT}
    if near.floor is not None:
        admitted |= {one for one, cosine in cosines.items() if cosine >= near.floor}
    best = sorted(admitted, key=lambda one: scores[one], reverse=True)[:limit]
    rows: dict[UUID, Row[object]] = {row.id: row for row in worded}
    unread = [one for one in best if one not in rows]
    if unread:
        rows |= {row.id: row for row in (await conn.execute(_READ, {"ids": unread})).all()}
    return [found(rows[one], scores[one], fits.get(one, 0.0)) for one in best]
