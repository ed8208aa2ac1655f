"""Showing Replies where they belong: redrawn, sent anew, as a toast, or in the private chat."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError

from bots.conversation.dialogue import Button, Reply, escape
from bots.conversation.texts import Texts, choose, texts_for
from bots.telegram import calls
from bots.telegram.calls import Target
from bots.telegram.client import StoaBot
from bots.telegram.drawing import NOTICE, Message, Part, draw, is_only_a_notice, notice_of
from bots.telegram.hearing import Me, Scene
from bots.telegram.outlets import Outlets
from bots.telegram.transport import Flood
from bots.telegram.words import plain
from domain.errors import N_

log = logging.getLogger(__name__)

PROMPT_ANSWER_S = (
    1.0  # a press that takes longer is answered without words, so that it stops waiting
)
IN_PRIVATE = N_("I answered in our private chat.")
IN_PRIVATE_LINE = N_("{name}, I answered in our private chat.")
NOT_OPENED = N_("{name}, open our private chat and press Start. Then ask me there.")
OPEN = N_("Open")
Result = TypeVar("Result")


@dataclass(slots=True)
class Shown:
    """The message that a later reply to the same event redraws."""

    chat: int
    message: int
    is_protected: bool


class Showing:
    """Shows the replies to one event.

    Args:
        bot: makes the calls.
        outlets: the order and pace of what is sent.
        me: the bot, for links to it.
        scene: where the event came from.
        told: called when a press has stopped waiting.
    """

    def __init__(
        self,
        bot: StoaBot,
        outlets: Outlets,
        me: Me,
        scene: Scene,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self._bot = bot
        self._outlets = outlets
        self._me = me
        self._scene = scene
        self._told = told
        self._texts: Texts = texts_for(choose(scene.locale))
        self._shown: Shown | None = None
        self._pointed = False
        self.is_in_vain = False  # in a group, to somebody who has no private chat with the bot
        self._sending: list[asyncio.Future[None]] = []
        self._press: asyncio.Future[bool] | None = None
        self._early: asyncio.TimerHandle | None = None
        if scene.callback is not None:
            loop = asyncio.get_running_loop()
            self._early = loop.call_later(PROMPT_ANSWER_S, self._answer_press)

    def show(self, reply: Reply) -> None:
        """Queue one reply; `finish` waits until it has arrived."""
        scene = self._scene
        if reply.language:
            self._texts = texts_for(choose(reply.language, scene.locale))
        if scene.callback is not None and self._press is None and is_only_a_notice(reply):
            self._answer_press(notice_of(reply), alert=not reply.quiet)
            if not reply.quiet:
                self._sending.append(asyncio.ensure_future(self._or_in_words(reply)))
            return
        if reply.quiet and scene.callback is not None and self._press is None:
            self._answer_press(plain(reply.notice or reply.text, NOTICE))
            return
        if reply.quiet and scene.is_group:
            log.info("a passing remark came too late to be shown in a group")
            return
        if scene.is_group and reply.private:
            self._sending.append(asyncio.ensure_future(self._apart(reply)))
            return
        notice = notice_of(reply)
        self._answer_press("" if reply.text.startswith(reply.notice) else notice)
        if scene.is_group:
            self._sending.append(asyncio.ensure_future(self._in_group(reply)))
        else:
            self._sending.append(self._queue(reply, scene.chat, scene.thread))

    async def arrived(self) -> None:
        """Wait until what was queued so far has arrived or failed; `finish` says which."""
        if self._sending:
            await asyncio.wait(self._sending)

    async def finish(self) -> None:
        """Wait until everything has arrived.

        Raises:
            TelegramError: Telegram refused something for good.
            GaveUp: it could not be reached for long.
            ClosedOutlets: the process stops first.
        """
        try:
            while self._sending:
                sending, self._sending = self._sending, []
                await asyncio.gather(*sending)
        finally:
            self._answer_press()
        if self._press is not None:
            await self._press

    def _queue(self, reply: Reply, chat: int, thread: int | None) -> asyncio.Future[None]:
        parts = draw(reply, self._texts, group=chat < 0)
        if reply.draft:  # what follows redraws one message; the last one sends them all
            parts = parts[:1]
        redrawn = self._redrawn(reply, parts, chat)
        answers = self._scene.message if chat < 0 and chat == self._scene.chat else None
        target = Target(chat, thread if chat == self._scene.chat else None, answers)

        async def work() -> None:
            await self._work(reply, parts, target)

        return self._outlets.put(chat, work, edits=redrawn)

    def _redrawn(self, reply: Reply, parts: list[Part], chat: int) -> int | None:
        """The message this reply redraws, known before its turn comes."""
        scene = self._scene
        if reply.edits and self._shown is None and chat == scene.chat and _is_one(parts):
            return scene.pressed
        return None

    async def _work(self, reply: Reply, parts: list[Part], target: Target) -> None:
        """Redraw what is there with the first part, and send what follows it."""
        old, first, begun = self._old(reply, target.chat), parts[0], False
        if old is not None and _fits(first, old) and await self._redraw(old, first):
            self._shown, old, parts, begun = old, None, parts[1:], True
        for part in parts:
            if begun:
                await self._outlets.pace.place(target.chat)
            await self._send(target, part)
            begun = True
        if old is not None:  # it could not be redrawn: its buttons would be pressed in vain
            await self._outlets.pace.place(target.chat)
            await self._take_buttons(old)

    def _old(self, reply: Reply, chat: int) -> Shown | None:
        """The message that a reply takes the place of."""
        old, scene = self._shown, self._scene
        if old is None and reply.edits and scene.pressed is not None:
            old = Shown(scene.chat, scene.pressed, scene.is_protected)
        return old if old is not None and old.chat == chat else None

    async def _take_buttons(self, old: Shown) -> None:
        await self._insist(old.chat, lambda: calls.take_buttons(self._bot, old.chat, old.message))

    async def _redraw(self, old: Shown, part: Part) -> bool:
        if not isinstance(part, Message):
            return False
        return await self._insist(
            old.chat, lambda: calls.edit(self._bot, old.chat, old.message, part)
        )

    async def _send(self, target: Target, part: Part) -> None:
        try:
            sent = await self._insist(target.chat, lambda: calls.send(self._bot, target, part))
        except ChatMigrated as moved:
            target = replace(target, chat=moved.new_chat_id)
            sent = await self._insist(target.chat, lambda: calls.send(self._bot, target, part))
        except Forbidden as error:
            if target.chat < 0 or target.chat != self._scene.chat:
                raise
            log.info("a private chat takes no messages: %s", error.message)
            return
        if isinstance(part, Message):
            self._shown = Shown(target.chat, sent, part.protect)

    async def _insist(self, chat: int, call: Callable[[], Awaitable[Result]]) -> Result:
        return await self._outlets.insist(chat, call)

    async def _apart(self, reply: Reply) -> None:
        """In a group, what concerns one person goes to their private chat."""
        scene = self._scene
        opened = True
        try:
            await self._queue(replace(reply, edits=False), scene.user, None)
        except (Forbidden, BadRequest) as error:
            log.info("a person of a group has no private chat with the bot: %s", error.message)
            opened, self.is_in_vain = False, True
        if self._pointed or reply.quiet:
            return
        self._pointed = True
        link = f"https://t.me/{self._me.username}" + ("" if opened else "?start=group")
        if scene.callback is not None and self._press is None:
            self._answer_press(
                self._texts.say(IN_PRIVATE) if opened else "", url=None if opened else link
            )
            return
        line = IN_PRIVATE_LINE if opened else NOT_OPENED
        words = self._texts.say(line, name=escape(scene.name))
        button = Button(self._texts.say(OPEN), url=link)
        pointer = Reply(words, rows=((button,),), private=False)
        await self._outlets.put(scene.chat, lambda: self._point(pointer))

    async def _point(self, pointer: Reply) -> None:
        scene = self._scene
        target = Target(scene.chat, scene.thread, scene.message)
        (line,) = draw(pointer, self._texts, group=True)
        with suppress(Forbidden, BadRequest):
            await self._insist(scene.chat, lambda: calls.send(self._bot, target, line))

    async def _in_group(self, reply: Reply) -> None:
        """Where the bot may not write to a group, the person who asked is told in private."""
        scene = self._scene
        try:
            await self._queue(reply, scene.chat, scene.thread)
        except (Forbidden, BadRequest) as error:
            log.warning("a group takes no message from the bot: %s", error.message)
            with suppress(Forbidden, BadRequest):
                await self._queue(replace(reply, edits=False), scene.user, None)

    async def _or_in_words(self, reply: Reply) -> None:
        """A toast that came too late is said in a message."""
        if self._press is not None and not await self._press:
            chat = self._scene.user if self._scene.is_group else self._scene.chat
            await self._queue(replace(reply, edits=False), chat, self._scene.thread)

    def _answer_press(self, text: str = "", *, alert: bool = False, url: str | None = None) -> None:
        callback = self._scene.callback
        if callback is None or self._press is not None:
            return
        if self._early is not None:
            self._early.cancel()
        self._press = asyncio.ensure_future(self._answered(callback, text, alert, url))

    async def _answered(self, callback: str, text: str, alert: bool, url: str | None) -> bool:
        """Outside the pace, and never a reason to fail: only the toast would be missing."""
        for last in (False, False, True):
            try:
                told = await calls.answer_press(self._bot, callback, text, alert=alert, url=url)
                self._told()
                return told
            except (Flood, NetworkError) as error:
                if last or isinstance(error, BadRequest):
                    log.info("a press was not answered: %s", error)
                    return False
                await asyncio.sleep(0.5)
            except TelegramError as error:
                log.info("a press was not answered: %s", error)
                return False
        return False


def _is_one(parts: list[Part]) -> bool:
    return len(parts) == 1 and isinstance(parts[0], Message)


def _fits(part: Part, old: Shown) -> bool:
    """Whether a message can become this: a redrawn one opens no answer and gets no protection."""
    return (
        isinstance(part, Message)
        and not (old.chat < 0 and part.prompt is not None)
        and part.protect <= old.is_protected
    )
