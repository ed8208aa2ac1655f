"""Which kinds of scheduled messages a learner wants; in a transaction of theirs.

What they do not want any more and is not on its way is taken out of the outbox at once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.notifications.kinds import SCHEDULED
from domain.sql import sql

_WORDS = ARRAY(Text())
_READ = sql("""
    SELECT notifications_enabled AS is_told, muted_kinds
    FROM user_settings WHERE user_id = :learner
""")
_LOCK = sql("""
    INSERT INTO user_settings (user_id) VALUES (:learner)
    ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id
    RETURNING notifications_enabled AS is_told, muted_kinds
""")
_KEEP = sql(
    """
    UPDATE user_settings SET notifications_enabled = :told, muted_kinds = :muted
    WHERE user_id = :learner
    """,
    muted=_WORDS,
)
_DROP = sql("SELECT drop_scheduled(:kinds)", kinds=_WORDS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a learner wants to be told without asking.

    Attributes:
        is_told: anything at all.
        muted: kinds they do not want.
    """

    is_told: bool = True
    muted: frozenset[str] = frozenset()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that come, in the order of `kinds`."""
        return tuple(kind for kind in SCHEDULED if self.is_told and kind not in self.muted)


async def wanted(conn: AsyncConnection, learner: UUID) -> Wanted:
    """What a learner wants to be told without asking."""
    row = (await conn.execute(_READ, {"learner": learner})).one_or_none()
    return Wanted(row.is_told, frozenset(row.muted_kinds)) if row else Wanted()


async def mute(conn: AsyncConnection, learner: UUID, kinds: Collection[str]) -> Wanted:
    """Tell nothing of these kinds from now on."""
    had = await _locked(conn, learner)
    changed = Wanted(had.is_told, had.muted | frozenset(kinds))
    await _keep(conn, learner, changed)
    await conn.execute(_DROP, {"kinds": sorted(kinds)})
    return changed


async def unmute(conn: AsyncConnection, learner: UUID, kinds: Collection[str]) -> Wanted:
    """Tell these kinds again; to who wanted nothing at all, these and no others."""
    had = await _locked(conn, learner)
    muted = had.muted if had.is_told else frozenset(SCHEDULED)
    changed = Wanted(is_told=True, muted=muted - frozenset(kinds))
    await _keep(conn, learner, changed)
    return changed


async def silence(conn: AsyncConnection, learner: UUID) -> None:
    """Tell nothing without being asked; which kinds were muted before is kept."""
    had = await _locked(conn, learner)
    await _keep(conn, learner, Wanted(is_told=False, muted=had.muted))
    await conn.execute(_DROP, {"kinds": list(SCHEDULED)})


async def _locked(conn: AsyncConnection, learner: UUID) -> Wanted:
    row = (await conn.execute(_LOCK, {"learner": learner})).one()
    return Wanted(row.is_told, frozenset(row.muted_kinds))


async def _keep(conn: AsyncConnection, learner: UUID, wanted: Wanted) -> None:
    values = {"learner": learner, "told": wanted.is_told, "muted": sorted(wanted.muted)}
    await conn.execute(_KEEP, values)
