"""A private thread for a longer piece of work, such as a challenge, made where the bot may."""

import logging
from contextlib import suppress
from dataclasses import dataclass

import discord

from bots.conversation.texts import Texts
from bots.discord.limits import THREAD_NAME, cut
from bots.discord.problems import MISSING_ACCESS, MISSING_PERMISSIONS, code_of
from bots.discord.received import Received
from bots.discord.wire import Wire
from domain.errors import N_

log = logging.getLogger(__name__)

LONGEST_TOPIC = 60  # characters; the rest of the name is the learner's
NEEDED = {
    "view_channel": N_("View Channel"),
    "create_private_threads": N_("Create Private Threads"),
    "send_messages_in_threads": N_("Send Messages in Threads"),
}
NOT_ALLOWED = N_(
    "A thread of its own would be better here, and I may not make one. "
    "I lack the permission: {permissions}."
)
NOT_POSSIBLE = N_("A thread of its own would be better here, and Discord did not make one.")


@dataclass(frozen=True, slots=True)
class Home:
    """The thread for a piece of work, or why there is none."""

    thread: int = 0
    problem: str = ""


async def home(wire: Wire, got: Received, topic: str, texts: Texts) -> Home:
    """Find or make the learner's own thread in the channel where they asked.

    Args:
        wire: to Discord.
        got: what was done there; it says what the bot may do.
        topic: what the work is called.
        texts: in the learner's language.
    """
    if got.missing:
        names = ", ".join(texts.say(NEEDED[one]) for one in got.missing)
        return Home(problem=texts.say(NOT_ALLOWED, permissions=names))
    name = name_of(topic, got.handle)
    for thread in getattr(got.origin, "threads", ()):
        if _is_ours(thread, name, got.ourselves):
            with suppress(discord.HTTPException):  # they may have left it
                await wire.add_to_thread(thread.id, got.actor.subject)
            return Home(thread.id)
    try:
        thread = await wire.open_thread(got.channel, name)
        await wire.add_to_thread(thread, got.actor.subject)
        return Home(thread)
    except discord.HTTPException as error:
        log.info("no thread in channel %s: %s", got.channel, error)
        if code_of(error) in {MISSING_ACCESS, MISSING_PERMISSIONS}:
            names = texts.say(NEEDED["create_private_threads"])
            return Home(problem=texts.say(NOT_ALLOWED, permissions=names))
        return Home(problem=texts.say(NOT_POSSIBLE))


def name_of(topic: str, handle: str) -> str:
    """The thread's name; a handle is unique, so that it finds the same person's thread again."""
    return cut(f"{cut(topic.strip(), LONGEST_TOPIC)} · {handle}", THREAD_NAME)


def _is_ours(thread: discord.Thread, name: str, ourselves: int) -> bool:
    return (
        thread.name == name
        and thread.owner_id == ourselves
        and thread.type is discord.ChannelType.private_thread
        and not thread.archived
    )
