"""What is typed where Discord shows us text: private chats, mentions, threads of our own."""

import re
from dataclasses import dataclass
from typing import Literal

import discord

from bots.conversation.dialogue import Action, Actor, Command, File, Incoming, Place, Text, Upload
from bots.conversation.vocabulary import BY_NAME
from bots.discord.downloads import Wanted
from bots.discord.received import actor_of, place_of

Heard = Literal["answer", "elsewhere", "mute"]
_COMMAND = re.compile(r"/([A-Za-z_]{1,32})(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Written:
    """One message of a person.

    Args:
        message: as discord.py gives it.
        actor: who wrote.
        place: where.
        text: without the mention of the bot.
        wanted: the files that came with it.
        how: "answer" it here; answer it "elsewhere", because others read here; or it is "mute":
            Discord keeps its words from us.
    """

    message: discord.Message
    actor: Actor
    place: Place
    text: str
    wanted: tuple[Wanted, ...]
    how: Heard

    def event(self, files: tuple[File, ...]) -> Incoming:
        """The event for the router."""
        at = self.message.created_at
        return Incoming(str(self.message.id), at, self.actor, self.place, self._action(files))

    def _action(self, files: tuple[File, ...]) -> Action:
        if files:
            return Upload(files, self.text)
        found = _COMMAND.fullmatch(self.text.strip())
        if found and found[1].lower() in BY_NAME:
            return Command(found[1].lower(), (found[2] or "").strip())
        return Text(self.text)


def written(message: discord.Message, ourselves: int) -> Written | None:
    """A message that is meant for us; None for all others.

    Args:
        message: as discord.py gives it.
        ourselves: the bot's own user id.
    """
    if message.author.bot or message.is_system() or message.webhook_id is not None:
        return None
    place, is_private = place_of(message.channel, message.author.id, ourselves)
    is_mentioned = any(user.id == ourselves for user in message.mentions)
    if not is_private and not is_mentioned:
        return None
    text = re.sub(rf"<@!?{ourselves}>", "", message.content).strip()
    wanted = tuple(Wanted(one.filename, one.url, one.size) for one in message.attachments)
    how: Heard = "answer" if is_private else "elsewhere"
    if place.kind == "thread" and is_private and not text and not wanted:
        how = "mute"
    return Written(message, actor_of(message.author, None), place, text, wanted, how)
