"""The platforms of a simulated year: chats that take messages, lose, refuse or delay them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from bots.conversation.dialogue import Platform, Reply
from domain.clock import Clock
from domain.notifications.rules import Outcome
from tests.year.lives import Span


class Killed(BaseException):
    """A process of ours has died here."""


@dataclass
class Message:
    """A row of the outbox as it was written, and what became of it.

    Attributes:
        reached: how often it came to the learner's platform, with the instants.
        may_have: its sender died before it wrote down what became of it.
    """

    learner: int
    key: str
    written: datetime
    expires: datetime
    kinds: frozenset[str]
    reached: list[datetime] = field(default_factory=list)
    may_have: bool = False


@dataclass
class Side:
    """What goes wrong on the platforms' side.

    Attributes:
        closed: when platforms take no messages.
        blocked: chats that block the bot.
        by_id: the messages that were written, by their ids.
        died: counts the deaths of senders.
    """

    clock: Clock
    random: Random
    closed: list[Span]
    blocked: set[tuple[str, str]]
    by_id: dict[str, Message] = field(default_factory=dict)
    died: Counter[str] = field(default_factory=Counter)


class Chats:
    """A platform's side: takes messages, or does not.

    Args:
        platform: which one.
        side: what goes wrong.

    Attributes:
        tried: messages since whoever reads it emptied it.
    """

    address: str | None = None

    def __init__(self, platform: Platform, side: Side) -> None:
        self.platform: Platform = platform
        self.tried: list[Message] = []
        self._side = side

    async def send(self, address: str, reply: Reply) -> Outcome:
        """One message; what becomes of it depends on the moment and on chance."""
        side, now = self._side, self._side.clock.now()
        message = side.by_id[reply.key]
        self.tried.append(message)
        if any(one.covers(now) for one in side.closed):
            return Outcome("not_sent", "closed")
        if (self.platform, address) in side.blocked:
            return Outcome("blocked", "blocked")
        chance = side.random.random()
        if chance < 0.01:
            side.died["in a send"] += 1
            raise Killed
        if chance < 0.04:
            return Outcome("not_sent", "cut off")
        if chance < 0.05:
            return Outcome("wait", "slowly", timedelta(seconds=20))
        message.reached.append(now)
        if chance < 0.07:
            return Outcome("unknown", "no answer")
        return Outcome("sent")
