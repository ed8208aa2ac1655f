"""What was asked of the tutor and what it answered."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import (
    Id,
    JsonOrNull,
    Sealed,
    Stamp,
    Txt,
    at_least,
    between,
    one_of,
    ref,
    size,
    time_of_id,
)
from domain.database import Base
from domain.sealing import OVERHEAD
from domain.tutoring.budget_tables import (
    TutorConsent,
    TutorHearts,
    TutorReservation,
    TutorUsage,
)
from domain.tutoring.guidance_tables import PinnedAnswer, TutorGuidance, TutorReview
from domain.tutoring.passage_tables import Passage, PassageTerm

__all__ = [
    "AiInteraction",
    "Passage",
    "PassageTerm",
    "PinnedAnswer",
    "TutorConsent",
    "TutorGuidance",
    "TutorHearts",
    "TutorReservation",
    "TutorReview",
    "TutorRung",
    "TutorUsage",
]


class AiInteraction(Base):
    """One question to the tutor with its answer; the context holds no name and no platform id.

    What was said is in the `_sealed` columns, which only the application can read
    (`domain/sealing.py`); `user_message` and `ai_response` hold rows of before that wait for it.
    """

    __tablename__ = "ai_interactions"
    __table_args__ = (
        one_of("message_type", "question", "hint_request", "explanation", "code_review"),
        one_of("status", "open", "answered", "refused", "failed"),
        between("response_quality", 1, 5),
        between("level", 0, 5),
        *at_least(
            0,
            "processing_time_ms",
            "first_token_ms",
            "input_tokens",
            "output_tokens",
            "thought_tokens",
            "cached_tokens",
            "fence",
        ),
        CheckConstraint(
            "(status <> 'answered') OR (ai_response IS NOT NULL)"
            " OR (ai_response_sealed IS NOT NULL)",
            name="answered",
        ),
        size("user_message_sealed", OVERHEAD, 65_536),
        size("ai_response_sealed", OVERHEAD, 1_048_576),
        size("context_sealed", OVERHEAD, 1_048_576),
        CheckConstraint("(status <> 'open') OR (lease_until IS NOT NULL)", name="open"),
        Index("ix_ai_interactions_user", "user_id", text("id DESC")),
        Index("ix_ai_interactions_component", "component_id", "message_type"),
        {"postgresql_partition_by": "RANGE (id)"},
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False)
    component_id: Mapped[UUID | None] = ref("components.id", "SET NULL", index=False)
    attempt_id: Mapped[UUID | None]
    message_type: Mapped[Txt]
    status: Mapped[Txt] = mapped_column(server_default="answered")
    user_message: Mapped[Txt] = mapped_column(server_default="")
    ai_response: Mapped[Txt | None]
    context_data: Mapped[JsonOrNull]
    response_quality: Mapped[int | None] = mapped_column(SmallInteger)
    processing_time_ms: Mapped[int | None]
    provider: Mapped[Txt | None]
    model: Mapped[Txt | None]
    input_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    level: Mapped[int | None] = mapped_column(SmallInteger)
    thought_tokens: Mapped[int | None]
    cached_tokens: Mapped[int | None]
    first_token_ms: Mapped[int | None]
    leak_blocked: Mapped[bool] = mapped_column(server_default="false")
    fallback_reason: Mapped[Txt | None]
    finished_at: Mapped[Stamp | None]
    lease_until: Mapped[Stamp | None]
    fence: Mapped[int] = mapped_column(server_default="0")
    user_message_sealed: Mapped[Sealed | None]
    ai_response_sealed: Mapped[Sealed | None]
    context_sealed: Mapped[Sealed | None]
    created_at: Mapped[Stamp] = time_of_id()


class TutorRung(Base):
    """How far up the ladder of help one learner has come with one item; it never goes down."""

    __tablename__ = "tutor_rungs"
    __table_args__ = (between("level", 0, 4), *at_least(0, "submissions"))
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    component_id: Mapped[UUID] = ref("components.id", "CASCADE", primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger)
    submissions: Mapped[int]
    reached_at: Mapped[Stamp]
