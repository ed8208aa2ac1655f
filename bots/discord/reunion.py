"""Chats that were closed to us and are open again, because somebody wrote there."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.clock import Clock
from domain.database import Database
from domain.notifications import outbox

PLATFORM = "discord"
REMEMBERED = 50_000  # people
AGAIN = timedelta(minutes=10)  # how long one look at the database holds


@dataclass
class Reunion:
    """Lifts the block from a private chat that writes to us again.

    Args:
        database: where blocked chats are kept.
        clock: says when a look is due again.
    """

    database: Database
    clock: Clock
    _heard: OrderedDict[str, datetime] = field(default_factory=OrderedDict)

    async def heard(self, address: str) -> None:
        """Somebody wrote in their private chat; the database is asked now and then only."""
        now = self.clock.now()
        before = self._heard.get(address)
        if before is not None and now - before < AGAIN:
            return
        async with self.database.worker_unit_of_work() as conn:
            await outbox.reopen(conn, PLATFORM, address)
        self._heard[address] = now
        self._heard.move_to_end(address)
        while len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)

    def closed(self, address: str) -> None:
        """A message to this chat was refused; its next sign of life counts."""
        self._heard.pop(address, None)
