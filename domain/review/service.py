"""One look at one card: the schedule, the count of the day, and what it brings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, Refusal
from domain.motivation.goals import Reached, advance_goals
from domain.motivation.service import Activity, Outcome, record_activity
from domain.review.decks import card_of
from domain.review.scheduling import RATINGS, Memory, is_lapse, reviewed
from domain.review.sitting import When, table_of
from domain.sql import sql

CARDS_A_SITTING = 10  # cards after which a day counts; fewer when no more are due
SITTING_XP = 10
STUBBORN_AFTER = 6  # lapses
_AGAIN_STUBBORN = 3  # and after each three more
LONGEST_LOOK = timedelta(minutes=2)  # a longer one was a pause

_MEMORY = sql("""
    SELECT state, step, stability, difficulty, due_at, last_review_at, reps, lapses
    FROM flashcard_progress WHERE user_id = :learner AND card_id = :card FOR UPDATE
""")
_LOCK = sql("""
    SELECT pg_advisory_xact_lock(
        hashtextextended('' || CAST(:learner AS uuid) || CAST(:card AS uuid), 0))
""")
_KEEP = sql("""
    INSERT INTO flashcard_progress (user_id, card_id, state, step, stability, difficulty, due_at,
                                    last_review_at, reps, lapses)
    VALUES (:learner, :card, :state, CAST(:step AS int), :stability, :difficulty, :until, :at, 1,
            :lapse)
    ON CONFLICT (user_id, card_id) DO UPDATE
        SET state = excluded.state, step = excluded.step, stability = excluded.stability,
            difficulty = excluded.difficulty, due_at = excluded.due_at,
            last_review_at = excluded.last_review_at, resting_until = NULL,
            reps = flashcard_progress.reps + 1,
            lapses = flashcard_progress.lapses + excluded.lapses
    RETURNING lapses
""")
_LOOKED = sql(
    """
    INSERT INTO flashcard_reviews (id, user_id, card_id, rating, state_before, duration_ms,
                                   reviewed_at, local_date, is_first)
    VALUES (:review, :learner, :card, :rating, :before, CAST(:ms AS int), :at, :day, NOT EXISTS (
        SELECT FROM flashcard_reviews
        WHERE user_id = :learner AND card_id = :card AND id >= :floor AND local_date = :day))
    ON CONFLICT (id) DO NOTHING RETURNING is_first
""",
    before=JSONB(none_as_null=True),
)
_COUNT = sql("""
    INSERT INTO user_stats AS s (user_id, cards_reviewed) VALUES (:learner, 1)
    ON CONFLICT (user_id) DO UPDATE SET cards_reviewed = s.cards_reviewed + 1
""")
_SITTING = sql("""
    SELECT count(*) FILTER (WHERE is_first)::int AS cards,
           (coalesce(sum(duration_ms), 0) / 1000)::int AS seconds,
           EXISTS (SELECT FROM activity_ledger
                   WHERE user_id = :learner AND source = :source) AS is_counted
    FROM flashcard_reviews WHERE user_id = :learner AND id >= :floor AND local_date = :day
""")


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one card.

    Attributes:
        id: names the event: the same one twice counts once.
        card: which.
        rating: 1 (again) to 4 (easy).
        seen: how often the card had been looked at when its back was shown; a press on a button
            of an older look changes nothing.
        duration: how long it took, if that is known.
    """

    id: UUID
    card: UUID
    rating: int
    seen: int
    duration: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a look. `counted` is False when it was known already: nothing changed.

    `is_stubborn` is set when the card has been forgotten so often that it should be rewritten.
    """

    counted: bool
    due: datetime | None = None
    is_stubborn: bool = False
    outcome: Outcome | None = None
    goals: tuple[Reached, ...] = ()


async def memory_of(conn: AsyncConnection, learner: UUID, card: UUID) -> tuple[Memory, int, int]:
    """What a learner remembers of a card, how often they looked at it, and its lapses."""
    row = (await conn.execute(_MEMORY, {"learner": learner, "card": card})).one_or_none()
    if row is None:
        return Memory(), 0, 0
    memory = Memory(
        row.state, row.step, row.stability, row.difficulty, row.due_at, row.last_review_at
    )
    return memory, row.reps, row.lapses


async def look(conn: AsyncConnection, learner: UUID, identity: UUID, one: Look, at: When) -> Looked:
    """Rate a card: it is scheduled, counted for the day, and the day may count for the streak.

    Raises:
        NotFound: the card is gone.
        Refusal: the rating is not one of four.
    """
    if one.rating not in RATINGS:
        raise Refusal(N_("Rate a card from 1 (again) to 4 (easy)."))
    await card_of(conn, learner, one.card)
    await conn.execute(_LOCK, {"learner": learner, "card": one.card})
    memory, reps, _ = await memory_of(conn, learner, one.card)
    if reps != one.seen:
        return Looked(counted=False)
    values = {"learner": learner, "card": one.card, "day": at.day, "floor": at.floor}
    spent = None if one.duration is None else min(one.duration, LONGEST_LOOK)
    written = await conn.execute(
        _LOOKED,
        {
            **values,
            "review": one.id,
            "rating": one.rating,
            "before": None if memory.is_new else _as_json(memory),
            "ms": None if spent is None else max(0, int(spent.total_seconds() * 1000)),
            "at": at.now,
        },
    )
    is_first = written.scalar_one_or_none()
    if is_first is None:
        return Looked(counted=False)
    after = reviewed(memory, one.rating, at.now)
    lapse = int(is_lapse(memory, one.rating))
    lapses = (
        await conn.execute(
            _KEEP,
            {
                "learner": learner,
                "card": one.card,
                "state": after.state,
                "step": after.step,
                "stability": after.stability,
                "difficulty": after.difficulty,
                "until": after.due,
                "at": after.last_review,
                "lapse": lapse,
            },
        )
    ).scalar_one()
    goals: tuple[Reached, ...] = ()
    if is_first:
        await conn.execute(_COUNT, {"learner": learner})
        goals = await advance_goals(conn, learner, at.day)
    over = lapses - STUBBORN_AFTER
    return Looked(
        counted=True,
        due=after.due,
        is_stubborn=bool(lapse) and over >= 0 and over % _AGAIN_STUBBORN == 0,
        outcome=await _day_counts(conn, learner, identity, at),
        goals=goals,
    )


async def _day_counts(
    conn: AsyncConnection, learner: UUID, identity: UUID, at: When
) -> Outcome | None:
    """A day counts after ten cards, or when no card is left for today."""
    source = f"cards:{at.day.isoformat()}"
    values = {"learner": learner, "day": at.day, "floor": at.floor, "source": source}
    row = (await conn.execute(_SITTING, values)).one()
    if row.is_counted:
        return None
    if row.cards < CARDS_A_SITTING and (await table_of(conn, learner, at)).left:
        return None
    return await record_activity(
        conn,
        Activity(
            user_id=learner,
            identity_id=identity,
            source=source,
            kind="cards",
            component_id=None,
            xp=SITTING_XP,
            seconds=row.seconds,
            occurred_at=at.now,
        ),
    )


def _as_json(memory: Memory) -> dict[str, object]:
    return {
        "state": memory.state,
        "step": memory.step,
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "due": memory.due.isoformat() if memory.due else None,
        "last": memory.last_review.isoformat() if memory.last_review else None,
    }
