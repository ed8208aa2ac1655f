"""Letting one chat show what it should: post a message, change it, and note what it says.

What is about to be done is noted before it is done, and what was done after it: a process that is
killed between them leaves a chat whose message is not known, and the next one sends it again.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from bots.conversation.dialogue import Reply
from bots.conversation.texts import Texts
from bots.live.stage import MessageGone, Stage
from bots.live.view import View, closed, view
from domain.clock import Clock
from domain.database import Database
from domain.live import chats
from domain.live.chats import Chat, Message
from domain.live.scene import Scene

OPEN = frozenset({"question", "rest"})
ALWAYS = datetime.min.replace(tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)


class NotOurs(Exception):
    """Another process writes to this chat by now."""


class Writer(Protocol):
    """Who writes: the database, the clock, and the name of the process's lease."""

    database: Database
    clock: Clock
    owner: str


@dataclass(frozen=True, slots=True)
class Showing:
    """One look at one chat.

    Args:
        writer: who writes.
        stage: the platform.
        chat: as it was read.
        known: the round as it is.
        texts: in the chat's language.
    """

    writer: Writer
    stage: Stage
    chat: Chat
    known: Scene
    texts: Texts

    async def bring_up(self) -> datetime | None:
        """Post or change the message. None: it says what it should; a time: a count waits for it.

        Raises:
            NotOurs: the chat is somebody else's by now.
            StageBusy: the platform asks to wait.
            StageClosed: the chat takes no messages.
        """
        chat, wanted = self.chat, view(self.known, self.texts)
        if chat.message is None or chat.position != wanted.position:
            await self._close_last(wanted.position)
            await self._post(wanted)
            return None
        if _digest(wanted.reply) == chat.shown and chat.shows == wanted.shows:
            return None
        is_waited_for = wanted.urgent or chat.shows != wanted.shows or chat.shown is None
        if not is_waited_for:
            until = self._count_after()
            if until > self.writer.clock.now():
                return until
        await self._change(chat.message, wanted)
        return None

    async def _close_last(self, following: int) -> None:
        """Before anything follows an open question, let its message show the answer.

        The round can be further than the chat: this process was away, or the platform was, or the
        host went on at once. Nobody shall look for the answer of a question in vain.
        """
        chat = self.chat
        if chat.position is None or chat.shows not in OPEN or chat.position >= following:
            return
        last = closed(self.known, chat.position, self.texts)
        if last is None:
            return
        if chat.message is None:
            await self._post(last)
        else:
            await self._change(chat.message, last)

    async def _change(self, message: str, wanted: View) -> None:
        try:
            await self.stage.edit(self.chat.address, message, wanted.reply)
        except MessageGone:
            await self._post(wanted, instead_of=message)
        else:
            await self._note(message, wanted, self.chat.edits + 1)

    async def _post(self, wanted: View, instead_of: str = "") -> None:
        """Send a message; `instead_of` one that is gone.

        It may have been sent before, by a process that was killed then: where the platform knows
        it by its key, it says what it said at that time, and is changed.
        """
        chat = self.chat
        again = chat.message is None and chat.position == wanted.position
        async with self.writer.database.worker_unit_of_work() as conn:
            owner = self.writer.owner
            if not await chats.sending(conn, chat, owner, wanted.position, wanted.shows):
                raise NotOurs
        key = f"{chat.id}:{wanted.position}"
        message = await self.stage.post(chat.address, wanted.reply, f"{key}:{instead_of}")
        if again and self.stage.keyed:
            try:
                await self.stage.edit(chat.address, message, wanted.reply)
            except MessageGone:
                message = await self.stage.post(chat.address, wanted.reply, f"{key}:{message}")
        await self._note(message, wanted, 0)

    async def _note(self, message: str, wanted: View, edits: int) -> None:
        told = Message(
            message,
            wanted.position,
            wanted.shows,
            _digest(wanted.reply),
            edits,
            done=wanted.is_end,
        )
        async with self.writer.database.worker_unit_of_work() as conn:
            now = self.writer.clock.now()
            await chats.shown(conn, self.chat, self.writer.owner, told, now)

    def _count_after(self) -> datetime:
        """When another change may be made that only brings a count up to date."""
        budget, live, chat = self.stage.budget, self.known.live, self.chat
        if not self.stage.has_spare(chat.address):
            return self.writer.clock.now() + budget.every
        every = budget.every
        if budget.edits is not None and live.at.phase == "question":  # a lobby may be open for long
            if chat.edits >= budget.edits:
                return NEVER
            if live.limit is not None:
                every = max(every, live.limit / (budget.edits + 1))
        return ALWAYS if chat.shown_at is None else chat.shown_at + every


def _digest(reply: Reply) -> str:
    """Names what a reply says, so that the same text is not sent again."""
    said = repr((reply.text, reply.rows, reply.ends_at))
    return hashlib.sha256(said.encode()).hexdigest()[:32]
