"""What was asked of the tutor and what it answered."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import Id, JsonOrNull, Stamp, Txt, at_least, between, one_of, ref, time_of_id
from domain.database import Base


class AiInteraction(Base):
    """One question to the tutor with its answer; the context holds no name and no platform id."""

    __tablename__ = "ai_interactions"
    __table_args__ = (
        one_of("message_type", "question", "hint_request", "explanation", "code_review"),
        one_of("status", "answered", "refused", "failed"),
        between("response_quality", 1, 5),
        *at_least(0, "processing_time_ms", "input_tokens", "output_tokens"),
        CheckConstraint("(status <> 'answered') OR (ai_response IS NOT NULL)", name="answered"),
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
    user_message: Mapped[Txt]
    ai_response: Mapped[Txt | None]
    context_data: Mapped[JsonOrNull]
    response_quality: Mapped[int | None] = mapped_column(SmallInteger)
    processing_time_ms: Mapped[int | None]
    provider: Mapped[Txt | None]
    model: Mapped[Txt | None]
    input_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    created_at: Mapped[Stamp] = time_of_id()
