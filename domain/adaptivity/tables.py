"""The learner model: beliefs about abilities and difficulties, and what they were learned from.

Beliefs are normal, in logits; see domain/adaptivity/model.py.
"""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Double, Index, Numeric, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import JsonList, Now, Stamp, Txt, at_least, between, length, ref
from domain.database import Base

# From 0 to 1: the chance to solve an item of difficulty 0, and how much of the first doubt
# (a variance of 0.6, see model.ABILITY) the evidence has taken away.
SKILL = "round((1::double precision / (1::double precision + exp(- ability_mean)))::numeric, 2)"
CONFIDENCE = (
    "round(GREATEST(0::double precision, 1::double precision"
    " - sqrt(ability_variance / 0.6::double precision))::numeric, 2)"
)


class AdaptiveState(Base):
    """What is believed about one person's ability in one course.

    `performance_trend` holds the latest answers as [share, chance that was expected];
    `suggested_mean` is how hard the task is, in logits, that was suggested last.
    """

    __tablename__ = "adaptive_state"
    __table_args__ = (
        between("ability_mean", -20, 20),
        CheckConstraint("ability_variance > 0", name="ability_variance"),
        between("next_difficulty", 1, 5),
        between("suggested_mean", -1000, 1000),
        *at_least(0, "observations"),
        CheckConstraint("jsonb_typeof(performance_trend) = 'array'", name="performance_trend"),
    )
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", primary_key=True)
    ability_mean: Mapped[float] = mapped_column(Double, server_default="0")
    ability_variance: Mapped[float] = mapped_column(Double, server_default="0.6")
    observations: Mapped[int] = mapped_column(server_default="0")
    performance_trend: Mapped[JsonList]
    next_difficulty: Mapped[int | None] = mapped_column(SmallInteger)
    suggested_mean: Mapped[float | None] = mapped_column(Double)
    current_skill_level: Mapped[Decimal] = mapped_column(
        Numeric(3, 2), Computed(SKILL, persisted=False)
    )
    confidence_score: Mapped[Decimal] = mapped_column(
        Numeric(3, 2), Computed(CONFIDENCE, persisted=False)
    )
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class SkillAbility(Base):
    """What is believed about one person in one skill, beside their ability in the course.

    `skill` is "field:CODE" of the author's field, or "unit:KEY" where tasks have none.
    """

    __tablename__ = "skill_abilities"
    __table_args__ = (
        length("skill", 1, 200),
        between("ability_mean", -20, 20),
        CheckConstraint("ability_variance > 0", name="ability_variance"),
        *at_least(0, "rights", "wrongs", "observations"),
    )
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", primary_key=True)
    skill: Mapped[Txt] = mapped_column(primary_key=True)
    ability_mean: Mapped[float] = mapped_column(Double, server_default="0")
    ability_variance: Mapped[float] = mapped_column(Double, server_default="0.4")
    rights: Mapped[float] = mapped_column(Double, server_default="0")
    wrongs: Mapped[float] = mapped_column(Double, server_default="0")
    observations: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class SkillDifficulty(Base):
    """What is believed about one skill, over all learners: difficulty, and what practice brings."""

    __tablename__ = "skill_difficulties"
    __table_args__ = (
        length("skill", 1, 200),
        between("difficulty_mean", -20, 20),
        between("right_mean", -20, 20),
        between("wrong_mean", -20, 20),
        CheckConstraint("difficulty_variance > 0", name="difficulty_variance"),
        CheckConstraint("right_variance > 0", name="right_variance"),
        CheckConstraint("wrong_variance > 0", name="wrong_variance"),
        *at_least(0, "observations"),
    )
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", index=False, primary_key=True)
    skill: Mapped[Txt] = mapped_column(primary_key=True)
    difficulty_mean: Mapped[float] = mapped_column(Double)
    difficulty_variance: Mapped[float] = mapped_column(Double)
    right_mean: Mapped[float] = mapped_column(Double)
    right_variance: Mapped[float] = mapped_column(Double)
    wrong_mean: Mapped[float] = mapped_column(Double)
    wrong_variance: Mapped[float] = mapped_column(Double)
    observations: Mapped[int] = mapped_column(server_default="0")
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


class QuestionDifficulty(Base):
    """What is believed about how hard one question is."""

    __tablename__ = "question_difficulties"
    __table_args__ = (
        between("difficulty_mean", -20, 20),
        CheckConstraint("difficulty_variance > 0", name="difficulty_variance"),
        *at_least(0, "observations"),
    )
    question_id: Mapped[UUID] = ref("question_bank.id", "CASCADE", index=False, primary_key=True)
    difficulty_mean: Mapped[float] = mapped_column(Double)
    difficulty_variance: Mapped[float] = mapped_column(Double)
    observations: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class SkillEvidence(Base):
    """One answer that was learned from: a person's first one to a question or a challenge.

    `item_id` is the question's id, or the challenge's. What was believed at the time is kept, so
    that each side can be derived again without the other: `turn` is the order in which the
    learner's side learned, `learned_as` the order in which the items' side did, NULL until then.
    """

    __tablename__ = "skill_evidence"
    __table_args__ = (
        CheckConstraint("item_id = coalesce(question_id, component_id)", name="item_id"),
        length("skill", 1, 200),
        between("share", 0, 1),
        between("expected", 0, 1),
        between("ability_mean", -100, 100),
        between("task_mean", -1000, 1000),
        CheckConstraint("ability_variance > 0", name="ability_variance"),
        CheckConstraint("task_variance > 0", name="task_variance"),
        *at_least(0, "position", "turn", "rights", "wrongs", "learned_as"),
        Index("ix_skill_evidence_course", "course_id", "user_id", "turn"),
        Index(
            "ix_skill_evidence_waiting",
            "occurred_at",
            postgresql_where=text("learned_as IS NULL"),
        ),
        Index(
            "uq_skill_evidence_learned_as",
            "learned_as",
            unique=True,
            postgresql_where=text("learned_as IS NOT NULL"),
        ),
    )
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", index=False)
    component_id: Mapped[UUID] = ref("components.id", "CASCADE")
    question_id: Mapped[UUID | None] = ref("question_bank.id", "CASCADE")
    attempt_id: Mapped[UUID]
    skill: Mapped[Txt]
    position: Mapped[int] = mapped_column(server_default="0")
    share: Mapped[float] = mapped_column(Double)
    helped: Mapped[bool] = mapped_column(server_default="false")
    occurred_at: Mapped[Stamp]
    turn: Mapped[int | None]
    expected: Mapped[float | None] = mapped_column(Double)
    ability_mean: Mapped[float | None] = mapped_column(Double)
    ability_variance: Mapped[float | None] = mapped_column(Double)
    task_mean: Mapped[float | None] = mapped_column(Double)
    task_variance: Mapped[float | None] = mapped_column(Double)
    rights: Mapped[float | None] = mapped_column(Double)
    wrongs: Mapped[float | None] = mapped_column(Double)
    learned_as: Mapped[int | None]
    created_at: Mapped[Now]
