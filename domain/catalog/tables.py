"""What can be learned: courses, their units and components, and how they are found."""

from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from domain.catalog.labels import (
    ComponentObjective,
    ComponentPrerequisite,
    CoursePrerequisite,
    CourseTag,
    Domain,
    Language,
    Medium,
    Objective,
    Tag,
    UnitPrerequisite,
)
from domain.columns import (
    Id,
    Json,
    Now,
    Percentage,
    Points,
    Stamp,
    Txt,
    Words,
    at_least,
    between,
    length,
    one_of,
    ref,
)
from domain.database import Base

__all__ = [
    "Component",
    "ComponentObjective",
    "ComponentPrerequisite",
    "Course",
    "CoursePrerequisite",
    "CourseTag",
    "CourseVersion",
    "Domain",
    "Language",
    "Medium",
    "Objective",
    "Tag",
    "Unit",
    "UnitPrerequisite",
]

# Stemming by the language of the course; words of any other language are kept as they are.
SEARCH = """\
to_tsvector(CASE language_code WHEN 'en' THEN 'english'::regconfig \
WHEN 'de' THEN 'german'::regconfig WHEN 'es' THEN 'spanish'::regconfig \
WHEN 'fr' THEN 'french'::regconfig WHEN 'pt' THEN 'portuguese'::regconfig \
WHEN 'ru' THEN 'russian'::regconfig ELSE 'simple'::regconfig END, \
title || ' ' || slug || ' ' || summary || ' ' || description)"""


class Course(Base):
    """One course: what its card says, and which of its versions learners see."""

    __tablename__ = "courses"
    __table_args__ = (
        one_of("kind", "track", "course", "certification"),
        one_of("status", "draft", "published", "archived"),
        between("difficulty", 1, 5),
        between("pass_percentage", 0, 100),
        length("title", 1, 200),
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug"),
        CheckConstraint("(status = 'draft') OR (active_version > 0)", name="active_version"),
        CheckConstraint("estimated_minutes > 0", name="estimated_minutes"),
        UniqueConstraint("slug", name="uq_courses_slug"),
        ForeignKeyConstraint(
            ["id", "active_version"],
            ["course_versions.course_id", "course_versions.version"],
            name="fk_courses_active_version",
            use_alter=True,
            deferrable=True,
            initially="DEFERRED",
            ondelete="NO ACTION",
        ),
        Index("ix_courses_search", "search", postgresql_using="gin"),
        Index(
            "ix_courses_listed",
            "title",
            postgresql_where=text("(status = 'published') AND (deleted_at IS NULL)"),
        ),
    )
    id: Mapped[Id]
    slug: Mapped[Txt]
    kind: Mapped[Txt] = mapped_column(server_default="course")
    title: Mapped[Txt]
    summary: Mapped[Txt] = mapped_column(server_default="")
    description: Mapped[Txt] = mapped_column(server_default="")
    language_code: Mapped[Txt] = mapped_column(
        ForeignKey("languages.code", ondelete="RESTRICT"), index=True, server_default="en"
    )
    difficulty: Mapped[int | None]
    license: Mapped[Txt | None]
    authors: Mapped[Words]
    owner_id: Mapped[UUID | None] = ref("users.id", "SET NULL")
    status: Mapped[Txt] = mapped_column(server_default="draft")
    active_version: Mapped[int | None]
    estimated_minutes: Mapped[int | None]
    pass_percentage: Mapped[Percentage | None]
    thumbnail_url: Mapped[Txt | None]
    thumbnail_alt: Mapped[Txt | None]
    metadata_: Mapped[Json] = mapped_column("metadata")
    search: Mapped[str] = mapped_column(TSVECTOR, Computed(SEARCH, persisted=True))
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    deleted_at: Mapped[Stamp | None]


class CourseVersion(Base):
    """One compiled course: a draft has no number, a published one never changes."""

    __tablename__ = "course_versions"
    __table_args__ = (
        one_of("status", "draft", "published"),
        CheckConstraint("(status = 'published') = (version IS NOT NULL)", name="numbered"),
        CheckConstraint("(status = 'published') = (published_at IS NOT NULL)", name="published_at"),
        *at_least(1, "version"),
        UniqueConstraint("course_id", "version", name="uq_course_versions_course_version"),
        Index(
            "uq_course_versions_one_draft",
            "course_id",
            unique=True,
            postgresql_where=text("status = 'draft'"),
        ),
    )
    id: Mapped[Id]
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", index=False)
    version: Mapped[int | None]
    status: Mapped[Txt] = mapped_column(server_default="draft")
    content: Mapped[Json]
    tree_hash: Mapped[Txt]
    created_by: Mapped[UUID | None] = ref("users.id", "SET NULL")
    published_by: Mapped[UUID | None] = ref("users.id", "SET NULL")
    created_at: Mapped[Now]
    published_at: Mapped[Stamp | None]


