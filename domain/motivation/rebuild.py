"""Deriving everything again from the ledger: totals, days, streaks, achievements, goals."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Date, Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.database import Database
from domain.motivation.achievements import SOURCE
from domain.motivation.days import ONE_DAY
from domain.motivation.goals import advance_goals
from domain.motivation.journey import journey_of, refresh_streak
from domain.motivation.levels import level_of
from domain.sql import sql

BATCH = 200

_NEXT = sql(
    """
    SELECT id FROM users WHERE CAST(:after AS uuid) IS NULL OR id > :after
    ORDER BY id LIMIT :most
""",
    after=Uuid(),
)
_HANDLE = sql("""
    SELECT u.id FROM users u LEFT JOIN identities i ON i.user_id = u.id
    WHERE lower(u.handle) = lower(:name) OR u.id::text = :name OR i.subject = :name
    GROUP BY u.id LIMIT 2
""")
# Work that is being recorded waits for the totals row, and so does this.
_LOCK = sql("SELECT user_id FROM user_stats WHERE user_id = :learner FOR UPDATE")
_FORGET_DAYS = sql("DELETE FROM active_days WHERE user_id = :learner")
_DAYS = sql("""
    INSERT INTO active_days (user_id, local_date, finished, xp, seconds)
    SELECT user_id, local_date, count(*) FILTER (WHERE kind NOT IN ('freeze', 'reward')),
           sum(xp), sum(seconds)
    FROM activity_ledger WHERE user_id = :learner GROUP BY user_id, local_date
    HAVING count(*) FILTER (WHERE kind NOT IN ('freeze', 'reward')) > 0
""")
_TOTALS = sql("""
    WITH week AS (
        SELECT date_trunc('week', max(local_date)::timestamp)::date AS start
        FROM activity_ledger WHERE user_id = :learner AND kind NOT IN ('freeze', 'reward')
    ), sums AS (
        SELECT coalesce(sum(xp), 0)::int AS xp, coalesce(sum(seconds), 0)::int AS seconds,
               coalesce(sum(xp) FILTER (WHERE local_date >= (SELECT start FROM week)), 0)::int
                   AS week_xp,
               count(*) FILTER (WHERE kind = 'lesson')::int AS lessons,
               count(*) FILTER (WHERE kind = 'quiz')::int AS quizzes,
               count(*) FILTER (WHERE kind = 'challenge')::int AS challenges
        FROM activity_ledger WHERE user_id = :learner
    )
    INSERT INTO user_stats (user_id, xp, week_start, week_xp, lessons_completed, quizzes_passed,
                            challenges_solved, seconds_spent, cards_reviewed)
    SELECT :learner, s.xp, (SELECT start FROM week), s.week_xp, s.lessons, s.quizzes,
           s.challenges, s.seconds,
           (SELECT count(*) FROM flashcard_reviews WHERE user_id = :learner AND is_first)
    FROM sums s
    ON CONFLICT (user_id) DO UPDATE
        SET xp = excluded.xp, week_start = excluded.week_start, week_xp = excluded.week_xp,
            lessons_completed = excluded.lessons_completed,
            quizzes_passed = excluded.quizzes_passed,
            challenges_solved = excluded.challenges_solved,
            seconds_spent = excluded.seconds_spent, cards_reviewed = excluded.cards_reviewed
    RETURNING xp
""")
_LEVEL = sql("UPDATE user_stats SET level = :level WHERE user_id = :learner")
_FORGET_BADGES = sql("DELETE FROM user_achievements WHERE user_id = :learner")
_BADGES = sql(f"""
    INSERT INTO user_achievements (user_id, achievement_id, progress_level, earned_at)
    SELECT l.user_id, a.id, CAST(a.criteria ->> 'target' AS int), l.occurred_at
    FROM activity_ledger l JOIN achievements a ON l.source = '{SOURCE}' || a.code
    WHERE l.user_id = :learner AND l.kind = 'reward'
