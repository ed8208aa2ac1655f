"""Sets of cards: those of the learner's courses and their own, and writing one's own."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, NotFound, Refusal
from domain.sql import sql

LONGEST_SIDE = 1_000
MOST_OWN_CARDS = 20_000
REST = timedelta(days=30)
_FOR_EVER = timedelta(days=36_500)

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
_OWN_SET = sql("""
    WITH mine AS (
        SELECT id FROM flashcard_sets
        WHERE owner_id = :learner AND title = :title AND deleted_at IS NULL
        ORDER BY id LIMIT 1),
    made AS (
        INSERT INTO flashcard_sets (owner_id, title)
        SELECT :learner, :title WHERE NOT EXISTS (SELECT FROM mine) RETURNING id)
    SELECT id FROM mine UNION ALL SELECT id FROM made
""")
_LOCK = sql("SELECT pg_advisory_xact_lock(hashtextextended('cards ' || CAST(:learner AS uuid), 0))")
_PUT = sql("""
    INSERT INTO flashcards AS f (set_id, key, front, back, tags, position)
    VALUES (:deck, :key, :front, :back, CAST(:tags AS text[]), (
        SELECT count(*) FROM flashcards WHERE set_id = :deck))
    ON CONFLICT (set_id, key) DO UPDATE
        SET front = excluded.front, back = excluded.back, tags = excluded.tags, deleted_at = NULL
    RETURNING f.id, f.xmax = 0 AS is_new
""")
_PUT_ALL = sql(
    """
    INSERT INTO flashcards AS f (set_id, key, front, back, tags, position)
    SELECT :deck, r.key, r.front, r.back, r.tags, r.n + (
        SELECT count(*) FROM flashcards WHERE set_id = :deck)
    FROM ROWS FROM (jsonb_to_recordset(:rows) AS (key text, front text, back text, tags text[]))
        WITH ORDINALITY AS r (key, front, back, tags, n)
    ON CONFLICT (set_id, key) DO UPDATE
        SET front = excluded.front, back = excluded.back, tags = excluded.tags, deleted_at = NULL
    RETURNING f.xmax = 0
""",
    rows=JSONB(),
)
_OWN_COUNT = sql("""
    SELECT count(*)::int FROM flashcards f JOIN flashcard_sets s ON s.id = f.set_id
    WHERE s.owner_id = :learner AND f.deleted_at IS NULL
""")
_EDIT = sql("UPDATE flashcards SET front = :front, back = :back WHERE id = :card")
_DELETE = sql("UPDATE flashcards SET deleted_at = :now WHERE id = :card")
_REST = sql("""
    INSERT INTO flashcard_progress (user_id, card_id, due_at, step, resting_until)
    VALUES (:learner, :card, :now, 0, :until)
    ON CONFLICT (user_id, card_id) DO UPDATE SET resting_until = excluded.resting_until
