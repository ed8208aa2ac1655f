"""Points and days, as they are shown."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.motivation.days import calendar
from domain.motivation.journey import Journey, journey_of
from domain.motivation.streaks import Streak
from domain.notifications.parts import Run
from domain.sql import sql

_TOTALS = sql("""
    SELECT xp, level, lessons_completed, quizzes_passed, challenges_solved, seconds_spent,
           cards_reviewed
    FROM user_stats WHERE user_id = :learner
""")

_FINISHED = sql("""
    SELECT local_date, finished FROM active_days
    WHERE user_id = :learner AND local_date >= :day AND finished > 0
""")
_PICTURES = sql("SELECT images FROM user_settings WHERE user_id = :learner")


@dataclass(frozen=True, slots=True)
class Totals:
    """A learner's sums over the ledger; times in seconds."""

    xp: int = 0
    level: int = 1
    lessons: int = 0
    quizzes: int = 0
    challenges: int = 0
    seconds: int = 0
    cards: int = 0


@dataclass(frozen=True, slots=True)
class Days:
    """A learner's days: the streak, today's local date, and what they follow from."""

    streak: Streak
    today: date
    journey: Journey

    @property
    def today_is_done(self) -> bool:
        """Whether something was finished today."""
        return self.streak.last == self.today

    @property
    def today_is_excused(self) -> bool:
        """Whether nothing need be finished today: a day off, or we could not be reached."""
        return self.journey.excuses.why(self.today) is not None

    @property
    def is_shown(self) -> bool:
        """Whether the learner wants to see their streak."""
        return self.journey.is_shown

    def recent(self, days: int) -> list[str]:
        """The last `days` dates, oldest first, as `days.calendar` names them."""
        active = (mark.day for mark in self.journey.marks)
        streak, excuses = self.streak, self.journey.excuses
        return calendar(active, streak.frozen, excuses, self.today, days, streak.flown)


async def totals(conn: AsyncConnection, learner: UUID) -> Totals:
    """Points, level and counts; zeros for somebody who has just begun."""
    row = (await conn.execute(_TOTALS, {"learner": learner})).one_or_none()
    return Totals(*row) if row else Totals()


async def days(conn: AsyncConnection, learner: UUID, now: datetime) -> Days:
    """The learner's days as they stand at an instant, derived from the ledger."""
    journey = await journey_of(conn, learner)
    mark = journey.mark_at(now)
    return Days(journey.streak(mark), mark.day, journey)


async def finished_since(conn: AsyncConnection, learner: UUID, first: date) -> dict[date, int]:
    """How many pieces of work were finished on each date from `first` on; dates with none lack."""
    rows = (await conn.execute(_FINISHED, {"learner": learner, "day": first})).all()
    return {row.local_date: row.finished for row in rows}


async def wants_pictures(conn: AsyncConnection, learner: UUID) -> bool:
    """Whether the learner wants pictures beside the words."""
    wanted = (await conn.execute(_PICTURES, {"learner": learner})).scalar_one_or_none()
    return wanted is not False


async def run_of(conn: AsyncConnection, learner: UUID, now: datetime) -> Run:
    """A streak as messages that are sent later need it, derived from the ledger."""
    streak = (await days(conn, learner, now)).streak
    return Run(streak.current, streak.freezes, streak.just_kept)
