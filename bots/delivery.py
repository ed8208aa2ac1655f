"""Sends what the outbox holds through one platform's door; a door runs it beside its listening.

The order of a send: claim (commit: the try is counted, an at_most_once message is done), send,
settle (commit). A process killed between any two of these leaves at_least_once
messages to the next sender after the lease, and at_most_once messages as they are.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bots.conversation.dialogue import Platform, Reply
from bots.conversation.flows.general import choice_button
from bots.conversation.posted import written
from bots.conversation.texts import choose, texts_for
from domain.clock import Clock
from domain.database import Database
from domain.jobs.rules import backoff
from domain.notifications import claims
from domain.notifications.rules import Claimed, Decision, Outcome, decide

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
SEND_TIMEOUT_S = 20.0  # well inside the lease
AT_ONCE = 5  # messages in flight: what may be doubled when the sender is killed
POLL_S = 1.0
_MUTE = "/mute "


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
    """A message in its reader's language, with its buttons.

    Raises:
        KeyError: the payload or the sentence's placeholders are not as they should be.
    """
    texts = texts_for(choose(message.language))
    typed = message.platform == "terminal"
    lines = message.payload["choices"]
    parted = (  # what to leave out stands below what to do
        [line for line in lines if line.startswith(_MUTE) is mutes] for mutes in (False, True)
    )
    rows = tuple(
        tuple(choice_button(line, texts, typed=typed) for line in row) for row in parted if row
    )
    text = written(message.payload, texts)
    return Reply(text, rows=rows, key=str(message.id), language=message.language or "")


@dataclass(slots=True)
class Delivery:
    """Claims and sends for one sender. Several processes may do so for one platform.

    Args:
        database: worked on as the worker.
        clock: says what is due.
        random: spreads retries.
        sender: the platform's way out.
        at_once: messages in flight together, each to another chat.
        quiet: nothing is sent while somebody else holds it.
        counted: told the platform and the result of each try.
    """

    database: Database
    clock: Clock
    random: Random
    sender: Sender
    lease: timedelta = LEASE
    at_once: int = AT_ONCE
    quiet: asyncio.Lock = field(default_factory=asyncio.Lock)
    counted: Callable[[str, str], None] = lambda _platform, _result: None

    async def deliver(self, stop: asyncio.Event | None = None) -> int:
        """Send what is due until nothing is; the number of messages claimed.

        Args:
            stop: once set, what is in flight is finished.
        """
        async with self.quiet:
            return await Round(self, stop).run()

    async def try_to_deliver(self) -> None:
        """Send what is due; when the database is away, what is due waits for the next time."""
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
                await self.deliver(stop)
                failures = 0
            except Exception:
                failures += 1
                pause = backoff(failures, self.random.random()).total_seconds()
                log.exception("delivery to %s failed", self.sender.platform)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)

    async def send(self, message: Claimed) -> Outcome:
        """Send one message that was claimed; never raises but when the process ends."""
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


class Round:
    """Claims, sends and settles until nothing is due.

    Whatever has an outcome is settled in one transaction with what is claimed next, so the busier
    it is, the fewer transactions a message costs. A chat has one message in flight; one that is
    slow, or has many messages, holds one place and keeps nobody else waiting.

    Args:
        delivery: how, and through whom.
        stop: once set, nothing more is claimed.
    """

    def __init__(self, delivery: Delivery, stop: asyncio.Event | None) -> None:
        self._delivery = delivery
        self._stop = stop
        self._flying: dict[asyncio.Task[Outcome], Claimed] = {}

    async def run(self) -> int:
        """The number of messages claimed.

        Raises:
            Exception: the database is away; what is in flight has ended by then.
        """
        number = 0
        try:
            while True:
                ended = [task for task in self._flying if task.done()]
                outcomes = [(self._flying.pop(task), task.result()) for task in ended]
                found = await self._write(outcomes)
                number += len(found)
                for message in found:
                    self._flying[asyncio.create_task(self._delivery.send(message))] = message
                if not self._flying:
                    return number
                await asyncio.wait(
                    self._flying, timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED
                )
        finally:
            await asyncio.gather(*self._flying, return_exceptions=True)

    async def _write(self, outcomes: Sequence[tuple[Claimed, Outcome]]) -> list[Claimed]:
        """One transaction: what has an outcome is settled, and more is claimed."""
        delivery = self._delivery
        for _, outcome in outcomes:
            delivery.counted(delivery.sender.platform, outcome.result)
        now = delivery.clock.now()
        async with delivery.database.worker_unit_of_work() as conn:
            await self._settle(conn, outcomes, now)
            if self._stop is not None and self._stop.is_set():
                return []
            return await self._claim(conn, now)

    async def _settle(
        self, conn: AsyncConnection, outcomes: Sequence[tuple[Claimed, Outcome]], now: datetime
    ) -> None:
        decided: list[tuple[Claimed, Decision]] = []
        for message, outcome in outcomes:
            if outcome.result == "blocked" and await claims.redirect(
                conn, message, outcome.reason, now
            ):
                continue
            if outcome.result == "sent" and message.policy == "at_most_once":
                continue  # it was done when it was claimed
            spread = self._delivery.random.random()
            decided.append((message, decide(message, outcome, now, spread)))
        if decided:
            await claims.settle(conn, decided, now=now)

    async def _claim(self, conn: AsyncConnection, now: datetime) -> list[Claimed]:
        """One message for each free place, each to another chat."""
        delivery = self._delivery
        busy = {message.address for message in self._flying.values()}
        found: list[Claimed] = []
        while (places := delivery.at_once - len(busy)) > 0:
            more = await claims.claim(
                conn,
                delivery.sender.platform,
                limit=places,
                lease=delivery.lease,
                now=now,
                address=delivery.sender.address,
                busy=busy,
                each=1,
            )
            found += more
            busy.update(message.address for message in more)
            if not more:
                break
        return found
