"""`record_activity`: the one place where finished learning becomes ledger, points and streak."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.motivation.days import Mark, Streak, ledger_date, local_date, moment, streak_of
from domain.motivation.levels import level_of
from domain.sql import sql

_WHERE = sql("""
    SELECT coalesce(p.timezone, 'UTC') AS timezone, coalesce(s.day_ends, '03:00') AS day_ends,
           l.local_date, l.ended
    FROM user_profiles p
    LEFT JOIN user_settings s ON s.user_id = p.user_id
    LEFT JOIN LATERAL (
        SELECT local_date, max(occurred_at) AS ended FROM activity_ledger
        WHERE user_id = p.user_id AND kind <> 'freeze' AND local_date = (
            SELECT max(local_date) FROM activity_ledger
            WHERE user_id = p.user_id AND kind <> 'freeze')
        GROUP BY local_date) l ON true
    WHERE p.user_id = :learner
""")
_WRITE = sql("""
    INSERT INTO activity_ledger (user_id, identity_id, component_id, source, kind, xp, seconds,
                                 occurred_at, local_date, timezone)
    VALUES (:learner, :identity, :component, :source, :kind, :xp, :seconds, :at, :day, :zone)
    ON CONFLICT (user_id, source) DO NOTHING
    RETURNING id
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
        SET finished = d.finished + 1, xp = d.xp + excluded.xp,
            seconds = d.seconds + excluded.seconds
    RETURNING d.finished
""")
_MARKS = sql("""
    SELECT local_date, min(occurred_at) AS began, max(occurred_at) AS ended,
           (array_agg(timezone ORDER BY occurred_at))[1] AS began_in,
           (array_agg(timezone ORDER BY occurred_at DESC))[1] AS ended_in
    FROM activity_ledger WHERE user_id = :learner AND kind <> 'freeze'
    GROUP BY local_date ORDER BY local_date
""")
_KEPT = sql("SELECT local_date FROM active_days WHERE user_id = :learner AND is_frozen")
_STREAK = sql("""
    INSERT INTO streaks (user_id, current_streak, longest_streak, last_activity_date,
                         streak_start_date, total_active_days, timezone)
    VALUES (:learner, :current, :longest, :last, :start, :total, :zone)
    ON CONFLICT (user_id) DO UPDATE
        SET current_streak = excluded.current_streak, longest_streak = excluded.longest_streak,
            last_activity_date = excluded.last_activity_date,
            streak_start_date = excluded.streak_start_date,
            total_active_days = excluded.total_active_days, timezone = excluded.timezone
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
        seconds: time it took, as far as known.
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

    `streak` is set on the first finished work of a day.
    """

    counted: bool
    xp: int = 0
    total_xp: int = 0
    level: int = 1
    reached_level: bool = False
    streak: Streak | None = None


async def record_activity(conn: AsyncConnection, activity: Activity) -> Outcome:
    """Write the ledger and bring totals, day and streak up to date, in the caller's transaction.

    The totals row is locked by its update, so two pieces of one learner's work finished at once
    queue here, and the second sees the first.
    """
    learner = activity.user_id
    place = (await conn.execute(_WHERE, {"learner": learner})).one()
    natural = local_date(activity.occurred_at, place.timezone, place.day_ends)
    latest = place.local_date and moment(place.local_date, place.ended, place.timezone)
    day = ledger_date(natural, activity.occurred_at, latest)
    numbers = {"learner": learner, "xp": activity.xp, "seconds": activity.seconds}
    written = await conn.execute(
        _WRITE,
        {
            **numbers,
            "identity": activity.identity_id,
            "component": activity.component_id,
            "source": activity.source,
            "kind": activity.kind,
            "at": activity.occurred_at,
            "day": day,
            "zone": place.timezone,
        },
    )
    if written.one_or_none() is None:
        return Outcome(counted=False)
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
    level = level_of(totals.xp)
    if level != totals.level:
        await conn.execute(_LEVEL, {"learner": learner, "level": level})
    finished = (await conn.execute(_DAY, {**numbers, "day": day})).scalar_one()
    streak = None
    if finished == 1:
        now = moment(max(natural, day), activity.occurred_at, place.timezone)
        streak = await refresh_streak(conn, learner, now)
    return Outcome(
        counted=True,
        xp=activity.xp,
        total_xp=totals.xp,
        level=level,
        reached_level=level > totals.level,
        streak=streak,
    )


async def marks_of(conn: AsyncConnection, learner: UUID) -> list[Mark]:
    """The learner's active days as the ledger has them, oldest first."""
    rows = (await conn.execute(_MARKS, {"learner": learner})).all()
    return [Mark(row.local_date, row.began, row.ended, row.began_in, row.ended_in) for row in rows]


async def kept_of(conn: AsyncConnection, learner: UUID) -> tuple[date, ...]:
    """The missed dates that do not break the learner's streak."""
    return tuple((await conn.execute(_KEPT, {"learner": learner})).scalars().all())


async def refresh_streak(conn: AsyncConnection, learner: UUID, now: Mark) -> Streak:
    """Derive the streak from the ledger again and keep it as the cache row."""
    kept = await kept_of(conn, learner)
    marks = await marks_of(conn, learner)
    newest = marks[-1] if marks and marks[-1].day > now.day else now
    streak = streak_of(marks, kept, newest)
    await conn.execute(
        _STREAK,
        {
            "learner": learner,
            "current": streak.current,
            "longest": streak.longest,
            "last": streak.last,
            "start": streak.start,
            "total": streak.total,
            "zone": now.ended_in,
        },
    )
    return streak
