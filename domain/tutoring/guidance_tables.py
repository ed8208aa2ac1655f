"""What instructors tell the tutor of their courses, and what they made of its answers."""

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import Id, Now, Txt, at_least, between, length, one_of, ref
from domain.database import Base


class TutorGuidance(Base):
    """How the tutor helps in one course, or (with `component_id`) with one item of it.

    `most_level` is the highest rung of the ladder; `notes` are trusted text for the prompt.
    """

    __tablename__ = "tutor_guidance"
    __table_args__ = (
        between("most_level", 0, 4),
        one_of("style", "questions", "balanced", "direct"),
        length("notes", 0, 4000),
        UniqueConstraint(
            "course_id",
            "component_id",
            name="uq_tutor_guidance_place",
            postgresql_nulls_not_distinct=True,
        ),
        ForeignKeyConstraint(
            ["component_id", "course_id"],
            ["components.id", "components.course_id"],
            name="fk_tutor_guidance_component",
            ondelete="CASCADE",
        ),
        Index("ix_tutor_guidance_component", "component_id", "course_id"),
    )
    id: Mapped[Id]
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", index=False)
    component_id: Mapped[UUID | None]
    most_level: Mapped[int | None]
    style: Mapped[Txt | None]
    notes: Mapped[Txt] = mapped_column(server_default="")
    updated_by: Mapped[UUID | None] = ref("users.id", "SET NULL")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class PinnedAnswer(Base):
    """An answer that an instructor keeps as a hint of its challenge, in their words.

    `position` is the hint's; null while the course is being published. No foreign key to the
    answer: it goes with its learner, the hint stays.
    """

    __tablename__ = "pinned_answers"
    __table_args__ = (
        length("text", 1, 1500),
        *at_least(0, "position"),
        UniqueConstraint("component_id", "interaction_id", name="uq_pinned_answers_interaction"),
        ForeignKeyConstraint(
            ["component_id", "position"],
            ["hints.component_id", "hints.position"],
            name="fk_pinned_answers_hint",
            ondelete='SET NULL ("position")',
        ),
        Index("ix_pinned_answers_hint", "component_id", "position"),
    )
    id: Mapped[Id]
    component_id: Mapped[UUID] = ref("challenges.component_id", "CASCADE", index=False)
    interaction_id: Mapped[UUID]
    text: Mapped[Txt]
    position: Mapped[int | None]
    pinned_by: Mapped[UUID | None] = ref("users.id", "SET NULL")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class TutorReview(Base):
    """An answer that an instructor has looked at, so that it leaves the queue."""

    __tablename__ = "tutor_reviews"
    __table_args__ = (one_of("outcome", "seen", "pinned"),)
    interaction_id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE")
    outcome: Mapped[Txt]
    reviewed_by: Mapped[UUID | None] = ref("users.id", "SET NULL")
    created_at: Mapped[Now]