class Unit(Base):
    """One chapter of a course; units may stand inside units, three deep at most."""

    __tablename__ = "units"
    __table_args__ = (
        between("difficulty", 1, 5),
        *at_least(0, "position"),
        CheckConstraint("(archived_at IS NOT NULL) OR (position IS NOT NULL)", name="placed"),
        CheckConstraint("estimated_minutes > 0", name="estimated_minutes"),
        UniqueConstraint("course_id", "key", name="uq_units_course_key"),
        UniqueConstraint("id", "course_id", name="uq_units_id_course"),
        UniqueConstraint(
            "course_id",
            "position",
            name="uq_units_course_position",
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(
            ["parent_id", "course_id"],
            ["units.id", "units.course_id"],
            name="fk_units_parent",
            ondelete="CASCADE",
        ),
        Index("ix_units_parent", "parent_id", "course_id"),
    )
    id: Mapped[Id]
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", index=False)
    parent_id: Mapped[UUID | None]
    domain_id: Mapped[UUID | None] = ref("domains.id", "SET NULL")
    key: Mapped[Txt]
    title: Mapped[Txt]
    description: Mapped[Txt] = mapped_column(server_default="")
    position: Mapped[int | None]
    difficulty: Mapped[int | None]
    estimated_minutes: Mapped[int | None]
    archived_at: Mapped[Stamp | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class Component(Base):
    """One thing that can be finished: a lesson, a quiz, a challenge, an assignment, a deck.

    `parent_id` nests lessons; `lesson_id` says which lesson a quiz or challenge belongs to.
    """

    __tablename__ = "components"
    __table_args__ = (
        one_of("kind", "lesson", "quiz", "challenge", "assignment", "deck"),
        one_of("status", "draft", "published", "archived"),
        between("difficulty", 1, 5),
        length("title", 1, 200),
        *at_least(0, "position", "points"),
        *at_least(1, "version"),
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug"),
        CheckConstraint("estimated_minutes > 0", name="estimated_minutes"),
        CheckConstraint(
            "(NOT is_primary) OR ((kind = 'quiz') AND (lesson_id IS NOT NULL))", name="primary"
        ),
        CheckConstraint("(lesson_id IS NULL) OR (kind <> 'lesson')", name="lesson"),
        CheckConstraint("(parent_id IS NULL) OR (kind = 'lesson')", name="nested"),
        CheckConstraint("(status <> 'published') OR (deleted_at IS NULL)", name="deleted"),
        UniqueConstraint("course_id", "slug", name="uq_components_course_slug"),
        UniqueConstraint("course_id", "key", name="uq_components_course_key"),
        UniqueConstraint("id", "course_id", name="uq_components_id_course"),
        UniqueConstraint(
            "unit_id",
            "position",
            name="uq_components_unit_position",
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(
            ["unit_id", "course_id"],
            ["units.id", "units.course_id"],
            name="fk_components_unit",
            ondelete="NO ACTION",
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(
            ["parent_id", "course_id"],
            ["components.id", "components.course_id"],
            name="fk_components_parent",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["lesson_id", "course_id"],
            ["components.id", "components.course_id"],
            name="fk_components_lesson",
            ondelete="CASCADE",
        ),
        Index("ix_components_unit", "unit_id", "course_id"),
        Index("ix_components_parent", "parent_id", "course_id"),
        Index("ix_components_lesson", "lesson_id", "course_id"),
        Index(
            "uq_components_primary_quiz",
            "lesson_id",
            unique=True,
            postgresql_where=text("is_primary AND (status <> 'archived')"),
        ),
        Index(
            "ix_components_listed",
            "course_id",
            "kind",
            "difficulty",
            postgresql_where=text("status = 'published'"),
        ),
        Index("ix_components_new_lessons", "created_at", postgresql_where=text("kind = 'lesson'")),
    )
    id: Mapped[Id]
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", index=False)
    unit_id: Mapped[UUID | None]
    parent_id: Mapped[UUID | None]
    lesson_id: Mapped[UUID | None]
    domain_id: Mapped[UUID | None] = ref("domains.id", "SET NULL")
    key: Mapped[Txt]
    slug: Mapped[Txt]
    kind: Mapped[Txt]
    title: Mapped[Txt]
    description: Mapped[Txt] = mapped_column(server_default="")
    position: Mapped[int | None]
    difficulty: Mapped[int | None]
    estimated_minutes: Mapped[int | None]
    points: Mapped[Points] = mapped_column(server_default="0")
    is_required: Mapped[bool] = mapped_column(server_default="true")
    is_preview: Mapped[bool] = mapped_column(server_default="false")
    is_primary: Mapped[bool] = mapped_column(server_default="false")
    status: Mapped[Txt] = mapped_column(server_default="draft")
    version: Mapped[int] = mapped_column(server_default="1")
    metadata_: Mapped[Json] = mapped_column("metadata")
    created_by: Mapped[UUID | None] = ref("users.id", "SET NULL")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    deleted_at: Mapped[Stamp | None]
