"""Sends what the outbox holds through one platform's door; a door runs it beside its listening.

The order of a send: claim and begin (commit: the try is counted, an at_most_once message is done),
send, settle (commit). A process killed between any two of these leaves at_least_once
messages to the next sender after the lease, and at_most_once messages as they are.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from random import Random
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

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
EACH = 3  # messages of one chat that are claimed together
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
        at_once: messages in flight together, each to another chat.
        each: messages of one chat claimed together.
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
    each: int = EACH
    quiet: asyncio.Lock = field(default_factory=asyncio.Lock)
    counted: Callable[[str, str], None] = lambda _platform, _result: None

    async def deliver(self, stop: asyncio.Event | None = None) -> int:
        """Send what is due until nothing is; the number of messages claimed.

        Args:
            stop: once set, what is in flight is finished and the rest is given back.
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
        """Send one message that was begun; never raises but when the process ends."""
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

    Whatever has an outcome is settled in one transaction with what is claimed and begun next, so
    the busier it is, the fewer transactions a message costs. A chat has one message in flight; one
    that is slow, or has many messages, holds one place and keeps nobody else waiting.

    Args:
        delivery: how, and through whom.
        stop: once set, nothing is begun, and what was not begun is given back.
    """

    def __init__(self, delivery: Delivery, stop: asyncio.Event | None) -> None:
        self._delivery = delivery
        self._stop = stop
        self._waiting: dict[str, deque[Claimed]] = {}  # by chat; the chat whose turn is next first
        self._flying: dict[asyncio.Task[Outcome], Claimed] = {}
        self._claimed = 0
        self._is_dry = False  # the latest claim found everything
        self._looked = -inf

    async def run(self) -> int:
        """The number of messages claimed.

        Raises:
            Exception: the database is away; what is in flight has ended by then.
        """
        try:
            while True:
                ended = [task for task in self._flying if task.done()]
                outcomes = [(self._flying.pop(task), task.result()) for task in ended]
                began = await self._write(outcomes)
                for message in began:
                    self._flying[asyncio.create_task(self._delivery.send(message))] = message
                if self._flying:
                    await asyncio.wait(
                        self._flying, timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED
                    )
                elif not self._waiting and self._is_dry:
                    return self._claimed
        finally:
            await asyncio.gather(*self._flying, return_exceptions=True)

    async def _write(self, outcomes: Sequence[tuple[Claimed, Outcome]]) -> list[Claimed]:
        """One transaction: what has an outcome is settled, more is claimed and begun."""
        delivery = self._delivery
        for _, outcome in outcomes:
            delivery.counted(delivery.sender.platform, outcome.result)
        now = delivery.clock.now()
        async with delivery.database.worker_unit_of_work() as conn:
            if outcomes:
                await self._settle(conn, outcomes, now)
            if self._stop is not None and self._stop.is_set():
                rest = [message for queue in self._waiting.values() for message in queue]
                if rest:
                    await claims.give_back(conn, rest)
                self._waiting.clear()
                self._is_dry = True
                return []
            places = delivery.at_once - len(self._flying)
            if len(self._ready()) < places and self._may_look(outcomes):
                await self._claim(conn, now)
            heads = [self._take(address) for address in self._ready()[:places]]
            return await claims.begin(conn, heads, lease=delivery.lease, now=now) if heads else []

    async def _settle(
        self, conn: AsyncConnection, outcomes: Sequence[tuple[Claimed, Outcome]], now: datetime
    ) -> None:
        decided: list[tuple[Claimed, Decision]] = []
        for message, outcome in outcomes:
            if outcome.result == "blocked" and await claims.redirect(
                conn, message, outcome.reason, now
            ):
                continue
            spread = self._delivery.random.random()
            decision = decide(message, outcome, now, spread)
            decided.append((message, decision))
            if outcome.result == "wait":  # the chat's other messages wait, too
                later = self._waiting.pop(message.address, ())
                at = decision.run_at or now
                decided += [(one, Decision("pending", one.attempts, run_at=at)) for one in later]
        await claims.settle(conn, decided, now=now)

    def _may_look(self, outcomes: Sequence[object]) -> bool:
        """Whether another claim may find more: at once after a full one, else now and then."""
        if not self._is_dry:
            return True
        is_time = asyncio.get_running_loop().time() - self._looked >= POLL_S
        return is_time or (bool(outcomes) and not self._waiting and not self._flying)

    async def _claim(self, conn: AsyncConnection, now: datetime) -> None:
        delivery = self._delivery
        flying = {message.address for message in self._flying.values()}
        found = await claims.claim(
            conn,
            delivery.sender.platform,
            limit=delivery.batch,
            lease=delivery.lease,
            now=now,
            address=delivery.sender.address,
            busy=flying | self._waiting.keys(),
            each=delivery.each,
        )
        self._looked = asyncio.get_running_loop().time()
        self._claimed += len(found)
        for message in found:
            self._waiting.setdefault(message.address, deque()).append(message)
        self._is_dry = not found

    def _ready(self) -> list[str]:
        """Chats with a message to send and none in flight."""
        flying = {message.address for message in self._flying.values()}
        return [address for address in self._waiting if address not in flying]

    def _take(self, address: str) -> Claimed:
        """The next message to a chat, whose turn comes after all others then."""
        queue = self._waiting.pop(address)
        message = queue.popleft()
        if queue:
            self._waiting[address] = queue
        return message
