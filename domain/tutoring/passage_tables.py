"""Passages of published lessons, and the words in them."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import Id, Stamp, Txt, at_least, length, one_of
from domain.database import Base


class Passage(Base):
    """One section of a lesson as it is served now: "L3.2" is section 2 of the third lesson.

    `lesson` and `section` count from 1, `page` from 0; `words` is its length in lexemes, and
    `digest` the SHA-256 (hexadecimal) of what is turned into a vector.
    """

    __tablename__ = "passages"
    __table_args__ = (
        *at_least(1, "lesson", "section"),
        *at_least(0, "page", "words"),
        length("digest", 1, 64),
        UniqueConstraint("component_id", "section", name="uq_passages_section"),
        UniqueConstraint("id", "course_id", name="uq_passages_id_course"),
        ForeignKeyConstraint(
            ["component_id", "course_id"],
            ["components.id", "components.course_id"],
            name="fk_passages_component",
            ondelete="CASCADE",
        ),
        Index("ix_passages_component", "component_id", "course_id"),
        Index("ix_passages_course", "course_id", "lesson", "section"),
    )
    id: Mapped[Id]
    course_id: Mapped[UUID]
    component_id: Mapped[UUID]
    lesson: Mapped[int]
    section: Mapped[int]
    page: Mapped[int]
    title: Mapped[Txt]
    body: Mapped[Txt]
    words: Mapped[int]
    digest: Mapped[Txt | None]


class PassageTerm(Base):
    """One word (stem) of one passage and how often it occurs there; titles count more."""

    __tablename__ = "passage_terms"
    __table_args__ = (
        *at_least(1, "tf"),
        ForeignKeyConstraint(
            ["passage_id", "course_id"],
            ["passages.id", "passages.course_id"],
            name="fk_passage_terms_passage",
            ondelete="CASCADE",
        ),
        Index("ix_passage_terms_passage", "passage_id", "course_id"),
    )
    course_id: Mapped[UUID] = mapped_column(primary_key=True)
    lexeme: Mapped[Txt] = mapped_column(primary_key=True)
    passage_id: Mapped[UUID] = mapped_column(primary_key=True)
    tf: Mapped[int]


class PassageVector(Base):
    """A text as a vector: of a passage, or of a question about something else, for the floor.

    `vector` holds half-precision floats (IEEE 754 binary16, little endian) and has length 1.
    """

    __tablename__ = "passage_vectors"
    __table_args__ = (
        length("model", 1, 200),
        one_of("task", "passage", "question"),
        length("digest", 1, 64),
        CheckConstraint(
            "octet_length(vector) BETWEEN 4 AND 8192 AND octet_length(vector) % 2 = 0",
            name="vector",
        ),
    )
    digest: Mapped[Txt] = mapped_column(primary_key=True)
    model: Mapped[Txt] = mapped_column(primary_key=True)
    task: Mapped[Txt] = mapped_column(primary_key=True)
    vector: Mapped[bytes]
    made_at: Mapped[Stamp]
