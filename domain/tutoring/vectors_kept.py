"""Vectors of texts in the database: which are missing, and those that a question needs.

A vector belongs to a model and to a text, not to a passage: a course that is published again keeps
those of what has not changed, and another model gets vectors of its own beside them. Learners'
questions are never kept.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql
from domain.tutoring.vectors import Asked, Task, packed
from domain.tutoring.vectors_foreign import FOREIGN

OTHER_MODELS = timedelta(days=7)  # so long a model's vectors wait for its return
_TEXT = "k.title || ': ' || p.title || chr(10) || chr(10) || p.body"

_DIGEST = sql(f"""
    UPDATE passages p SET digest = encode(sha256(convert_to({_TEXT}, 'UTF8')), 'hex')
    FROM components k
    WHERE k.id = p.component_id AND p.digest IS NULL
      AND p.course_id = coalesce(CAST(:course AS uuid), p.course_id)
""")  # noqa: S608 - a constant
_MISSING = sql(
    f"""
    SELECT DISTINCT ON (p.digest) p.digest, {_TEXT} AS text
    FROM passages p JOIN components k ON k.id = p.component_id
    WHERE p.digest <> ALL (:refused)
      AND NOT EXISTS (SELECT FROM passage_vectors v
                      WHERE v.model = :model AND v.task = 'passage' AND v.digest = p.digest)
    ORDER BY p.digest LIMIT :limit
""",  # noqa: S608 - a constant
    refused=ARRAY(TEXT()),
)
_KNOWN = sql(
    """
    SELECT digest FROM passage_vectors
    WHERE digest = ANY (:digests) AND model = :model AND task = 'question'
""",
    digests=ARRAY(TEXT()),
)
_KEEP = sql("""
    INSERT INTO passage_vectors (digest, model, task, vector, made_at)
    VALUES (:digest, :model, :task, :vector, :now)
    ON CONFLICT (digest, model, task) DO UPDATE
    SET vector = excluded.vector, made_at = excluded.made_at
""")
_OF_ANOTHER_SIZE = sql("""
    DELETE FROM passage_vectors WHERE model = :model AND octet_length(vector) <> :size
""")
_PRUNE = sql("""
    DELETE FROM passage_vectors v
    WHERE v.model <> :model AND v.made_at < :before
       OR v.task = 'passage' AND v.made_at < :before
          AND NOT EXISTS (SELECT FROM passages p WHERE p.digest = v.digest)
""")
_COUNT = sql("""
    SELECT count(*) AS passages, count(v.digest) AS ready
    FROM passages p
    LEFT JOIN passage_vectors v
           ON v.model = :model AND v.task = 'passage' AND v.digest = p.digest
""")
_HAS_ANY = sql("""
    SELECT EXISTS (
        SELECT FROM passages p
        JOIN passage_vectors v ON v.model = :model AND v.task = 'passage' AND v.digest = p.digest
        WHERE p.course_id = :course)
""")
_FOREIGN = sql(
    """
    SELECT string_agg(vector, ''::bytea) FROM passage_vectors
    WHERE digest = ANY (:digests) AND model = :model AND task = 'question'
      AND octet_length(vector) = :size
""",
    digests=ARRAY(TEXT()),
)


@dataclass(frozen=True, slots=True)
class Missing:
    """A text without a vector."""

    task: Task
    digest: str
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How many passages there are, and how many have their vector."""

    passages: int
    ready: int


async def digest_new(conn: AsyncConnection, course: UUID | None = None) -> None:
    """Note what of new passages is turned into a vector, in one course or in all; as the worker."""
    await conn.execute(_DIGEST, {"course": course})


async def missing(
    conn: AsyncConnection, model: str, limit: int, refused: Sequence[str] = ()
) -> list[Missing]:
    """Texts that have no vector of a model yet, the questions about something else first.

    Args:
        conn: a transaction of the worker.
        model: the key of the vectors.
        limit: how many at most.
        refused: digests to leave out.
    """
    foreign = {digest_of(text): text for text in FOREIGN}
    known = await conn.execute(_KNOWN, {"model": model, "digests": list(foreign)})
    left_out = {*known.scalars(), *refused}
    found = [
        Missing("question", digest, text)
        for digest, text in foreign.items()
        if digest not in left_out
    ][:limit]
    if found:
        return found  # one request has texts of one kind only
    await digest_new(conn)
    values = {"model": model, "limit": limit, "refused": list(refused)}
    rows = (await conn.execute(_MISSING, values)).all()
    return [Missing("passage", row.digest, row.text) for row in rows]


async def keep(
    conn: AsyncConnection,
    model: str,
    texts: Sequence[Missing],
    vectors: Sequence[Sequence[float]],
    now: datetime,
) -> None:
    """Keep the vectors of texts; again, it changes nothing that matters.

    Args:
        conn: a transaction of the worker.
        model: the key of the vectors.
        texts: what was turned into vectors.
        vectors: one for each, all of one size and of length 1.
        now: the present.
    """
    rows = [
        {
            "model": model,
            "task": text.task,
            "digest": text.digest,
            "vector": packed(vector),
            "now": now,
        }
        for text, vector in zip(texts, vectors, strict=True)
    ]
    # The same name may stand for another model one day: what cannot be compared is made anew.
    await conn.execute(_OF_ANOTHER_SIZE, {"model": model, "size": 2 * len(vectors[0])})
    await conn.execute(_KEEP, rows)


async def prune(conn: AsyncConnection, model: str, now: datetime) -> int:
    """Delete, after a week, what no passage says any more and what other models made; how many."""
    values = {"model": model, "before": now - OTHER_MODELS}
    return (await conn.execute(_PRUNE, values)).rowcount


async def progress(conn: AsyncConnection, model: str) -> Progress:
    """How far the vectors of a model are."""
    row = (await conn.execute(_COUNT, {"model": model})).one()
    return Progress(row.passages, row.ready)


async def has_any(conn: AsyncConnection, course: UUID, model: str) -> bool:
    """Whether a course can be searched by meaning at all: else no question need leave."""
    values = {"course": course, "model": model}
    return bool((await conn.execute(_HAS_ANY, values)).scalar_one())


async def foreign(conn: AsyncConnection, asked: Asked) -> bytes:
    """The kept vectors of questions about something else, one after the other.

    Only those of the question's model and size, with which alone it can be compared.
    """
    digests = [digest_of(text) for text in FOREIGN]
    values = {"model": asked.model, "size": asked.size, "digests": digests}
    return (await conn.execute(_FOREIGN, values)).scalar_one() or b""


def digest_of(text: str) -> str:
    """What a text is known by: SHA-256, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
