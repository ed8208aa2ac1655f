"""What is on the table: the cards of today, which one comes next, and what comes later."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.motivation.daily import day_begins
from domain.motivation.days import local_date
from domain.review.decks import MINE
from domain.review.planning import Plan, day_of, plan
from domain.sql import sql

LEARN_AHEAD = timedelta(minutes=20)  # a card of a learning step may come that much early

# Cards that may be shown now. A card that was looked at today is a repeat: it counts no more.
_OPEN = f"""
    SELECT f.id, f.position, f.set_id, p.due_at, p.state,
           p.user_id IS NULL AS is_new, coalesce(p.last_review_at >= :since, false) AS is_repeat
    FROM flashcards f
    JOIN ({MINE}) m ON m.id = f.set_id
    LEFT JOIN flashcard_progress p ON p.card_id = f.id AND p.user_id = :learner
    WHERE f.deleted_at IS NULL AND (:deck IS NULL OR f.set_id = :deck)
        AND coalesce(p.resting_until <= :now, true)
"""  # noqa: S608 - a constant
_COUNTS = sql(
    f"""
    WITH open AS ({_OPEN}), today AS (
        SELECT count(*) FILTER (WHERE is_first)::int AS done,
               count(*) FILTER (WHERE is_first AND state_before IS NULL)::int AS done_new,
               coalesce(sum(duration_ms), 0)::bigint AS ms
        FROM flashcard_reviews
        WHERE user_id = :learner AND id >= :floor AND local_date = :day)
    SELECT count(*) FILTER (WHERE is_repeat AND due_at <= :until)::int AS repeats,
           count(*) FILTER (WHERE NOT is_new AND NOT is_repeat AND due_at <= :now)::int AS due,
           count(*) FILTER (WHERE is_new)::int AS fresh,
           (SELECT done FROM today), (SELECT done_new FROM today), (SELECT ms FROM today)
    FROM open
""",  # noqa: S608
    deck=Uuid(),
)
# Repeats that are due first, then what is due longest, then new cards, then learning cards that
# are due within minutes.
_NEXT = sql(
    f"""
    WITH open AS ({_OPEN})
    SELECT id FROM open
    WHERE id IS DISTINCT FROM :last AND (
        (is_repeat AND due_at <= :until) OR (NOT is_new AND due_at <= :now AND :old > 0)
        OR (is_new AND :new > 0))
    ORDER BY CASE WHEN is_repeat AND due_at <= :now THEN 0 WHEN is_repeat THEN 3
                  WHEN is_new THEN 2 ELSE 1 END,
             due_at, position, id
    LIMIT 1
""",  # noqa: S608
    deck=Uuid(),
    last=Uuid(),
)
_WAITING = sql(
    f"""
    WITH open AS ({_OPEN})
    SELECT id FROM open WHERE NOT is_new AND NOT is_repeat AND due_at <= :now
    ORDER BY due_at, id OFFSET :share
""",  # noqa: S608
    deck=Uuid(),
)
_SPREAD = sql(
    """
    UPDATE flashcard_progress p SET resting_until = w.at
    FROM unnest(CAST(:cards AS uuid[]), CAST(:times AS timestamptz[])) AS w (card, at)
    WHERE p.user_id = :learner AND p.card_id = w.card
""",
    cards=ARRAY(Uuid()),
    times=ARRAY(DateTime(timezone=True)),
)
_FORECAST = sql(f"""
    SELECT least(greatest(CAST(greatest(p.due_at, coalesce(p.resting_until, p.due_at))
               AT TIME ZONE :zone - CAST(:ends AS interval) AS date) - :day, 0), 7) AS ahead,
           count(*)::int AS cards
    FROM flashcard_progress p
    JOIN flashcards f ON f.id = p.card_id AND f.deleted_at IS NULL
    JOIN ({MINE}) m ON m.id = f.set_id
    WHERE p.user_id = :learner
        AND greatest(p.due_at, coalesce(p.resting_until, p.due_at)) < :until
    GROUP BY ahead ORDER BY ahead
""")  # noqa: S608 - a constant
_RETENTION = sql("""
    SELECT count(*)::int AS looks, count(*) FILTER (WHERE rating > 1)::int AS known
    FROM flashcard_reviews
    WHERE user_id = :learner AND id >= :floor AND state_before ->> 'state' = 'review'
