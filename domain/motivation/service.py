"""`record_activity`: the one place where finished learning becomes ledger, points and streak."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.motivation.achievements import Badge, award
from domain.motivation.days import ledger_date, local_date, moment
from domain.motivation.goals import Reached, advance_goals
from domain.motivation.journey import refresh_streak
from domain.motivation.levels import level_of
from domain.motivation.streaks import Streak
from domain.sql import sql

# The zone and the end of the day are those that were in force when the work was done.
_WHERE = sql("""
    SELECT coalesce(r.timezone, p.timezone, 'UTC') AS timezone,
           coalesce(r.day_ends, s.day_ends, '03:00') AS day_ends,
           l.local_date, l.ended, l.zones
    FROM user_profiles p
    LEFT JOIN user_settings s ON s.user_id = p.user_id
    LEFT JOIN LATERAL (
        SELECT timezone, day_ends FROM day_settings
        WHERE user_id = p.user_id AND until > :at ORDER BY until LIMIT 1) r ON true
    LEFT JOIN LATERAL (
        SELECT local_date, max(occurred_at) AS ended, array_agg(DISTINCT timezone) AS zones
        FROM activity_ledger
        WHERE user_id = p.user_id AND kind NOT IN ('freeze', 'reward') AND local_date = (
            SELECT max(local_date) FROM activity_ledger
            WHERE user_id = p.user_id AND kind NOT IN ('freeze', 'reward'))
        GROUP BY local_date) l ON true
    WHERE p.user_id = :learner
""")
_NEIGHBOURS = sql("""
    SELECT max(local_date) FILTER (WHERE occurred_at <= :at) AS earlier,
           min(local_date) FILTER (WHERE occurred_at > :at) AS later
    FROM activity_ledger WHERE user_id = :learner AND kind NOT IN ('freeze', 'reward')
""")
# Unless the caller knows better, work took the time its component was open until now.
_WRITE = sql("""
    INSERT INTO activity_ledger (user_id, identity_id, component_id, source, kind, xp, seconds,
                                 occurred_at, local_date, timezone)
    VALUES (:learner, :identity, :component, :source, :kind, :xp,
            greatest(:seconds, coalesce((
                SELECT seconds_spent FROM user_progress
                WHERE user_id = :learner AND component_id = :component), 0)),
            :at, :day, :zone)
    ON CONFLICT (user_id, source) DO NOTHING
    RETURNING seconds
""")
_TOTALS = sql("""
    INSERT INTO user_stats AS s (user_id, xp, week_start, week_xp, lessons_completed,
                                 quizzes_passed, challenges_solved, seconds_spent)
    VALUES (:learner, :xp, :week, :xp, :lessons, :quizzes, :challenges, :seconds)
    ON CONFLICT (user_id) DO UPDATE
        SET xp = s.xp + excluded.xp,
            week_xp = CASE WHEN s.week_start = excluded.week_start THEN s.week_xp + excluded.xp
                           WHEN s.week_start > excluded.week_start THEN s.week_xp
                           ELSE excluded.xp END,
            week_start = greatest(s.week_start, excluded.week_start),
            lessons_completed = s.lessons_completed + excluded.lessons_completed,
            quizzes_passed = s.quizzes_passed + excluded.quizzes_passed,
            challenges_solved = s.challenges_solved + excluded.challenges_solved,
            seconds_spent = s.seconds_spent + excluded.seconds_spent
    RETURNING s.xp, s.level
""")
_LEVEL = sql("UPDATE user_stats SET level = :level WHERE user_id = :learner")
_DAY = sql("""
    INSERT INTO active_days AS d (user_id, local_date, finished, xp, seconds)
    VALUES (:learner, :day, 1, :xp, :seconds)
    ON CONFLICT (user_id, local_date) DO UPDATE
        SET finished = d.finished + 1, xp = d.xp + excluded.xp, is_frozen = false,
            seconds = d.seconds + excluded.seconds
    RETURNING d.finished
""")


@dataclass(frozen=True, slots=True)
class Activity:
    """One finished piece of learning.

    Args:
        user_id: who.
        identity_id: the account it was done from.
        source: names the fact ("lesson:<id>"), so that it counts once however often it is told.
        kind: "lesson", "quiz", "challenge", "cards".
        component_id: what was finished, if it is a component.
        xp: points it is worth.
        seconds: time it took, as far as the caller knows; never less than what was counted while
            its component was open.
        occurred_at: when the learner did it; for work graded late, when it was handed in.
    """

    user_id: UUID
    identity_id: UUID
    source: str
    kind: str
    component_id: UUID | None
    xp: int
    seconds: int
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. `counted` is False when the fact was known already: nothing changed.

    `streak` is set on the first finished work of a day, unless the learner hides it.
    """

    counted: bool
    xp: int = 0
    total_xp: int = 0
    level: int = 1
    reached_level: bool = False
    streak: Streak | None = None
    badges: tuple[Badge, ...] = ()
    goals: tuple[Reached, ...] = ()


async def record_activity(conn: AsyncConnection, activity: Activity) -> Outcome:
    """Write the ledger and bring all that derives from it up to date, in the caller's transaction.

    The totals row is locked by its update, so two pieces of one learner's work finished at once
    queue here, and the second sees the first.
    """
    learner, at = activity.user_id, activity.occurred_at
    place = (await conn.execute(_WHERE, {"learner": learner, "at": at})).one()
    natural = local_date(at, place.timezone, place.day_ends)
    day = ledger_date(natural, place.local_date)
    if place.ended is not None and at < place.ended:
        row = (await conn.execute(_NEIGHBOURS, {"learner": learner, "at": at})).one()
        day = ledger_date(natural, row.earlier, row.later)
    written = await conn.execute(
        _WRITE,
        {
            "learner": learner,
            "identity": activity.identity_id,
            "component": activity.component_id,
            "source": activity.source,
            "kind": activity.kind,
            "xp": activity.xp,
            "seconds": activity.seconds,
            "at": at,
            "day": day,
            "zone": place.timezone,
        },
    )
    seconds = written.scalar_one_or_none()
    if seconds is None:
        return Outcome(counted=False)
    numbers = {"learner": learner, "xp": activity.xp, "seconds": seconds}
    totals = (
        await conn.execute(
            _TOTALS,
            {
                **numbers,
                "week": day - timedelta(days=day.weekday()),
                "lessons": int(activity.kind == "lesson"),
                "quizzes": int(activity.kind == "quiz"),
                "challenges": int(activity.kind == "challenge"),
            },
        )
    ).one()
    finished = (await conn.execute(_DAY, {**numbers, "day": day})).scalar_one()
    now = moment(max(natural, day), at, place.timezone)
    is_first = finished == 1
    # More work on a day changes the streak only when it lets a flight be seen, or came to light
    # late.
    is_elsewhere = place.local_date == day and place.timezone not in place.zones
    is_late = place.ended is not None and at < place.ended
    streak = None
    if is_first or is_elsewhere or is_late:
        streak = await refresh_streak(conn, learner, now)
    badges = await award(conn, learner, activity.identity_id, now, day)
    if any(badge.freezes for badge in badges):
        streak = await refresh_streak(conn, learner, now)
    xp = totals.xp + sum(badge.points for badge in badges)
    level = level_of(xp)
    if level != totals.level:
        await conn.execute(_LEVEL, {"learner": learner, "level": level})
    return Outcome(
        counted=True,
        xp=activity.xp,
        total_xp=xp,
        level=level,
        reached_level=level > totals.level,
        streak=streak.streak if is_first and streak is not None and streak.is_shown else None,
        badges=badges,
        goals=await advance_goals(conn, learner, day),
    )
