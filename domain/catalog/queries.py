"""Finding courses and drawing their outline. Only published things are seen here."""

import re
from collections.abc import Sequence
from uuid import UUID

from rapidfuzz import fuzz, process, utils
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.catalog.rules import CourseCard, Item, Search
from domain.errors import N_, NotFound
from domain.sql import sql

PAGE = 5  # course cards in one message
_WORD = re.compile(r"\w+", re.UNICODE)
MOST_SUGGESTIONS = 3
CLOSE_ENOUGH = 65  # rapidfuzz score (0 to 100) below which a course is not worth offering


_CARD = """
    c.id, c.slug, c.title, c.summary, c.difficulty, c.language_code AS language,
    coalesce(n.minutes, 0) AS minutes, coalesce(n.lessons, 0) AS lessons,
    coalesce(n.quizzes, 0) AS quizzes, coalesce(n.challenges, 0) AS challenges,
    e.status AS enrollment, e.progress_percentage AS progress
"""
_COUNTS = """
    LEFT JOIN LATERAL (
        SELECT sum(k.estimated_minutes)::int AS minutes,
               count(*) FILTER (WHERE k.kind = 'lesson')::int AS lessons,
               count(*) FILTER (WHERE k.kind = 'quiz')::int AS quizzes,
               count(*) FILTER (WHERE k.kind = 'challenge')::int AS challenges
        FROM components k WHERE k.course_id = c.id AND k.status = 'published') n ON true
    LEFT JOIN enrollments e ON e.course_id = c.id AND e.user_id = :learner
"""
_LISTED = "c.status = 'published' AND c.deleted_at IS NULL"
_FOUND = f"""
    WITH found AS MATERIALIZED (
        SELECT c.id, c.title,
               ts_rank(c.search, q.query) + (c.slug LIKE :prefix)::int AS rank
        FROM courses c, (SELECT to_tsquery('english', :query) || to_tsquery('simple', :query)
                         AS query) q
        WHERE {_LISTED}
          AND (:query = '' OR c.search @@ q.query OR EXISTS (
               SELECT 1 FROM course_tags ct JOIN tags t ON t.id = ct.tag_id
               WHERE ct.course_id = c.id AND lower(t.name) = ANY(:words)))
          AND (:no_tags OR EXISTS (
               SELECT 1 FROM course_tags ct JOIN tags t ON t.id = ct.tag_id
               WHERE ct.course_id = c.id AND lower(t.name) = ANY(:tags)))
          AND (:any_level OR c.difficulty = ANY(:levels))
          AND (:language = '' OR c.language_code = :language)),
    page AS (
        SELECT id, title, rank FROM found ORDER BY rank DESC, title LIMIT :limit OFFSET :offset)
    SELECT {_CARD}, (SELECT count(*) FROM found)::int AS total
    FROM page p JOIN courses c ON c.id = p.id {_COUNTS}
    ORDER BY p.rank DESC, p.title
"""  # noqa: S608 - put together from constants only
_SEARCH = sql(_FOUND)
_BY_SLUG = sql(f"SELECT {_CARD} FROM courses c {_COUNTS} WHERE c.slug = :slug AND {_LISTED}")  # noqa: S608
_BY_ID = sql(f"SELECT {_CARD} FROM courses c {_COUNTS} WHERE c.id = :course AND {_LISTED}")  # noqa: S608
_TITLES = sql(f"SELECT c.slug, c.title FROM courses c WHERE {_LISTED} ORDER BY c.title LIMIT 5000")  # noqa: S608
_NAMED = sql(f"""
    SELECT 'course' AS kind, c.slug, c.title FROM courses c WHERE {_LISTED}
    UNION ALL
    SELECT k.kind, k.slug, k.title FROM components k JOIN courses c ON c.id = k.course_id
    WHERE k.kind IN ('quiz', 'challenge') AND k.status = 'published' AND {_LISTED}
    ORDER BY title LIMIT 20000
""")  # noqa: S608 - put together from constants only
_LANGUAGES = sql(f"SELECT DISTINCT c.language_code FROM courses c WHERE {_LISTED} ORDER BY 1")  # noqa: S608
_OUTLINE = sql("""
    SELECT k.id, k.key, k.slug, k.kind, k.title, u.title AS unit, u.id AS unit_id, k.lesson_id,
           k.is_preview, k.is_required, k.is_primary, k.estimated_minutes AS minutes,
           coalesce(p.status, 'not_started') AS status, p.best_score,
           (SELECT count(*) FROM component_prerequisites r
            LEFT JOIN user_progress d ON d.component_id = r.requires_component_id
                 AND d.user_id = :learner
            WHERE r.component_id = k.id AND d.status IS DISTINCT FROM 'completed')::int AS missing
    FROM components k
    JOIN units u ON u.id = k.unit_id AND u.course_id = k.course_id
    LEFT JOIN user_progress p ON p.component_id = k.id AND p.user_id = :learner
    WHERE k.course_id = :course AND k.status = 'published' AND k.kind <> 'deck'
    ORDER BY u.position, k.position
""")


