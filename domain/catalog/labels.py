"""What hangs on courses: languages, fields, objectives, tags, media, prerequisites."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import Id, Now, Txt, at_least, length, one_of, ref
from domain.database import Base


class Language(Base):
    """One language that course texts may be in."""

    __tablename__ = "languages"
    __table_args__ = (
        CheckConstraint("code ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'", name="code"),
        UniqueConstraint("name", name="uq_languages_name"),
    )
    code: Mapped[Txt] = mapped_column(primary_key=True)
    name: Mapped[Txt]


class Domain(Base):
    """One field of an exam ("1.0 Networking concepts"), or a field inside one."""

    __tablename__ = "domains"
    __table_args__ = (UniqueConstraint("course_id", "code", name="uq_domains_course_code"),)
    id: Mapped[Id]
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", index=False)
    parent_id: Mapped[UUID | None] = ref("domains.id", "CASCADE")
    code: Mapped[Txt]
    title: Mapped[Txt]


class Objective(Base):
    """One thing a learner can do after the course; exams number them ("1.4")."""

    __tablename__ = "objectives"
    __table_args__ = (UniqueConstraint("course_id", "code", name="uq_objectives_course_code"),)
    id: Mapped[Id]
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", index=False)
    domain_id: Mapped[UUID | None] = ref("domains.id", "SET NULL")
    code: Mapped[Txt]
    text: Mapped[Txt]


class ComponentObjective(Base):
    """One objective that a component teaches or tests."""

    __tablename__ = "component_objectives"
    component_id: Mapped[UUID] = ref("components.id", "CASCADE", index=False, primary_key=True)
    objective_id: Mapped[UUID] = ref("objectives.id", "CASCADE", primary_key=True)


class Tag(Base):
    """One word by which courses are found; unique whatever its capitals."""

    __tablename__ = "tags"
    __table_args__ = (
        length("name", 1, 32),
        Index("uq_tags_name", text("lower(name)"), unique=True),
    )
    id: Mapped[Id]
    name: Mapped[Txt]
    created_at: Mapped[Now]


class CourseTag(Base):
    """One tag on one course."""

    __tablename__ = "course_tags"
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", index=False, primary_key=True)
    tag_id: Mapped[UUID] = ref("tags.id", "CASCADE", primary_key=True)


class Medium(Base):
    """One picture, sound or film that a course shows, always with its facts in words."""

    __tablename__ = "media"
    __table_args__ = (
        one_of("kind", "image", "audio", "video", "file"),
        length("alt", 1, 2000),
        *at_least(0, "size_bytes", "duration_seconds"),
        CheckConstraint("num_nonnulls(content, url) = 1", name="content"),
        CheckConstraint("url ~ '^https://'", name="url"),
        UniqueConstraint("course_id", "path", name="uq_media_course_path"),
    )
    id: Mapped[Id]
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", index=False)
    component_id: Mapped[UUID | None] = ref("components.id", "SET NULL")
    kind: Mapped[Txt]
    path: Mapped[Txt]
    url: Mapped[Txt | None]
    content: Mapped[bytes | None]
    content_hash: Mapped[Txt | None]
    mime_type: Mapped[Txt | None]
    alt: Mapped[Txt]
    transcript: Mapped[Txt | None]
    size_bytes: Mapped[int | None]
    duration_seconds: Mapped[int | None]
    created_at: Mapped[Now]


class CoursePrerequisite(Base):
    """One course that should be finished before another."""

    __tablename__ = "course_prerequisites"
    __table_args__ = (CheckConstraint("course_id <> requires_course_id", name="itself"),)
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", index=False, primary_key=True)
    requires_course_id: Mapped[UUID] = ref("courses.id", "CASCADE", primary_key=True)


class UnitPrerequisite(Base):
    """One unit that must be finished before another opens."""

    __tablename__ = "unit_prerequisites"
    __table_args__ = (CheckConstraint("unit_id <> requires_unit_id", name="itself"),)
    unit_id: Mapped[UUID] = ref("units.id", "CASCADE", index=False, primary_key=True)
    requires_unit_id: Mapped[UUID] = ref("units.id", "CASCADE", primary_key=True)


class ComponentPrerequisite(Base):
    """One component that must be finished before another opens."""

    __tablename__ = "component_prerequisites"
    __table_args__ = (CheckConstraint("component_id <> requires_component_id", name="itself"),)
    component_id: Mapped[UUID] = ref("components.id", "CASCADE", index=False, primary_key=True)
    requires_component_id: Mapped[UUID] = ref("components.id", "CASCADE", primary_key=True)
