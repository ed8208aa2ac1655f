"""Challenges by version, their tests and hints, and every attempt at them."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
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
    one_of,
    ref,
    time_of_id,
)
from domain.database import Base

STATUSES = ("queued", "running", "passed", "failed", "partial", "timeout", "error")


class Challenge(Base):
    """One code challenge; what it says is in `challenge_versions`."""

    __tablename__ = "challenges"
    __table_args__ = (one_of("language", "python", "web"),)
    component_id: Mapped[UUID] = ref("components.id", "CASCADE", index=False, primary_key=True)
    language: Mapped[Txt]


class ChallengeVersion(Base):
    """One challenge as one version of the course had it; files are {path: text}."""

    __tablename__ = "challenge_versions"
    __table_args__ = (
        one_of("language", "python", "web"),
        one_of("mode", "call", "stdin", "assert", "checker"),
        one_of("show_hidden", "name", "full"),
        *at_least(1, "version"),
        CheckConstraint("jsonb_typeof(starter_files) = 'object'", name="starter_files"),
        CheckConstraint("jsonb_typeof(solution_files) = 'object'", name="solution_files"),
    )
    component_id: Mapped[UUID] = ref(
        "challenges.component_id", "CASCADE", index=False, primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[Txt]
    summary: Mapped[Txt] = mapped_column(server_default="")
    business_context: Mapped[Txt] = mapped_column(server_default="")
    instructions: Mapped[Txt]
    starter_files: Mapped[Json]
    solution_files: Mapped[Json]
    language: Mapped[Txt]
    mode: Mapped[Txt]
    function_name: Mapped[Txt | None]
    limits: Mapped[Json]
    show_hidden: Mapped[Txt] = mapped_column(server_default="name")
    tutor_notes: Mapped[Txt] = mapped_column(server_default="")
    content_hash: Mapped[Txt]
    created_at: Mapped[Now]


class ChallengeTest(Base):
    """One test of one version: what it feeds and expects is in `spec`."""

    __tablename__ = "challenge_tests"
    __table_args__ = (
        ForeignKeyConstraint(
            ["component_id", "version"],
            ["challenge_versions.component_id", "challenge_versions.version"],
            name="fk_challenge_tests_version",
            ondelete="CASCADE",
        ),
        *at_least(0, "position", "points"),
        UniqueConstraint("component_id", "version", "key", name="uq_challenge_tests_key"),
        Index(
            "ix_challenge_tests_spec",
            "spec",
            postgresql_using="gin",
            postgresql_ops={"spec": "jsonb_path_ops"},
        ),
    )
    component_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[Txt]
    name: Mapped[Txt]
    points: Mapped[Points]
    is_sample: Mapped[bool] = mapped_column(server_default="false")
    spec: Mapped[Json]


class Hint(Base):
    """One rung of a challenge's hint ladder; opened in order, and not before its condition."""

    __tablename__ = "hints"
    __table_args__ = at_least(0, "position", "cost", "after_attempts", "after_minutes")
    component_id: Mapped[UUID] = ref(
        "challenges.component_id", "CASCADE", index=False, primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[Txt]
    cost: Mapped[Points] = mapped_column(server_default="0")
    after_attempts: Mapped[int] = mapped_column(server_default="0")
    after_minutes: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class HintUnlock(Base):
    """One hint that one learner opened, and what it cost them then.

    No foreign key to the hint: a new version of the course may have fewer, and the price stays.
    """

    __tablename__ = "hint_unlocks"
    __table_args__ = at_least(0, "position", "cost")
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    component_id: Mapped[UUID] = ref("challenges.component_id", "CASCADE", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cost: Mapped[Points]
    unlocked_at: Mapped[Stamp]


class ChallengeAttempt(Base):
    """One submission of one learner, with its result; never overwritten by a later one."""

    __tablename__ = "challenge_attempts"
    __table_args__ = (
        one_of("status", *STATUSES),
        between("percentage", 0, 100),
        *at_least(
            0,
            "score",
            "max_score",
            "hints_used",
            "hint_cost",
            "execution_time_ms",
            "cpu_time_ms",
            "memory_peak_kb",
            "fence",
        ),
        CheckConstraint("score <= max_score", name="score_max"),
        CheckConstraint(
            "(status IN ('queued', 'running')) = (finished_at IS NULL)", name="finished_at"
        ),
        ForeignKeyConstraint(
            ["component_id", "version"],
            ["challenge_versions.component_id", "challenge_versions.version"],
            name="fk_challenge_attempts_version",
            ondelete="CASCADE",
        ),
        Index("ix_challenge_attempts_user", "user_id", text("id DESC")),
        Index("ix_challenge_attempts_user_component", "user_id", "component_id", text("id DESC")),
        Index("ix_challenge_attempts_version", "component_id", "version"),
        Index(
            "ix_challenge_attempts_waiting",
            "lease_until",
            postgresql_where=text("status IN ('queued', 'running')"),
        ),
        {"postgresql_partition_by": "RANGE (id)"},
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False)
    component_id: Mapped[UUID]
    version: Mapped[int]
    identity_id: Mapped[UUID | None] = ref("identities.id", "SET NULL")
    place_id: Mapped[Txt | None]
    files: Mapped[Json]
    status: Mapped[Txt] = mapped_column(server_default="queued")
    test_results: Mapped[JsonList]
    score: Mapped[Points | None]
    max_score: Mapped[Points | None]
    percentage: Mapped[Percentage | None]
    hints_used: Mapped[int] = mapped_column(server_default="0")
    hint_cost: Mapped[Points] = mapped_column(server_default="0")
    execution_time_ms: Mapped[int | None]
    cpu_time_ms: Mapped[int | None]
    memory_peak_kb: Mapped[int | None]
    runtime_logs: Mapped[Txt | None]
    error_messages: Mapped[JsonOrNull]
    submitted_at: Mapped[Stamp]
    finished_at: Mapped[Stamp | None]
    lease_until: Mapped[Stamp | None]
    fence: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Stamp] = time_of_id()
