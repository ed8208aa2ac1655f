"""People, their settings, their accounts on platforms, study groups and roles."""

from datetime import time
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import Id, Json, Now, Stamp, Txt, Words, between, length, one_of, ref
from domain.database import Base
from domain.identity.linking_tables import AccountLink, LinkRow, OneTimeToken
from domain.identity.request_tables import (
    AuditEntry,
    AuthSession,
    Conversation,
    RateLimit,
    Receipt,
)

__all__ = [
    "AccountLink",
    "AuditEntry",
    "AuthSession",
    "BotAccount",
    "Community",
    "Conversation",
    "Identity",
    "LinkRow",
    "Membership",
    "OneTimeToken",
    "RateLimit",
    "Receipt",
    "User",
    "UserProfile",
    "UserSettings",
]


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
