"""Finding challenges: those of the learner's courses, and the one that is called so."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from rapidfuzz import fuzz, process
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, NotFound
from domain.sql import sql

LIST_MOST = 12
_SEARCHED = 500
_LISTED = """
    SELECT k.id, k.slug, k.title, k.points, k.difficulty, p.status, p.best_score,
           c.title AS course,
           (SELECT count(*) FROM component_prerequisites q
            LEFT JOIN user_progress d ON d.component_id = q.requires_component_id
                 AND d.user_id = :learner
            WHERE q.component_id = k.id AND d.status IS DISTINCT FROM 'completed')::int AS missing
    FROM components k
    JOIN courses c ON c.id = k.course_id AND c.status = 'published' AND c.deleted_at IS NULL
    JOIN units n ON n.id = k.unit_id
    LEFT JOIN enrollments e ON e.course_id = k.course_id AND e.user_id = :learner
         AND e.status IN ('active', 'completed')
    LEFT JOIN user_progress p ON p.component_id = k.id AND p.user_id = :learner
    WHERE k.kind = 'challenge' AND k.status = 'published' AND k.deleted_at IS NULL
"""
_MINE = sql(
    f"""{_LISTED} AND e.id IS NOT NULL
    ORDER BY e.updated_at DESC, n.position, k.position
    LIMIT :most"""
)
_NAMED = sql(
    f"""{_LISTED} AND (k.slug = :slug OR k.key = :slug)
    ORDER BY (e.id IS NULL), e.updated_at DESC LIMIT 1"""
)
_SLUGS = sql(f"SELECT slug, title FROM ({_LISTED}) found LIMIT 5000")  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Listed:
    """A challenge in a list; `missing` counts what must be finished before it opens."""

    id: UUID
    slug: str
    title: str
    points: Decimal | None
    difficulty: int | None
    status: str | None
    best: Decimal | None
    course: str
    missing: int

    @property
    def is_done(self) -> bool:
        """Whether it was passed or given up."""
        return self.status == "completed"


async def mine(conn: AsyncConnection, learner: UUID) -> tuple[list[Listed], int]:
    """The first challenges of the learner's courses, those to do first, and how many there are."""
    values = {"learner": learner, "most": _SEARCHED}
    found = [Listed(*row) for row in (await conn.execute(_MINE, values)).all()]
    found.sort(key=lambda one: (one.is_done, one.missing > 0))
    return found[:LIST_MOST], len(found)


async def named(conn: AsyncConnection, learner: UUID, slug: str) -> Listed:
    """The challenge that somebody means by its slug.

    Raises:
        NotFound: none is called so; close ones are offered.
    """
    wish = "-".join(slug.lower().split())
    row = (await conn.execute(_NAMED, {"learner": learner, "slug": wish})).one_or_none()
    if row is not None:
        return Listed(*row)
    known = {each.slug: each.title for each in await conn.execute(_SLUGS, {"learner": learner})}
    close = process.extract(wish, list(known), scorer=fuzz.WRatio, limit=3, score_cutoff=60)
    raise NotFound(
        N_("There is no challenge called “{wish}”. Type /code to see yours."),
        {"wish": wish[:40]},
        choices=(*(f"/code {name}" for name, *_ in close), "/code"),
    )
