"""Since when learners can, or could not, reach us: our bots are there while a door is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ARRAY, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql

# The database's clock throughout: several machines may run doors.
_ANNOUNCE = sql("""
    WITH renamed AS (
        DELETE FROM bot_accounts WHERE platform = :platform AND username <> :username)
    INSERT INTO bot_accounts (platform, username) VALUES (:platform, :username)
    ON CONFLICT (platform, username) DO NOTHING
""")
_NAME = sql("SELECT username FROM bot_accounts WHERE platform = :platform LIMIT 1")
_LAST = sql("SELECT max(updated_at) AS seen, now() AS present FROM bot_accounts")
_BEAT = sql(
    "UPDATE bot_accounts SET updated_at = now() WHERE platform = ANY (:platforms)",
    platforms=ARRAY(Text()),
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of time in which no door was open."""

    began: datetime
    ended: datetime

    @property
    def length(self) -> timedelta:
        """How long it was."""
        return self.ended - self.began


async def announce_bot(conn: AsyncConnection, platform: str, username: str) -> None:
    """A door tells what its bot is called; in a transaction of the worker."""
    await conn.execute(_ANNOUNCE, {"platform": platform, "username": username})


async def bot_name(conn: AsyncConnection, platform: str) -> str | None:
    """What our bot on a platform is called, if its door has told."""
    found: str | None = (await conn.execute(_NAME, {"platform": platform})).scalar_one_or_none()
    return found


async def beat(conn: AsyncConnection, platforms: Sequence[str]) -> Gap | None:
    """These doors are open now; in a transaction of the worker.

    Returns:
        Since when none was, here or in any other process; None when no door was ever open.
    """
    row = (await conn.execute(_LAST)).one()
    await conn.execute(_BEAT, {"platforms": list(platforms)})
    return None if row.seen is None else Gap(row.seen, row.present)