""")  # noqa: S608 - a constant


# Whoever worked before an outage and since: a freeze or the streak may have gone on its dates.
_WORKED_SINCE = sql(
    """
    SELECT s.user_id FROM streaks s
    WHERE s.last_activity_date >= :day AND (CAST(:after AS uuid) IS NULL OR s.user_id > :after)
        AND EXISTS (SELECT FROM active_days d
                    WHERE d.user_id = s.user_id AND d.local_date <= :day AND d.finished > 0)
    ORDER BY s.user_id LIMIT :most
""",
    after=Uuid(),
    day=Date(),
)


async def find_learner(conn: AsyncConnection, name: str) -> UUID | None:
    """The learner by handle, id, or account on a platform; None when nobody or several fit."""
    found = (await conn.execute(_HANDLE, {"name": name})).scalars().all()
    return found[0] if len(found) == 1 else None


async def rebuild_learner(conn: AsyncConnection, learner: UUID, now: datetime) -> None:
    """Derive one learner's totals, days, streak, achievements and goals again; as the worker.

    Args:
        conn: a transaction of the worker.
        learner: whose.
        now: goals that are over by the learner's date of now count as missed.
    """
    values = {"learner": learner}
    await conn.execute(_LOCK, values)
    await conn.execute(_FORGET_DAYS, values)
    await conn.execute(_DAYS, values)
    xp = (await conn.execute(_TOTALS, values)).scalar_one()
    await conn.execute(_LEVEL, {**values, "level": level_of(xp)})
    journey = await journey_of(conn, learner)
    mark = journey.mark_at(now)
    # Kept as of the latest work, as the work itself left it: what came of the time since is
    # derived when it is read.
    await refresh_streak(conn, learner, journey.marks[-1] if journey.marks else mark)
    await conn.execute(_FORGET_BADGES, values)
    await conn.execute(_BADGES, values)
    await advance_goals(conn, learner, mark.day, anew=True, says_so=False)


async def give_back(database: Database, began: datetime) -> AsyncIterator[int]:
    """Derive streaks again after an outage was recorded; yields how many after each batch.

    What learners see is derived at every look. This brings what is kept beside it up to date, from
    which reminders are decided for many at once.

    Args:
        database: whose worker does it.
        began: when the outage did.
    """
    day = began.date() - ONE_DAY  # the date that it was in the west
    after: UUID | None = None
    done = 0
    while True:
        values = {"day": day, "after": after, "most": BATCH}
        async with database.worker_unit_of_work() as conn:
            batch = (await conn.execute(_WORKED_SINCE, values)).scalars().all()
        for learner in batch:
            async with database.worker_unit_of_work() as conn:
                await conn.execute(_LOCK, {"learner": learner})
                journey = await journey_of(conn, learner)
                await refresh_streak(conn, learner, journey.marks[-1])
        done += len(batch)
        yield done
        if len(batch) < BATCH:
            return
        after = batch[-1]


async def rebuild_all(
    database: Database,
    now: datetime,
    also: Callable[[AsyncConnection, UUID], Awaitable[object]] | None = None,
) -> AsyncIterator[int]:
    """Rebuild every learner, in a transaction each; yields how many are done after each batch.

    Args:
        database: whose worker does it.
        now: see `rebuild_learner`.
        also: what else derives from a learner's work, done in the same transaction.
    """
    after: UUID | None = None
    done = 0
    while True:
        async with database.worker_unit_of_work() as conn:
            batch = (await conn.execute(_NEXT, {"after": after, "most": BATCH})).scalars().all()
        for learner in batch:
            async with database.worker_unit_of_work() as conn:
                await rebuild_learner(conn, learner, now)
                if also is not None:
                    await also(conn, learner)
        done += len(batch)
        yield done
        if len(batch) < BATCH:
            return
        after = batch[-1]
