"""What is sent to a chat leaves in order, at the pace Telegram allows, until it has arrived."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from telegram.error import BadRequest, InvalidToken, NetworkError

from bots.telegram.pace import Pace
from bots.telegram.transport import Flood
from domain.jobs.rules import backoff

log = logging.getLogger(__name__)

PATIENCE_S = 900.0  # of trying one call; an outage of Telegram is usually shorter
LONGEST_PAUSE_S = 20.0  # between two tries
Result = TypeVar("Result")
Work = Callable[[], Awaitable[None]]


class GaveUp(Exception):
    """Telegram could not be reached for a long time."""


class ClosedOutlets(Exception):
    """The process stops; what was not sent stays in the inbox."""


@dataclass(slots=True)
class Job:
    """One piece of sending: its work, and who waits for it."""

    work: Work
    done: asyncio.Future[None]
    edits: int | None  # the message it redraws


class Outlets:
    """A queue for each chat.

    Args:
        pace: when the next message may go.
        random: spreads retries.
    """

    def __init__(self, pace: Pace, random: Random) -> None:
        self.pace = pace
        self._random = random
        self._queues: dict[int, deque[Job]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def put(self, chat: int, work: Work, edits: int | None = None) -> asyncio.Future[None]:
        """Queue work for a chat; it begins when a message to the chat may go.

        Args:
            chat: its id.
            work: sends; for each further message it asks `pace` itself.
            edits: the message that the work redraws. A redrawing of the same message that still
                waits is dropped: only the newest is worth seeing.

        Returns:
            Done when the work is done or not needed any more; it carries what the work raised.
        """
        done = asyncio.get_running_loop().create_future()
        done.add_done_callback(_look)
        if self._closed:
            done.set_exception(ClosedOutlets())
            return done
        queue = self._queues.get(chat)
        if queue is None:
            queue = self._queues[chat] = deque()
            task = asyncio.create_task(self._run(chat, queue))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if edits is not None:
            for job in [one for one in queue if one.edits == edits]:
                queue.remove(job)
                job.done.set_result(None)
        queue.append(Job(work, done, edits))
        return done

    async def insist(
        self, chat: int, call: Callable[[], Awaitable[Result]], patience: float | None = None
    ) -> Result:
        """Call until Telegram has taken or refused it. The first place must be taken already.

        A call whose answer was cut off is made again: rather twice than never.

        Args:
            chat: what it is about.
            call: makes one request.
            patience: seconds; a quarter of an hour when it is not given.

        Raises:
            TelegramError: Telegram refused it.
            GaveUp: it could not be reached for so long.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + (PATIENCE_S if patience is None else patience)
        failures = 0
        while True:
            try:
                return await call()
            except Flood as error:
                self.pace.flooded(chat, error.seconds)
                log.warning("Telegram asks for a pause of %g s in one chat", error.seconds)
            except (BadRequest, InvalidToken):
                raise
            except NetworkError as error:
                failures += 1
                if loop.time() > until:
                    raise GaveUp(f"{type(error).__name__}: {error}") from error
                log.info("sending failed, trying again: %s", error)
                pause = backoff(failures, self._random.random()).total_seconds()
                await asyncio.sleep(min(pause, LONGEST_PAUSE_S))
            await self.pace.place(chat)

    async def close(self, patience: float) -> None:
        """Send what waits, for so many seconds; the rest is refused with `ClosedOutlets`."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience)
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, chat: int, queue: deque[Job]) -> None:
        try:
            while queue:
                if queue[0].done.done():  # nobody waits for it any more
                    queue.popleft()
                    continue
                await self.pace.place(chat)
                if not queue:
                    break
                job = queue.popleft()
                if job.done.done():
                    continue
                try:
                    await job.work()
                except asyncio.CancelledError:
                    if not job.done.done():
                        job.done.set_exception(ClosedOutlets())
                    raise
                except Exception as error:  # noqa: BLE001 - whoever waits for it decides
                    if not job.done.done():
                        job.done.set_exception(error)
                else:
                    if not job.done.done():
                        job.done.set_result(None)
        finally:
            if self._queues.get(chat) is queue:
                del self._queues[chat]
            for job in queue:
                if not job.done.done():
                    job.done.set_exception(ClosedOutlets())


def _look(done: asyncio.Future[None]) -> None:
    """Somebody may not wait for it: its error is not worth a warning of asyncio's then."""
    if not done.cancelled():
        done.exception()
