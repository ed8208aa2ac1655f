"""What people ask about their own data, and which keys their sealed texts need."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import Id, Now, Sealed, Stamp, Txt, one_of, ref, size
from domain.database import Base


class DataRequest(Base):
    """One wish of one person: all their data in a file, or all of it erased."""

    __tablename__ = "data_requests"
    __table_args__ = (
        one_of("kind", "export", "erasure"),
        one_of("status", "pending", "running", "done", "failed", "cancelled"),
        CheckConstraint(
            "(status IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)",
            name="finished_at",
        ),
        Index(
            "uq_data_requests_one_open",
            "user_id",
            "kind",
            unique=True,
            postgresql_where=text("status IN ('pending', 'running')"),
        ),
        Index("ix_data_requests_due", "due_at", postgresql_where=text("status = 'pending'")),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE")
    kind: Mapped[Txt]
    status: Mapped[Txt] = mapped_column(server_default="pending")
    due_at: Mapped[Stamp]
    finished_at: Mapped[Stamp | None]
    file_path: Mapped[Txt | None]
    file_expires_at: Mapped[Stamp | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class SealKey(Base):
    """One secret key that texts are sealed with: its id, and a sentence sealed with it to try.

    `sealed_all_at` is set once no text needs another key, and none is plain any more. The key
    itself is not stored.
    """

    __tablename__ = "seal_keys"
    __table_args__ = (size("proof", 32, 256),)
    id: Mapped[Txt] = mapped_column(primary_key=True)
    proof: Mapped[Sealed]
    sealed_all_at: Mapped[Stamp | None]
    created_at: Mapped[Now]
