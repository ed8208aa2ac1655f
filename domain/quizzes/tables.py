"""Questions by version, assessments that ask them, attempts and answers."""

from typing import get_args
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import (
    Id,
    Json,
    JsonList,
    JsonOrNull,
    Now,
    Percentage,
    Points,
    Stamp,
    Txt,
    at_least,
    between,
    length,
    one_of,
    ref,
)
from domain.database import Base
from domain.quizzes.forms import Kind


class Question(Base):
    """One question of a course's bank; what it says is in `question_versions`."""

    __tablename__ = "question_bank"
    __table_args__ = (
        one_of("kind", *get_args(Kind)),
        one_of("status", "draft", "published", "archived"),
        between("difficulty", 1, 5),
        *at_least(1, "version"),
        *at_least(0, "usage_count"),
        UniqueConstraint("course_id", "key", name="uq_question_bank_course_key"),
        Index(
            "ix_question_bank_draw",
            "course_id",
            "domain_id",
            "difficulty",
            postgresql_where=text("(status = 'published') AND (deleted_at IS NULL)"),
        ),
        ForeignKeyConstraint(
            ["id", "version"],
            ["question_versions.question_id", "question_versions.version"],
            name="fk_question_bank_current_version",
            use_alter=True,
            deferrable=True,
            initially="DEFERRED",
            ondelete="NO ACTION",
        ),
    )
    id: Mapped[Id]
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE", index=False)
    domain_id: Mapped[UUID | None] = ref("domains.id", "SET NULL")
    key: Mapped[Txt]
    kind: Mapped[Txt]
    difficulty: Mapped[int | None]
    status: Mapped[Txt] = mapped_column(server_default="draft")
    version: Mapped[int] = mapped_column(server_default="1")
    usage_count: Mapped[int] = mapped_column(server_default="0")
    created_by: Mapped[UUID | None] = ref("users.id", "SET NULL")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    deleted_at: Mapped[Stamp | None]


