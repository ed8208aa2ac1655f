"""Delivers updates to a webhook: at least once, in order per lane, again until it says 2xx."""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from tests.platforms.telegram.updates import Pending, Updates
from tests.platforms.telegram.wire import Object

LONGEST_PAUSE = 60.0  # seconds between two tries [SERVER WebhookActor.cpp]
ANSWER_WITHIN = 60.0


@dataclass(slots=True)
class Webhook:
    """One address that updates are posted to.

    Args:
        url: of the bot.
        secret: sent along with each update.
        most: connections at once.
        tries: posts made so far.
    """

    url: str
    secret: str
    most: int
    updates: Updates
    last_error: str = ""
    tries: int = 0
    _random: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311
    _task: "asyncio.Task[None] | None" = None

    def start(self) -> None:
        """Begin to deliver."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End; what was not confirmed stays in the queue."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def seen(self) -> Object:
        """As getWebhookInfo shows it."""
        shown: Object = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.pending),
            "max_connections": self.most,
        }
        if self.last_error:
            shown["last_error_message"] = self.last_error
        return shown

    async def _run(self) -> None:
        busy: set[str] = set()
        running: set[asyncio.Task[None]] = set()
        changed = asyncio.Event()
        timeout = aiohttp.ClientTimeout(ANSWER_WITHIN)
        async with aiohttp.ClientSession(timeout=timeout) as session:

            async def one(update: Pending) -> None:
                try:
                    await self._deliver(session, update)
                finally:
                    busy.discard(update.lane)
                    changed.set()

            try:
                while True:
                    changed.clear()
                    self.updates.arrived.clear()
                    for update in list(self.updates.pending):
                        if len(busy) < self.most and update.lane not in busy:
                            busy.add(update.lane)
                            task = asyncio.create_task(one(update))
                            running.add(task)
                            task.add_done_callback(running.discard)
                    waits = [
                        asyncio.ensure_future(event.wait())
                        for event in (changed, self.updates.arrived)
                    ]
                    try:
                        await asyncio.wait(waits, return_when="FIRST_COMPLETED")
                    finally:
                        for wait in waits:
                            wait.cancel()
            finally:
                for task in running:
                    task.cancel()
                await asyncio.gather(*running, return_exceptions=True)

    async def _deliver(self, session: aiohttp.ClientSession, update: Pending) -> None:
        """Post one update until it is taken, each time a little later."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        pause = 0.0
        while True:
            await asyncio.sleep(pause * (1 + self._random.random() / 4) / self.updates.speed)
            self.tries += 1
            try:
                async with session.post(self.url, json=update.seen(), headers=headers) as answer:
                    if answer.status < 300:
                        if self.updates.done(update):
                            return
                        pause = 0.0
                        continue
                    self.last_error = f"Wrong response from the webhook: {answer.status}"
            except (aiohttp.ClientError, TimeoutError) as error:
                self.last_error = f"{type(error).__name__}: {error}"
            pause = min(LONGEST_PAUSE, max(1.0, 2 * pause))