async def search(
    conn: AsyncConnection, learner: UUID, wish: Search
) -> tuple[list[CourseCard], int]:
    """One page of the courses that match, best first, and how many match in all.

    Words match their beginnings, in titles, slugs, descriptions and tags.
    """
    words = [word.casefold() for word in _WORD.findall(wish.words)]
    rows = (
        await conn.execute(
            _SEARCH,
            {
                "learner": learner,
                "query": " & ".join(f"{word}:*" for word in words),
                "prefix": f"{words[0]}%" if words else "\x01",
                "words": words,
                "no_tags": not wish.tags,
                "tags": [tag.casefold() for tag in wish.tags],
                "any_level": not wish.difficulties,
                "levels": list(wish.difficulties),
                "language": wish.language,
                "limit": PAGE,
                "offset": wish.offset,
            },
        )
    ).all()
    total = rows[0].total if rows else 0
    return [CourseCard(*row[:-1]) for row in rows], total


async def card(conn: AsyncConnection, learner: UUID, course_id: UUID) -> CourseCard:
    """The card of one course.

    Raises:
        NotFound: there is no such published course.
    """
    row = (await conn.execute(_BY_ID, {"learner": learner, "course": course_id})).one_or_none()
    if row is None:
        raise NotFound(
            N_("That course is not open any more. Look at the others."), choices=("/courses",)
        )
    return CourseCard(*row)


async def course_named(conn: AsyncConnection, learner: UUID, wish: str) -> CourseCard:
    """The course somebody means: its slug, or words that find only one (or one far better).

    Raises:
        NotFound: nothing or too much fits; close titles are offered.
    """
    slug = "-".join(_WORD.findall(wish.casefold()))
    row = (await conn.execute(_BY_SLUG, {"learner": learner, "slug": slug})).one_or_none()
    if row is not None:
        return CourseCard(*row)
    found, total = await search(conn, learner, Search(wish)) if slug else ([], 0)
    beginning = [course for course in found if course.slug.startswith(slug)]
    if len(beginning) == 1:
        return beginning[0]
    if total == 1:
        return found[0]
    if found:
        raise NotFound(
            N_("More than one course fits “{wish}”. Which one do you mean?"),
            {"wish": wish[:40]},
            choices=tuple(f"/learn {course.slug}" for course in found[:MOST_SUGGESTIONS]),
        )
    raise NotFound(
        N_("I know no course called “{wish}”. Look at all of them with /courses."),
        {"wish": wish[:40]},
        choices=(
            *(f"/learn {near}" for near in await close_slugs(conn, wish)),
            "/courses",
        ),
    )


async def titles_by_slug(conn: AsyncConnection) -> dict[str, str]:
    """The titles of all open courses by their slugs."""
    return {row.slug: row.title for row in (await conn.execute(_TITLES)).all()}


async def titles_by_kind(conn: AsyncConnection) -> dict[str, dict[str, str]]:
    """The titles by slug of all open courses ("course") and of their quizzes and challenges."""
    found: dict[str, dict[str, str]] = {}
    for row in (await conn.execute(_NAMED)).all():
        found.setdefault(row.kind, {})[row.slug] = row.title
    return found


async def languages(conn: AsyncConnection) -> list[str]:
    """The codes of the languages that open courses are written in."""
    return list((await conn.execute(_LANGUAGES)).scalars())


async def close_slugs(conn: AsyncConnection, wish: str) -> list[str]:
    """The slugs of up to three courses whose slugs or titles are near to what was typed."""
    titles = await titles_by_slug(conn)
    folded = utils.default_process(wish)
    scores: dict[str, float] = {}
    for names in ({slug: slug for slug in titles}, titles):
        close = process.extract(
            folded,
            names,
            scorer=fuzz.WRatio,
            processor=utils.default_process,
            limit=MOST_SUGGESTIONS,
            score_cutoff=CLOSE_ENOUGH,
        )
        for _, score, slug in close:
            scores[slug] = max(score, scores.get(slug, 0))
    best = sorted(scores, key=lambda slug: -scores[slug])
    return best[:MOST_SUGGESTIONS]


async def outline(conn: AsyncConnection, learner: UUID, course_id: UUID) -> Sequence[Item]:
    """Everything in a course that can be finished, in order, with this learner's status."""
    rows = (await conn.execute(_OUTLINE, {"learner": learner, "course": course_id})).all()
    return [Item(*row) for row in rows]
