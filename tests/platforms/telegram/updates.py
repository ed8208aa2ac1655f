"""The queue of updates: kept until the bot confirms them, by polling or by a webhook's 200."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.platforms.telegram import limits
from tests.platforms.telegram.wire import ApiError, Object

# What Telegram leaves out unless it is asked for [API getUpdates].
_UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_CONFLICT = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


@dataclass(slots=True)
class Pending:
    """One update that is not confirmed yet.

    Args:
        lane: updates of one lane are delivered to a webhook one after another.
        born: monotonic seconds.
        left: how many more times it must be confirmed.
    """

    id: int
    kind: str
    body: Object
    lane: str
    born: float
    left: int = 1

    def seen(self) -> Object:
        """As the API shows it."""
        return {"update_id": self.id, self.kind: self.body}


@dataclass(slots=True)
class Updates:
    """What waits for the bot.

    Args:
        check: called with each update before it is queued.
        twice: Telegram repeats each update after it was confirmed, once.
        confirmed: how many are done with.
        speed: how many seconds of Telegram pass in one second here.
    """

    check: Callable[[Object], None]
    speed: float = 1.0
    twice: bool = False
    confirmed: int = 0
    next_id: int = 100_000_001
    allowed: frozenset[str] = frozenset()
    pending: deque[Pending] = field(default_factory=deque)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    polls: int = 0
    _poller: "asyncio.Future[None] | None" = None

    def emit(self, kind: str, body: Object, lane: str) -> int:
        """Queue an update, unless the bot has not asked for its kind; its id, or 0."""
        if kind not in self.allowed if self.allowed else kind in _UNASKED:
            return 0
        update = Pending(self.next_id, kind, body, lane, time.monotonic(), 1 + self.twice)
        self.next_id += 1
        self.check(update.seen())
        self.pending.append(update)
        self.arrived.set()
        return update.id

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Remember which kinds the bot wants; None leaves it as it was."""
        if kinds is not None:
            self.allowed = frozenset(kinds)

    def confirm(self, offset: int) -> None:
        """Forget what is below the offset; a negative one keeps so many from the end."""
        if offset < 0:
            offset = self.pending[offset].id if -offset <= len(self.pending) else 0
        if not self.twice:
            while self.pending and self.pending[0].id < offset:
                self.pending.popleft()
                self.confirmed += 1
            return
        kept: deque[Pending] = deque()
        for update in self.pending:
            update.left -= update.id < offset
            if update.left > 0:
                kept.append(update)
            else:
                self.confirmed += 1
        self.pending = kept

    def done(self, update: Pending) -> bool:
        """The webhook took an update; whether it is not to be repeated."""
        update.left -= 1
        if update.left <= 0:
            self.pending.remove(update)
            self.confirmed += 1
        return update.left <= 0

    def forget_old(self) -> None:
        """Drop presses that nobody fetched in time."""
        oldest = time.monotonic() - limits.CALLBACK_LIFE / self.speed
        if self.pending and self.pending[0].born < oldest:
            self.pending = deque(
                one for one in self.pending if one.kind != "callback_query" or one.born >= oldest
            )

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Object]:
        """What waits from an offset on, as soon as there is something.

        Raises:
            ApiError: 409, another poller came.
        """
        self.polls += 1
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(ApiError(409, _CONFLICT))
        self._poller = mine = asyncio.get_running_loop().create_future()
        self.confirm(offset)
        end = time.monotonic() + seconds
        try:
            while True:
                self.forget_old()
                if mine.done():
                    mine.result()
                if self.pending:
                    return [one.seen() for one, _ in zip(self.pending, range(limit), strict=False)]
                if (left := end - time.monotonic()) <= 0:
                    return []
                self.arrived.clear()
                arrival = asyncio.ensure_future(self.arrived.wait())
                await asyncio.wait({arrival, mine}, timeout=left, return_when="FIRST_COMPLETED")
                arrival.cancel()
        finally:
            if mine.done():
                mine.exception()
            if self._poller is mine:
                self._poller = None
