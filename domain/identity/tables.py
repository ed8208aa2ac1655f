"""People, their accounts on platforms, roles, settings, and what was done on their behalf."""

from datetime import time
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import (
    Id,
    Json,
    JsonOrNull,
    Now,
    Points,
    Stamp,
    Txt,
    Words,
    at_least,
    between,
    length,
    one_of,
    ref,
    time_of_id,
)
from domain.database import Base


class User(Base):
    """One person, whichever platforms they use."""

    __tablename__ = "users"
    __table_args__ = (
        one_of("status", "active", "suspended", "closing"),
        length("handle", 3, 32),
        CheckConstraint("(email_verified_at IS NULL) OR (email IS NOT NULL)", name="verified"),
        CheckConstraint("(status <> 'suspended') OR (status_reason IS NOT NULL)", name="suspended"),
        CheckConstraint("(status = 'closing') = (erase_after IS NOT NULL)", name="erase_after"),
        Index("uq_users_handle", text("lower(handle)"), unique=True),
        Index(
            "uq_users_email",
            text("lower(email)"),
            unique=True,
            postgresql_where=text("email_verified_at IS NOT NULL"),
        ),
    )
    id: Mapped[Id]
    handle: Mapped[Txt | None]
    email: Mapped[Txt | None]
    email_verified_at: Mapped[Stamp | None]
    status: Mapped[Txt] = mapped_column(server_default="active")
    status_reason: Mapped[Txt | None]
    status_until: Mapped[Stamp | None]
    is_platform_admin: Mapped[bool] = mapped_column(server_default="false")
    last_active_at: Mapped[Stamp | None]
    erase_after: Mapped[Stamp | None]
    metadata_: Mapped[Json] = mapped_column("metadata")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    deleted_at: Mapped[Stamp | None]


