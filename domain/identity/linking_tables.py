"""The joining of two accounts, what it moved, and codes that were given out (only hashes)."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import Id, Json, Now, Stamp, Txt, at_least, one_of, ref
from domain.database import Base


class AccountLink(Base):
    """One joining of two accounts, from the code on; `user_id` is the learner that remains.

    `absorbed_id` names the learner that joined. Its row is gone until the accounts are parted.
    """

    __tablename__ = "account_links"
    __table_args__ = (
        one_of("status", "open", "claimed", "confirmed", "joined", "parted", "cancelled"),
        CheckConstraint(
            "(status IN ('open', 'cancelled')) OR (joining_id IS NOT NULL)", name="joining"
        ),
        CheckConstraint(
            "(status IN ('joined', 'parted')) = (num_nulls(absorbed_id, joined_at, merged_at) = 0)",
            name="joined",
        ),
        CheckConstraint("(status = 'parted') = (parted_at IS NOT NULL)", name="parted"),
        Index(
            "uq_account_links_one_live",
            "user_id",
            unique=True,
            postgresql_where=text("status IN ('open', 'claimed', 'confirmed')"),
        ),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE")
    identity_id: Mapped[UUID] = ref("identities.id", "CASCADE")
    joining_id: Mapped[UUID | None] = ref("identities.id", "CASCADE")
    absorbed_id: Mapped[UUID | None]
    status: Mapped[Txt] = mapped_column(server_default="open")
    expires_at: Mapped[Stamp]
    joined_at: Mapped[Stamp | None]
    merged_at: Mapped[Stamp | None]  # by the database's clock, as `updated_at` is
    parted_at: Mapped[Stamp | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class LinkRow(Base):
    """What one row was when two learners were joined, so that they can be parted again.

    "moved": the key of a row that changed hands; "kept": a whole row of the learner that joined;
    "aside": one that the other learner had already; "before": the other learner's own.
    """

    __tablename__ = "link_rows"
    __table_args__ = (
        one_of("kind", "moved", "kept", "aside", "before"),
        Index("ix_link_rows_link_id", "link_id", "table_name", "kind"),
    )
    id: Mapped[Id]
    link_id: Mapped[UUID] = ref("account_links.id", "CASCADE", index=False)
    table_name: Mapped[Txt]
    column_name: Mapped[Txt]
    kind: Mapped[Txt]
    content: Mapped[Json]
    created_at: Mapped[Now]


class OneTimeToken(Base):
    """One code that was given out (to link an account, to verify an e-mail); only its hash."""

    __tablename__ = "one_time_tokens"
    __table_args__ = (
        one_of("purpose", "link", "email", "download"),
        *at_least(0, "attempts"),
        UniqueConstraint("purpose", "token_hash", name="uq_one_time_tokens_purpose_hash"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE")
    purpose: Mapped[Txt]
    token_hash: Mapped[bytes]
    payload: Mapped[Json]
    attempts: Mapped[int] = mapped_column(server_default="0")
    expires_at: Mapped[Stamp]
    used_at: Mapped[Stamp | None]
    created_at: Mapped[Now]
