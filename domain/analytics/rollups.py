"""Numbers over all learners, derived from what they did; as the worker.

Each statement derives whole days anew and writes only what differs, so that running it twice, or
much later over all days, gives the same rows.
"""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Date, DateTime
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.sql import sql

DAYS_AGAIN = 3  # a session goes on after midnight, and work is graded late

_ONE_DAY = timedelta(days=1)
_LONGEST_STEP = timedelta(days=31)  # one statement's days when all are derived
_STAMP = DateTime(timezone=True)

# A view is a session; its time is the day's on which it began. Scores are those of attempts that
# were finished on the day. All days are UTC.
_COMPONENTS = sql(
    """
    WITH views AS (
        SELECT component_id, (started_at AT TIME ZONE 'UTC')::date AS day, count(*) AS views,
               count(DISTINCT user_id) AS people, avg(duration_seconds) AS seconds
        FROM learning_sessions
        WHERE id >= :floor AND started_at >= :since AND started_at < :until
            AND component_id IS NOT NULL
        GROUP BY 1, 2
    ), done AS (
        SELECT component_id, (first_completed_at AT TIME ZONE 'UTC')::date AS day,
               count(*) AS completions
        FROM user_progress WHERE first_completed_at >= :since AND first_completed_at < :until
        GROUP BY 1, 2
    ), scores AS (
        SELECT component_id, (at AT TIME ZONE 'UTC')::date AS day, avg(percentage) AS score
        FROM (
            SELECT assessment_id AS component_id, submitted_at AS at, percentage
            FROM assessment_attempts WHERE submitted_at >= :since AND submitted_at < :until
            UNION ALL
            SELECT component_id, submitted_at, percentage FROM challenge_attempts
            WHERE id >= :floor AND submitted_at >= :since AND submitted_at < :until
                AND finished_at IS NOT NULL
        ) a WHERE percentage IS NOT NULL
        GROUP BY 1, 2
    ), found AS (
        SELECT component_id, day, coalesce(views, 0)::int AS views,
               coalesce(people, 0)::int AS people, coalesce(completions, 0)::int AS completions,
               round(seconds, 2) AS seconds, round(score, 2) AS score
        FROM views FULL JOIN done USING (component_id, day) FULL JOIN scores
            USING (component_id, day)
        WHERE component_id IN (SELECT id FROM components)
    ), gone AS (
        DELETE FROM component_daily c
        WHERE c.day >= :first AND c.day < :last AND NOT EXISTS (
            SELECT FROM found f WHERE f.component_id = c.component_id AND f.day = c.day)
    )
    INSERT INTO component_daily AS c (component_id, day, views, unique_users, completions,
                                      average_seconds, average_score)
    SELECT component_id, day, views, people, completions, seconds, score FROM found
    ON CONFLICT (component_id, day) DO UPDATE
        SET views = excluded.views, unique_users = excluded.unique_users,
            completions = excluded.completions, average_seconds = excluded.average_seconds,
            average_score = excluded.average_score
        WHERE (c.views, c.unique_users, c.completions, c.average_seconds, c.average_score)
            IS DISTINCT FROM (excluded.views, excluded.unique_users, excluded.completions,
                              excluded.average_seconds, excluded.average_score)
    """,
    since=_STAMP,
    until=_STAMP,
    first=Date(),
    last=Date(),
)
# A question is used each time somebody is given it, in a quiz of their own or in a live round.
_QUESTIONS = sql("""
    UPDATE question_bank q SET usage_count = n.used
    FROM (
        SELECT b.id, (coalesce(a.used, 0) + coalesce(l.used, 0))::int AS used
        FROM question_bank b
        LEFT JOIN (SELECT question_id, count(*) AS used FROM assessment_answers
                   GROUP BY question_id) a ON a.question_id = b.id
        LEFT JOIN (SELECT question_id, count(*) AS used FROM live_questions
                   WHERE opened_at IS NOT NULL GROUP BY question_id) l ON l.question_id = b.id
    ) n
    WHERE n.id = q.id AND q.usage_count <> n.used
""")
_FIRST = sql("""
    SELECT (least(
        (SELECT min(started_at) FROM learning_sessions),
        (SELECT min(first_completed_at) FROM user_progress),
        (SELECT min(submitted_at) FROM assessment_attempts),
        (SELECT min(submitted_at) FROM challenge_attempts),
        (SELECT min(day)::timestamp AT TIME ZONE 'UTC' FROM component_daily)
    ) AT TIME ZONE 'UTC')::date
""")
_EXPIRED = sql("""
    UPDATE enrollments SET status = 'expired' WHERE status = 'active' AND expires_at <= :now
""")


async def roll_up(conn: AsyncConnection, now: datetime) -> dict[str, int]:
    """Derive the latest days of each component, and how often each question was used.

    Returns:
        How many days of components and how many questions had changed.
    """
    today = now.astimezone(UTC).date()
    first = today - (DAYS_AGAIN - 1) * _ONE_DAY
    days = await components_daily(conn, first, today)
    questions = (await conn.execute(_QUESTIONS)).rowcount
    return {"days": days, "questions": questions}


async def components_daily(conn: AsyncConnection, first: date, last: date) -> int:
    """Derive some days (UTC, both included) of all components; the number that had changed."""
    since, until = (datetime.combine(day, time(0), UTC) for day in (first, last + _ONE_DAY))
    values = {"since": since, "until": until, "first": first, "last": last + _ONE_DAY}
    floor = ids.uuid7(since - timedelta(hours=1), bytes(10))
    return (await conn.execute(_COMPONENTS, {**values, "floor": floor})).rowcount


async def rebuild_rollups(conn: AsyncConnection, now: datetime) -> dict[str, int]:
    """Derive all days of all components, and how often each question was used."""
    first: date | None = (await conn.execute(_FIRST)).scalar_one()
    today = now.astimezone(UTC).date()
    days = 0
    while first is not None and first <= today:
        last = min(today, first + _LONGEST_STEP - _ONE_DAY)
        days += await components_daily(conn, first, last)
        first = last + _ONE_DAY
    questions = (await conn.execute(_QUESTIONS)).rowcount
    return {"days": days, "questions": questions}


async def expire_enrollments(conn: AsyncConnection, now: datetime) -> int:
    """End enrollments whose time is over; their number. Progress is kept."""
    return (await conn.execute(_EXPIRED, {"now": now})).rowcount
