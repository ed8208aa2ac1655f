"""Achievements: criteria over a learner's totals, earned once, with what they bring.

An earned achievement is a row of the ledger (kind "reward"), so the list of who has which can be
made again from there, with the same instants.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.motivation.days import Mark
from domain.sql import sql

# What a criterion can count. "course:<slug>" is the percentage of one course.
METRICS = (
    "lessons",
    "quizzes",
    "challenges",
    "cards",
    "xp",
    "minutes",
    "streak",
    "days",
    "courses",
)
SOURCE = "achievement:"
_ROUNDS = 4  # a reward's points may earn the next achievement

VALUES = """
    SELECT m.metric, m.value
    FROM user_stats s
    LEFT JOIN streaks k ON k.user_id = s.user_id
    CROSS JOIN LATERAL (VALUES
        ('lessons', s.lessons_completed), ('quizzes', s.quizzes_passed),
        ('challenges', s.challenges_solved), ('cards', s.cards_reviewed), ('xp', s.xp),
        ('minutes', s.seconds_spent / 60), ('streak', coalesce(k.longest_streak, 0)),
        ('days', coalesce(k.total_active_days, 0)),
        ('courses', (SELECT count(*)::int FROM enrollments e
                     WHERE e.user_id = s.user_id AND e.completed_at IS NOT NULL))
    ) AS m (metric, value)
    WHERE s.user_id = :learner
    UNION ALL
    SELECT 'course:' || c.slug, floor(e.progress_percentage)::int
    FROM enrollments e JOIN courses c ON c.id = e.course_id WHERE e.user_id = :learner
"""
_AWARD = sql(f"""
    WITH value AS ({VALUES}), won AS (
        SELECT a.id, a.code, a.name, a.points, a.freezes
        FROM achievements a JOIN value v ON v.metric = a.criteria ->> 'metric'
        WHERE a.is_active AND v.value >= CAST(a.criteria ->> 'target' AS int)
            AND NOT EXISTS (
                SELECT FROM user_achievements u WHERE u.user_id = :learner
                    AND u.achievement_id = a.id AND u.earned_at IS NOT NULL)
    ), told AS (
        INSERT INTO activity_ledger (user_id, identity_id, source, kind, xp, occurred_at,
                                     local_date, timezone)
        SELECT :learner, :identity, '{SOURCE}' || code, 'reward', points, :at, :day, :zone
        FROM won ON CONFLICT (user_id, source) DO NOTHING
    ), frozen AS (
        INSERT INTO activity_ledger (user_id, identity_id, source, kind, occurred_at, local_date,
                                     timezone)
        SELECT :learner, :identity, 'freeze:' || code || ':' || n, 'freeze', :at, :day, :zone
        FROM won, generate_series(1, freezes) AS n ON CONFLICT (user_id, source) DO NOTHING
    ), given AS (
        UPDATE user_stats s
        SET xp = s.xp + w.points,
            week_xp = s.week_xp + CASE WHEN s.week_start = :week THEN w.points ELSE 0 END
        FROM (SELECT coalesce(sum(points), 0)::int AS points FROM won) w
        WHERE s.user_id = :learner AND w.points > 0
    ), today AS (
        UPDATE active_days d SET xp = d.xp + w.points
        FROM (SELECT coalesce(sum(points), 0)::int AS points FROM won) w
        WHERE d.user_id = :learner AND d.local_date = :day AND w.points > 0
    ), earned AS (
        INSERT INTO user_achievements AS u (user_id, achievement_id, progress_level, earned_at)
        SELECT :learner, won.id, CAST(a.criteria ->> 'target' AS int), :at
        FROM won JOIN achievements a ON a.id = won.id
        ON CONFLICT (user_id, achievement_id) DO UPDATE
            SET earned_at = excluded.earned_at, progress_level = excluded.progress_level
    )
    SELECT code, name, points, freezes FROM won ORDER BY code
""")  # noqa: S608 - constants
_LIST = sql(f"""
    WITH value AS ({VALUES})
    SELECT a.name, a.description, a.rarity, a.points, a.freezes,
           CAST(a.criteria ->> 'target' AS int) AS target,
           least(coalesce(v.value, 0), CAST(a.criteria ->> 'target' AS int)) AS value, u.earned_at
    FROM achievements a
    LEFT JOIN value v ON v.metric = a.criteria ->> 'metric'
    LEFT JOIN user_achievements u ON u.achievement_id = a.id AND u.user_id = :learner
    WHERE u.earned_at IS NOT NULL OR (a.is_active AND (
        v.metric IS NOT NULL OR a.criteria ->> 'metric' NOT LIKE 'course:%'))
    ORDER BY u.earned_at DESC NULLS LAST, CAST(a.criteria ->> 'target' AS int), a.code
""")  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Badge:
    """An achievement that was earned just now, and what it brought."""

    code: str
    name: str
    points: int
    freezes: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One achievement and how near the learner is; `earned_at` is None until it is theirs."""

    name: str
    description: str
    rarity: str
    points: int
    freezes: int
    target: int
    value: int
    earned_at: datetime | None


async def award(
    conn: AsyncConnection, learner: UUID, identity: UUID, now: Mark, day: date
) -> tuple[Badge, ...]:
    """Give the achievements that have been reached, with their points and freezes, once each.

    Args:
        conn: the transaction of the work that may have reached them; totals are up to date.
        learner: whose.
        identity: the account the work was done from.
        now: when and in which zone it was done.
        day: the local date it was written to.
    """
    values = {
        "learner": learner,
        "identity": identity,
        "at": now.ended,
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "zone": min(now.zones),
    }
    found: list[Badge] = []
    for _ in range(_ROUNDS):
        won = [Badge(*row) for row in (await conn.execute(_AWARD, values)).all()]
        found += won
        if not any(badge.points for badge in won):
            break
    return tuple(found)


async def standings(conn: AsyncConnection, learner: UUID) -> list[Standing]:
    """All achievements: the earned ones first, newest first, then the open ones."""
    return [Standing(*row) for row in (await conn.execute(_LIST, {"learner": learner})).all()]