class UserProfile(Base):
    """How one person is called and where they are: one row per user."""

    __tablename__ = "user_profiles"
    __table_args__ = (
        length("display_name", 1, 100),
        length("first_name", 1, 100),
        length("last_name", 1, 100),
        length("full_name", 1, 200),
        length("bio", 0, 1000),
        length("avatar_url", 8, 1000),
        length("learning_goals", 0, 1000),
        between("difficulty_preference", 1, 5),
        CheckConstraint("cardinality(certifications) <= 20", name="certifications"),
        Index("ix_user_profiles_timezone", "timezone", "user_id"),
    )
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    display_name: Mapped[Txt]
    first_name: Mapped[Txt | None]
    last_name: Mapped[Txt | None]
    full_name: Mapped[Txt | None]
    bio: Mapped[Txt | None]
    avatar_url: Mapped[Txt | None]
    timezone: Mapped[Txt | None]  # not told yet: UTC is used
    locale: Mapped[Txt | None]  # not chosen: the platform's is used
    certifications: Mapped[Words]
    learning_goals: Mapped[Txt | None]
    difficulty_preference: Mapped[int | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class UserSettings(Base):
    """What one person chose about display, notices and privacy: one row per user."""

    __tablename__ = "user_settings"
    __table_args__ = (
        one_of("theme", "standard", "high_contrast"),
        one_of("text_size", "compact", "full"),
        one_of("board_name", "name", "handle", "alias"),
        between("daily_goal_minutes", 1, 1440),
        CheckConstraint("day_ends <= '06:00'", name="day_ends"),
    )
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    theme: Mapped[Txt] = mapped_column(server_default="standard")
    text_size: Mapped[Txt] = mapped_column(server_default="full")
    images: Mapped[bool] = mapped_column(server_default="true")
    daily_goal_minutes: Mapped[int | None]
    day_ends: Mapped[time] = mapped_column(server_default="03:00")  # local hour that ends a day
    notifications_enabled: Mapped[bool] = mapped_column(server_default="true")
    muted_kinds: Mapped[Words]
    quiet_from: Mapped[time] = mapped_column(server_default="22:00")
    quiet_until: Mapped[time] = mapped_column(server_default="08:00")
    show_on_boards: Mapped[bool] = mapped_column(server_default="true")
    show_streak: Mapped[bool] = mapped_column(server_default="true")
    board_name: Mapped[Txt] = mapped_column(server_default="name")
    tutor_history: Mapped[bool] = mapped_column(server_default="true")
    privacy_settings: Mapped[Json]
    lends_programs: Mapped[bool] = mapped_column(server_default="false")
    onboarded_at: Mapped[Stamp | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class Identity(Base):
    """One account on one platform; a person may have several.

    It has no row policy, because the learner is looked up here before anybody is known.
    """

    __tablename__ = "identities"
    __table_args__ = (
        one_of("provider", "discord", "telegram", "terminal", "github", "clerk"),
        length("subject", 1, 200),
        UniqueConstraint("provider", "subject", name="uq_identities_provider_subject"),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE")
    provider: Mapped[Txt]
    subject: Mapped[Txt]
    locale: Mapped[Txt | None]  # as the platform told it last
    created_at: Mapped[Now]


class AccountLink(Base):
    """One joining of two accounts, from the code on; `user_id` is the learner that remains.

    `absorbed_id` names the learner that joined. Its row is gone until the accounts are parted.
    """

    __tablename__ = "account_links"
    __table_args__ = (
        one_of("status", "open", "claimed", "confirmed", "joined", "parted", "cancelled"),
        CheckConstraint(
            "(status IN ('open', 'cancelled')) OR (joining_id IS NOT NULL)", name="joining"
        ),
        CheckConstraint(
            "(status IN ('joined', 'parted')) = (num_nulls(absorbed_id, joined_at, merged_at) = 0)",
            name="joined",
        ),
        CheckConstraint("(status = 'parted') = (parted_at IS NOT NULL)", name="parted"),
        Index(
            "uq_account_links_one_live",
            "user_id",
            unique=True,
            postgresql_where=text("status IN ('open', 'claimed', 'confirmed')"),
        ),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE")
    identity_id: Mapped[UUID] = ref("identities.id", "CASCADE")
    joining_id: Mapped[UUID | None] = ref("identities.id", "CASCADE")
    absorbed_id: Mapped[UUID | None]
    status: Mapped[Txt] = mapped_column(server_default="open")
    expires_at: Mapped[Stamp]
    joined_at: Mapped[Stamp | None]
    merged_at: Mapped[Stamp | None]  # by the database's clock, as `updated_at` is
    parted_at: Mapped[Stamp | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class LinkRow(Base):
    """What one row was when two learners were joined, so that they can be parted again.

    "moved": the key of a row that changed hands; "kept": a whole row of the learner that joined;
    "aside": one that the other learner had already; "before": the other learner's own.
    """

    __tablename__ = "link_rows"
    __table_args__ = (
        one_of("kind", "moved", "kept", "aside", "before"),
        Index("ix_link_rows_link_id", "link_id", "table_name", "kind"),
    )
    id: Mapped[Id]
    link_id: Mapped[UUID] = ref("account_links.id", "CASCADE", index=False)
    table_name: Mapped[Txt]
    column_name: Mapped[Txt]
    kind: Mapped[Txt]
    content: Mapped[Json]
    created_at: Mapped[Now]


class BotAccount(Base):
    """What our own account on a platform is called, so that the other door can point at it.

    The row that was written last is right: a bot may be given another name.
    """

    __tablename__ = "bot_accounts"
    __table_args__ = (one_of("platform", "discord", "telegram"), length("username", 1, 100))
    platform: Mapped[Txt] = mapped_column(primary_key=True)
    username: Mapped[Txt] = mapped_column(primary_key=True)
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class OneTimeToken(Base):
    """One code that was given out (to link an account, to verify an e-mail); only its hash."""

    __tablename__ = "one_time_tokens"
    __table_args__ = (
        one_of("purpose", "link", "email", "download"),
        *at_least(0, "attempts"),
        UniqueConstraint("purpose", "token_hash", name="uq_one_time_tokens_purpose_hash"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE")
    purpose: Mapped[Txt]
    token_hash: Mapped[bytes]
    payload: Mapped[Json]
    attempts: Mapped[int] = mapped_column(server_default="0")
    expires_at: Mapped[Stamp]
    used_at: Mapped[Stamp | None]
    created_at: Mapped[Now]


class AuthSession(Base):
    """One token that was issued to a program of the person; only its hash is stored."""

    __tablename__ = "auth_sessions"
    __table_args__ = (
        UniqueConstraint("jti", name="uq_auth_sessions_jti"),
        UniqueConstraint("token_hash", name="uq_auth_sessions_token_hash"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),
        length("user_agent", 0, 255),
        length("ip", 0, 45),
        Index("ix_auth_sessions_live", "user_id", postgresql_where=text("revoked_at IS NULL")),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE")
    jti: Mapped[UUID]
    token_hash: Mapped[bytes]
    user_agent: Mapped[Txt | None]
    ip: Mapped[Txt | None]
    expires_at: Mapped[Stamp]
    revoked_at: Mapped[Stamp | None]
    created_at: Mapped[Now]


class Community(Base):
    """One study group: a Discord server, a Telegram group, or the local machine."""

    __tablename__ = "communities"
    __table_args__ = (
        one_of("platform", "discord", "telegram", "terminal"),
        length("title", 1, 200),
        UniqueConstraint("platform", "place_id", name="uq_communities_platform_place"),
    )
    id: Mapped[Id]
    platform: Mapped[Txt]
    place_id: Mapped[Txt]
    title: Mapped[Txt]
    settings: Mapped[Json]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    deleted_at: Mapped[Stamp | None]


class Membership(Base):
    """One person's role in one community."""

    __tablename__ = "memberships"
    __table_args__ = (one_of("role", "student", "instructor", "moderator", "admin"),)
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    community_id: Mapped[UUID] = ref("communities.id", "CASCADE", primary_key=True)
    role: Mapped[Txt] = mapped_column(server_default="student")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class RateLimit(Base):
    """One token bucket: how much of an action is left to somebody."""

    __tablename__ = "rate_limits"
    __table_args__ = (
        one_of("scope", "identity", "place", "platform"),
        CheckConstraint("tokens >= 0", name="tokens"),
    )
    scope: Mapped[Txt] = mapped_column(primary_key=True)
    subject: Mapped[Txt] = mapped_column(primary_key=True)
    action: Mapped[Txt] = mapped_column(primary_key=True)
    tokens: Mapped[Points]
    refilled_at: Mapped[Stamp] = mapped_column(index=True)


class Conversation(Base):
    """What the next typed text of one account in one chat answers; `version` guards writes."""

    __tablename__ = "conversations"
    __table_args__ = at_least(0, "version")
    identity_id: Mapped[UUID] = ref("identities.id", "CASCADE", index=False, primary_key=True)
    place_id: Mapped[Txt] = mapped_column(primary_key=True)
    state: Mapped[Json]
    version: Mapped[int] = mapped_column(server_default="0")
    expires_at: Mapped[Stamp | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class Receipt(Base):
    """What one event of an account was answered, written with what the event changed.

    The same event, delivered again, finds its row and changes nothing. Kept for as long as a
    platform may deliver an event again.
    """

    __tablename__ = "receipts"
    identity_id: Mapped[UUID] = ref("identities.id", "CASCADE", index=False, primary_key=True)
    event_id: Mapped[Txt] = mapped_column(primary_key=True)
    reply: Mapped[Json]
    created_at: Mapped[Now]


class AuditEntry(Base):
    """One sensitive thing that was done: by whom, to what. The app may only add rows."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_target", "target_type", "target_id", "id"),
        {"postgresql_partition_by": "RANGE (id)"},
    )
    id: Mapped[Id]
    actor_id: Mapped[UUID | None] = ref("users.id", "SET NULL")
    actor_hash: Mapped[Txt | None]
    action: Mapped[Txt]
    target_type: Mapped[Txt]
    target_id: Mapped[UUID | None]
    reason: Mapped[Txt | None]
    details: Mapped[JsonOrNull]
    created_at: Mapped[Stamp] = time_of_id()
