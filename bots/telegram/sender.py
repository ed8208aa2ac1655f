"""Telegram's way out for what the outbox holds."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)

from bots.conversation.dialogue import Platform, Reply
from bots.conversation.texts import choose, texts_for
from bots.telegram import calls
from bots.telegram.calls import Target
from bots.telegram.client import StoaBot
from bots.telegram.drawing import draw
from bots.telegram.outlets import ClosedOutlets, Outlets
from bots.telegram.transport import Flood, NotSent
from domain.notifications.rules import Outcome

WAIT_S = 12.0  # in the queue of the chat; `bots.delivery` allows 20 s for all of it
LATER = timedelta(seconds=30)
HOLD_S = 0.5  # a chat that must wait longer comes back later, so that others have the place
_GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "group chat was upgraded")


@dataclass(slots=True)
class Try:
    """How far one message came."""

    begun: bool = False
    parts: int = 0


class TelegramSender:
    """Sends messages of the outbox, in the same order and pace as replies.

    Args:
        bot: makes the calls.
        outlets: the queues of the chats.
    """

    platform: Platform = "telegram"
    address: str | None = None

    def __init__(self, bot: StoaBot, outlets: Outlets) -> None:
        self._bot = bot
        self._outlets = outlets

    async def send(self, address: str, reply: Reply) -> Outcome:
        """Send one message to a chat ("123") or a topic of one ("-100123:7")."""
        chat, _, thread = address.partition(":")
        if not chat.removeprefix("-").isdecimal() or (thread and not thread.isdecimal()):
            return Outcome("rejected", f"not a chat of Telegram: {address[:40]}")
        target = Target(int(chat), int(thread) if thread else None)
        if (wait := self._outlets.pace.wait(target.chat)) > HOLD_S:
            return Outcome("wait", "the chat has had its share", timedelta(seconds=wait))
        progress = Try()
        job = self._outlets.put(target.chat, lambda: self._work(target, reply, progress))
        try:
            async with asyncio.timeout(WAIT_S):
                await asyncio.shield(job)
        except TimeoutError:
            if progress.begun:
                return Outcome("unknown", "no answer in time")
            job.cancel()
            return Outcome("wait", "the chat's queue is long", LATER)
        except ClosedOutlets:
            return Outcome("unknown" if progress.begun else "not_sent", "the process stops")
        except TelegramError as error:
            return outcome_of(error, progress)
        return Outcome("sent")

    async def _work(self, target: Target, reply: Reply, progress: Try) -> None:
        for part in draw(reply, texts_for(choose(reply.language)), group=target.chat < 0):
            if progress.begun:
                await self._outlets.pace.place(target.chat)
            progress.begun = True
            try:
                await calls.send(self._bot, target, part)
            except Flood as error:
                self._outlets.pace.flooded(target.chat, error.seconds)
                raise
            progress.parts += 1


def outcome_of(error: TelegramError, progress: Try) -> Outcome:
    """What an answer of Telegram means for a message of the outbox."""
    reason = f"{type(error).__name__}: {error.message}"
    if isinstance(error, Forbidden):
        return Outcome("blocked", reason)
    if isinstance(error, BadRequest):
        gone = any(words in error.message.lower() for words in _GONE)
        return Outcome("blocked" if gone else "rejected", reason)
    if isinstance(error, ChatMigrated):
        return Outcome("blocked", reason)
    if progress.parts:  # a part of it is there: sending all of it again would double that
        return Outcome("unknown", reason)
    if isinstance(error, Flood):
        return Outcome("wait", reason, timedelta(seconds=error.seconds))
    if isinstance(error, NotSent | InvalidToken):
        return Outcome("not_sent", reason)
    if isinstance(error, NetworkError):
        return Outcome("unknown", reason)
    return Outcome("rejected", reason)
