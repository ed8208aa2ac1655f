"""Sends what the outbox holds through one platform's door; a door runs it beside its listening.

The order of a send: claim (commit), begin (commit: the try is counted, an at_most_once message is
done), send, settle (commit). A process killed between any two of these leaves at_least_once
messages to the next sender after the lease, and at_most_once messages as they are.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Protocol

from bots.conversation.dialogue import Platform, Reply, escape
from bots.conversation.flows.general import choice_button
from bots.conversation.texts import choose, texts_for
from domain.clock import Clock
from domain.database import Database
from domain.jobs.rules import backoff
from domain.notifications import claims
from domain.notifications.rules import Claimed, Decision, Outcome, decide

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
SEND_TIMEOUT_S = 20.0  # well inside the lease
BATCH = 20
AT_ONCE = 5  # messages in flight: what may be doubled when the sender is killed
POLL_S = 1.0


class Sender(Protocol):
    """A platform's way out.

    `address` limits the sender to one chat; None means every chat of the platform.
    """

    platform: Platform
    address: str | None

    async def send(self, address: str, reply: Reply) -> Outcome:
        """Send one message; whatever is raised counts as an unknown outcome."""
        ...


def render(message: Claimed) -> Reply:
    """A message in its reader's language; each of its paragraphs is a sentence of the catalogue.

    Raises:
        KeyError: the payload or the sentence's placeholders are not as they should be.
    """
    texts = texts_for(choose(message.language))
    values = {
        name: escape(value) if isinstance(value, str) else value
        for name, value in message.payload["values"].items()
    }
    typed = message.platform == "terminal"
    lines = message.payload["choices"]
    buttons = tuple(choice_button(line, texts, typed=typed) for line in lines)
    text = "\n\n".join(texts.say(part, **values) for part in message.payload["text"].split("\n\n"))
    rows = (buttons,) if buttons else ()
    return Reply(text, rows=rows, key=str(message.id), language=message.language or "")


@dataclass(slots=True)
class Delivery:
    """Claims and sends for one sender. Several processes may do so for one platform.

    Args:
        database: worked on as the worker.
        clock: says what is due.
        random: spreads retries.
        sender: the platform's way out.
        batch: messages claimed together.
        at_once: messages in flight together.
        quiet: nothing is sent while somebody else holds it.
        counted: told the platform and the result of each try.
    """

    database: Database
    clock: Clock
    random: Random
    sender: Sender
    lease: timedelta = LEASE
    batch: int = BATCH
    at_once: int = AT_ONCE
    quiet: asyncio.Lock = field(default_factory=asyncio.Lock)
    counted: Callable[[str, str], None] = lambda _platform, _result: None

    async def deliver(self, stop: asyncio.Event | None = None) -> int:
        """Send one batch of what is due; the number of messages claimed.

        Args:
            stop: once set, what is in flight is finished and the rest is given back.
        """
        async with self.quiet:
            return await self._deliver(stop)

    async def try_to_deliver(self) -> None:
        """Send one batch; when the database is away, what is due waits for the next time."""
        try:
            await self.deliver()
        except Exception:
            log.exception("delivery to %s failed", self.sender.platform)

    async def run(self, stop: asyncio.Event, poll: float = POLL_S) -> None:
        """Deliver until told to stop.

        Args:
            stop: ends the loop; what is in flight is finished.
            poll: seconds between looks at an empty outbox.
        """
        failures = 0
        while not stop.is_set():
            pause = poll
            try:
                if await self.deliver(stop) == self.batch:
                    pause = 0.0
                failures = 0
            except Exception:
                failures += 1
                pause = backoff(failures, self.random.random()).total_seconds()
                log.exception("delivery to %s failed", self.sender.platform)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)

    async def _deliver(self, stop: asyncio.Event | None) -> int:
        async with self.database.worker_unit_of_work() as conn:
            claimed = await claims.claim(
                conn,
                self.sender.platform,
                limit=self.batch,
                lease=self.lease,
                now=self.clock.now(),
                address=self.sender.address,
            )
        for start in range(0, len(claimed), self.at_once):
            if stop is not None and stop.is_set():
                async with self.database.worker_unit_of_work() as conn:
                    await claims.give_back(conn, claimed[start:])
                break
            await self._send_together(claimed[start : start + self.at_once])
        return len(claimed)

    async def _send_together(self, messages: Sequence[Claimed]) -> None:
        async with self.database.worker_unit_of_work() as conn:
            begun = await claims.begin(conn, messages, lease=self.lease, now=self.clock.now())
        outcomes = await asyncio.gather(*(self._send(message) for message in begun))
        for outcome in outcomes:
            self.counted(self.sender.platform, outcome.result)
        now = self.clock.now()
        async with self.database.worker_unit_of_work() as conn:
            decided: list[tuple[Claimed, Decision]] = []
            for message, outcome in zip(begun, outcomes, strict=True):
                if outcome.result == "blocked" and await claims.redirect(
                    conn, message, outcome.reason, now
                ):
                    continue
                decided.append((message, decide(message, outcome, now, self.random.random())))
            await claims.settle(conn, decided, now=now)

    async def _send(self, message: Claimed) -> Outcome:
        try:
            reply = render(message)
        except (KeyError, ValueError, IndexError, AttributeError, TypeError) as error:
            log.exception("message %s cannot be written", message.id)
            return Outcome("rejected", f"cannot be written: {type(error).__name__}")
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                return await self.sender.send(message.address, reply)
        except Exception as error:
            log.exception("message %s: outcome unknown", message.id)
            return Outcome("unknown", f"{type(error).__name__}: {error}")
