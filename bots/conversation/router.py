"""`Incoming` -> the one flow that answers it, inside one unit of work -> `Reply`.

Nothing is shown before the commit. A `Refusal` rolls everything back and is shown with the next
valid steps; any other error is logged under a short code, which the person is told.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from bots.conversation import memory, receipts, registry
from bots.conversation.controls import StaleControl, parse
from bots.conversation.dialogue import (
    Action,
    Command,
    Incoming,
    Press,
    Reply,
    Text,
    Upload,
)
from bots.conversation.flows import load_all
from bots.conversation.flows.general import choice_button
from bots.conversation.flows.tutor import care as tutor_care
from bots.conversation.texts import Texts, choose, texts_for
from bots.conversation.turn import Answer, Declined, Later, Services, Streamed, Turn
from bots.conversation.unknown import no_such_command
from bots.conversation.vocabulary import BY_NAME
from bots.observability.request import note
from domain import ids
from domain.errors import N_, Conflict, Refusal
from domain.identity import service as identity
from domain.identity.rules import Learner
from domain.sql import lost_a_race
from tutor.care import needs_a_person

log = logging.getLogger(__name__)

MOST_TRIES = 8  # of a message, while others of the same person are faster
OUR_FAULT = N_("I could not do that ({code}). Nothing was lost. Please try again.")
Result = TypeVar("Result")
NOT_UNDERSTOOD = N_("I did not get that. Press a button, or type /help.")
BOTS_ARE_REFUSED = N_("I talk with people only, not with bots.")


@dataclass(slots=True)
class Voice:
    """The language of one answer: the platform's, and the learner's own once they are known.

    `typed`: next steps are shown as lines to type, as in a terminal.
    """

    texts: Texts
    typed: bool = False


class Router:
    """Answers incoming events; one per process, safe for many at once.

    Args:
        services: what lives as long as the process.
        receipts: events may arrive again, from this process or another: what they changed stays
            changed once, and the first answer is given again.
    """

    def __init__(self, services: Services, *, receipts: bool = False) -> None:
        load_all()
        self._services = services
        self._receipts = receipts
        self._accounts = identity.Accounts()

    async def answer(self, incoming: Incoming) -> AsyncGenerator[Reply]:
        """The replies to one event, each safe to show when it is yielded."""
        typed = incoming.actor.platform == "terminal"
        voice = Voice(texts_for(choose(incoming.actor.locale)), typed)
        if incoming.actor.is_bot:
            yield Reply(voice.texts.say(BOTS_ARE_REFUSED))
            return
        answer: Answer | None = await self._guarded(
            voice, lambda: self._until_told(incoming, voice)
        )
        if isinstance(answer, Later):
            yield answer.now
            work = answer.work
            answer = await self._guarded(voice, work)
        if isinstance(answer, Streamed):
            try:
                yield answer.now
            except GeneratorExit:
                await asyncio.shield(answer.dropped())
                raise
            async for reply in self._grown(voice, answer):
                yield reply
        if isinstance(answer, Reply):
            yield answer

    async def _grown(self, voice: Voice, answer: Streamed) -> AsyncIterator[Reply]:
        """The replies of an answer that grows; a fault in the middle takes its place."""
        steps = answer.steps()
        try:
            while (step := await self._guarded(voice, lambda: anext(steps, None))) is not None:
                yield step  # once it has failed, it has ended
        finally:
            await _close(steps)

    async def _guarded(self, voice: Voice, work: Callable[[], Awaitable[Result]]) -> Result | Reply:
        try:
            return await work()
        except Refusal as refusal:
            note("refused")
            return refusal_reply(refusal, voice.texts, typed=voice.typed)
        except Exception:
            code = f"E-{ids.short_code(4)}"
            note("fault")
            log.exception("fault %s", code)
            return Reply(voice.texts.say(OUR_FAULT, code=code), notice=code)

    async def _until_told(self, incoming: Incoming, voice: Voice) -> Answer:
        """Try again when another message of the same person was a moment faster.

        Those that try again stand in a queue, so that only a new message can be faster once more.
        """
        for number in range(MOST_TRIES - 1):
            try:
                return await self._once(incoming, voice, queued=number > 0)
            except Conflict:
                log.debug("another message of the same person was faster")
            except DBAPIError as error:
                if not lost_a_race(error):
                    raise
                log.debug("another message of the same person was in the way")
        return await self._once(incoming, voice, queued=True)

    async def _once(self, incoming: Incoming, voice: Voice, *, queued: bool) -> Answer:
        actor, services = incoming.actor, self._services
        async with services.database.unit_of_work() as conn:
            now = services.clock.now()
            place, event = incoming.place.id, incoming.event_id if self._receipts else None
            seals = services.database.seals
            learner, kept = await self._accounts.arrive(
                conn, actor.platform, actor.subject, actor.name, actor.locale, now,
                place=place, event=event,
            )  # fmt: skip
            voice.texts = texts_for(choose(learner.language, actor.locale))
            if queued:
                await memory.queue_up(conn, learner.identity_id, place)
                remembered = await memory.recall(conn, seals, learner.identity_id, place, event)
            else:
                remembered = memory.understood(seals, learner.identity_id, event, kept)
            if remembered.answered is not None:
                return remembered.answered
            turn = Turn(conn, services, incoming, learner, voice.texts, now, remembered.expectation)
            answer = await dispatch(turn)
            await memory.remember(conn, learner.identity_id, place, remembered, turn.expecting)
            answer = _as_wished(_named(answer, turn), learner)
            if event is not None:
                shown = answer if isinstance(answer, Reply) else answer.now
                if shown.secret:
                    return answer
                await receipts.keep(conn, seals, learner.identity_id, event, shown)
            return answer


async def _close(replies: AsyncIterator[Reply]) -> None:
    """End what nobody reads to its end: a model may still be writing."""
    if isinstance(replies, AsyncGenerator):
        await replies.aclose()


def _named(answer: Answer, turn: Turn) -> Answer:
    """Write into a reply's prompt what a text that is typed for it answers."""
    if not isinstance(answer, Reply) or answer.prompt is None or turn.expecting is None:
        return answer
    return replace(answer, prompt=replace(answer.prompt, about=turn.expecting.stamp))


