"""A live round: where it stands, its chats, its questions, its players, and what they answered."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Interval,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import (
    Id,
    Json,
    JsonOrNull,
    Now,
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


class LiveRound(Base):
    """One round of a live quiz. What its columns mean is said in `domain.live.phases`.

    `owner` names the lease of the process that moves it on; `moved` is the time that an outage
    added to the open question; `unseen_since` is set until this phase's message is in its chats.
    `reported_at`: its players' reports are in the outbox.
    """

    __tablename__ = "live_rounds"
    __table_args__ = (
        one_of("phase", "lobby", "question", "reveal", "paused", "finished", "stopped"),
        one_of("paused_in", "question", "reveal"),
        one_of("why", "host", "silence", "outage"),
        one_of("mode", "accuracy", "timed", "first", "survival"),
        one_of("entry", "buttons", "typed"),
        length("title", 1, 200),
        between("seconds", 5, 600),
        between("team_count", 0, 4),
        between("question_count", 1, 100),
        *at_least(0, "silent", "version"),
        CheckConstraint("position >= -1 AND position < question_count", name="position"),
        CheckConstraint("(phase = 'paused') = (paused_at IS NOT NULL)", name="paused_at"),
        CheckConstraint("(phase = 'paused') = (paused_in IS NOT NULL)", name="rests_in"),
        CheckConstraint(
            "(phase IN ('finished', 'stopped')) = (ended_at IS NOT NULL)", name="ended"
        ),
        CheckConstraint("(reported_at IS NULL) OR (ended_at IS NOT NULL)", name="reported"),
        CheckConstraint("(phase <> 'question') OR (opened_at IS NOT NULL)", name="opened"),
        Index("ix_live_rounds_open", "closes_at", postgresql_where=text("ended_at IS NULL")),
        Index(
            "ix_live_rounds_unreported",
            "ended_at",
            postgresql_where=text("(ended_at IS NOT NULL) AND (reported_at IS NULL)"),
        ),
    )
    id: Mapped[Id]
    community_id: Mapped[UUID] = ref("communities.id", "CASCADE")
    host_id: Mapped[UUID | None] = ref("users.id", "SET NULL")
    title: Mapped[Txt]
    source: Mapped[Json]
    mode: Mapped[Txt] = mapped_column(server_default="accuracy")
    entry: Mapped[Txt] = mapped_column(server_default="buttons")
    seconds: Mapped[int | None] = mapped_column(SmallInteger)
    team_count: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    question_count: Mapped[int] = mapped_column(SmallInteger)
    phase: Mapped[Txt] = mapped_column(server_default="lobby")
    position: Mapped[int] = mapped_column(server_default="-1")
    opened_at: Mapped[Stamp | None]
    closes_at: Mapped[Stamp | None]
    extra: Mapped[timedelta] = mapped_column(Interval, server_default="0")
    seen_at: Mapped[Stamp | None]
    unseen_since: Mapped[Stamp | None]
    silent: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    paused_at: Mapped[Stamp | None]
    paused_in: Mapped[Txt | None]
    why: Mapped[Txt | None]
    moved: Mapped[timedelta | None] = mapped_column(Interval)
    owner: Mapped[Txt | None]
    version: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    ended_at: Mapped[Stamp | None]
    reported_at: Mapped[Stamp | None]


class LiveChat(Base):
    """One chat a round is played in, and the message that shows it there.

    `owner` names the lease of the process that writes to it. `message_position` and
    `message_phase` tell what of the round the message shows, `shown` what it says, by a hash,
    `edits` how often it was changed since it was sent. A chat is free for another round
    at `ended_at`; the end of this one is shown by `done_at`.
    """

    __tablename__ = "live_chats"
    __table_args__ = (
        one_of("platform", "discord", "telegram", "terminal"),
        one_of("message_phase", "lobby", "question", "rest", "reveal", "end"),
        length("address", 1, 200),
        *at_least(0, "edits"),
        *at_least(-1, "message_position"),
        Index(
            "uq_live_chats_open",
            "platform",
            "address",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_live_chats_waiting", "platform", postgresql_where=text("done_at IS NULL")),
    )
    id: Mapped[Id]
    round_id: Mapped[UUID] = ref("live_rounds.id", "CASCADE")
    platform: Mapped[Txt]
    address: Mapped[Txt]
    message_id: Mapped[Txt | None]
    message_position: Mapped[int | None]
    message_phase: Mapped[Txt | None]
    shown: Mapped[Txt | None]
    edits: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    shown_at: Mapped[Stamp | None]
    owner: Mapped[Txt | None]
    failed: Mapped[Txt | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    ended_at: Mapped[Stamp | None]
    done_at: Mapped[Stamp | None]


class LiveQuestion(Base):
    """One question of a round, copied when the round was made: an edit of the bank changes none."""

    __tablename__ = "live_questions"
    __table_args__ = (
        one_of(
            "kind",
            *("single", "multi", "true_false", "short", "numeric", "matching", "ordering", "cloze"),
        ),
        *at_least(0, "position"),
        CheckConstraint("points > 0", name="points"),
    )
    round_id: Mapped[UUID] = ref("live_rounds.id", "CASCADE", index=False, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[UUID | None] = ref("question_bank.id", "SET NULL")
    kind: Mapped[Txt]
    prompt: Mapped[Txt]
    data: Mapped[Json]
    answer: Mapped[Json]
    explanation: Mapped[Txt] = mapped_column(server_default="")
    points: Mapped[Points] = mapped_column(server_default="1")
    option_order: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), server_default="{}")
    is_void: Mapped[bool] = mapped_column(server_default="false")
    opened_at: Mapped[Stamp | None]
    closed_at: Mapped[Stamp | None]


class LivePlayer(Base):
    """One person in one round, by the name their platform gives them."""

    __tablename__ = "live_players"
    __table_args__ = (
        length("name", 1, 100),
        between("team", 0, 3),
        between("extension_percent", 100, 200),
        *at_least(0, "joined_at_position"),
        UniqueConstraint("round_id", "user_id", name="uq_live_players_round_user"),
        UniqueConstraint("id", "user_id", name="uq_live_players_id_user"),
        UniqueConstraint("id", "round_id", name="uq_live_players_id_round"),
    )
    id: Mapped[Id]
    round_id: Mapped[UUID] = ref("live_rounds.id", "CASCADE", index=False)
    user_id: Mapped[UUID] = ref("users.id", "CASCADE")
    identity_id: Mapped[UUID | None] = ref("identities.id", "SET NULL")
    name: Mapped[Txt]
    team: Mapped[int | None] = mapped_column(SmallInteger)
    extension_percent: Mapped[int] = mapped_column(SmallInteger, server_default="100")
    joined_at_position: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    left_at: Mapped[Stamp | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class LiveAnswer(Base):
    """One person's answer to one question: changed until it closes, never doubled.

    `event_key` is made of the platform's time and number of the event, and orders arrivals.
    """

    __tablename__ = "live_answers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["player_id", "user_id"],
            ["live_players.id", "live_players.user_id"],
            name="fk_live_answers_player_user",
            ondelete="CASCADE",
            deferrable=True,  # both sides change hands when accounts are joined
            initially="IMMEDIATE",
        ),
        ForeignKeyConstraint(
            ["round_id", "position"],
            ["live_questions.round_id", "live_questions.position"],
            name="fk_live_answers_question",
            ondelete="CASCADE",
        ),
        *at_least(0, "used_ms", "right_parts"),
        *at_least(1, "parts"),
        CheckConstraint("right_parts <= parts", name="right_parts_of"),
        Index("ix_live_answers_question", "round_id", "position"),
        Index("ix_live_answers_player", "player_id", "user_id"),
    )
    player_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[UUID]
    user_id: Mapped[UUID]
    answer: Mapped[Json]
    right_parts: Mapped[int]
    parts: Mapped[int]
    used_ms: Mapped[int]
    event_key: Mapped[UUID]
    answered_at: Mapped[Stamp]


class LiveEvent(Base):
    """What happened in a round, in order: who joined, what the host did, every outage."""

    __tablename__ = "live_events"
    __table_args__ = (length("kind", 1, 40), Index("ix_live_events_round", "round_id", "id"))
    id: Mapped[Id]
    round_id: Mapped[UUID] = ref("live_rounds.id", "CASCADE", index=False)
    actor_id: Mapped[UUID | None] = ref("users.id", "SET NULL")
    kind: Mapped[Txt]
    details: Mapped[JsonOrNull]
    happened_at: Mapped[Stamp]
