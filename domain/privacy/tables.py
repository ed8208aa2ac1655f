"""What people ask about their own data."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import Id, Now, Stamp, Txt, one_of, ref
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
