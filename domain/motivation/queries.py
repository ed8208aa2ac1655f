"""Points and days, as they are shown."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.motivation.days import Mark, Streak, calendar, local_date, moment, streak_of
from domain.motivation.service import kept_of, marks_of
from domain.sql import sql

_TOTALS = sql("""
    SELECT xp, level, lessons_completed, quizzes_passed, challenges_solved, seconds_spent
    FROM user_stats WHERE user_id = :learner
""")


@dataclass(frozen=True, slots=True)
class Totals:
    """A learner's sums over the ledger; times in seconds."""

    xp: int = 0
    level: int = 1
    lessons: int = 0
    quizzes: int = 0
    challenges: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Days:
    """A learner's days: the streak, today's local date, and the last days in words."""

    streak: Streak
    today: date
    marks: tuple[Mark, ...]
    kept: tuple[date, ...]

    @property
    def today_is_done(self) -> bool:
        """Whether something was finished today."""
        return self.streak.last == self.today

    def recent(self, days: int) -> list[str]:
        """The last `days` dates, oldest first, as `days.calendar` names them."""
        return calendar(self.marks, self.kept, self.today, days)


async def totals(conn: AsyncConnection, learner: UUID) -> Totals:
    """Points, level and counts; zeros for somebody who has just begun."""
    row = (await conn.execute(_TOTALS, {"learner": learner})).one_or_none()
    return Totals(*row) if row else Totals()


async def days(
    conn: AsyncConnection, learner: UUID, now: datetime, timezone: str, day_ends: time
) -> Days:
    """The learner's days as they stand at an instant, derived from the ledger."""
    marks = await marks_of(conn, learner)
    kept = await kept_of(conn, learner)
    today = local_date(now, timezone, day_ends)
    if marks:
        today = max(today, marks[-1].day)
    streak = streak_of(marks, kept, moment(today, now, timezone))
    return Days(streak, today, tuple(marks), kept)
