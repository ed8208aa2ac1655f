"""Groups: a Discord server or a Telegram group is one from the first time somebody uses it."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.community.rules import Agreement, agreement
from domain.sql import sql

_ENTER = sql("SELECT enter_community(:platform, :place, :title)")
_AGREED = sql("SELECT settings FROM communities WHERE id = :community")
_AGREE = sql(
    "UPDATE communities SET settings = settings || :settings WHERE id = :community",
    settings=JSONB(),
)


async def enter(conn: AsyncConnection, platform: str, place: str, title: str) -> UUID:
    """The group behind a place, made at its first use, with the learner as a member.

    Args:
        conn: the learner's transaction.
        platform: "discord", "telegram" or "terminal".
        place: the platform's id of the server or group.
        title: how the platform calls it now; "" keeps the name that is known.
    """
    values = {"platform": platform, "place": place, "title": title}
    found: UUID = (await conn.execute(_ENTER, values)).scalar_one()
    return found


async def agreed(conn: AsyncConnection, community: UUID) -> Agreement:
    """What a group has agreed on."""
    found = (await conn.execute(_AGREED, {"community": community})).scalar_one()
    return agreement(found)


async def agree(conn: AsyncConnection, community: UUID, changed: Agreement) -> None:
    """Keep what a group agrees on now."""
    values = {"community": community, "settings": changed.as_json()}
    await conn.execute(_AGREE, values)
