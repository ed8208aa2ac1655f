"""One interaction being answered: acknowledged in time, answered, redrawn, or written anew.

The first answer is a message or an edit when it comes at once; otherwise the interaction is
deferred first. What Discord does not take any more (the token lives 15 minutes, a message was
deleted) is sent as a new message, so that no answer is lost.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import aiohttp
import discord

from bots.conversation.dialogue import Reply
from bots.conversation.texts import Texts
from bots.discord.channel import ChannelAnswer
from bots.discord.drawing import draw
from bots.discord.payloads import EPHEMERAL, SUPPRESS_EMBEDS, Drawn, Modal
from bots.discord.persistent import is_passing, surely
from bots.discord.problems import (
    ALREADY_ANSWERED,
    TOKEN_IS_OVER,
    UNKNOWN_MESSAGE,
    code_of,
)
from bots.discord.received import Received
from bots.discord.wire import DEFER, DEFER_UPDATE, DIALOG, MESSAGE, UPDATE, Wire
from domain.clock import Clock

log = logging.getLogger(__name__)

TOKEN_LIFE = timedelta(minutes=14, seconds=30)  # of 15: what is on its way must still arrive
ORIGINAL = "@original"
State = Literal["fresh", "thinking", "updating", "answered", "lost", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that stands: of the interaction, or sent to the actor's own channel."""

    message: str
    is_sent: bool = False


