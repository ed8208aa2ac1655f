"""What models may cost and have cost, and what learners said about their words leaving."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import Id, Now, Stamp, Txt, at_least, length, one_of, ref
from domain.database import Base


class TutorHearts(Base):
    """When one learner has all hearts of one course again; one that is spent moves it on.

    `place` is the course, or the nil UUID for questions outside of any.
    """

    __tablename__ = "tutor_hearts"
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    place: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID | None] = ref("courses.id", "CASCADE")
    full_at: Mapped[Stamp]


class TutorReservation(Base):
    """What one question to a model may cost, from before it is asked until the bill is known."""

    __tablename__ = "tutor_reservations"
    __table_args__ = (
        *at_least(1, "tokens"),
        *at_least(0, "spent"),
        one_of("outcome", "settled", "refunded", "expired"),
        CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name="settled_at"),
        CheckConstraint("expires_at >= made_at", name="expires_at"),
        Index("ix_tutor_reservations_user", "user_id", "made_at"),
        Index(
            "ix_tutor_reservations_open",
            "day",
            "community_id",
            postgresql_where=text("settled_at IS NULL"),
        ),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False)
    course_id: Mapped[UUID | None] = ref("courses.id", "SET NULL")
    community_id: Mapped[UUID | None] = ref("communities.id", "SET NULL")
    day: Mapped[date]
    tokens: Mapped[int]
    spent: Mapped[int | None]
    outcome: Mapped[Txt | None]
    made_at: Mapped[Stamp]
    expires_at: Mapped[Stamp]
    settled_at: Mapped[Stamp | None]


class TutorUsage(Base):
    """Tokens that models took on one day (UTC): of one community, or of all (NULL)."""

    __tablename__ = "tutor_usage"
    __table_args__ = (
        *at_least(0, "tokens", "answers"),
        UniqueConstraint(
            "day", "community_id", name="uq_tutor_usage_day", postgresql_nulls_not_distinct=True
        ),
    )
    id: Mapped[Id]
    day: Mapped[date]
    community_id: Mapped[UUID | None] = ref("communities.id", "CASCADE")
    tokens: Mapped[int] = mapped_column(BigInteger, server_default="0")
    answers: Mapped[int] = mapped_column(server_default="0")


class TutorConsent(Base):
    """Whether one learner's words may go to one service.

    `trains`: the learner was told that the service may learn from them.
    """

    __tablename__ = "tutor_consents"
    __table_args__ = (length("destination", 1, 200),)
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    destination: Mapped[Txt] = mapped_column(primary_key=True)
    is_allowed: Mapped[bool]
    trains: Mapped[bool]
    decided_at: Mapped[Stamp]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
