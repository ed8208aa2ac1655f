"""Making courses together: who may, what is proposed, what was uploaded."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import Id, Json, Now, Stamp, Txt, at_least, between, length, one_of, ref
from domain.database import Base


class CourseCollaborator(Base):
    """One person who helps with one course. Editors edit and preview; owners also publish."""

    __tablename__ = "course_collaborators"
    __table_args__ = (one_of("role", "owner", "editor"),)
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", index=False, primary_key=True)
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", primary_key=True)
    role: Mapped[Txt] = mapped_column(server_default="editor")
    invited_by: Mapped[UUID | None] = ref("users.id", "SET NULL")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class SuggestedEdit(Base):
    """One change that a learner proposes, against the version they read."""

    __tablename__ = "suggested_edits"
    __table_args__ = (
        one_of("status", "open", "accepted", "declined"),
        *at_least(1, "base_version"),
        length("reason", 1, 1000),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("(status <> 'declined') OR (reason IS NOT NULL)", name="declined"),
        Index("ix_suggested_edits_open", "course_id", postgresql_where=text("status = 'open'")),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE")
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE")
    component_id: Mapped[UUID | None] = ref("components.id", "CASCADE")
    base_version: Mapped[int]
    payload: Mapped[Json]
    status: Mapped[Txt] = mapped_column(server_default="open")
    reason: Mapped[Txt | None]
    decided_by: Mapped[UUID | None] = ref("users.id", "SET NULL")
    decided_at: Mapped[Stamp | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class UploadedFile(Base):
    """One file a person sent, under a name we made; private unless it was published."""

    __tablename__ = "files"
    __table_args__ = (
        one_of("storage_provider", "local", "s3"),
        length("original_filename", 1, 255),
        between("size_bytes", 0, 52428800),
        CheckConstraint("storage_path !~ '(^/|(^|/)[.][.](/|$))'", name="storage_path"),
        UniqueConstraint("filename", name="uq_files_filename"),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE")
    filename: Mapped[Txt]
    original_filename: Mapped[Txt]
    file_url: Mapped[Txt | None]
    storage_path: Mapped[Txt]
    file_type: Mapped[Txt | None]
    mime_type: Mapped[Txt]
    size_bytes: Mapped[int]
    folder: Mapped[Txt | None]
    storage_provider: Mapped[Txt] = mapped_column(server_default="local")
    is_public: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[Now]
    deleted_at: Mapped[Stamp | None]
