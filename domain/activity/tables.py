"""What was done: enrollments, progress, sessions, the ledger, and certificates."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import (
    Id,
    Json,
    JsonOrNull,
    Now,
    Percentage,
    Stamp,
    Txt,
    at_least,
    between,
    length,
    one_of,
    ref,
    time_of_id,
)
from domain.database import Base


class Enrollment(Base):
    """One person in one course; counts are brought up to date with each finished component."""

    __tablename__ = "enrollments"
    __table_args__ = (
        one_of("status", "active", "completed", "dropped", "expired"),
        between("progress_percentage", 0, 100),
        *at_least(0, "completed_count", "total_count", "seconds_spent"),
        CheckConstraint("completed_count <= total_count", name="counts"),
        CheckConstraint("(status <> 'completed') OR (completed_at IS NOT NULL)", name="completed"),
        CheckConstraint("(status <> 'expired') OR (expires_at IS NOT NULL)", name="expired"),
        UniqueConstraint("user_id", "course_id", name="uq_enrollments_user_course"),
        UniqueConstraint("id", "user_id", "course_id", name="uq_enrollments_id_user_course"),
        Index("ix_enrollments_expiring", "expires_at", postgresql_where=text("status = 'active'")),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False)
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE")
    last_component_id: Mapped[UUID | None] = ref("components.id", "SET NULL")
    status: Mapped[Txt] = mapped_column(server_default="active")
    progress_percentage: Mapped[Percentage] = mapped_column(server_default="0")
    completed_count: Mapped[int] = mapped_column(server_default="0")
    total_count: Mapped[int] = mapped_column(server_default="0")
    seconds_spent: Mapped[int] = mapped_column(server_default="0")
    enrolled_at: Mapped[Now]
    expires_at: Mapped[Stamp | None]
    completed_at: Mapped[Stamp | None]
    dropped_at: Mapped[Stamp | None]
    updated_at: Mapped[Now]


class UserProgress(Base):
    """How far one person is with one component."""

    __tablename__ = "user_progress"
    __table_args__ = (
        one_of("status", "not_started", "in_progress", "completed"),
        between("progress_percentage", 0, 100),
        between("best_score", 0, 100),
        between("latest_score", 0, 100),
        *at_least(0, "total_attempts", "seconds_spent"),
        CheckConstraint(
            "(status = 'completed') = (first_completed_at IS NOT NULL)", name="first_completed_at"
        ),
        CheckConstraint("best_score >= latest_score", name="best"),
        Index(
            "ix_user_progress_board",
            "component_id",
            text("best_score DESC"),
            "first_completed_at",
            postgresql_where=text("status = 'completed'"),
        ),
    )
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    component_id: Mapped[UUID] = ref("components.id", "CASCADE", primary_key=True)
    status: Mapped[Txt] = mapped_column(server_default="not_started")
    progress_percentage: Mapped[Percentage] = mapped_column(server_default="0")
    last_position: Mapped[JsonOrNull]
    best_score: Mapped[Percentage | None]
    latest_score: Mapped[Percentage | None]
    total_attempts: Mapped[int] = mapped_column(server_default="0")
    seconds_spent: Mapped[int] = mapped_column(server_default="0")
    started_at: Mapped[Stamp | None]
    first_completed_at: Mapped[Stamp | None]
    last_attempt_at: Mapped[Stamp | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class Bookmark(Base):
    """One place that one person saved, with their note."""

    __tablename__ = "bookmarks"
    __table_args__ = (length("note", 0, 500),)
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    component_id: Mapped[UUID] = ref("components.id", "CASCADE", primary_key=True)
    position: Mapped[JsonOrNull]
    note: Mapped[Txt] = mapped_column(server_default="")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class LearningSession(Base):
    """One stretch of work without a pause of ten minutes; idle time is not in it."""

    __tablename__ = "learning_sessions"
    __table_args__ = (
        one_of("device_type", "discord", "telegram", "terminal"),
        *at_least(0, "duration_seconds", "interaction_count"),
        CheckConstraint("ended_at >= started_at", name="ended_at"),
        Index("ix_learning_sessions_user", "user_id", text("id DESC")),
        {"postgresql_partition_by": "RANGE (id)"},
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False)
    component_id: Mapped[UUID | None] = ref("components.id", "SET NULL")
    started_at: Mapped[Stamp]
    ended_at: Mapped[Stamp]
    duration_seconds: Mapped[int] = mapped_column(server_default="0")
    interaction_count: Mapped[int] = mapped_column(server_default="1")
    completion_achieved: Mapped[bool] = mapped_column(server_default="false")
    device_type: Mapped[Txt]
    session_data: Mapped[Json]
    created_at: Mapped[Stamp] = time_of_id()


class LedgerEntry(Base):
    """One finished piece of learning, or one reward for it (an achievement, a freeze).

    XP, streaks, goals and achievements all derive from these rows; `source` names the fact, so
    that it counts once.
    """

    __tablename__ = "activity_ledger"
    __table_args__ = (
        one_of(
            "kind",
            "lesson",
            "quiz",
            "challenge",
            "assignment",
            "cards",
            "freeze",
            "reward",
            "again",  # known already when two accounts were joined: a day of learning, no points
        ),
        length("source", 1, 200),
        *at_least(0, "xp", "seconds"),
        UniqueConstraint("user_id", "source", name="uq_activity_ledger_user_source"),
        Index(  # days are derived from it without reading the rows
            "ix_activity_ledger_days",
            "user_id",
            "local_date",
            postgresql_include=["occurred_at", "timezone", "kind"],
        ),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False)
    identity_id: Mapped[UUID | None] = ref("identities.id", "SET NULL")
    component_id: Mapped[UUID | None] = ref("components.id", "SET NULL")
    source: Mapped[Txt]
    kind: Mapped[Txt]
    xp: Mapped[int] = mapped_column(server_default="0")
    seconds: Mapped[int] = mapped_column(server_default="0")
    occurred_at: Mapped[Stamp]
    local_date: Mapped[date]
    timezone: Mapped[Txt]
    created_at: Mapped[Now]


class ActiveDay(Base):
    """One local date on which one person finished something, or spent a freeze."""

    __tablename__ = "active_days"
    __table_args__ = (
        *at_least(0, "finished", "xp", "seconds"),
        CheckConstraint("is_frozen OR (finished > 0)", name="reason"),
        Index("ix_active_days_date", "local_date"),
    )
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    local_date: Mapped[date] = mapped_column(primary_key=True)
    finished: Mapped[int] = mapped_column(server_default="0")
    xp: Mapped[int] = mapped_column(server_default="0")
    seconds: Mapped[int] = mapped_column(server_default="0")
    is_frozen: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class ActivityLogEntry(Base):
    """One thing somebody did, for support; it outlives the person without naming them."""

    __tablename__ = "activity_log"
    __table_args__ = (
        Index("ix_activity_log_user", "user_id", text("id DESC")),
        Index("ix_activity_log_resource", "resource_type", "resource_id"),
        length("activity_description", 0, 500),
        {"postgresql_partition_by": "RANGE (id)"},
    )
    id: Mapped[Id]
    user_id: Mapped[UUID | None] = ref("users.id", "SET NULL", index=False)
    activity_type: Mapped[Txt]
    activity_description: Mapped[Txt | None]
    resource_type: Mapped[Txt | None]
    resource_id: Mapped[UUID | None]
    metadata_: Mapped[JsonOrNull] = mapped_column("metadata")
    ip: Mapped[str | None] = mapped_column(INET)
    user_agent: Mapped[Txt | None]
    created_at: Mapped[Stamp] = time_of_id()


class Certificate(Base):
    """One certificate for one finished enrollment; at most one of them is valid."""

    __tablename__ = "certificates"
    __table_args__ = (
        ForeignKeyConstraint(
            ["enrollment_id", "user_id", "course_id"],
            ["enrollments.id", "enrollments.user_id", "enrollments.course_id"],
            name="fk_certificates_enrollment",
            ondelete="CASCADE",
            deferrable=True,
            initially="IMMEDIATE",
        ),
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason IS NULL)", name="revoked_reason"),
        UniqueConstraint("certificate_number", name="uq_certificates_number"),
        Index("ix_certificates_enrollment", "enrollment_id", "user_id", "course_id"),
        Index(
            "uq_certificates_valid",
            "enrollment_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )
    id: Mapped[Id]
    enrollment_id: Mapped[UUID]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE")
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE")
    certificate_number: Mapped[Txt]
    name_shown: Mapped[Txt]
    pdf_path: Mapped[Txt | None]
    completion_date: Mapped[Stamp]
    issued_at: Mapped[Now]
    revoked_at: Mapped[Stamp | None]
    revoked_reason: Mapped[Txt | None]
    revoked_by: Mapped[UUID | None] = ref("users.id", "SET NULL")
    is_revoked: Mapped[bool] = mapped_column(Computed("revoked_at IS NOT NULL", persisted=False))