class QuestionVersion(Base):
    """One question as one version of the course had it; `answer` is the key."""

    __tablename__ = "question_versions"
    __table_args__ = (
        *at_least(1, "version"),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("jsonb_typeof(hints) = 'array'", name="hints"),
    )
    question_id: Mapped[UUID] = ref("question_bank.id", "CASCADE", index=False, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    prompt: Mapped[Txt]
    data: Mapped[Json]
    answer: Mapped[Json]
    explanation: Mapped[Txt] = mapped_column(server_default="")
    hints: Mapped[JsonList]
    points: Mapped[Points] = mapped_column(server_default="1")
    content_hash: Mapped[Txt]
    created_at: Mapped[Now]


class QuestionObjective(Base):
    """One objective that a question tests."""

    __tablename__ = "question_objectives"
    question_id: Mapped[UUID] = ref("question_bank.id", "CASCADE", index=False, primary_key=True)
    objective_id: Mapped[UUID] = ref("objectives.id", "CASCADE", primary_key=True)


class Assessment(Base):
    """One quiz or exam: its rules. `draw` lists what is drawn from the bank at each start."""

    __tablename__ = "assessments"
    __table_args__ = (
        one_of("assessment_type", "practice", "graded", "exam"),
        one_of("reveal", "after_question", "after_submit", "never"),
        between("passing_score", 0, 100),
        between("difficulty", 1, 5),
        *at_least(1, "time_limit_seconds", "max_attempts"),
        CheckConstraint("jsonb_typeof(draw) = 'array'", name="draw"),
    )
    component_id: Mapped[UUID] = ref("components.id", "CASCADE", index=False, primary_key=True)
    assessment_type: Mapped[Txt] = mapped_column(server_default="practice")
    domain_id: Mapped[UUID | None] = ref("domains.id", "SET NULL")
    difficulty: Mapped[int | None]
    passing_score: Mapped[Percentage] = mapped_column(server_default="70")
    time_limit_seconds: Mapped[int | None]
    max_attempts: Mapped[int | None]
    shuffle_questions: Mapped[bool] = mapped_column(server_default="false")
    shuffle_options: Mapped[bool] = mapped_column(server_default="false")
    reveal: Mapped[Txt] = mapped_column(server_default="after_submit")
    draw: Mapped[JsonList]


class AssessmentQuestion(Base):
    """One question in the fixed list of one assessment."""

    __tablename__ = "assessment_questions"
    __table_args__ = (
        *at_least(0, "position"),
        UniqueConstraint(
            "assessment_id",
            "position",
            name="uq_assessment_questions_position",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    assessment_id: Mapped[UUID] = ref(
        "assessments.component_id", "CASCADE", index=False, primary_key=True
    )
    question_id: Mapped[UUID] = mapped_column(
        # Looked at when all is done: a purge of a course takes both away.
        ForeignKey("question_bank.id", ondelete="NO ACTION", deferrable=True, initially="DEFERRED"),
        index=True,
        primary_key=True,
    )
    position: Mapped[int]


class AssessmentAttempt(Base):
    """One go of one learner at one assessment; states only move forward."""

    __tablename__ = "assessment_attempts"
    __table_args__ = (
        one_of("status", "in_progress", "submitted", "graded"),
        between("percentage", 0, 100),
        *at_least(1, "attempt_number"),
        *at_least(0, "score", "max_score", "seconds_spent"),
        CheckConstraint("score <= max_score", name="score_max"),
        CheckConstraint("(status = 'in_progress') = (submitted_at IS NULL)", name="submitted_at"),
        CheckConstraint("(status = 'graded') = (graded_at IS NOT NULL)", name="graded_at"),
        CheckConstraint(
            "(status <> 'graded') OR (num_nulls(score, max_score, percentage, passed) = 0)",
            name="graded",
        ),
        UniqueConstraint(
            "user_id",
            "assessment_id",
            "attempt_number",
            name="uq_assessment_attempts_user_assessment_number",
        ),
        UniqueConstraint("id", "user_id", name="uq_assessment_attempts_id_user"),
        Index(
            "uq_assessment_attempts_one_open",
            "user_id",
            "assessment_id",
            unique=True,
            postgresql_where=text("status = 'in_progress'"),
        ),
        Index(
            "ix_assessment_attempts_deadline",
            "deadline_at",
            postgresql_where=text("status = 'in_progress'"),
        ),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False)
    assessment_id: Mapped[UUID] = ref("assessments.component_id", "CASCADE")
    identity_id: Mapped[UUID | None] = ref("identities.id", "SET NULL")
    attempt_number: Mapped[int]
    status: Mapped[Txt] = mapped_column(server_default="in_progress")
    seed: Mapped[int] = mapped_column(server_default="0")
    started_at: Mapped[Stamp]
    deadline_at: Mapped[Stamp | None]
    submitted_at: Mapped[Stamp | None]
    graded_at: Mapped[Stamp | None]
    graded_by: Mapped[UUID | None] = ref("users.id", "SET NULL")
    score: Mapped[Points | None]
    max_score: Mapped[Points | None]
    percentage: Mapped[Percentage | None]
    passed: Mapped[bool | None]
    seconds_spent: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class AssessmentAnswer(Base):
    """One question of one attempt: made when the attempt starts, answered later.

    `user_id` repeats the attempt's, so that the row policy needs no join; the foreign key over
    both columns keeps it true.
    """

    __tablename__ = "assessment_answers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["attempt_id", "user_id"],
            ["assessment_attempts.id", "assessment_attempts.user_id"],
            name="fk_assessment_answers_attempt",
            ondelete="CASCADE",
            deferrable=True,
            initially="IMMEDIATE",
        ),
        ForeignKeyConstraint(
            ["question_id", "question_version"],
            ["question_versions.question_id", "question_versions.version"],
            name="fk_assessment_answers_question",
            ondelete="CASCADE",
        ),
        *at_least(0, "position", "points_earned", "hints_used", "seconds_spent"),
        UniqueConstraint("attempt_id", "position", name="uq_assessment_answers_attempt_position"),
        Index("ix_assessment_answers_question", "question_id", "question_version"),
        Index("ix_assessment_answers_user_attempt", "user_id", "attempt_id"),
    )
    attempt_id: Mapped[UUID] = mapped_column(primary_key=True)
    question_id: Mapped[UUID] = mapped_column(primary_key=True)
    question_version: Mapped[int]
    user_id: Mapped[UUID] = mapped_column(server_default=text("app_uid()"))
    position: Mapped[int]
    option_order: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), server_default="{}")
    user_answer: Mapped[JsonOrNull]
    is_correct: Mapped[bool | None]
    points_earned: Mapped[Points | None]
    hints_used: Mapped[int] = mapped_column(server_default="0")
    seconds_spent: Mapped[int] = mapped_column(server_default="0")
    answered_at: Mapped[Stamp | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class AnswerAppeal(Base):
    """One answer that a learner says was marked wrongly, and what an instructor decided."""

    __tablename__ = "answer_appeals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["attempt_id", "question_id"],
            ["assessment_answers.attempt_id", "assessment_answers.question_id"],
            name="fk_answer_appeals_answer",
            ondelete="CASCADE",
        ),
        one_of("status", "open", "accepted", "declined"),
        length("note", 0, 500),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_at"),
        UniqueConstraint("attempt_id", "question_id", name="uq_answer_appeals_answer"),
        Index("ix_answer_appeals_open", "created_at", postgresql_where=text("status = 'open'")),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE")
    attempt_id: Mapped[UUID]
    question_id: Mapped[UUID]
    note: Mapped[Txt] = mapped_column(server_default="")
    status: Mapped[Txt] = mapped_column(server_default="open")
    decided_by: Mapped[UUID | None] = ref("users.id", "SET NULL")
    decided_at: Mapped[Stamp | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
