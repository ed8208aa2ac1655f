"""Answers in a channel where no interaction asked: private chats, and threads of our own."""

from dataclasses import dataclass, field

import discord

from bots.conversation.dialogue import Reply
from bots.conversation.texts import Texts
from bots.discord.drawing import draw
from bots.discord.wire import Wire


@dataclass
class ChannelAnswer:
    """The replies to one event in a channel; a second one redraws what the first showed.

    Args:
        wire: to Discord.
        channel: where to.
        texts: the door's own words, in the reader's language.
    """

    wire: Wire
    channel: int
    texts: Texts
    _shown: list[str] = field(default_factory=list)

    async def show(self, reply: Reply) -> None:
        """Send a reply, or redraw what stands."""
        before, self._shown = self._shown, []
        for number, drawn in enumerate(draw(reply, self.texts)):
            if number < len(before):
                try:
                    await self.wire.edit(self.channel, before[number], drawn)
                except discord.NotFound:
                    self._shown.append(await self.wire.send(self.channel, drawn))
                else:
                    self._shown.append(before[number])
            else:
                self._shown.append(await self.wire.send(self.channel, drawn))
