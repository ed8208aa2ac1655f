"""REST: channels, messages, threads, direct conversations."""

import re
from typing import Protocol

from tests.platforms.discord import errors, limits, messages, shapes
from tests.platforms.discord.api import Answer, Api, Call
from tests.platforms.discord.errors import ApiError, Form, Json
from tests.platforms.discord.world import (
    DM,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    TEXT,
    Channel,
    Message,
    User,
    World,
)

_MENTION = re.compile(r"<@!?(\d+)>")


class Teller(Protocol):
    """Who tells the gateway's clients what happened."""

    async def tell(self, event: str, data: Json, channel: Channel, intent: int = 0) -> None:
        """Dispatch an event about a channel."""


class Channels:
    """Handlers of everything that has to do with channels."""

    def __init__(self, world: World, teller: Teller) -> None:
        self.world, self.teller = world, teller
        self.base = ""  # of addresses of files

    def register(self, api: Api) -> None:
        """Add the routes."""
        add = api.route
        add("POST", "/users/@me/channels", self.open_dm)
        add("GET", "/channels/{channel}", self.get_channel)
        add("PATCH", "/channels/{channel}", self.change_channel)
        add("POST", "/channels/{channel}/messages", self.send)
        add("GET", "/channels/{channel}/messages/{message}", self.get_message)
        add("PATCH", "/channels/{channel}/messages/{message}", self.edit)
        add("DELETE", "/channels/{channel}/messages/{message}", self.delete)
        add("POST", "/channels/{channel}/typing", self.typing)
        add("POST", "/channels/{channel}/threads", self.start_thread)
        add("POST", "/channels/{channel}/messages/{message}/threads", self.start_thread_at)
        add("PUT", "/channels/{channel}/thread-members/{user}", self.add_to_thread)

    # --- channels

    def _channel(self, call: Call, permission: int = 0) -> Channel:
        channel = self.world.channels.get(call.number("channel"))
        if channel is None:
            raise errors.unknown_channel()
        channel.demand(permission)
        return channel

    def _message(self, channel: Channel, call: Call) -> Message:
        message = channel.messages.get(call.number("message"))
        if message is None or message.only is not None:  # ephemeral ones are not here
            raise errors.unknown_message()
        return message

    async def open_dm(self, call: Call) -> Answer:
        """The direct conversation with somebody; it opens even when they take no messages."""
        user = self.world.users.get(int(call.body["recipient_id"]))
        if user is None:
            raise ApiError(404, 10013, "Unknown User")
        if user.bot:
            raise errors.cannot_message()
        return 200, shapes.channel(self.world.dm_with(user))

    async def get_channel(self, call: Call) -> Answer:
        """A channel."""
        return 200, shapes.channel(self._channel(call))

    async def change_channel(self, call: Call) -> Answer:
        """Archive, open or rename a thread."""
        channel = self._channel(call)
        if not channel.is_thread:
            raise errors.missing_permissions()
        form = Form()
        if "name" in call.body:
            form.length(("name",), call.body["name"], 1, limits.CHANNEL_NAME)
        form.refuse_if_wrong()
        channel.name = call.body.get("name", channel.name)
        channel.archived = call.body.get("archived", channel.archived)
        shape = shapes.channel(channel)
        await self.teller.tell("THREAD_UPDATE", shape, channel, limits.GUILDS)
        return 200, shape

    async def typing(self, call: Call) -> Answer:
        """The bot is typing."""
        self._channel(call, limits.SEND_MESSAGES)
        return 204, None

    # --- messages

    async def send(self, call: Call) -> Answer:
        """A new message of the bot."""
        channel = self._channel(call)
        if channel.kind == DM and any(person.closed for person in channel.people):
            raise errors.cannot_message()
        sending = limits.SEND_IN_THREADS if channel.is_thread else limits.SEND_MESSAGES
        channel.demand(sending | (limits.ATTACH_FILES if call.files else 0))
        messages.check(call.body, call.files)
        if call.body.get("message_reference"):
            channel.demand(limits.READ_HISTORY)
        nonce = call.body.get("nonce")
        if nonce is not None and call.body.get("enforce_nonce"):
            for known in reversed(channel.messages.values()):
                age = self.world.now() - known.sent.timestamp()
                if known.nonce == nonce and known.author.bot and age < limits.NONCE_KEPT_S:
                    return 200, shapes.message(known)
        channel.archived = False
        message = self.world.add_message(channel, self.world.bot)
        message.nonce = nonce
        self.write(message, call)
        await self.announce("MESSAGE_CREATE", message)
        return 200, shapes.message(message)

    def write(self, message: Message, call: Call, given: Json | None = None) -> None:
        """Put what a request says into a message, and draw it."""
        body = call.body if given is None else given
        if "content" in body:
            message.content = body["content"] or ""
        if "embeds" in body:
            message.embeds = [{"type": "rich", **one} for one in body["embeds"] or []]
        if "components" in body:
            message.components = _numbered(body["components"] or [])
        if "flags" in body and body["flags"] is not None:
            message.flags |= body["flags"]
        if "attachments" in body or call.files:
            self._attach(message, body, call)
        message.mentions = self._mentioned(message, body.get("allowed_mentions"))
        message.flags &= ~limits.LOADING
        self.world.show(message)

    def _attach(self, message: Message, body: Json, call: Call) -> None:
        listed: list[Json] = body.get("attachments") or []
        if "attachments" not in body:
            listed = [{"id": number} for number in call.files]
        kept = {one["id"]: one for one in message.attachments}
        attached = []
        for one in listed:
            if str(one["id"]) in kept:
                attached.append(kept[str(one["id"])])
            elif int(one["id"]) in call.files:
                name, content = call.files[int(one["id"])]
                attached.append(self.keep_file(one.get("filename") or name, content, one))
            else:
                raise ApiError(400, 50035, "Invalid Form Body")
        message.attachments = attached

    def keep_file(self, name: str, content: bytes, given: Json | None = None) -> Json:
        """Store a file; the attachment that leads to it."""
        key = str(self.world.new_id())
        self.world.files[key] = content
        url = f"{self.base}/attachments/{key}/{name}"
        shape: Json = {"id": key, "filename": name, "size": len(content)}
        shape |= {"url": url, "proxy_url": url, "content_type": "application/octet-stream"}
        if given and given.get("description"):
            shape["description"] = given["description"]
        return shape

    def _mentioned(self, message: Message, allowed: Json | None) -> list[User]:
        ids = [int(found) for found in _MENTION.findall(message.content)]
        if allowed is not None and "users" not in (allowed.get("parse") or []):
            named = {int(one) for one in allowed.get("users") or []}
            ids = [one for one in ids if one in named]
        return [self.world.users[one] for one in ids if one in self.world.users]

    async def announce(self, event: str, message: Message) -> None:
        """Tell the gateway's clients of a message; ephemeral ones are not told."""
        if message.only is not None:
            return
        intent = limits.DIRECT_MESSAGES if message.channel.kind == DM else limits.GUILD_MESSAGES
        shape = shapes.message(message)
        if message.channel.guild is not None:
            shape["guild_id"] = str(message.channel.guild.id)
        await self.teller.tell(event, shape, message.channel, intent)

    async def get_message(self, call: Call) -> Answer:
        """One message."""
        channel = self._channel(call, limits.READ_HISTORY)
        return 200, shapes.message(self._message(channel, call))

    async def edit(self, call: Call) -> Answer:
        """Change a message of the bot's own."""
        channel = self._channel(call)
        message = self._message(channel, call)
        if message.author is not self.world.bot:
            raise errors.not_its_author()
        if channel.is_thread and channel.archived:
            raise ApiError(400, 50083, "Thread is archived")
        before = shapes.message(message)
        messages.check(call.body, call.files, flags=message.flags, before=before)
        message.edited = self.world.time()
        self.write(message, call)
        await self.announce("MESSAGE_UPDATE", message)
        return 200, shapes.message(message)

    async def delete(self, call: Call) -> Answer:
        """Delete a message; somebody else's only with the permission, never in a DM."""
        channel = self._channel(call)
        message = self._message(channel, call)
        if message.author is not self.world.bot:
            if channel.kind == DM:
                raise ApiError(403, 50003, "Cannot execute action on a DM channel")
            channel.demand(limits.MANAGE_MESSAGES)
        await self.remove(message)
        return 204, None

    async def remove(self, message: Message) -> None:
        """A message is gone."""
        channel = message.channel
        channel.messages.pop(message.id, None)
        shape: Json = {"id": str(message.id), "channel_id": str(channel.id)}
        if channel.guild is not None:
            shape["guild_id"] = str(channel.guild.id)
        intent = limits.DIRECT_MESSAGES if channel.kind == DM else limits.GUILD_MESSAGES
        if message.only is None:
            await self.teller.tell("MESSAGE_DELETE", shape, channel, intent)

    # --- threads

    async def start_thread(self, call: Call) -> Answer:
        """A thread without a message; private unless it says otherwise."""
        kind = call.body.get("type", PRIVATE_THREAD)
        return await self._new_thread(call, kind)

    async def start_thread_at(self, call: Call) -> Answer:
        """A public thread at a message."""
        self._message(self._channel(call), call)
        return await self._new_thread(call, PUBLIC_THREAD)

    async def _new_thread(self, call: Call, kind: int) -> Answer:
        parent = self._channel(call)
        if parent.kind != TEXT:
            raise errors.wrong_channel_kind()
        if kind not in (PUBLIC_THREAD, PRIVATE_THREAD):
            raise ApiError(400, 50035, "Invalid Form Body")
        private = kind == PRIVATE_THREAD
        parent.demand(limits.PRIVATE_THREADS if private else limits.PUBLIC_THREADS)
        form = Form()
        form.length(("name",), call.body.get("name"), 1, limits.CHANNEL_NAME)
        minutes = call.body.get("auto_archive_duration") or 1440
        if minutes not in limits.ARCHIVE_MINUTES:
            form.wrong(("auto_archive_duration",), "BASE_TYPE_CHOICES", "60, 1440, 4320 or 10080.")
        form.refuse_if_wrong()
        thread = self.world.add_channel(kind, call.body["name"], parent.guild)
        thread.parent, thread.archive_minutes = parent, minutes
        thread.people = [self.world.bot]
        shape = shapes.channel(thread)
        await self.teller.tell("THREAD_CREATE", shape, thread, limits.GUILDS)
        return 201, shape

    async def add_to_thread(self, call: Call) -> Answer:
        """Let somebody into a thread."""
        thread = self._channel(call, limits.SEND_IN_THREADS)
        user = self.world.users.get(call.number("user"))
        if not thread.is_thread:
            raise errors.wrong_channel_kind()
        if user is None:
            raise ApiError(404, 10013, "Unknown User")
        if user not in thread.people:
            thread.people.append(user)
        return 204, None


def _numbered(components: list[Json], start: int = 1) -> list[Json]:
    """Components with the ids that Discord gives to those without one."""
    number = start
    done = []
    for given in components:
        one = dict(given)
        one.setdefault("id", number)
        number += 1
        if isinstance(one.get("components"), list):
            one["components"] = _numbered(one["components"], number)
            number += len(one["components"])
        done.append(one)
    return done
