"""Telegram's groups as a stage for live rounds: one message a question, changed in place."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bots.conversation.dialogue import Platform, Reply
from bots.conversation.texts import FALLBACK, texts_for
from bots.live.stage import Budget, MessageGone, StageBusy, StageClosed
from bots.telegram import calls
from bots.telegram.calls import Target
from bots.telegram.client import StoaBot
from bots.telegram.drawing import Message, draw
from bots.telegram.outlets import ClosedOutlets, GaveUp, Outlets

# A group takes 20 messages a minute (Telegram's FAQ): one question is a message, at most two
# counts, and the answer.
BUDGET = Budget(edits=2, every=timedelta(seconds=5))
KEPT = 6  # of a group's messages in a minute: answers, the next questions, a word to the host
LATER = timedelta(seconds=5)


@dataclass(slots=True)
class TelegramStage:
    """Writes through the queues of the chats, in the same order and pace as everything else."""

    bot: StoaBot
    outlets: Outlets
    platform: Platform = "telegram"
    budget: Budget = BUDGET
    keyed: bool = False

    def has_spare(self, address: str) -> bool:
        """Counts go only while the group and the bot have room for what people wait for."""
        chat, _ = _place(address)
        return self.outlets.pace.has_spare(chat, KEPT)

    async def post(self, address: str, reply: Reply, key: str) -> str:  # noqa: ARG002 - the protocol's
        """Send a message; Telegram has no keys, so a repeat cannot be told from a new one."""
        chat, thread = _place(address)
        sent: list[int] = []

        async def work() -> None:
            for part in draw(reply, texts_for(FALLBACK), group=True):
                target = Target(chat, thread)
                sent.append(
                    await self.outlets.insist(chat, lambda: calls.send(self.bot, target, part))  # noqa: B023 - awaited here
                )

        await self._done(self.outlets.put(chat, work))
        return str(sent[-1])

    async def edit(self, address: str, message: str, reply: Reply) -> None:
        """Change a message; an older change of it that still waits is dropped."""
        chat, _ = _place(address)
        ident = int(message)
        kept = True

        async def work() -> None:
            nonlocal kept
            part = draw(reply, texts_for(FALLBACK), group=True)[-1]
            if isinstance(part, Message):
                kept = await self.outlets.insist(
                    chat, lambda: calls.edit(self.bot, chat, ident, part)
                )

        await self._done(self.outlets.put(chat, work, edits=ident))
        if not kept:
            raise MessageGone

    @staticmethod
    async def _done(sending: asyncio.Future[None]) -> None:
        try:
            await sending
        except (Forbidden, ChatMigrated, BadRequest) as error:
            raise StageClosed(error.message) from error
        except (GaveUp, ClosedOutlets, TelegramError) as error:
            raise StageBusy(LATER) from error


def _place(address: str) -> tuple[int, int | None]:
    """Chat and topic of an address: "-100123" or "-100123:7"."""
    chat, _, thread = address.partition(":")
    return int(chat), int(thread) if thread else None
