"""What is derived from the ledger to keep people going: streaks, totals, goals, achievements."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import Id, Json, Now, Stamp, Txt, at_least, between, length, one_of, ref
from domain.database import Base


class Streak(Base):
    """One person's run of active days, as `active_days` gives it: a cache, rebuilt at will."""

    __tablename__ = "streaks"
    __table_args__ = (
        *at_least(0, "current_streak", "longest_streak", "total_active_days", "freezes_left"),
        CheckConstraint("longest_streak >= current_streak", name="longest"),
        CheckConstraint("streak_start_date <= last_activity_date", name="dates"),
    )
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    current_streak: Mapped[int] = mapped_column(server_default="0")
    longest_streak: Mapped[int] = mapped_column(server_default="0")
    last_activity_date: Mapped[date | None]
    streak_start_date: Mapped[date | None]
    total_active_days: Mapped[int] = mapped_column(server_default="0")
    freezes_left: Mapped[int] = mapped_column(server_default="0")
    timezone: Mapped[Txt] = mapped_column(server_default="UTC")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class UserStats(Base):
    """One person's totals over the ledger, so that a board need not add them up."""

    __tablename__ = "user_stats"
    __table_args__ = (
        *at_least(0, "xp", "week_xp", "seconds_spent"),
        *at_least(0, "lessons_completed", "quizzes_passed", "challenges_solved", "cards_reviewed"),
        *at_least(1, "level"),
        Index("ix_user_stats_xp", text("xp DESC")),
        Index("ix_user_stats_week", "week_start", text("week_xp DESC")),
    )
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    xp: Mapped[int] = mapped_column(server_default="0")
    level: Mapped[int] = mapped_column(server_default="1")
    week_start: Mapped[date | None]
    week_xp: Mapped[int] = mapped_column(server_default="0")
    lessons_completed: Mapped[int] = mapped_column(server_default="0")
    quizzes_passed: Mapped[int] = mapped_column(server_default="0")
    challenges_solved: Mapped[int] = mapped_column(server_default="0")
    cards_reviewed: Mapped[int] = mapped_column(server_default="0")
    seconds_spent: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class StudyGoal(Base):
    """One goal a person set themselves: so much of a metric by a date."""

    __tablename__ = "study_goals"
    __table_args__ = (
        one_of("goal_type", "daily", "weekly", "custom"),
        one_of("metric", "minutes", "xp", "lessons", "quizzes", "challenges", "cards", "days"),
        one_of("status", "active", "completed", "dropped", "missed"),
        length("title", 1, 200),
        *at_least(0, "current_value"),
        *at_least(1, "target_value"),
        CheckConstraint("target_date >= start_date", name="target_date"),
        CheckConstraint("(status = 'completed') = (completed_date IS NOT NULL)", name="completed"),
        Index("ix_study_goals_active", "user_id", postgresql_where=text("status = 'active'")),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE")
    goal_type: Mapped[Txt] = mapped_column(server_default="custom")
    title: Mapped[Txt]
    metric: Mapped[Txt]
    target_value: Mapped[int]
    current_value: Mapped[int] = mapped_column(server_default="0")
    start_date: Mapped[date]
    target_date: Mapped[date | None]
    completed_date: Mapped[date | None]
    status: Mapped[Txt] = mapped_column(server_default="active")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class Achievement(Base):
    """One badge that can be earned, and by what."""

    __tablename__ = "achievements"
    __table_args__ = (
        one_of("rarity", "common", "uncommon", "rare", "epic", "legendary"),
        *at_least(0, "points"),
        between("freezes", 0, 2),
        CheckConstraint("jsonb_typeof(criteria) = 'object'", name="criteria"),
        UniqueConstraint("code", name="uq_achievements_code"),
    )
    id: Mapped[Id]
    code: Mapped[Txt]
    achievement_type: Mapped[Txt]
    name: Mapped[Txt]
    description: Mapped[Txt] = mapped_column(server_default="")
    criteria: Mapped[Json]
    points: Mapped[int] = mapped_column(server_default="0")
    freezes: Mapped[int] = mapped_column(server_default="0")
    rarity: Mapped[Txt] = mapped_column(server_default="common")
    is_active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class UserAchievement(Base):
    """How near one person is to one badge, and when they earned it."""

    __tablename__ = "user_achievements"
    __table_args__ = at_least(0, "progress_level")
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    achievement_id: Mapped[UUID] = ref("achievements.id", "CASCADE", primary_key=True)
    progress_level: Mapped[int] = mapped_column(server_default="0")
    progress_data: Mapped[Json]
    earned_at: Mapped[Stamp | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class StudyDays(Base):
    """The weekdays (ISO, Monday is 1) that one person learns on, from one local date on."""

    __tablename__ = "study_days"
    __table_args__ = (
        CheckConstraint(
            "(cardinality(weekdays) > 0) AND (weekdays <@ '{1,2,3,4,5,6,7}'::smallint[])",
            name="weekdays",
        ),
    )
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    weekdays: Mapped[list[int]] = mapped_column(
        ARRAY(SmallInteger), server_default="{1,2,3,4,5,6,7}"
    )
    created_at: Mapped[Now]


class DaySettings(Base):
    """The zone and the end of the day that one person had up to an instant.

    What holds now is in `user_profiles` and `user_settings`. Work that is graded late belongs to
    the date it had where it was handed in.
    """

    __tablename__ = "day_settings"
    __table_args__ = (
        CheckConstraint("day_ends <= '06:00'", name="day_ends"),
        UniqueConstraint("user_id", "until", name="uq_day_settings_user_until"),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False)
    until: Mapped[Stamp]
    timezone: Mapped[Txt]
    day_ends: Mapped[time] = mapped_column(server_default="03:00")
    created_at: Mapped[Now]


class Outage(Base):
    """One stretch of time in which learners could not reach us: it costs nobody a day."""

    __tablename__ = "outages"
    __table_args__ = (
        CheckConstraint("ended_at > began_at", name="ended_at"),
        length("reason", 1, 200),
        UniqueConstraint("began_at", name="uq_outages_began_at"),
    )
    id: Mapped[Id]
    began_at: Mapped[Stamp]
    ended_at: Mapped[Stamp] = mapped_column(index=True)
    reason: Mapped[Txt]
    created_at: Mapped[Now]
