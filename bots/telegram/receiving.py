"""Updates on their way in: asked for by one process at a time, and stored before anything else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import DBAPIError
from telegram.error import Conflict, InvalidToken, TelegramError

from bots.telegram.client import StoaBot
from bots.telegram.raw import KINDS, lane_of
from bots.telegram.transport import Flood
from domain import inbox
from domain.clock import Clock
from domain.database import Database
from domain.inbox import Box, Update
from domain.jobs.rules import backoff

log = logging.getLogger(__name__)

WAIT_S = 25  # of a call to getUpdates; Telegram allows 50
CONFLICT_S = 5.0
CONFLICT = (
    "Another program asks Telegram for this bot's updates, and only one may. "
    "End it, or give one of the two a token of its own. Telegram says: %s"
)


class Store:
    """Puts what Telegram delivered into the inbox.

    Args:
        database: written to as the worker.
        clock: says when it came.
        box: the bot's.
        owner: the name of the lease under which this process works updates.
        take: gets those that this process shall work.
        wake: called when some were left for whoever claims them.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        box: Box,
        owner: str,
        take: Callable[[Sequence[Update]], None],
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._box = box
        self._owner = owner
        self._take = take
        self._wake = wake

    async def put(self, raws: Sequence[dict[str, Any]]) -> None:
        """Commit updates; after that Telegram may forget them.

        Raises:
            Exception: the database does not take them; nothing was lost.
        """
        now = self._clock.now()
        updates = [
            Update(raw["update_id"], lane_of(raw), raw, now)
            for raw in raws
            if isinstance(raw.get("update_id"), int) and 0 <= raw["update_id"] < 2**63
        ]
        if not updates:
            return
        try:
            ours, left = await self._store(updates)
        except DBAPIError as error:
            if not str(getattr(error.orig, "sqlstate", "")).startswith("22"):
                raise
            ours, left = await self._one_by_one(updates)
        self._take([update for update in updates if update.number in ours])
        if left:
            self._wake()

    async def _store(self, updates: Sequence[Update]) -> tuple[set[int], bool]:
        async with self._database.worker_unit_of_work() as conn:
            return await inbox.store(conn, self._box, updates, self._owner, updates[0].received_at)

    async def _one_by_one(self, updates: Sequence[Update]) -> tuple[set[int], bool]:
        """One of them cannot be stored as it is: it must not keep the others out."""
        ours: set[int] = set()
        left = False
        for update in updates:
            try:
                mine, more = await self._store([update])
            except DBAPIError as error:
                if not str(getattr(error.orig, "sqlstate", "")).startswith("22"):
                    raise
                log.warning("update %s cannot be stored and is set aside", update.number)
                async with self._database.worker_unit_of_work() as conn:
                    reason = f"cannot be stored: {type(error).__name__}"
                    await inbox.refuse(conn, self._box, update, reason, update.received_at)
            else:
                ours |= mine
                left = left or more
        return ours, left


@dataclass(slots=True)
class Poller:
    """Asks Telegram for updates while this process holds the role of doing so.

    Args:
        bot: makes the calls.
        store: where they go.
        holds: waits until this process holds the role; False: it is time to stop.
        still: whether it holds it now.
        tell: hears None when updates come, else why they do not.
        spread: a random number from 0 to 1.
        wait: seconds that Telegram may wait for an update.
    """

    bot: StoaBot
    store: Store
    holds: Callable[[], Awaitable[bool]]
    still: Callable[[], bool]
    tell: Callable[[str | None], None]
    spread: Callable[[], float]
    wait: int = WAIT_S

    async def run(self, stop: asyncio.Event) -> None:
        """Ask until told to stop."""
        stopping = asyncio.create_task(stop.wait())
        asking = asyncio.create_task(self._ask(stop))
        await asyncio.wait({stopping, asking}, return_when=asyncio.FIRST_COMPLETED)
        for task in (stopping, asking):
            if not task.done():
                task.cancel()
        with suppress(asyncio.CancelledError):
            await asking  # what was received is stored, or will be delivered again

    async def _ask(self, stop: asyncio.Event) -> None:
        offset: int | None = None
        failures = 0
        while not stop.is_set() and await self.holds():
            try:
                raws = await self.bot.raw_updates(offset, KINDS, self.wait)
                if not self.still():
                    offset = None  # somebody else polls now, and gets these again
                    continue
                await self.store.put(raws)
            except Exception as error:  # noqa: BLE001 - whatever it is, updates wait at Telegram
                failures += 1
                await self._after(error, failures)
                continue
            failures = 0
            self.tell(None)
            numbers = [raw["update_id"] for raw in raws if isinstance(raw.get("update_id"), int)]
            if numbers:
                offset = max(numbers) + 1

    async def _after(self, error: Exception, failures: int) -> None:
        pause = min(20.0, backoff(failures, self.spread()).total_seconds())
        if isinstance(error, Conflict):
            log.error(CONFLICT, error.message)
            pause = CONFLICT_S
        elif isinstance(error, Flood):
            pause = error.seconds
        elif isinstance(error, InvalidToken):
            log.error("Telegram does not know the bot's token any more: %s", error.message)
        elif isinstance(error, TelegramError):
            log.warning("Telegram gives no updates: %s", error.message)
        else:
            log.error("updates could not be stored; Telegram keeps them", exc_info=error)
        self.tell(f"{type(error).__name__}: {error}")
        await asyncio.sleep(pause)
