"""A learner's days as the database has them, and the streak that follows from them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ARRAY, Date, SmallInteger
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.motivation.days import (
    Excuses,
    Mark,
    Setting,
    dates_of,
    in_force,
    local_date,
)
from domain.motivation.streaks import Streak, streak_of
from domain.sql import sql

_MARKS = sql("""
    SELECT local_date, min(occurred_at) AS began, max(occurred_at) AS ended,
           array_agg(DISTINCT timezone) AS zones
    FROM activity_ledger WHERE user_id = :learner AND kind NOT IN ('freeze', 'reward')
    GROUP BY local_date ORDER BY local_date
""")
_FACTS = sql("""
    SELECT coalesce(p.timezone, 'UTC') AS timezone, coalesce(s.day_ends, '03:00') AS day_ends,
           coalesce(s.show_streak, true) AS is_shown,
           (SELECT array_agg(local_date ORDER BY local_date) FROM active_days
            WHERE user_id = :learner AND is_frozen) AS frozen,
           (SELECT array_agg(local_date) FROM activity_ledger
            WHERE user_id = :learner AND kind = 'freeze') AS gifts,
           (SELECT array_agg(ARRAY[to_char(since, 'YYYY-MM-DD'), array_to_string(weekdays, '')]
                             ORDER BY since)
            FROM study_days WHERE user_id = :learner) AS study_days,
           (SELECT array_agg(until ORDER BY until) FROM day_settings
            WHERE user_id = :learner) AS untils,
           (SELECT array_agg(ARRAY[timezone, to_char(day_ends, 'HH24:MI')] ORDER BY until)
            FROM day_settings WHERE user_id = :learner) AS earlier,
           (SELECT array_agg(began_at ORDER BY began_at) FROM outages) AS outages_began,
           (SELECT array_agg(ended_at ORDER BY began_at) FROM outages) AS outages_ended
    FROM users u
    LEFT JOIN user_profiles p ON p.user_id = u.id
    LEFT JOIN user_settings s ON s.user_id = u.id
    WHERE u.id = :learner
""")
_FREEZE = sql(
    """
    WITH thawed AS (
        DELETE FROM active_days
        WHERE user_id = :learner AND is_frozen AND finished = 0 AND local_date <> ALL (:frozen))
    INSERT INTO active_days AS d (user_id, local_date, is_frozen)
    SELECT :learner, day, true FROM unnest(:frozen) AS day
    ON CONFLICT (user_id, local_date) DO NOTHING
""",
    frozen=ARRAY(Date()),
)
_KEEP = sql("""
    INSERT INTO streaks AS s (user_id, current_streak, longest_streak, last_activity_date,
                              streak_start_date, total_active_days, freezes_left, timezone)
    VALUES (:learner, :current, :longest, :last, :start, :total, :freezes, :zone)
    ON CONFLICT (user_id) DO UPDATE
        SET current_streak = excluded.current_streak, longest_streak = excluded.longest_streak,
            last_activity_date = excluded.last_activity_date,
            streak_start_date = excluded.streak_start_date,
            total_active_days = excluded.total_active_days,
            freezes_left = excluded.freezes_left, timezone = excluded.timezone
""")
_REMEMBER = sql("""
    INSERT INTO day_settings (user_id, until, timezone, day_ends)
    SELECT :learner, :now, coalesce(p.timezone, 'UTC'), coalesce(s.day_ends, '03:00')
    FROM user_profiles p LEFT JOIN user_settings s ON s.user_id = p.user_id
    WHERE p.user_id = :learner
    ON CONFLICT (user_id, until) DO NOTHING
""")
_STUDY_DAYS = sql(
    """
    INSERT INTO study_days (user_id, since, weekdays)
    SELECT :learner, greatest(CAST(:day AS date), max(since)), :weekdays
    FROM study_days WHERE user_id = :learner
    ON CONFLICT (user_id, since) DO UPDATE SET weekdays = excluded.weekdays
""",
    weekdays=ARRAY(SmallInteger()),
)
_OUTAGE = sql("""
    INSERT INTO outages (began_at, ended_at, reason)
    VALUES (:since, :until, :reason)
    ON CONFLICT (began_at) DO UPDATE SET ended_at = greatest(outages.ended_at, excluded.ended_at)
