"""Telegram's door: a stored update is read, answered by the router, and shown."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from telegram import Update as TelegramUpdate
from telegram.error import TelegramError

from bots.conversation.dialogue import Command, Incoming, Place, Press, Reply, Upload
from bots.conversation.pacing import GAP_S, GROUP_GAP_S, growing
from bots.conversation.router import refusal_reply
from bots.conversation.texts import choose, texts_for
from bots.telegram.client import StoaBot
from bots.telegram.files import fetch
from bots.telegram.groups import Groups
from bots.telegram.hearing import Heard, Me, Membership, Moved, hear, joined
from bots.telegram.lanes import Begun
from bots.telegram.leaders import Leaders
from bots.telegram.outlets import Outlets
from bots.telegram.raw import below_of, trimmed
from bots.telegram.showing import Showing
from domain.errors import N_, Refusal
from domain.inbox import Box, Update

log = logging.getLogger(__name__)

OF_GROUPS = frozenset({"host", "group"})  # where it matters who manages the group
ADMINISTERING = frozenset({"creator", "administrator"})
REACHED_S = 3.0  # how long an answer that grows waits to hear whether it can be shown at all
UNREADABLE = N_("I can read text, files and pictures. Please send one of those.")


class Answers(Protocol):
    """Whatever answers events: the router, or something around it."""

    def answer(self, incoming: Incoming) -> AsyncGenerator[Reply]:
        """The replies to one event, each safe to show when it is yielded."""
        ...


class Door:
    """Works updates of one bot.

    Args:
        router: who answers. The same event may come again after a crash: it answers the same.
        bot: makes the calls.
        outlets: the order and pace of what is sent.
        me: the bot.
        box: the bot's.
        groups: hears of groups and of chats that close.
        acknowledged: told when a press that came at that instant has stopped waiting.
    """

    def __init__(
        self,
        router: Answers,
        bot: StoaBot,
        outlets: Outlets,
        me: Me,
        box: Box,
        groups: Groups,
        acknowledged: Callable[[datetime], None] = lambda _: None,
    ) -> None:
        self._router = router
        self._bot = bot
        self._outlets = outlets
        self._me = me
        self._box = box
        self._groups = groups
        self._acknowledged = acknowledged
        self._leaders = Leaders(groups.database, groups.clock, self._administers)

    async def work(self, updates: Sequence[Update], begun: Begun) -> str | None:
        """Answer one update, or the files of one album, until the answer has arrived.

        Args:
            updates: as they were stored.
            begun: called once the effect is decided.

        Returns:
            The private chat they came from, which is open, then.

        Raises:
            Exception: one cannot be read, or the answer not be sent.
        """
        heard: list[Heard] = []
        for update in updates:
            read = TelegramUpdate.de_json(trimmed(update.payload), self._bot)
            below = below_of(update.payload)
            happening = hear(read, update.received_at, self._me, below)
            if isinstance(happening, Moved):
                await self._groups.moved(happening)
            elif isinstance(happening, Membership):
                await self._groups.changed(happening, self._outlets, self._bot, self._me)
            elif isinstance(happening, Heard):
                heard.append(happening)
        if not heard:
            return None
        await self._answer(joined(heard), updates[0], begun)
        return None if heard[0].scene.is_group else str(heard[0].scene.user)

    async def _answer(self, heard: Heard, update: Update, begun: Begun) -> None:
        def told() -> None:
            self._acknowledged(update.received_at)

        showing = Showing(self._bot, self._outlets, self._me, heard.scene, told)
        gap_s = GROUP_GAP_S if heard.scene.is_group else GAP_S

        async def show(reply: Reply) -> None:
            showing.show(reply)
            begun()
            if reply.draft:
                await showing.arrived()

        event, is_begun = f"{self._box.receiver}:{update.number}", False
        try:
            async with (
                growing(show, gap_s) as take,
                aclosing(self._replies(heard, event)) as replies,
            ):
                async for reply in replies:
                    if heard.scene.is_group and reply.draft and not is_begun:
                        # Beforehand, since it may be that nobody can be reached.
                        with suppress(TimeoutError):
                            async with asyncio.timeout(REACHED_S):
                                await show(reply)
                    else:
                        await take(reply)
                    is_begun = True
                    if showing.is_in_vain:
                        break
        finally:
            await showing.finish()

    async def _replies(self, heard: Heard, event: str) -> AsyncGenerator[Reply]:
        action = heard.action
        try:
            if heard.sent:
                chat = heard.scene.chat
                files = [await fetch(self._bot, self._outlets, chat, one) for one in heard.sent]
                action = Upload(tuple(files), heard.text)
            if action is None:
                raise Refusal(UNREADABLE, choices=("/help",))
        except Refusal as refusal:
            yield refusal_reply(refusal, texts_for(choose(heard.actor.locale)))
            return
        place = heard.place
        if heard.scene.is_group and isinstance(action, Command) and action.verb in OF_GROUPS:
            place = await self._standing(heard)
        elif heard.scene.is_group and isinstance(action, Press):
            chat, user = heard.scene.chat, heard.scene.user
            place = replace(place, manages=await self._leaders.manages(action.payload, chat, user))
        incoming = Incoming(event, heard.at, heard.actor, place, action)
        async with aclosing(self._router.answer(incoming)) as replies:
            async for reply in replies:
                yield reply

    async def _standing(self, heard: Heard) -> Place:
        """The group with what its members may do: who asks, and the bot."""
        chat = heard.scene.chat
        asker = await self._member(chat, heard.scene.user)
        ourselves = await self._member(chat, self._me.id)
        is_admin = ourselves.get("status") == "administrator"
        # Bot API, ChatMemberRestricted: an ordinary member may do what the group allows.
        may_write = is_admin or ourselves.get("can_send_messages", True)
        return replace(
            heard.place,
            manages=asker.get("status") in ADMINISTERING,
            lacking=() if may_write else ("can_send_messages",),
            overhears=is_admin or self._me.overhears,
        )

    async def _administers(self, chat: int, user: int) -> bool:
        """Whether somebody may manage a group."""
        return (await self._member(chat, user)).get("status") in ADMINISTERING

    async def _member(self, chat: int, user: int) -> dict[str, Any]:
        """Somebody's standing in a group; empty when Telegram does not say."""
        try:
            found = await self._bot.call("getChatMember", {"chat_id": chat, "user_id": user})
        except TelegramError as error:
            log.info("the standing of a member is not known: %s", error.message)
            return {}
        return found if isinstance(found, dict) else {}