""")


@dataclass(frozen=True, slots=True)
class When:
    """An instant and the learner's date it belongs to."""

    now: datetime
    day: date
    begins: datetime

    @property
    def floor(self) -> UUID:
        """The smallest id that a review of this date can have."""
        return ids.uuid7(self.begins - timedelta(hours=26), bytes(10))


@dataclass(frozen=True, slots=True)
class Table:
    """Where a learner is with the cards of today.

    Attributes:
        plan: what is still to come today, and what waits for other days.
        repeats: cards of today that come again in this sitting.
        done: cards looked at today.
        minutes: time at cards today, rounded up.
    """

    plan: Plan
    repeats: int
    done: int
    minutes: int

    @property
    def left(self) -> int:
        """Cards that are left for today, with those that come again."""
        return self.plan.today + self.repeats


def when(now: datetime, timezone: str, day_ends: time) -> When:
    """The learner's date at an instant, and when it began."""
    day = local_date(now, timezone, day_ends)
    return When(now, day, day_begins(day, timezone, day_ends))


def _values(learner: UUID, at: When, deck: UUID | None) -> dict[str, object]:
    return {
        "learner": learner,
        "deck": deck,
        "now": at.now,
        "since": at.begins,
        "until": at.now + LEARN_AHEAD,
    }


async def table_of(
    conn: AsyncConnection, learner: UUID, at: When, deck: UUID | None = None
) -> Table:
    """The cards of today, of all sets or of one."""
    values = {**_values(learner, at, deck), "floor": at.floor, "day": at.day}
    row = (await conn.execute(_COUNTS, values)).one()
    return Table(
        plan(row.due, row.fresh, row.done, row.done_new),
        row.repeats,
        row.done,
        -(-row.ms // 60_000),
    )


async def next_card(
    conn: AsyncConnection,
    learner: UUID,
    at: When,
    table: Table,
    deck: UUID | None = None,
    last: UUID | None = None,
) -> UUID | None:
    """The card to show now; None when the sitting is over.

    Args:
        conn: an open transaction.
        learner: who sits.
        at: now.
        table: as `table_of` gives it for the same set.
        deck: only this set.
        last: the card that was just shown: it does not come twice in a row if another can.
    """
    values = {
        **_values(learner, at, deck),
        "old": table.plan.due,
        "new": table.plan.new,
    }
    for avoided in (last, None):
        found: UUID | None = (
            await conn.execute(_NEXT, {**values, "last": avoided})
        ).scalar_one_or_none()
        if found is not None or last is None:
            return found
    return None


async def spread_backlog(conn: AsyncConnection, learner: UUID, at: When, table: Table) -> None:
    """Put what today does not hold aside, evenly over the days of the plan."""
    if not table.plan.later:
        return
    values = {**_values(learner, at, None), "share": table.plan.due}
    waiting = (await conn.execute(_WAITING, values)).scalars().all()
    times = [
        at.begins + timedelta(days=min(day_of(n, table.plan), table.plan.days))
        for n in range(len(waiting))
    ]
    await conn.execute(_SPREAD, {"learner": learner, "cards": list(waiting), "times": times})


async def forecast(
    conn: AsyncConnection, learner: UUID, at: When, timezone: str, day_ends: time
) -> list[int]:
    """How many cards come today (with what is overdue) and on each of the next six days."""
    values = {
        "learner": learner,
        "zone": timezone,
        "ends": timedelta(hours=day_ends.hour, minutes=day_ends.minute),
        "day": at.day,
        "until": at.begins + timedelta(days=7),
    }
    counts = [0] * 8
    for row in (await conn.execute(_FORECAST, values)).all():
        counts[row.ahead] = row.cards
    return counts[:7]


async def retention(conn: AsyncConnection, learner: UUID, now: datetime) -> tuple[int, int]:
    """Of the looks at cards that were known before, in 30 days: how many, and how many known."""
    floor = ids.uuid7(now - timedelta(days=30), bytes(10))
    row = (await conn.execute(_RETENTION, {"learner": learner, "floor": floor})).one()
    return row.looks, row.known
