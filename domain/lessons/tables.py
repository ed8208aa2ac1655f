"""What a lesson adds to its component, and its pages by version."""

from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import JsonList, Now, Txt, at_least, one_of, ref
from domain.database import Base


class Lesson(Base):
    """One lesson: how it is taught."""

    __tablename__ = "lessons"
    __table_args__ = (
        one_of("lesson_type", "text", "video", "audio", "exercise", "assignment"),
        *at_least(0, "media_seconds"),
        CheckConstraint("media_url ~ '^https://'", name="media_url"),
    )
    component_id: Mapped[UUID] = ref("components.id", "CASCADE", index=False, primary_key=True)
    lesson_type: Mapped[Txt] = mapped_column(server_default="text")
    media_url: Mapped[Txt | None]
    media_seconds: Mapped[int | None]
    transcript: Mapped[Txt | None]


class LessonVersion(Base):
    """The pages of one lesson as one version of the course had them."""

    __tablename__ = "lesson_versions"
    __table_args__ = (
        *at_least(1, "version"),
        CheckConstraint("jsonb_typeof(pages) = 'array'", name="pages"),
    )
    component_id: Mapped[UUID] = ref(
        "lessons.component_id", "CASCADE", index=False, primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pages: Mapped[JsonList]
    content_hash: Mapped[Txt]
    created_at: Mapped[Now]
