"""discord.py's client, reduced to what this door needs: its events go to the door."""

import logging
import sys
from collections.abc import Mapping
from typing import Any

import discord

from bots.discord.door import Door
from bots.discord.shards import Shards, Turns
from bots.observability.health import Health

log = logging.getLogger(__name__)

PART = "discord"
LONGEST_WAIT_S = 60.0  # for a rate limit; what must wait longer is tried again by the outbox


_UNHEARD = ("MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "CHANNEL_PINS_UPDATE")
# The library says at each start that it cannot speak; nobody asked it to.
discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False


def _let_go(_: object) -> None:
    """An event that changes nothing here."""


class DoorClient(discord.AutoShardedClient):
    """Listens; one process may take some of the bot's shards.

    Nothing is kept that can be asked for: no members, no messages. The intents are those that
    need no approval; the words of a message are seen in private chats and where we are mentioned.

    Args:
        health: told when the gateway is reached and when it is lost.
        shards: of this process; None: all.
    """

    door: Door
    turns: Turns

    def __init__(self, health: Health, shards: Shards | None) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.dm_messages = True
        super().__init__(
            intents=intents,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=LONGEST_WAIT_S,
        )
        if shards is not None:
            self.shard_ids, self.shard_count = list(shards.ids), shards.count
        self._listen_less()
        self._health = health
        self._lost: set[int] = set()

    def _listen_less(self) -> None:
        """Let what nobody here looks at go by before the library makes objects of it.

        Discord tells us of our own messages as of any others, and of all that people write to each
        other in the servers we are in.
        """
        parsers = self._connection.parsers
        for event in _UNHEARD:
            parsers[event] = _let_go
        heard = parsers["MESSAGE_CREATE"]

        def meant_for_us(data: Mapping[str, Any]) -> None:
            if self._is_meant_for_us(data):
                heard(data)

        parsers["MESSAGE_CREATE"] = meant_for_us

    def _is_meant_for_us(self, data: Mapping[str, Any]) -> bool:
        """Whether somebody wrote in private, with a mention of us, or in a thread of ours."""
        ourselves = self._connection.self_id
        if int(data["author"]["id"]) == ourselves:
            return False
        if "guild_id" not in data or any(int(one["id"]) == ourselves for one in data["mentions"]):
            return True
        guild = self.get_guild(int(data["guild_id"]))
        thread = guild.get_thread(int(data["channel_id"])) if guild else None
        return thread is not None and thread.owner_id == ourselves

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002
        """Wait for the shard's turn among all processes."""
        await self.turns.wait(shard_id or 0)

    async def on_interaction(self, interaction: "discord.Interaction[Any]") -> None:
        """A command, a button, a dialog, or something being typed."""
        await self.door.interact(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Something written where we can read."""
        await self.door.read(message)

    async def on_shard_connect(self, shard_id: int) -> None:
        """A shard is connected."""
        self._found(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """A shard is connected again, and nothing was missed."""
        self._found(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """A shard lost its connection; the library connects again."""
        self._lost.add(shard_id)
        if not self.is_closed():
            self._health.down(PART, f"shard {shard_id} is not connected")

    async def on_error(self, event_method: str, /, *_: object, **__: object) -> None:
        """A fault of ours in an event."""
        log.error("fault in %s", event_method, exc_info=sys.exc_info())

    def _found(self, shard: int) -> None:
        self._lost.discard(shard)
        if not self._lost:
            self._health.up(PART)
