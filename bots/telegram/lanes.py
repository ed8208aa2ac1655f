"""Stored updates are worked: in order within a chat, chats side by side, each until it is done."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bots.telegram.outlets import ClosedOutlets
from domain import inbox
from domain.clock import Clock
from domain.database import Database
from domain.inbox import Box, Update
from domain.jobs.rules import backoff
from domain.notifications import outbox

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 32  # updates whose effect is being decided
JOIN_S = 0.4  # for the other updates of an album, which come one by one
AHEAD = 10  # updates of one chat whose answers are still on their way
TOGETHER_S = 0.1  # between two notes of what is done: each costs the database a commit
CANCEL_S = 1.0
MOST_TRIES = 10  # of an update that each time lost its process


@dataclass(frozen=True, slots=True)
class Worked:
    """An update that is done: the private chat it shows to be open, or why it is set aside."""

    number: int
    address: str | None = None
    error: str | None = None


Result = TypeVar("Result")
Begun = Callable[[], None]
Work = Callable[[Sequence[Update], Begun], Awaitable[str | None]]


class Finisher:
    """Writes that updates are done, as many together as came in since it wrote the last ones."""

    def __init__(self, database: Database, clock: Clock, box: Box, random: Random) -> None:
        self._database = database
        self._clock = clock
        self._box = box
        self._random = random
        self._done: list[Worked] = []
        self._any = asyncio.Event()

    def add(self, worked: Worked) -> None:
        """An update is done."""
        self._done.append(worked)
        self._any.set()

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._any.wait()
            await self.flush()
            await asyncio.sleep(TOGETHER_S)

    async def flush(self) -> None:
        """Write what is done so far; one caller at a time."""
        if batch := self._done.copy():
            await self.insist(lambda conn: self._write(conn, batch))
            del self._done[: len(batch)]
        if not self._done:
            self._any.clear()

    async def insist(self, write: Callable[[AsyncConnection], Awaitable[Result]]) -> Result:
        """Run a transaction again until the database takes it."""
        failures = 0
        while True:
            try:
                async with self._database.worker_unit_of_work() as conn:
                    return await write(conn)
            except Exception:
                failures += 1
                log.exception("the inbox cannot be written; I try again")
                pause = backoff(failures, self._random.random())
                await asyncio.sleep(pause.total_seconds())

    async def _write(self, conn: AsyncConnection, batch: list[Worked]) -> None:
        now = self._clock.now()
        done = [one.number for one in batch if one.error is None]
        await inbox.finish(conn, self._box, done, now)
        for one in batch:
            if one.error is not None:
                await inbox.set_aside(conn, self._box, one.number, one.error, now)
        addresses = sorted({one.address for one in batch if one.address is not None})
        await outbox.reopen_all(conn, self._box.platform, addresses)


class Lanes:
    """The updates of one owner.

    Args:
        box: whose updates.
        owner: the name of the lease under which they were claimed.
        work: answers one update, or several that belong together. It calls its second argument
            once the effect is decided: then the next one of the chat may begin. It gives the
            private chat it came from, if any.
        finisher: notes what is done.
        joins: updates next to each other with the same word belong together; "" for none.
    """

    def __init__(
        self,
        box: Box,
        owner: str,
        work: Work,
        finisher: Finisher,
        joins: Callable[[Update], str] = lambda _: "",
    ) -> None:
        self._box = box
        self._owner = owner
        self._work = work
        self._finisher = finisher
        self._joins = joins
        self._queues: dict[str, deque[Update]] = {}
        self._known: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(SIDE_BY_SIDE)
        self._may_begin = asyncio.Event()
        self._may_begin.set()
        self._stopped = False

    def add(self, updates: Iterable[Update]) -> None:
        """Work these, each after those of its chat that came before."""
        for update in updates:
            if update.number in self._known or self._stopped:
                continue
            self._known.add(update.number)
            queue = self._queues.get(update.lane)
            if queue is not None:
                queue.append(update)
                continue
            self._queues[update.lane] = queue = deque((update,))
            self._spawn(self._lane(update.lane, queue))

    def pause(self) -> None:
        """Begin nothing: the lease may have ended."""
        self._may_begin.clear()

    def resume(self, owned: set[int]) -> None:
        """The lease holds; others may have taken over what is not `owned` any more."""
        for queue in self._queues.values():
            kept = [update for update in queue if update.number in owned]
            self._known -= {update.number for update in queue} - {one.number for one in kept}
            queue.clear()
            queue.extend(kept)
        self._may_begin.set()

    @property
    def is_paused(self) -> bool:
        """Whether `pause` was called and `resume` not since."""
        return not self._may_begin.is_set()

    async def drain(self, patience: float) -> None:
        """Begin nothing more, and wait so many seconds for what is in flight."""
        self._stopped = True
        self._may_begin.set()
        for queue in self._queues.values():
            queue.clear()
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=patience)
        for task in self._tasks:
            task.cancel()
        if self._tasks:  # one may still wait for an answer to leave; closing the outlets ends it
            await asyncio.wait(set(self._tasks), timeout=CANCEL_S)

    def _spawn(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        assert isinstance(task, asyncio.Task)  # noqa: S101 - of a coroutine
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _lane(self, name: str, queue: deque[Update]) -> None:
        ahead: set[asyncio.Task[None]] = set()
        loop = asyncio.get_running_loop()
        try:
            while queue:
                await self._slots.acquire()
                await self._may_begin.wait()
                if not queue:
                    self._slots.release()
                    break
                updates = [queue.popleft()]
                if word := self._joins(updates[0]):
                    await asyncio.sleep(JOIN_S)
                    while queue and self._joins(queue[0]) == word:
                        updates.append(queue.popleft())
                begun: asyncio.Future[None] = loop.create_future()
                task = self._spawn(self._some(updates, begun))
                ahead.add(task)
                task.add_done_callback(ahead.discard)
                try:
                    await begun
                finally:
                    self._slots.release()
                if len(ahead) >= AHEAD:
                    await asyncio.wait(ahead, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if self._queues.get(name) is queue:
                del self._queues[name]

    async def _some(self, updates: list[Update], begun: asyncio.Future[None]) -> None:
        def has_begun() -> None:
            if not begun.done():
                begun.set_result(None)

        numbers = [update.number for update in updates]
        try:
            ready = [one for one in updates if not one.taken_over or await self._may_try(one)]
            if ready:
                address = await self._work(ready, has_begun)
                for one in ready:
                    self._finisher.add(Worked(one.number, address))
        except ClosedOutlets:
            log.info("updates %s are left to whoever comes next", numbers)
        except Exception as error:
            log.exception("updates %s cannot be worked and are set aside", numbers)
            for number in numbers:
                self._finisher.add(Worked(number, error=f"{type(error).__name__}: {error}"))
        finally:
            has_begun()
            self._known.difference_update(numbers)

    async def _may_try(self, update: Update) -> bool:
        """An update that ends its process each time is given up in the end."""
        tries = await self._finisher.insist(
            lambda conn: inbox.begin_again(conn, self._box, self._owner, update.number)
        )
        if tries > MOST_TRIES:
            error = f"its process ended {MOST_TRIES} times"
            self._finisher.add(Worked(update.number, error=error))
            return False
        return tries > 0
