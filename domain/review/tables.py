"""Flashcards: decks, cards, and what each person remembers."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    Double,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import (
    Id,
    JsonOrNull,
    Now,
    Stamp,
    Txt,
    Words,
    at_least,
    between,
    length,
    one_of,
    ref,
    time_of_id,
)
from domain.database import Base

# Stability is the number of days after which nine in ten cards are still known.
MASTERY = """\
CASE WHEN stability IS NULL THEN 0 WHEN stability < 2 THEN 1 WHEN stability < 7 THEN 2 \
WHEN stability < 21 THEN 3 WHEN stability < 90 THEN 4 ELSE 5 END"""


class FlashcardSet(Base):
    """One deck: of a course (its id is then the component's), or a person's own."""

    __tablename__ = "flashcard_sets"
    __table_args__ = (
        CheckConstraint("num_nonnulls(component_id, owner_id) = 1", name="belongs"),
        CheckConstraint("component_id = id", name="component"),
        length("title", 1, 200),
        UniqueConstraint("component_id", name="uq_flashcard_sets_component"),
    )
    id: Mapped[Id]
    component_id: Mapped[UUID | None] = ref("components.id", "CASCADE", index=False)
    owner_id: Mapped[UUID | None] = ref("users.id", "CASCADE")
    title: Mapped[Txt]
    description: Mapped[Txt] = mapped_column(server_default="")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    deleted_at: Mapped[Stamp | None]


class Flashcard(Base):
    """One card; `key` stays the same when its text or place changes."""

    __tablename__ = "flashcards"
    __table_args__ = (
        length("front", 1, 1000),
        length("back", 1, 1000),
        *at_least(0, "position"),
        UniqueConstraint("set_id", "key", name="uq_flashcards_set_key"),
    )
    id: Mapped[Id]
    set_id: Mapped[UUID] = ref("flashcard_sets.id", "CASCADE", index=False)
    key: Mapped[Txt]
    front: Mapped[Txt]
    back: Mapped[Txt]
    tags: Mapped[Words]
    position: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    deleted_at: Mapped[Stamp | None]


class FlashcardProgress(Base):
    """What one person remembers of one card (FSRS); mastery 0 to 5 is read from stability."""

    __tablename__ = "flashcard_progress"
    __table_args__ = (
        one_of("state", "learning", "review", "relearning"),
        *at_least(0, "step", "reps", "lapses"),
        CheckConstraint("stability > 0", name="stability"),
        between("difficulty", 1, 10),
        Index("ix_flashcard_progress_due", "user_id", "due_at"),
    )
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    card_id: Mapped[UUID] = ref("flashcards.id", "CASCADE", primary_key=True)
    state: Mapped[Txt] = mapped_column(server_default="learning")
    step: Mapped[int | None]
    stability: Mapped[float | None] = mapped_column(Double)
    difficulty: Mapped[float | None] = mapped_column(Double)
    due_at: Mapped[Stamp]
    last_review_at: Mapped[Stamp | None]
    reps: Mapped[int] = mapped_column(server_default="0")
    lapses: Mapped[int] = mapped_column(server_default="0")
    resting_until: Mapped[Stamp | None]  # put aside; `due_at` stays the scheduler's
    mastery: Mapped[int] = mapped_column(SmallInteger, Computed(MASTERY, persisted=False))
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class FlashcardReview(Base):
    """One look at one card and how well it was known.

    `is_first` marks the card's first look on that local date: what counts as a card, not a repeat.
    """

    __tablename__ = "flashcard_reviews"
    __table_args__ = (
        between("rating", 1, 4),
        *at_least(0, "duration_ms"),
        Index("ix_flashcard_reviews_user", "user_id", text("id DESC")),
        {"postgresql_partition_by": "RANGE (id)"},
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False)
    card_id: Mapped[UUID] = ref("flashcards.id", "CASCADE")
    rating: Mapped[int] = mapped_column(SmallInteger)
    state_before: Mapped[JsonOrNull]
    duration_ms: Mapped[int | None]
    reviewed_at: Mapped[Stamp]
    local_date: Mapped[date | None]
    is_first: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[Stamp] = time_of_id()
