"""The daily goal: minutes of study, counted from the learner's sessions of today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.errors import N_, Refusal
from domain.sql import sql
from domain.zones import zone

LONGEST_GOAL = 1_440  # minutes of a day

_DAILY = sql("""
    SELECT s.daily_goal_minutes AS minutes, coalesce((
        SELECT sum(duration_seconds) FROM learning_sessions
        WHERE user_id = :learner AND id >= :floor AND started_at >= :since), 0)::int AS seconds
    FROM user_settings s WHERE s.user_id = :learner
""")
_CHOOSE = sql("""
    INSERT INTO user_settings (user_id, daily_goal_minutes)
    VALUES (:learner, CAST(:minutes AS int))
    ON CONFLICT (user_id) DO UPDATE SET daily_goal_minutes = excluded.daily_goal_minutes
""")


@dataclass(frozen=True, slots=True)
class Daily:
    """The minutes a learner wants to study on a day (None: not chosen), and today's seconds."""

    minutes: int | None
    seconds: int

    @property
    def minutes_left(self) -> int:
        """Whole minutes that are missing today; 0 when it is reached or there is no goal."""
        if self.minutes is None:
            return 0
        return max(0, -(-(self.minutes * 60 - self.seconds) // 60))


def day_begins(day: date, timezone: str, day_ends: time) -> datetime:
    """The instant at which a local date begins: the learner's hour on that date."""
    return datetime.combine(day, day_ends, tzinfo=zone(timezone))


async def daily_goal(
    conn: AsyncConnection, learner: UUID, today: date, timezone: str, day_ends: time
) -> Daily:
    """The daily goal and what was studied today: sessions that began since the day did."""
    since = day_begins(today, timezone, day_ends)
    floor = ids.uuid7(since - timedelta(hours=1), bytes(10))
    values = {"learner": learner, "since": since, "floor": floor}
    row = (await conn.execute(_DAILY, values)).one_or_none()
    return Daily(row.minutes, row.seconds) if row else Daily(None, 0)


async def choose_daily_goal(conn: AsyncConnection, learner: UUID, minutes: int | None) -> None:
    """Set or remove the daily goal.

    Raises:
        Refusal: not between 1 minute and a day.
    """
    if minutes is not None and not 1 <= minutes <= LONGEST_GOAL:
        raise Refusal(
            N_("A daily goal is 1 to {most} minutes. For example: /goal 20m"),
            {"most": LONGEST_GOAL},
            choices=("/goal 10m", "/goal 20m"),
        )
    await conn.execute(_CHOOSE, {"learner": learner, "minutes": minutes})
