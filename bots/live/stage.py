"""What the director needs of a platform: to post a message in a group's chat, and to change it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bots.conversation.dialogue import Platform, Reply


class StageClosed(Exception):
    """The chat does not take messages from us, and will not: it is gone, or we may not write."""


class MessageGone(Exception):
    """The message cannot be changed any more; another one is needed."""


class StageBusy(Exception):
    """The platform asks to wait, or cannot be reached.

    Attributes:
        wait: how long at least.
    """

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait {wait.total_seconds():g} s")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Budget:
    """How often a message may change only because a count did.

    Args:
        edits: at most so many for one question; None: no such limit.
        every: not before so much time since the last change.
    """

    edits: int | None
    every: timedelta


class Stage(Protocol):
    """A platform's groups. Both calls return when the platform has taken the message.

    Attributes:
        platform: its name.
        budget: of changes to one message.
        keyed: whether a key that was used names the message it made, as that is by now.
    """

    platform: Platform
    budget: Budget
    keyed: bool

    def has_spare(self, address: str) -> bool:
        """Whether a change that only brings a count up to date would delay nothing else there."""
        ...

    async def post(self, address: str, reply: Reply, key: str) -> str:
        """Send a message to a chat; its id there.

        Args:
            address: of the chat.
            reply: what it says.
            key: the same message has the same key, so that a platform that can tell sends it once.

        Raises:
            StageClosed: the chat does not take it.
            StageBusy: not now.
        """
        ...

    async def edit(self, address: str, message: str, reply: Reply) -> None:
        """Change a message.

        Raises:
            MessageGone: it is not there any more, or too old.
            StageClosed: the chat does not take it.
            StageBusy: not now.
        """
        ...
