"""Numbers over many learners: events, daily roll-ups, measurements of the system itself."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import (
    Id,
    Json,
    Now,
    Percentage,
    Points,
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


class AnalyticsEvent(Base):
    """One bout of work on one component, as numbers about behaviour. Shown only in groups."""

    __tablename__ = "analytics_events"
    __table_args__ = (
        *at_least(0, "duration_seconds", "errors_made", "help_requests"),
        between("completion_rate", 0, 100),
        between("code_quality_score", 0, 100),
        one_of("engagement_level", "low", "medium", "high"),
        Index("ix_analytics_events_user", "user_id", "component_id", text("id DESC")),
        {"postgresql_partition_by": "RANGE (id)"},
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False)
    component_id: Mapped[UUID | None] = ref("components.id", "SET NULL")
    duration_seconds: Mapped[int] = mapped_column(server_default="0")
    errors_made: Mapped[int] = mapped_column(server_default="0")
    help_requests: Mapped[int] = mapped_column(server_default="0")
    completion_rate: Mapped[Percentage | None]
    code_quality_score: Mapped[int | None] = mapped_column(SmallInteger)
    engagement_level: Mapped[Txt | None]
    created_at: Mapped[Stamp] = time_of_id()


class ComponentDaily(Base):
    """What happened on one component on one day (UTC), over all learners."""

    __tablename__ = "component_daily"
    __table_args__ = (
        *at_least(0, "views", "unique_users", "completions", "average_seconds"),
        between("average_score", 0, 100),
        CheckConstraint("unique_users <= views", name="unique_users_views"),
        Index("ix_component_daily_day", "day"),
    )
    component_id: Mapped[UUID] = ref("components.id", "CASCADE", index=False, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    views: Mapped[int] = mapped_column(server_default="0")
    unique_users: Mapped[int] = mapped_column(server_default="0")
    completions: Mapped[int] = mapped_column(server_default="0")
    average_seconds: Mapped[Points | None]
    average_score: Mapped[Percentage | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class PerformanceMetric(Base):
    """One measurement of the system, such as how long a command took."""

    __tablename__ = "performance_metrics"
    __table_args__ = (
        length("metric_name", 1, 100),
        Index("ix_performance_metrics_name", "metric_name", text("id DESC")),
        {"postgresql_partition_by": "RANGE (id)"},
    )
    id: Mapped[Id]
    metric_type: Mapped[Txt]
    metric_name: Mapped[Txt]
    metric_value: Mapped[Decimal] = mapped_column(Numeric)
    unit: Mapped[Txt | None]
    tags: Mapped[Json]
    measured_at: Mapped[Stamp]
    created_at: Mapped[Stamp] = time_of_id()
