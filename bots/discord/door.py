"""The Discord door: interactions and messages become events, replies become messages."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import aiohttp
import discord

from bots.conversation.completion import Catalogue, candidates, matching
from bots.conversation.dialogue import Action, Actor, File, Incoming, Reply
from bots.conversation.flows.general import line_button
from bots.conversation.pacing import GAP_S, GROUP_GAP_S, growing
from bots.conversation.router import refusal_reply
from bots.conversation.texts import Texts, choose, texts_for
from bots.discord import incoming as reading
from bots.discord import limits, threads
from bots.discord.channel import ChannelAnswer
from bots.discord.commands import used
from bots.discord.controls import CODE, Pressed, dialog, dialog_of
from bots.discord.downloads import Wanted, fetch
from bots.discord.exchange import Exchange
from bots.discord.freshness import OLDEST, Freshness, Repeats, Seldom
from bots.discord.inflight import InFlight, Seen
from bots.discord.messages import Written, written
from bots.discord.persistent import surely
from bots.discord.problems import CANNOT_DM
from bots.discord.received import Received, received
from bots.discord.reunion import Reunion
from bots.discord.wire import CHOICES, Wire
from bots.observability.observed import Answers
from domain.clock import Clock
from domain.errors import N_, Refusal

log = logging.getLogger(__name__)

PATIENCE_S = 1.0  # an answer that takes longer is announced; Discord waits 3 s
DIALOG_PATIENCE_S = 2.0  # the same where the answer must be a dialog, which cannot be announced
FILES = N_("Or files")
HURRIED = timedelta(seconds=1)  # an interaction of this age is acknowledged at once
MOVED = N_("This has a thread of its own: {thread}")
START = N_("Start here")
MUTE = N_("I cannot read what is typed here. Please use the buttons, or a command with /.")
ASK_AGAIN = N_("That took too long. Please press it again.")


@dataclass
class Door:
    """Answers what comes from Discord, in one process.

    Args:
        router: answers events, once each.
        clock: tells the time.
        wire: to Discord.
        catalogue: completes what is typed.
        reunion: told when somebody writes in their private chat.
        ourselves: the bot's own user id.
        counted: told how many seconds each first answer took.
    """

    router: Answers
    clock: Clock
    wire: Wire
    catalogue: Catalogue
    reunion: Reunion
    ourselves: int
    counted: Callable[[float], None] = lambda _: None
    in_flight: InFlight = field(default_factory=InFlight)
    seen: Seen = field(default_factory=Seen)
    freshness: Freshness = field(default_factory=Freshness)
    repeats: Repeats = field(default_factory=Repeats)
    mute: Seldom = field(default_factory=Seldom)

    async def interact(self, interaction: "discord.Interaction[Any]") -> None:
        """Answer one interaction."""
        got = received(interaction, self.ourselves)
        if got is None or self.in_flight.closed or not self.repeats.is_new(got.id):
            return
        age = self.freshness.age(got.at, self.clock.now())
        if age > OLDEST:
            log.warning(
                "interaction %s is dropped: it is too old to be answered. When this happens often, "
                "look at this machine's clock.",
                got.id,
            )
            return
        with self.in_flight.one():
            if got.kind == "typing":
                await self._complete(got)
                return
            texts, is_copy = _texts(got.actor), self.seen.before(got.id)
            exchange = Exchange(self.wire, self.clock, got, texts, self.counted, is_copy)
            try:
                await self._answer(exchange, is_late=age > HURRIED)
                if got.place.kind == "private":
                    await self.reunion.heard(got.actor.subject)
            except Refusal as refusal:
                await exchange.show(refusal_reply(refusal, exchange.texts))
            except (discord.HTTPException, aiohttp.ClientError) as error:
                log.warning("interaction %s could not be answered: %s", got.id, error)

    async def _answer(self, exchange: Exchange, *, is_late: bool) -> None:
        got = exchange.received
        what = reading.pressed(got) if got.kind != "command" else None
        opens = got.kind == "press" and what is not None and what.what in {"ask", "form"}
        if is_late and not opens:  # a dialog is the first answer or none
            await exchange.acknowledge()
        if what is None:
            found, wanted = reading.command(got)
            files = await self._fetch(exchange, wanted)
            await self._show(exchange, reading.action_of(found, files))
        elif got.kind == "dialog":
            await self._filled(exchange, what)
        elif what.what == "ask":
            await exchange.open_dialog(dialog(what, got.label, exchange.texts.say(FILES)))
        elif what.what == "form":
            await self._open_asked(exchange, what)
        else:
            await self._show(exchange, reading.press(what))

    async def _show(self, exchange: Exchange, action: Action) -> None:
        """Let the conversation answer, and show it."""
        got = exchange.received
        async with (
            _announced(exchange.acknowledge, PATIENCE_S),
            aclosing(self._replies(reading.event(got, action))) as replies,
            growing(exchange.show, GAP_S if got.is_private else GROUP_GAP_S) as show,
        ):
            async for reply in replies:
                shown = reply
                if reply.topic and got.may_thread:
                    home = await threads.home(self.wire, got, reply.topic, exchange.texts)
                    if home.thread:
                        await self._move(exchange, action, home.thread)
                        return
                    shown = replace(reply, text=f"{reply.text}\n\n{home.problem}")
                await show(shown)

    async def _move(self, exchange: Exchange, action: Action, thread: int) -> None:
        """Answer in a thread of the learner's own, and say where it is."""
        event = reading.event(exchange.received, action, ":thread")
        place = replace(event.place, kind="thread", id=str(thread))
        answer = ChannelAnswer(self.wire, thread, exchange.received.id, exchange.texts)
        await exchange.tell(exchange.texts.say(MOVED, thread=f"<#{thread}>"))
        await self._converse(replace(event, place=place), answer)

    async def _converse(self, event: Incoming, answer: ChannelAnswer) -> None:
        """Show the replies to an event in a channel."""
        async with (
            aclosing(self._replies(event)) as replies,
            growing(answer.show) as show,
        ):
            async for reply in replies:
                await show(reply)

    async def _filled(self, exchange: Exchange, what: Pressed) -> None:
        """Take what a dialog was filled with; what it answers is asked again first."""
        text, wanted = reading.typed(exchange.received, what)
        files = await self._fetch(exchange, wanted)
        if what.payload:
            async with _announced(exchange.acknowledge, PATIENCE_S):
                asked = await self._first(exchange, reading.press(what), ":asked")
            is_asked = asked is not None and (asked.prompt or asked.form)
            if asked is not None and not is_asked and (asked.notice or what.kind != CODE):
                await exchange.show(asked)
                return
        await self._show(exchange, reading.answer(what, text, files))

    async def _open_asked(self, exchange: Exchange, what: Pressed) -> None:
        async with _announced(exchange.acknowledge, DIALOG_PATIENCE_S):
            reply = await self._first(exchange, reading.press(what))
        modal = dialog_of(reply, exchange.texts.say(FILES)) if reply else None
        if modal is None:
            await exchange.show(reply or Reply(exchange.texts.say(ASK_AGAIN)))
        elif not await exchange.open_dialog(modal):
            await exchange.show(Reply(exchange.texts.say(ASK_AGAIN)))

    async def _first(self, exchange: Exchange, action: Action, part: str = "") -> Reply | None:
        event = reading.event(exchange.received, action, part)
        async with aclosing(self._replies(event)) as replies:
            return await anext(replies, None)

    async def _fetch(self, exchange: Exchange, wanted: list[Wanted]) -> tuple[File, ...]:
        if not wanted:
            return ()
        async with _announced(exchange.acknowledge, PATIENCE_S):
            return await fetch(self.wire.session, wanted)

    async def _complete(self, got: Received) -> None:
        """Offer values for the option that is being typed; from memory, so always in time."""
        found = used(got.data)
        values = matching(((one, one) for one in found.offered), found.typed, limits.CHOICES)
        values = values or candidates(self.catalogue, found.focused, found.typed, limits.CHOICES)
        shown = [
            {"name": limits.cut(name, limits.OPTION), "value": value}
            for value, name in values
            if limits.size(value) <= limits.OPTION
        ]
        try:
            await self.wire.respond(got.id, got.token, CHOICES, {"choices": shown})
        except discord.HTTPException as error:
            log.info("a completion came too late: %s", error)

    async def _replies(self, event: Incoming) -> AsyncGenerator[Reply, None]:
        replies = self.router.answer(event)
        try:
            async for reply in replies:
                yield reply
        finally:
            if isinstance(replies, AsyncGenerator):
                await replies.aclose()

    async def read(self, message: discord.Message) -> None:
        """Answer one message that is meant for us."""
        got = written(message, self.ourselves)
        if got is None or self.in_flight.closed or not self.repeats.is_new(message.id):
            return
        with self.in_flight.one():
            try:
                await self._reply(got)
            except (discord.HTTPException, aiohttp.ClientError) as error:
                log.warning("message %s could not be answered: %s", message.id, error)

    async def _reply(self, got: Written) -> None:
        texts, event = _texts(got.actor), got.message.id
        here = ChannelAnswer(self.wire, got.message.channel.id, event, texts)
        if got.how == "mute":
            if self.mute.is_due(got.place.id, self.clock.now()):
                await here.show(Reply(texts.say(MUTE)))
            return
        answer = here
        if got.place.kind == "private":
            self.wire.remember_chat(got.actor.subject, here.channel)
            await self.reunion.heard(got.actor.subject)
        elif got.how == "elsewhere":
            chat = await surely(lambda: self.wire.chat_with(got.actor.subject))
            answer = ChannelAnswer(self.wire, chat, event, texts)
        try:
            files = await fetch(self.wire.session, got.wanted)
        except Refusal as refusal:
            await answer.show(refusal_reply(refusal, texts))
            return
        try:
            await self._converse(got.event(files), answer)
        except discord.Forbidden:
            if got.how != "elsewhere":
                raise
            start = line_button(texts.say(START), "/start")
            await here.show(Reply(texts.say(CANNOT_DM), rows=((start,),)))


def _texts(actor: Actor) -> Texts:
    return texts_for(choose(actor.locale))


@asynccontextmanager
async def _announced(
    acknowledge: Callable[[], Coroutine[Any, Any, None]], patience: float
) -> AsyncIterator[None]:
    """Acknowledge what takes longer than `patience` seconds; a begun acknowledgement is ended."""
    begun: list[asyncio.Task[None]] = []
    loop = asyncio.get_running_loop()
    timer = loop.call_later(patience, lambda: begun.append(loop.create_task(acknowledge())))
    try:
        yield
    finally:
        timer.cancel()
        for task in begun:
            await task
