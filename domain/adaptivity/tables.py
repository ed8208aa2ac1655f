"""The learner model: a normal belief about each ability and each difficulty, on the logit scale."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Double, Numeric, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import JsonList, Now, at_least, between, ref
from domain.database import Base

# From 0 to 1: the chance to solve an item of difficulty 0, and how much of the first variance
# (1.0) the evidence has taken away.
SKILL = "round((1::double precision / (1::double precision + exp(- ability_mean)))::numeric, 2)"
CONFIDENCE = (
    "round(GREATEST(0::double precision, 1::double precision - ability_variance)::numeric, 2)"
)


class AdaptiveState(Base):
    """What is believed about one person's ability in one course."""

    __tablename__ = "adaptive_state"
    __table_args__ = (
        between("ability_mean", -20, 20),
        CheckConstraint("ability_variance > 0", name="ability_variance"),
        between("next_difficulty", 1, 5),
        *at_least(0, "observations"),
        CheckConstraint("jsonb_typeof(performance_trend) = 'array'", name="performance_trend"),
    )
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", primary_key=True)
    ability_mean: Mapped[float] = mapped_column(Double, server_default="0")
    ability_variance: Mapped[float] = mapped_column(Double, server_default="1")
    observations: Mapped[int] = mapped_column(server_default="0")
    performance_trend: Mapped[JsonList]
    next_difficulty: Mapped[int | None] = mapped_column(SmallInteger)
    current_skill_level: Mapped[Decimal] = mapped_column(
        Numeric(3, 2), Computed(SKILL, persisted=False)
    )
    confidence_score: Mapped[Decimal] = mapped_column(
        Numeric(3, 2), Computed(CONFIDENCE, persisted=False)
    )
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class ItemDifficulty(Base):
    """What is believed about how hard one component is."""

    __tablename__ = "item_difficulties"
    __table_args__ = (
        between("difficulty_mean", -20, 20),
        CheckConstraint("difficulty_variance > 0", name="difficulty_variance"),
        *at_least(0, "observations"),
    )
    component_id: Mapped[UUID] = ref("components.id", "CASCADE", index=False, primary_key=True)
    difficulty_mean: Mapped[float] = mapped_column(Double, server_default="0")
    difficulty_variance: Mapped[float] = mapped_column(Double, server_default="1")
    observations: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
