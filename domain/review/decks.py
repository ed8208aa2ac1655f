"""Sets of cards: those of the learner's courses and their own, and writing one's own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, NotFound
from domain.sql import sql

# The sets a learner may look at: of courses they are in, and their own.
MINE = """
    SELECT s.id, s.title, s.owner_id IS NOT NULL AS is_own, c.title AS course
    FROM flashcard_sets s
    LEFT JOIN components k ON k.id = s.component_id
    LEFT JOIN courses c ON c.id = k.course_id
    WHERE s.deleted_at IS NULL AND (s.owner_id = :learner OR (
        k.status = 'published' AND c.status = 'published' AND c.deleted_at IS NULL AND EXISTS (
            SELECT FROM enrollments e WHERE e.user_id = :learner AND e.course_id = c.id
                AND e.status IN ('active', 'completed'))))
"""
_SETS = sql(f"""
    WITH mine AS ({MINE})
    SELECT m.id, m.title, m.is_own, m.course, n.cards, n.due, n.fresh
    FROM mine m CROSS JOIN LATERAL (
        SELECT count(*)::int AS cards,
               count(*) FILTER (WHERE p.due_at <= :now
                   AND coalesce(p.resting_until <= :now, true))::int AS due,
               count(*) FILTER (WHERE p.user_id IS NULL)::int AS fresh
        FROM flashcards f
        LEFT JOIN flashcard_progress p ON p.card_id = f.id AND p.user_id = :learner
        WHERE f.set_id = m.id AND f.deleted_at IS NULL) n
    ORDER BY m.is_own DESC, m.course NULLS FIRST, m.title, m.id
""")  # noqa: S608 - a constant
_CARD = sql(f"""
    SELECT f.id, f.set_id, f.front, f.back, f.tags, m.title AS set_title, m.is_own
    FROM flashcards f JOIN ({MINE}) m ON m.id = f.set_id
    WHERE f.id = :card AND f.deleted_at IS NULL
""")  # noqa: S608 - a constant
_CONTENT = sql("""
    SELECT key, front, back, tags FROM flashcards
    WHERE set_id = :deck AND deleted_at IS NULL ORDER BY position, id
""")


@dataclass(frozen=True, slots=True)
class Deck:
    """One set, and how many of its cards are due now and were never seen."""

    id: UUID
    title: str
    is_own: bool
    course: str | None
    cards: int
    due: int
    fresh: int


@dataclass(frozen=True, slots=True)
class Face:
    """One card that the learner may see; `is_own` says whether they may change it."""

    id: UUID
    set_id: UUID
    front: str
    back: str
    tags: tuple[str, ...]
    set_title: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """A card as it is written, read or exported; `key` stays when the text changes."""

    key: str
    front: str
    back: str
    tags: tuple[str, ...] = ()


async def decks_of(conn: AsyncConnection, learner: UUID, now: datetime) -> list[Deck]:
    """The learner's own sets, then those of their courses."""
    rows = (await conn.execute(_SETS, {"learner": learner, "now": now})).all()
    return [Deck(*row) for row in rows]


async def find_deck(conn: AsyncConnection, learner: UUID, words: str, now: datetime) -> Deck:
    """The set whose title is, or begins with, or holds some words.

    Raises:
        NotFound: there is none, or no single one.
    """
    wanted = " ".join(words.split()).casefold()
    decks = [deck for deck in await decks_of(conn, learner, now) if deck.cards]
    for fits in (
        [deck for deck in decks if deck.title.casefold() == wanted],
        [deck for deck in decks if deck.title.casefold().startswith(wanted)],
        [deck for deck in decks if wanted in f"{deck.course or ''} {deck.title}".casefold()],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            titles = [
                f"{deck.course}: {deck.title}" if deck.course else deck.title for deck in fits
            ]
            raise NotFound(
                N_("Several sets are called like that: {titles}. Write more of the name."),
                {"titles": "; ".join(titles[:5])},
                choices=("/cards",),
            )
    raise NotFound(
        N_("You have no set called “{words}”. All your sets: /cards"),
        {"words": words[:40]},
        choices=("/cards",),
    )


async def card_of(conn: AsyncConnection, learner: UUID, card: UUID) -> Face:
    """One card.

    Raises:
        NotFound: it is gone, or belongs to a course the learner is not in.
    """
    row = (await conn.execute(_CARD, {"learner": learner, "card": card})).one_or_none()
    if row is None:
        raise NotFound(N_("This card is gone. The others are waiting: /cards"), choices=("/cards",))
    return Face(row.id, row.set_id, row.front, row.back, tuple(row.tags), row.set_title, row.is_own)


async def content(conn: AsyncConnection, deck: UUID) -> list[Sides]:
    """The cards of a set, in order."""
    rows = (await conn.execute(_CONTENT, {"deck": deck})).all()
    return [Sides(row.key, row.front, row.back, tuple(row.tags)) for row in rows]
