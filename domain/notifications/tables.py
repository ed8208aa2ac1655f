"""What must be told: the inbox, where a person can be reached, the outbox, reminders, nudges."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import Id, Json, Now, Stamp, Txt, at_least, length, one_of, ref
from domain.database import Base


class Notification(Base):
    """One notice in one person's inbox."""

    __tablename__ = "notifications"
    __table_args__ = (
        one_of("origin", "system", "user"),
        length("kind", 1, 50),
        Index(
            "ix_notifications_unread",
            "user_id",
            text("id DESC"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE")
    kind: Mapped[Txt]
    origin: Mapped[Txt] = mapped_column(server_default="system")
    title: Mapped[Txt]
    body: Mapped[Txt] = mapped_column(server_default="")
    metadata_: Mapped[Json] = mapped_column("metadata")
    read_at: Mapped[Stamp | None]
    created_at: Mapped[Now]


class DeliveryChannel(Base):
    """One address where a person or a community can be reached, and whether it still works."""

    __tablename__ = "delivery_channels"
    __table_args__ = (
        one_of("platform", "discord", "telegram", "terminal"),
        CheckConstraint("num_nonnulls(user_id, community_id) = 1", name="belongs"),
        CheckConstraint("(blocked_at IS NULL) = (blocked_reason IS NULL)", name="blocked_reason"),
        UniqueConstraint("platform", "address", name="uq_delivery_channels_platform_address"),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID | None] = ref("users.id", "CASCADE")
    community_id: Mapped[UUID | None] = ref("communities.id", "CASCADE")
    identity_id: Mapped[UUID | None] = ref("identities.id", "CASCADE")
    platform: Mapped[Txt]
    address: Mapped[Txt]
    blocked_at: Mapped[Stamp | None]
    blocked_reason: Mapped[Txt | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class OutboxMessage(Base):
    """One message to be sent once its transaction has committed.

    A sender claims it (`lease_until`, `fence`); what a stale sender writes is refused by the
    fence. `at_most_once` is marked done before it is sent, `at_least_once` after.

    `user_id` has no foreign key, which would look for and lock each learner of a large set: who
    writes a message holds its learner, or what goes before them, and the trigger `drop_messages`
    takes a learner's messages with them.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("platform", "discord", "telegram", "terminal"),
        one_of("policy", "at_most_once", "at_least_once"),
        one_of("state", "pending", "leased", "done", "dead"),
        length("kind", 1, 50),
        *at_least(0, "fence", "attempts"),
        CheckConstraint("(state = 'leased') = (lease_until IS NOT NULL)", name="lease_until"),
        CheckConstraint("(state IN ('done', 'dead')) = (finished_at IS NOT NULL)", name="finished"),
        UniqueConstraint("idempotency_key", name="uq_outbox_idempotency_key"),
        Index(
            "ix_outbox_due_platform",
            "platform",
            "run_at",
            "id",
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_outbox_leased", "lease_until", postgresql_where=text("state = 'leased'")),
        Index(
            "ix_outbox_finished",
            "finished_at",
            postgresql_where=text("state IN ('done', 'dead')"),
        ),
        *(
            Index(f"ix_outbox_{one}", one, postgresql_where=text(f"{one} IS NOT NULL"))
            for one in ("channel_id", "identity_id")
        ),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID | None] = mapped_column(index=True)
    channel_id: Mapped[UUID | None] = ref("delivery_channels.id", "CASCADE", index=False)
    identity_id: Mapped[UUID | None] = ref("identities.id", "CASCADE", index=False)
    platform: Mapped[Txt]
    address: Mapped[Txt]  # of the chat on that platform; kept here so that a claim reads one index
    kind: Mapped[Txt]
    payload: Mapped[Json]
    idempotency_key: Mapped[Txt]
    policy: Mapped[Txt] = mapped_column(server_default="at_least_once")
    state: Mapped[Txt] = mapped_column(server_default="pending")
    run_at: Mapped[Now]
    expires_at: Mapped[Stamp | None]
    lease_until: Mapped[Stamp | None]
    fence: Mapped[int] = mapped_column(server_default="0")
    attempts: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[Txt | None]
    finished_at: Mapped[Stamp | None]
    created_at: Mapped[Now]


class Reminder(Base):
    """One time at which one person asked to be reminded; `next_fire_at` is when it is due."""

    __tablename__ = "reminders"
    __table_args__ = (
        one_of("kind", "daily", "review", "goal", "streak"),
        CheckConstraint(
            "(cardinality(weekdays) > 0) AND (weekdays <@ '{1,2,3,4,5,6,7}'::smallint[])",
            name="weekdays",
        ),
        *at_least(0, "ignored"),
        Index("ix_reminders_due", "next_fire_at", "user_id", postgresql_where=text("is_enabled")),
    )
    id: Mapped[UUID] = mapped_column(server_default=text("uuidv7()"))  # of the release before
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    kind: Mapped[Txt] = mapped_column(primary_key=True, server_default="daily")
    local_time: Mapped[time]
    weekdays: Mapped[list[int]] = mapped_column(
        ARRAY(SmallInteger), server_default="{1,2,3,4,5,6,7}"
    )
    timezone: Mapped[Txt]
    is_enabled: Mapped[bool] = mapped_column(server_default="true")
    snoozed_until: Mapped[Stamp | None]
    next_fire_at: Mapped[Stamp | None]
    last_day: Mapped[date | None]  # dealt with: no message for it or an earlier one
    sent_day: Mapped[date | None]  # of the latest message, and when it was written
    sent_at: Mapped[Stamp | None]
    ignored: Mapped[int] = mapped_column(server_default="0")  # messages in a row
    created_at: Mapped[Now]
    updated_at: Mapped[Now]  # by the learner; the worker's part leaves it


class Nudge(Base):
    """The message at no hour of their own that one person may have on a local date.

    A scan of their zone plans it (`day`, `next_at`); when it is due, it is judged. `last_day` is
    the date dealt with last.
    """

    __tablename__ = "nudges"
    __table_args__ = (
        *at_least(0, "ignored"),
        Index("ix_nudges_due", "next_at", "user_id", postgresql_where=text("next_at IS NOT NULL")),
    )
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    timezone: Mapped[Txt]
    day: Mapped[date]
    next_at: Mapped[Stamp | None]
    last_day: Mapped[date | None]
    sent_day: Mapped[date | None]
    sent_at: Mapped[Stamp | None]
    ignored: Mapped[int] = mapped_column(server_default="0")  # messages in a row
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class Told(Base):
    """The latest time one person was told a fact in a scheduled message: nobody hears it twice."""

    __tablename__ = "told"
    __table_args__ = (
        length("kind", 1, 50),
        length("fact", 1, 100),
        Index("ix_told_told_at", "told_at"),
    )
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    kind: Mapped[Txt] = mapped_column(primary_key=True)
    fact: Mapped[Txt] = mapped_column(primary_key=True)
    day: Mapped[date]
    told_at: Mapped[Stamp]
    message_key: Mapped[Txt]  # of the outbox: one that never arrived told nothing
