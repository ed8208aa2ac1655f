"""Discord's way out for messages that nobody waits for: into the private chat, once each."""

import hashlib
import logging
from dataclasses import dataclass
from uuid import UUID

from bots.conversation.dialogue import Platform, Reply
from bots.conversation.texts import FALLBACK, texts_for
from bots.discord.drawing import draw
from bots.discord.problems import outcome_of
from bots.discord.reunion import Reunion
from bots.discord.wire import Wire
from domain import ids
from domain.notifications.rules import Outcome

log = logging.getLogger(__name__)


@dataclass
class DiscordSender:
    """Sends to accounts, each in the private chat with the bot.

    Args:
        wire: to Discord.
        reunion: told when a chat is closed to us.
    """

    wire: Wire
    reunion: Reunion
    platform: Platform = "discord"
    address: str | None = None

    async def send(self, address: str, reply: Reply) -> Outcome:
        """Send one message; the same key is taken once by Discord for some minutes."""
        drawn = draw(reply, texts_for(FALLBACK))
        try:
            chat = await self.wire.chat_with(address)
            for number, one in enumerate(drawn):
                await self.wire.send(chat, one, nonce(reply.key, number))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is an outcome
            outcome = outcome_of(error)
            log.info("message to %s: %s", address, outcome)
            if outcome.result == "blocked":
                self.reunion.closed(address)
            return outcome
        return Outcome("sent")


def nonce(key: str, part: int) -> str:
    """At most 25 characters that are the same for the same message; none without a key."""
    if not key:
        return ""
    return f"{ids.to_base62(UUID(bytes=hashlib.sha256(key.encode()).digest()[:16]))}.{part}"