def _refuse_old(turn: Turn, about: str) -> None:
    """Keep a text that was typed for one question from answering another."""
    if about and (turn.expecting is None or turn.expecting.stamp != about):
        raise StaleControl


def _as_wished(answer: Answer, learner: Learner) -> Answer:
    """Tell the door what the learner chose: short messages, a language."""
    compact, language = learner.display == "compact", learner.language or ""
    if not (compact or language):
        return answer

    def marked(reply: Reply) -> Reply:
        return replace(reply, compact=compact, language=language)

    if isinstance(answer, Reply):
        return marked(answer)

    if isinstance(answer, Streamed):
        grows = answer

        async def steps() -> AsyncIterator[Reply]:
            replies = grows.steps()
            try:
                async for reply in replies:
                    yield marked(reply)
            finally:
                await _close(replies)

        return replace(answer, now=marked(answer.now), steps=steps)
    later = answer

    async def work() -> Reply:
        return marked(await later.work())

    return Later(marked(answer.now), work)


async def dispatch(turn: Turn) -> Answer:
    """Find the flow for the turn's action and run it.

    Raises:
        Refusal: no flow answers this, or the flow declined.
    """
    action: Action = turn.incoming.action
    if isinstance(action, Command):
        return await _command(turn, action)
    if isinstance(action, Press):
        pressed = parse(action.payload)
        handler = registry.controls.get(pressed.action)
        if handler is None:
            raise StaleControl
        return await handler(turn, pressed)
    _refuse_old(turn, action.about)
    expected = turn.expecting.kind if turn.expecting else ""
    if isinstance(action, Upload):
        return await registry.uploads[expected if expected in registry.uploads else ""](turn)
    if isinstance(action, Text) and expected in registry.typed_texts:
        return await registry.typed_texts[expected](turn, action.text)
    if isinstance(action, Text):
        word = action.text.strip().lower()
        if word in registry.commands:  # the slash forgotten: "help"
            return await _command(turn, Command(word, ""))
        if "```" in action.text:
            raise Refusal(N_("Open a challenge first, with /code."), choices=("/code",))
        if needs_a_person(action.text):
            return await tutor_care.told(turn)
    raise Refusal(NOT_UNDERSTOOD, choices=("/learn", "/start", "/help"))


async def _command(turn: Turn, command: Command) -> Answer:
    verb = command.verb.lower()
    if verb not in BY_NAME or verb not in registry.commands:
        raise no_such_command(command.verb)
    if verb not in registry.asides:
        turn.expect_nothing()
    return await registry.commands[verb](turn, command.arguments.strip())


def refusal_reply(refusal: Refusal, texts: Texts, *, typed: bool = False) -> Reply:
    """What is shown for a refusal: its sentence, and its next steps as buttons.

    Args:
        refusal: with its next steps as command lines.
        texts: the reader's language.
        typed: the buttons show the lines themselves.
    """
    text = texts.refusal(refusal)
    if isinstance(refusal, Declined):
        buttons = refusal.buttons
    else:
        buttons = tuple(choice_button(line, texts, typed=typed) for line in refusal.choices)
    return Reply(text, rows=(buttons,) if buttons else (), notice=text[:200])
