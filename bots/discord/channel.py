"""Answers in a channel where no interaction asked: private chats, and threads of our own."""

from dataclasses import dataclass, field

import discord

from bots.conversation.dialogue import Reply
from bots.conversation.texts import Texts
from bots.discord.drawing import draw
from bots.discord.payloads import Drawn
from bots.discord.persistent import surely
from bots.discord.wire import Wire


@dataclass
class ChannelAnswer:
    """The replies to one event in a channel; a second one redraws what the first showed.

    Args:
        wire: to Discord.
        channel: where to.
        event: the event's id; Discord takes what is sent again for it once.
        texts: the door's own words, in the reader's language.
    """

    wire: Wire
    channel: int
    event: int
    texts: Texts
    _shown: list[str] = field(default_factory=list)
    _sent: int = 0

    async def show(self, reply: Reply) -> None:
        """Send a reply, or redraw what stands; while Discord is away, try again."""
        before, self._shown = self._shown, []
        for number, drawn in enumerate(draw(reply, self.texts)):
            old = before[number] if number < len(before) else ""
            self._shown.append(await self.redraw(old, drawn) if old else await self.send(drawn))

    async def redraw(self, message: str, drawn: Drawn) -> str:
        """Draw a message anew, or send another one where it was deleted; its id."""
        try:
            await surely(lambda: self.wire.edit(self.channel, message, drawn))
        except discord.NotFound:
            return await self.send(drawn)
        return message

    async def send(self, drawn: Drawn) -> str:
        """Send a message; its id."""
        self._sent += 1
        nonce = f"{self.event}.{self._sent}"
        return await surely(lambda: self.wire.send(self.channel, drawn, nonce))
