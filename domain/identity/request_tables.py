"""What requests need and leave behind: limits, dialogues, receipts, tokens, the audit log."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import (
    Id,
    Json,
    JsonOrNull,
    Now,
    Points,
    Stamp,
    Txt,
    at_least,
    length,
    one_of,
    ref,
    time_of_id,
)
from domain.database import Base


class AuthSession(Base):
    """One token that was issued to a program of the person; only its hash is stored."""

    __tablename__ = "auth_sessions"
    __table_args__ = (
        UniqueConstraint("jti", name="uq_auth_sessions_jti"),
        UniqueConstraint("token_hash", name="uq_auth_sessions_token_hash"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),
        length("user_agent", 0, 255),
        length("ip", 0, 45),
        Index("ix_auth_sessions_live", "user_id", postgresql_where=text("revoked_at IS NULL")),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE")
    jti: Mapped[UUID]
    token_hash: Mapped[bytes]
    user_agent: Mapped[Txt | None]
    ip: Mapped[Txt | None]
    expires_at: Mapped[Stamp]
    revoked_at: Mapped[Stamp | None]
    created_at: Mapped[Now]


class RateLimit(Base):
    """One token bucket: how much of an action is left to somebody."""

    __tablename__ = "rate_limits"
    __table_args__ = (
        one_of("scope", "identity", "place", "platform"),
        CheckConstraint("tokens >= 0", name="tokens"),
    )
    scope: Mapped[Txt] = mapped_column(primary_key=True)
    subject: Mapped[Txt] = mapped_column(primary_key=True)
    action: Mapped[Txt] = mapped_column(primary_key=True)
    tokens: Mapped[Points]
    refilled_at: Mapped[Stamp] = mapped_column(index=True)


class Conversation(Base):
    """What the next typed text of one account in one chat answers; `version` guards writes."""

    __tablename__ = "conversations"
    __table_args__ = at_least(0, "version")
    identity_id: Mapped[UUID] = ref("identities.id", "CASCADE", index=False, primary_key=True)
    place_id: Mapped[Txt] = mapped_column(primary_key=True)
    state: Mapped[Json]
    version: Mapped[int] = mapped_column(server_default="0")
    expires_at: Mapped[Stamp | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class Receipt(Base):
    """What one event of an account was answered, written with what the event changed.

    The same event, delivered again, finds its row and changes nothing. Kept for as long as a
    platform may deliver an event again.
    """

    __tablename__ = "receipts"
    identity_id: Mapped[UUID] = ref("identities.id", "CASCADE", index=False, primary_key=True)
    event_id: Mapped[Txt] = mapped_column(primary_key=True)
    reply: Mapped[Json]
    created_at: Mapped[Now]


class AuditEntry(Base):
    """One sensitive thing that was done: by whom, to what. The app may only add rows."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_target", "target_type", "target_id", "id"),
        {"postgresql_partition_by": "RANGE (id)"},
    )
    id: Mapped[Id]
    actor_id: Mapped[UUID | None] = ref("users.id", "SET NULL")
    actor_hash: Mapped[Txt | None]
    action: Mapped[Txt]
    target_type: Mapped[Txt]
    target_id: Mapped[UUID | None]
    reason: Mapped[Txt | None]
    details: Mapped[JsonOrNull]
    created_at: Mapped[Stamp] = time_of_id()
