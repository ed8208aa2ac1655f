"""Requests to Discord through discord.py's clients, with the bodies we draw ourselves.

Interaction endpoints go through the library's webhook adapter: they are no part of the global
limit. Everything else goes through its HTTP client, after our own limiter.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
import discord
from discord.http import HTTPClient, Route
from discord.webhook.async_ import async_context

from bots.discord.payloads import Body, Drawn

MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, DIALOG = 4, 5, 6, 7, 8, 9  # kinds of first answers
MOST_CHATS = 50_000  # private channels remembered
PRIVATE_THREAD = 12
ARCHIVE_MINUTES = 10_080


class Limiter(Protocol):
    """Whoever keeps the global limit."""

    async def wait(self) -> None:
        """Return when one more request may be made."""
        ...


@dataclass(slots=True)
class Wire:
    """One process's way to Discord.

    Args:
        http: the library's client, logged in.
        session: for interaction endpoints and files.
        limiter: keeps the global limit.
        application: the bot's application id.
    """

    http: HTTPClient
    session: aiohttp.ClientSession
    limiter: Limiter
    application: int
    _chats: OrderedDict[str, int] = field(default_factory=OrderedDict)

    async def respond(
        self,
        interaction: int,
        token: str,
        kind: int,
        body: object = None,
        drawn: Drawn | None = None,
    ) -> None:
        """Give an interaction its first answer."""
        payload: dict[str, object] = {"type": kind}
        if body is not None:
            payload["data"] = body
        path = "/interactions/{webhook_id}/{webhook_token}/callback"
        route = Route("POST", path, webhook_id=interaction, webhook_token=token)
        await self._webhook(route, payload, drawn)

    async def follow_up(self, token: str, body: Body, drawn: Drawn) -> str:
        """A further message for an interaction; its id."""
        path = "/webhooks/{webhook_id}/{webhook_token}"
        route = Route("POST", path, webhook_id=self.application, webhook_token=token)
        return str((await self._webhook(route, body, drawn, {"wait": "true"}))["id"])

    async def edit_answer(self, token: str, message: str, body: Body, drawn: Drawn) -> None:
        """Redraw a message of an interaction: "@original", or the id of a further one."""
        path = "/webhooks/{webhook_id}/{webhook_token}/messages/{message}"
        if not message.isdecimal():  # as it is: the library would write it as %40original
            path = path.replace("{message}", message)
        route = Route(
            "PATCH", path, webhook_id=self.application, webhook_token=token, message=message
        )
        await self._webhook(route, body, drawn)

    async def delete_answer(self, token: str) -> None:
        """Take the first answer of an interaction away."""
        path = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
        route = Route("DELETE", path, webhook_id=self.application, webhook_token=token)
        await self._webhook(route, None, None)

    async def send(self, channel: int, drawn: Drawn, nonce: str = "") -> str:
        """Send a message to a channel; its id.

        Args:
            channel: where to.
            drawn: the message.
            nonce: Discord sends a message with the same nonce once, for a few minutes.
        """
        body = drawn.body()
        if nonce:
            body["nonce"], body["enforce_nonce"] = nonce, True
        await self.limiter.wait()
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
        return str((await self._request(route, body, drawn))["id"])

    async def edit(self, channel: int, message: str, drawn: Drawn) -> None:
        """Redraw a message in a channel."""
        await self.limiter.wait()
        path = "/channels/{channel_id}/messages/{message}"
        route = Route("PATCH", path, channel_id=channel, message=message)
        await self._request(route, drawn.body(), drawn)

    async def chat_with(self, user: str) -> int:
        """The channel of the private chat with somebody."""
        if user in self._chats:
            self._chats.move_to_end(user)
            return self._chats[user]
        await self.limiter.wait()
        route = Route("POST", "/users/@me/channels")
        opened = await self.http.request(route, json={"recipient_id": user})
        self.remember_chat(user, int(opened["id"]))
        return self._chats[user]

    def remember_chat(self, user: str, channel: int) -> None:
        """Keep the channel of a private chat that somebody wrote in."""
        self._chats[user] = channel
        self._chats.move_to_end(user)
        while len(self._chats) > MOST_CHATS:
            self._chats.popitem(last=False)

    async def open_thread(self, channel: int, name: str) -> int:
        """Make a private thread that nobody is in yet; its id."""
        await self.limiter.wait()
        body = {
            "name": name,
            "type": PRIVATE_THREAD,
            "invitable": False,
            "auto_archive_duration": ARCHIVE_MINUTES,
        }
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=channel)
        return int((await self.http.request(route, json=body))["id"])

    async def add_to_thread(self, thread: int, user: str) -> None:
        """Let somebody into a thread; nothing changes when they are in."""
        await self.limiter.wait()
        path = "/channels/{channel_id}/thread-members/{user}"
        await self.http.request(Route("PUT", path, channel_id=thread, user=user))

    async def _webhook(
        self,
        route: Route,
        payload: Mapping[str, object] | Body | None,
        drawn: Drawn | None,
        params: dict[str, str] | None = None,
    ) -> Any:  # noqa: ANN401 - JSON
        adapter = async_context.get()
        if payload is not None and drawn is not None and drawn.files:
            form = _form(payload, drawn)
            return await adapter.request(route, self.session, multipart=form, params=params)
        sent: dict[str, Any] | None = None if payload is None else dict(payload)
        return await adapter.request(route, self.session, payload=sent, params=params)

    async def _request(self, route: Route, payload: Body, drawn: Drawn) -> Any:  # noqa: ANN401 - JSON
        if drawn.files:
            return await self.http.request(route, form=_form(payload, drawn))
        return await self.http.request(route, json=payload)


def _form(payload: Mapping[str, object] | Body, drawn: Drawn) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = [{"name": "payload_json", "value": json.dumps(payload)}]
    parts += [
        {
            "name": f"files[{number}]",
            "value": file.content,
            "filename": file.name,
            "content_type": "application/octet-stream",
        }
        for number, file in enumerate(drawn.files)
    ]
    return parts


def user_agent() -> str:
    """How Discord asks bots to name themselves."""
    return f"DiscordBot (https://github.com/Rapptz/discord.py {discord.__version__}) Stoa"
