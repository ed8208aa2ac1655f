"""Groups: a Discord server or a Telegram group is one from the first time somebody uses it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql

_ENTER = sql("SELECT enter_community(:platform, :place, :title)")


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
