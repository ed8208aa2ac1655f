"""Finding (or making) the learner behind an account, and changing how they are spoken to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, Refusal
from domain.identity.rules import Learner
from domain.identity.tables import UserProfile, UserSettings
from domain.sql import sql

SEEN_EVERY = timedelta(minutes=5)  # "last active" is written no oftener
UNTOLD_ZONE = "UTC"  # used until the learner tells theirs
DEFAULT_DAY_END = time(3, 0)

_RESOLVE = sql(
    "SELECT user_id, created FROM resolve_learner(:provider, :subject, :name, :locale, NULL)"
)
# Held to the end of the transaction: nobody is joined with another account, or parted, under it.
_ARRIVE = sql("""
    SELECT user_id, identity_id, status, status_reason, status_until, is_platform_admin,
           last_active_at, display_name, timezone, locale, text_size, day_ends, told,
           state, version, reply
    FROM arrive(CAST(:user AS uuid), :provider, :subject, :place, :event)
""")
_TOLD = sql("SELECT note_locale(:identity, :locale)")
_SEEN = sql("UPDATE users SET last_active_at = :at WHERE id = :learner")
_SET_PROFILE = {
    name: update(UserProfile)
    .where(UserProfile.user_id == bindparam("learner"))
    .values({name: bindparam("value")})
    for name in ("timezone", "locale", "display_name")
}
_SET_SETTING = {
    name: insert(UserSettings)
    .values({"user_id": bindparam("learner"), name: bindparam("value")})
    .on_conflict_do_update(index_elements=[UserSettings.user_id], set_={name: bindparam("value")})
    for name in (
        "text_size",
        "day_ends",
        "images",
        "show_streak",
        "show_on_boards",
        "board_name",
        "tutor_history",
        "lends_programs",
    )
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for an account between its messages.

    Args:
        state: JSON of what the next typed text in the place answers; None: nothing was kept yet.
        version: of the state; 0 as long as nothing was kept.
        reply: JSON of what the event was answered before, if it was.
    """

    state: Mapping[str, Any] | None
    version: int
    reply: str | None


class Accounts:
    """Knows which learner an account belongs to, so that one query is enough for most messages.

    The cache is only a guess: a row is found when it is right, and a linked or detached account
    is looked up anew.
    """

    def __init__(self, most: int = 50_000) -> None:
        self._most = most
        self._users: dict[tuple[str, str], UUID] = {}

    async def learner(
        self,
        conn: AsyncConnection,
        platform: str,
        subject: str,
        name: str,
        locale: str | None,
        now: datetime,
    ) -> Learner:
        """The learner behind an account, made at the first message; sets the row-level user.

        Args:
            conn: an open transaction.
            platform: "discord", "telegram" or "terminal".
            subject: the platform's own id of the account.
            name: how the platform calls them, used when they are new.
            locale: the platform's guess at their language, if any; kept with the account, so that
                messages that nobody asked for speak it, too.
            now: this instant; kept as "last active", every five minutes at most.

        Raises:
            Refusal: the account is suspended.
        """
        return (await self.arrive(conn, platform, subject, name, locale, now))[0]

    async def arrive(
        self,
        conn: AsyncConnection,
        platform: str,
        subject: str,
        name: str,
        locale: str | None,
        now: datetime,
        *,
        place: str = "",
        event: str | None = None,
    ) -> tuple[Learner, Kept]:
        """The learner, as `learner` finds them, and what is kept for their message.

        Args:
            conn: an open transaction.
            platform: see `learner`, also for the next four.
            subject: of the account.
            name: of the account.
            locale: of the account.
            now: this instant.
            place: the chat.
            event: of which a receipt may be there.

        Raises:
            Refusal: the account is suspended.
        """
        account = {"provider": platform, "subject": subject}
        asked = {**account, "place": place, "event": event}
        known = self._users.get((platform, subject))
        row = None
        if known is not None:
            row = (await conn.execute(_ARRIVE, {**asked, "user": known})).one_or_none()
        is_new = False
        if row is None:
            found = {**account, "name": name[:100], "locale": locale}
            resolved = (await conn.execute(_RESOLVE, found)).one()
            is_new = resolved.created
            row = (await conn.execute(_ARRIVE, {**asked, "user": resolved.user_id})).one_or_none()
            if row is None:
                raise Refusal(N_("This account was closed. Write to the people who run this Stoa."))
            if len(self._users) >= self._most:
                self._users.clear()
            self._users[platform, subject] = row.user_id
        learner = await _learner(conn, row, subject, locale, now, is_new=is_new)
        return learner, Kept(row.state, row.version, row.reply)


async def _learner(
    conn: AsyncConnection,
    row: Any,  # noqa: ANN401 - of `_ARRIVE`
    subject: str,
    locale: str | None,
    now: datetime,
    *,
    is_new: bool,
) -> Learner:
    if row.status == "suspended" and (row.status_until is None or now < row.status_until):
        raise Refusal(
            N_("Your account is suspended: {reason}. Write to the people who run this Stoa."),
            {"reason": row.status_reason or "no reason was given"},
        )
    if row.last_active_at is None or now - row.last_active_at >= SEEN_EVERY:
        await conn.execute(_SEEN, {"learner": row.user_id, "at": now})
    if locale and locale != row.told:
        await conn.execute(_TOLD, {"identity": row.identity_id, "locale": locale})
    return Learner(
        user_id=row.user_id,
        identity_id=row.identity_id,
        name=row.display_name or subject,
        status=row.status,
        is_admin=row.is_platform_admin,
        language=row.locale,
        timezone=row.timezone or UNTOLD_ZONE,
        timezone_is_known=row.timezone is not None,
        day_ends=row.day_ends or DEFAULT_DAY_END,
        display="compact" if row.text_size == "compact" else "full",
        is_new=is_new,
    )


async def change_profile(conn: AsyncConnection, user_id: UUID, name: str, value: str) -> None:
    """Set "timezone", "locale" or "display_name"."""
    await conn.execute(_SET_PROFILE[name], {"learner": user_id, "value": value})


async def change_setting(conn: AsyncConnection, user_id: UUID, name: str, value: object) -> None:
    """Set one of the columns of `user_settings` in `_SET_SETTING`."""
    await conn.execute(_SET_SETTING[name], {"learner": user_id, "value": value})
