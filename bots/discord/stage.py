"""Messages in a server's channels that are kept up to date, such as a live quiz."""

from dataclasses import dataclass
from datetime import timedelta

import discord

from bots.conversation.dialogue import Platform, Reply
from bots.conversation.texts import FALLBACK, texts_for
from bots.discord.drawing import draw
from bots.discord.problems import outcome_of
from bots.discord.sender import nonce
from bots.discord.wire import Wire
from bots.live.stage import Budget, MessageGone, StageBusy, StageClosed

COUNTS_EVERY = timedelta(seconds=3)  # a channel takes about five changes in five seconds
LATER = timedelta(seconds=5)
BUDGET = Budget(edits=None, every=COUNTS_EVERY)


@dataclass
class DiscordStage:
    """Channels and threads, by their ids.

    Args:
        wire: to Discord.
    """

    wire: Wire
    platform: Platform = "discord"
    budget: Budget = BUDGET
    keyed: bool = True

    def has_spare(self, address: str) -> bool:  # noqa: ARG002 - the protocol's
        """Always: a channel takes more changes than counts are made."""
        return True

    async def post(self, address: str, reply: Reply, key: str) -> str:
        """Send a message to a channel; its id. Its buttons stand below its last part.

        Raises:
            StageClosed: the channel does not take it.
            StageBusy: not now.
        """
        message = ""
        try:
            for number, drawn in enumerate(draw(reply, texts_for(FALLBACK))):
                message = await self.wire.send(int(address), drawn, nonce(key, number))
        except Exception as error:
            raise _problem(error) from error
        return message

    async def edit(self, address: str, message: str, reply: Reply) -> None:
        """Change a message: its last part, where it had several.

        Raises:
            MessageGone: it was deleted.
            StageClosed: the channel does not take it.
            StageBusy: not now.
        """
        try:
            await self.wire.edit(int(address), message, draw(reply, texts_for(FALLBACK))[-1])
        except Exception as error:
            raise _problem(error) from error


def _problem(error: Exception) -> Exception:
    outcome = outcome_of(error)
    if outcome.result == "blocked":
        return StageClosed(outcome.reason)
    if isinstance(error, discord.NotFound):
        return MessageGone(outcome.reason)
    if outcome.result == "rejected" or isinstance(error, ValueError):
        return StageClosed(outcome.reason)
    return StageBusy(outcome.retry_after or LATER)
