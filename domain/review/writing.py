"""Writing cards of one's own, changing them, and putting cards aside."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, Refusal
from domain.review.decks import Face, Sides
from domain.sql import sql

LONGEST_SIDE = 1_000
MOST_OWN_CARDS = 20_000
REST = timedelta(days=30)
_FOR_EVER = timedelta(days=36_500)

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