@dataclass
class Exchange:
    """The answer to one interaction.

    Args:
        wire: to Discord.
        clock: tells how old the token is.
        received: the interaction.
        texts: the door's own words, in the reader's language.
        counted: told how many seconds the first answer took.
        is_copy: this process works on the same interaction already, or has.
    """

    wire: Wire
    clock: Clock
    received: Received
    texts: Texts
    counted: Callable[[float], None] = lambda _: None
    is_copy: bool = False
    state: State = "fresh"
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _is_hidden: bool = True  # whether the deferred answer will be seen by the actor only
    _shown: tuple[Shown, ...] = ()
    _was_hidden: bool = True
    _own: ChannelAnswer | None = None
    _since: datetime = field(init=False)
    _begun: float = field(init=False)

    def __post_init__(self) -> None:
        self._since = self.clock.now()  # this machine's own: Discord's clock may differ
        self._begun = time.perf_counter()

    async def acknowledge(self) -> None:
        """Tell Discord that the answer follows, unless it was given already."""
        async with self._lock:
            if self.state != "fresh":
                return
            if self.received.has_message:
                await self._first(DEFER_UPDATE, None, None, "updating")
            else:
                self._is_hidden = not self.received.is_private
                flags = EPHEMERAL if self._is_hidden else 0
                await self._first(DEFER, {"flags": flags}, None, "thinking")

    async def open_dialog(self, modal: Modal) -> bool:
        """Answer with a dialog; only a fresh interaction takes one.

        Returns:
            False when something else was answered before.
        """
        async with self._lock:
            if self.state != "fresh":
                return False
            await self._first(DIALOG, modal, None, "answered")
            return True

    async def show(self, reply: Reply) -> None:
        """Show a reply; a second one redraws what the first showed."""
        async with self._lock:
            if self.state == "elsewhere":
                return
            drawn = draw(reply, self.texts)
            hidden = reply.private and not self.received.is_private
            if self._shown and hidden == self._was_hidden:
                await self._redraw(drawn, hidden)
            else:
                await self._begin(reply, drawn, hidden)
            self._was_hidden = hidden

    async def tell(self, words: str) -> None:
        """Show a line of ours that may name a channel: it is not escaped."""
        async with self._lock:
            if self.state != "elsewhere":
                await self._begin(Reply(""), [Drawn(words)], not self.received.is_private)

    async def _begin(self, reply: Reply, drawn: Sequence[Drawn], hidden: bool) -> None:
        """The first reply: its first message answers the interaction."""
        edits = reply.edits and self.received.has_message and self._may_redraw(hidden)
        first, *others = drawn
        if self.state == "fresh":
            body = first.body(flags=_flags(hidden=hidden and not edits))
            now = await self._first(UPDATE if edits else MESSAGE, body, first, "answered")
            if now == "elsewhere":
                return
            standing = [Shown(ORIGINAL) if now == "answered" else await self._send(first)]
        elif self.state == "thinking" and hidden != self._is_hidden:
            standing = [await self._follow(first, hidden)]  # a hidden answer stays hidden
            await self._forget_original()
        elif self.state == "thinking" or (self.state == "updating" and edits):
            standing = [await self._edit(Shown(ORIGINAL), first, hidden)]
        else:
            standing = [await self._follow(first, hidden)]
        if self.state != "lost":
            self.state = "answered"
        for one in others:
            standing.append(await self._follow(one, hidden))
        self._shown = tuple(standing)

    async def _redraw(self, drawn: Sequence[Drawn], hidden: bool) -> None:
        standing = []
        for number, one in enumerate(drawn):
            if number < len(self._shown):
                standing.append(await self._edit(self._shown[number], one, hidden))
            else:
                standing.append(await self._follow(one, hidden))
        self._shown = tuple(standing)

    def _may_redraw(self, hidden: bool) -> bool:
        """Nothing that is for one person replaces what all can see."""
        return self.received.message_is_private or not hidden

    def _is_over(self) -> bool:
        return self.state == "lost" or self.clock.now() - self._since > TOKEN_LIFE

    async def _first(
        self,
        kind: int,
        body: object,
        drawn: Drawn | None,
        then: State,
    ) -> State:
        received = self.received
        try:
            await self.wire.respond(received.id, received.token, kind, body, drawn)
            self.state = then
            self.counted(time.perf_counter() - self._begun)
        except discord.HTTPException as error:
            if code_of(error) == ALREADY_ANSWERED:
                # Of a copy, by the other one. Else by us: Discord took the answer and broke off
                # before it said so, and the library tried again. Then what follows is ours too.
                log.info("interaction %s was answered already", received.id)
                self.state = "elsewhere" if self.is_copy else then
            elif code_of(error) in TOKEN_IS_OVER or is_passing(error):
                self._lose(error)
            else:
                raise
        except (aiohttp.ClientError, TimeoutError) as error:
            self._lose(error)
        return self.state

    def _lose(self, error: Exception) -> None:
        """What follows goes where it can still arrive."""
        log.warning("interaction %s could not be answered in time: %s", self.received.id, error)
        self.state = "lost"

    async def _edit(self, shown: Shown, drawn: Drawn, hidden: bool) -> Shown:
        """Redraw a message, or send a new one where it cannot be redrawn any more."""
        if shown.is_sent:
            return Shown(await (await self._own_channel()).redraw(shown.message, drawn), True)
        if self._is_over():
            return await self._send(drawn)
        try:
            token = self.received.token
            await self.wire.edit_answer(token, shown.message, drawn.body(), drawn)
        except discord.HTTPException as error:
            if code_of(error) == UNKNOWN_MESSAGE:
                return await self._follow(drawn, hidden)
            if code_of(error) in TOKEN_IS_OVER or is_passing(error):
                return await self._send(drawn)
            raise
        except (aiohttp.ClientError, TimeoutError):
            return await self._send(drawn)
        return shown

    async def _follow(self, drawn: Drawn, hidden: bool) -> Shown:
        if self._is_over():
            return await self._send(drawn)
        body = drawn.body(flags=_flags(hidden=hidden))
        try:
            return Shown(await self.wire.follow_up(self.received.token, body, drawn))
        except discord.HTTPException as error:
            if code_of(error) in TOKEN_IS_OVER or is_passing(error):
                return await self._send(drawn)
            raise
        except (aiohttp.ClientError, TimeoutError):
            return await self._send(drawn)

    async def _forget_original(self) -> None:
        try:
            await self.wire.delete_answer(self.received.token)
        except discord.HTTPException as error:
            log.info("a deferred answer could not be taken away: %s", error)

    async def _send(self, drawn: Drawn) -> Shown:
        """A new message where the actor reads, and nobody else does."""
        return Shown(await (await self._own_channel()).send(drawn), True)

    async def _own_channel(self) -> ChannelAnswer:
        if self._own is None:
            got = self.received
            channel = got.channel
            if not got.is_private or got.place.kind == "private":
                channel = await surely(lambda: self.wire.chat_with(got.actor.subject))
            self._own = ChannelAnswer(self.wire, channel, got.id, self.texts)
        return self._own


def _flags(*, hidden: bool) -> int:
    return SUPPRESS_EMBEDS | EPHEMERAL if hidden else SUPPRESS_EMBEDS