""")
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


async def put_card(
    conn: AsyncConnection, learner: UUID, title: str, sides: Sides
) -> tuple[UUID, bool]:
    """Write a card into the learner's own set of that title, which is made when missing.

    Returns:
        The card, and whether it is new; the same key again changes the card that is there.

    Raises:
        Refusal: a side is empty or too long, or the learner has too many cards.
    """
    check_sides(sides.front, sides.back)
    await conn.execute(_LOCK, {"learner": learner})
    if (await conn.execute(_OWN_COUNT, {"learner": learner})).scalar_one() >= MOST_OWN_CARDS:
        raise Refusal(
            N_("You have {most} cards of your own, and that is the limit. Delete some first."),
            {"most": MOST_OWN_CARDS},
        )
    deck = await own_set(conn, learner, title)
    values = {"deck": deck, "key": sides.key, "front": sides.front, "back": sides.back}
    row = (await conn.execute(_PUT, {**values, "tags": list(sides.tags)})).one()
    return row.id, row.is_new


async def put_cards(
    conn: AsyncConnection, learner: UUID, title: str, cards: Sequence[Sides]
) -> tuple[int, int]:
    """Write many cards into the learner's own set of that title.

    Returns:
        How many are new, and how many were there by their key and have the new text now.

    Raises:
        Refusal: there would be too many cards.
    """
    await conn.execute(_LOCK, {"learner": learner})
    count = (await conn.execute(_OWN_COUNT, {"learner": learner})).scalar_one()
    if count + len(cards) > MOST_OWN_CARDS:
        raise Refusal(
            N_("You have {most} cards of your own, and that is the limit. Delete some first."),
            {"most": MOST_OWN_CARDS},
        )
    deck = await own_set(conn, learner, title)
    rows = [
        {"key": one.key, "front": one.front, "back": one.back, "tags": list(one.tags)}
        for one in cards
    ]
    fresh = (await conn.execute(_PUT_ALL, {"deck": deck, "rows": rows})).scalars().all()
    return sum(fresh), len(fresh) - sum(fresh)


async def own_set(conn: AsyncConnection, learner: UUID, title: str) -> UUID:
    """The learner's own set of a title, made when it is missing."""
    made = await conn.execute(_OWN_SET, {"learner": learner, "title": title[:200]})
    found: UUID = made.scalars().first() or UUID(int=0)
    return found


async def edit_card(
    conn: AsyncConnection, learner: UUID, face: Face, new: Sides, title: str, now: datetime
) -> UUID:
    """Rewrite a card; of a course's card the learner gets a copy, and the original rests.

    Args:
        conn: an open transaction.
        learner: who rewrites.
        face: the card as it is.
        new: its new sides; the key is not looked at.
        title: of the own set for a copy.
        now: this instant.

    Returns:
        The card that now holds the text.

    Raises:
        Refusal: a side is empty or too long.
    """
    check_sides(new.front, new.back)
    if face.is_own:
        await conn.execute(_EDIT, {"card": face.id, "front": new.front, "back": new.back})
        return face.id
    copy = Sides(f"copy-{face.id}", new.front, new.back, face.tags)
    card, _ = await put_card(conn, learner, title, copy)
    await rest_card(conn, learner, face.id, now, _FOR_EVER)
    return card


async def delete_card(conn: AsyncConnection, learner: UUID, face: Face, now: datetime) -> None:
    """Delete an own card; a course's card only rests for ever, for this learner."""
    if face.is_own:
        await conn.execute(_DELETE, {"card": face.id, "now": now})
    else:
        await rest_card(conn, learner, face.id, now, _FOR_EVER)


async def rest_card(
    conn: AsyncConnection, learner: UUID, card: UUID, now: datetime, rest: timedelta = REST
) -> None:
    """Put a card aside for a while; its due date stays what the scheduler gave."""
    values = {"learner": learner, "card": card, "now": now, "until": now + rest}
    await conn.execute(_REST, values)


async def content(conn: AsyncConnection, deck: UUID) -> list[Sides]:
    """The cards of a set, in order."""
    rows = (await conn.execute(_CONTENT, {"deck": deck})).all()
    return [Sides(row.key, row.front, row.back, tuple(row.tags)) for row in rows]


def check_sides(front: str, back: str) -> None:
    """Make sure that both sides have 1 to 1,000 characters.

    Raises:
        Refusal: one has not.
    """
    if not front.strip() or not back.strip():
        raise Refusal(
            N_("A card needs two sides. For example: /cards add What is 2 ** 3? | 8"),
            choices=("/cards",),
        )
    longest = max(len(front), len(back))
    if longest > LONGEST_SIDE:
        raise Refusal(
            N_("A side can have {most} characters; yours has {length}. Make two cards of it."),
            {"most": LONGEST_SIDE, "length": longest},
        )


def key_of(text: str) -> str:
    """A key for a card that has none of its own: the same text gives the same key."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
