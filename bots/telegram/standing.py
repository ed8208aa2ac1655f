"""What this process holds among those of one bot: the right to work updates, and to ask for them.

Both are leases that a beat renews. A process that was killed or stalls loses them within a term;
when it comes to itself it finds out before it begins anything more.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bots.telegram.lanes import Lanes
from domain import inbox, leases
from domain.clock import Clock
from domain.database import Database
from domain.inbox import Box

log = logging.getLogger(__name__)

CLAIMED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a lease lasts, and how often it is renewed."""

    term: timedelta = timedelta(seconds=6)
    beat: timedelta = timedelta(seconds=1.5)


class Standing:
    """Keeps the leases of one process.

    Args:
        database: worked on as the worker.
        clock: of the leases.
        box: the bot's.
        owner: the name of this process's own lease.
        lanes: get what others left, and pause while the lease is in doubt.
        shared: told how many processes serve the bot.
        timing: of the leases.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        box: Box,
        owner: str,
        lanes: Lanes,
        shared: Callable[[int], None],
        timing: Timing,
    ) -> None:
        self._database = database
        self._clock = clock
        self._box = box
        self._owner = owner
        self._lanes = lanes
        self._shared = shared
        self._timing = timing
        self._polls = False
        self._poller = asyncio.Event()
        self._wake = asyncio.Event()
        self._sure_until = 0.0  # of the loop's clock

    @property
    def polls(self) -> bool:
        """Whether this process may ask for updates, now."""
        return self._poller.is_set() and self._is_sure()

    def want_to_poll(self) -> None:
        """Try to get the role of asking for updates, too."""
        self._polls = True

    def wake(self) -> None:
        """Claim soon: something was left."""
        self._wake.set()

    async def may_poll(self) -> bool:
        """Return once this process has the role."""
        while not self.polls:
            if self._poller.is_set():
                self._wake.set()
                await asyncio.sleep(self._timing.beat.total_seconds() / 10)
            else:
                await self._poller.wait()
        return True

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            await self.beat()
            try:
                async with asyncio.timeout(self._timing.beat.total_seconds()):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()

    async def beat(self) -> None:
        """Renew what is held, take what is free, and claim what was left."""
        loop = asyncio.get_running_loop()
        began, was_sure = loop.time(), self._is_sure()
        if not was_sure:
            self._lanes.pause()
        try:
            async with self._database.worker_unit_of_work() as conn:
                now = self._clock.now()
                await leases.take(conn, self._owner, self._owner, now, self._timing.term)
                if self._polls:
                    role = await leases.take(
                        conn, f"{self._prefix}poller", self._owner, now, self._timing.term
                    )
                    self._hold(role is not None)
                others = await leases.live(conn, f"{self._prefix}worker:", now)
                claimed = await inbox.claim(conn, self._box, self._owner, now, CLAIMED_AT_ONCE)
                owned = (
                    await inbox.owned(conn, self._box, self._owner)
                    if self._lanes.is_paused
                    else None
                )
        except Exception:
            log.exception("the leases of this process could not be renewed")
            if loop.time() >= self._sure_until:
                self._lanes.pause()
            return
        self._sure_until = began + self._timing.term.total_seconds()
        self._shared(len(others))
        if owned is not None:
            self._lanes.resume(owned)
        self._lanes.add(claimed)
        if len(claimed) == CLAIMED_AT_ONCE:
            self._wake.set()

    async def leave(self) -> None:
        """Give everything back, so that others need not wait for the term to end."""
        async with self._database.worker_unit_of_work() as conn:
            now = self._clock.now()
            await inbox.give_back(conn, self._box, self._owner)
            await leases.release(conn, f"{self._prefix}poller", self._owner, now)
            await leases.release(conn, self._owner, self._owner, now)
            await leases.prune(conn, f"{self._prefix}worker:", now)

    @property
    def _prefix(self) -> str:
        return prefix_of(self._box)

    def _is_sure(self) -> bool:
        return asyncio.get_running_loop().time() < self._sure_until

    def _hold(self, holds: bool) -> None:
        if holds and not self._poller.is_set():
            log.info("this process asks Telegram for updates")
            self._poller.set()
        elif not holds and self._poller.is_set():
            log.warning("another process asks Telegram for updates now")
            self._poller.clear()


def prefix_of(box: Box) -> str:
    """How the names of a bot's leases begin."""
    return f"{box.platform}:{box.receiver}:"


def owner_name(box: Box, word: str) -> str:
    """The name of the lease of one process; `word` is used once."""
    return f"{prefix_of(box)}worker:{word}"