""")
_OUTAGES = sql("""
    SELECT began_at, ended_at, reason FROM outages ORDER BY began_at DESC LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class Journey:
    """All that a streak is made of.

    Attributes:
        marks: the active days, oldest first.
        excuses: dates that may be missed.
        settings: zones and ends of the day in order of time; the last one holds now.
        gifts: the dates of freezes that were given.
        frozen: the dates that are stored as kept by a freeze.
        is_shown: whether the learner wants to see their streak.
    """

    marks: tuple[Mark, ...]
    excuses: Excuses
    settings: tuple[Setting, ...]
    gifts: tuple[date, ...]
    frozen: tuple[date, ...]
    is_shown: bool

    def mark_at(self, at: datetime) -> Mark:
        """The mark that work at an instant would make, after all that was done."""
        setting = in_force(self.settings, at)
        day = local_date(at, setting.timezone, setting.day_ends)
        if self.marks:
            day = max(day, self.marks[-1].day)
        return Mark(day, at, at, frozenset((setting.timezone,)))

    def streak(self, now: Mark) -> Streak:
        """The streak as it stands at a mark; never before the latest work."""
        newest = self.marks[-1] if self.marks and self.marks[-1].day > now.day else now
        return streak_of(self.marks, self.excuses, newest, self.gifts)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A streak that was derived and kept, and whether the learner wants to see it."""

    streak: Streak
    is_shown: bool


async def journey_of(conn: AsyncConnection, learner: UUID) -> Journey:
    """Read what a learner's streak follows from: the ledger, their choices, our outages."""
    marks = tuple(
        Mark(row.local_date, row.began, row.ended, frozenset(row.zones))
        for row in (await conn.execute(_MARKS, {"learner": learner})).all()
    )
    facts = (await conn.execute(_FACTS, {"learner": learner})).one()
    settings = (
        *(
            Setting(zone, time.fromisoformat(ends), until)
            for (zone, ends), until in zip(facts.earlier or (), facts.untils or (), strict=True)
        ),
        Setting(facts.timezone, facts.day_ends),
    )
    study_days = tuple(
        (date.fromisoformat(since), frozenset(map(int, weekdays)))
        for since, weekdays in facts.study_days or ()
    )
    outages = zip(facts.outages_began or (), facts.outages_ended or (), strict=True)
    return Journey(
        marks=marks,
        excuses=Excuses(study_days, dates_of(outages, settings)),
        settings=settings,
        gifts=tuple(facts.gifts or ()),
        frozen=tuple(facts.frozen or ()),
        is_shown=facts.is_shown,
    )


async def refresh_streak(conn: AsyncConnection, learner: UUID, now: Mark) -> Refreshed:
    """Derive the streak again and keep it, with the dates that freezes kept, as cache rows."""
    journey = await journey_of(conn, learner)
    streak = journey.streak(now)
    if streak.frozen != journey.frozen:
        await conn.execute(_FREEZE, {"learner": learner, "frozen": list(streak.frozen)})
    await conn.execute(
        _KEEP,
        {
            "learner": learner,
            "current": streak.current,
            "longest": streak.longest,
            "last": streak.last,
            "start": streak.start,
            "total": streak.total,
            "freezes": streak.freezes,
            "zone": journey.settings[-1].timezone,
        },
    )
    return Refreshed(streak, journey.is_shown)


async def remember_setting(conn: AsyncConnection, learner: UUID, now: datetime) -> None:
    """Call before a change of zone or of the day's end: work done before it keeps its date."""
    await conn.execute(_REMEMBER, {"learner": learner, "now": now})


async def choose_study_days(
    conn: AsyncConnection, learner: UUID, today: date, weekdays: frozenset[int]
) -> None:
    """From today on, only these weekdays (ISO, Monday is 1; at least one) are for learning.

    Whoever flew west since they chose last, to an earlier date, replaces that choice all the same.
    """
    values = {"learner": learner, "day": today, "weekdays": sorted(weekdays)}
    await conn.execute(_STUDY_DAYS, values)


async def record_outage(
    conn: AsyncConnection, since: datetime, until: datetime, reason: str
) -> None:
    """Record that learners could not reach us; as the worker. It costs nobody a day.

    The same beginning again (a watcher that looks twice) extends what was recorded.
    """
    await conn.execute(_OUTAGE, {"since": since, "until": until, "reason": reason[:200]})


async def outages(conn: AsyncConnection, most: int = 20) -> list[tuple[datetime, datetime, str]]:
    """The latest recorded outages, newest first: begin, end, reason."""
    rows = (await conn.execute(_OUTAGES, {"most": most})).all()
    return [(row.began_at, row.ended_at, row.reason) for row in rows]
