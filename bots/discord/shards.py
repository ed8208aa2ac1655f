"""Which shards a process takes, and when each may say hello.

Discord lets `max_concurrency` shards identify in five seconds: one of each remainder of the shard's
number. Several processes share that through a lease for each remainder.
"""

import asyncio
import re
import secrets
from dataclasses import dataclass, field

from sqlalchemy import Float

from domain.database import Database
from domain.settings import ConfigurationError
from domain.sql import sql

IDENTIFY_S = 5.0  # between two shards of one remainder
_SPELLED = re.compile(r"(?P<ids>\d+(?:[,-]\d+)*)/(?P<count>[1-9]\d{0,5})")

_TAKE = sql(
    """
    INSERT INTO leases AS l (name, owner, expires_at)
    VALUES (:name, :owner, clock_timestamp() + make_interval(secs => :seconds))
    ON CONFLICT (name) DO UPDATE
        SET owner = excluded.owner, fence = l.fence + 1, expires_at = excluded.expires_at
        WHERE l.expires_at <= clock_timestamp()
    RETURNING true
    """,
    seconds=Float(),
)
_LEFT = sql("""
    SELECT extract(epoch FROM expires_at - clock_timestamp())::float8 FROM leases
    WHERE name = :name
""")


@dataclass(frozen=True, slots=True)
class Shards:
    """Some shards of all: their numbers, and how many there are."""

    ids: tuple[int, ...]
    count: int


def shards_from(text: str) -> Shards:
    """Read "0,1/4" or "0-3/16": the shards of this process, and how many there are in all.

    Raises:
        ConfigurationError: it is written otherwise, or a number is too high.
    """
    found = _SPELLED.fullmatch(text.replace(" ", ""))
    if found is None:
        raise ConfigurationError(
            "STOA_DISCORD_SHARDS: write it like 0,1/4 or 0-3/16: the shards of this process, "
            "and how many there are in all."
        )
    count, numbers = int(found["count"]), set[int]()
    for part in found["ids"].split(","):
        first, *last = (int(number) for number in part.split("-"))
        numbers.update(range(first, (last[-1] if last else first) + 1))
    if not numbers or max(numbers) >= count:
        raise ConfigurationError(
            f"STOA_DISCORD_SHARDS: the shards of {count} are 0 to {count - 1}."
        )
    return Shards(tuple(sorted(numbers)), count)


@dataclass
class Turns:
    """Waits until a shard may identify.

    Args:
        database: shared by all processes of the bot.
        concurrency: Discord's max_concurrency.
        seconds: that a turn lasts.
    """

    database: Database
    concurrency: int = 1
    seconds: float = IDENTIFY_S
    _owner: str = field(default_factory=lambda: secrets.token_hex(8))

    async def wait(self, shard: int) -> None:
        """Return when it is the shard's turn, which is then taken."""
        name = f"discord.identify.{shard % self.concurrency}"
        while (pause := await self._pause(name)) > 0:  # noqa: ASYNC110 - another process's turn
            await asyncio.sleep(pause)

    async def _pause(self, name: str) -> float:
        """Seconds until it is worth asking again; 0 when the turn is taken."""
        async with self.database.worker_unit_of_work() as conn:
            values = {"name": name, "owner": self._owner, "seconds": self.seconds}
            if (await conn.execute(_TAKE, values)).one_or_none() is not None:
                return 0.0
            left = (await conn.execute(_LEFT, {"name": name})).scalar_one_or_none()
        return max(0.05, float(left or 0.0))
