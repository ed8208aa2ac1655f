"""The Discord door on SimCord, a Discord that others wrote: a second opinion on the first.

SimCord (PyPI `simcord`, MIT) replaces the library's transports in the process: it has no wire and
no rate limits, and its own idea of what Discord takes.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from io import BytesIO
from types import TracebackType
from typing import Any, Self, cast

import aiohttp
import discord
import simcord
from discord.webhook.async_ import async_context

from bots.conversation.completion import COMPLETED, Catalogue
from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.discord.client import DoorClient
from bots.discord.commands import tree
from bots.discord.door import Door
from bots.discord.reunion import Reunion
from bots.discord.shards import Shards
from bots.discord.sync import sync
from bots.discord.wire import Wire
from bots.observability.health import Health
from tests.platforms.discord import words
from tests.platforms.discord.driver import OPENS
from tests.platforms.discord.errors import Json
from tests.platforms.discord.typing import slash
from tests.platforms.person import Screen, Seen, joined


class SimClock:
    """SimCord's time."""

    env: simcord.Env | None = None

    def __init__(self, before: datetime) -> None:
        self._before = before

    def now(self) -> datetime:
        """The instant of the simulation; before it begins, another."""
        return self.env.now() if self.env is not None else self._before


class AtOnce:
    """No limit over all."""

    async def wait(self) -> None:
        """Return."""


class Cdn:
    """Fetches files where SimCord keeps them, as far as the door uses a session."""

    def __init__(self, env: simcord.Env) -> None:
        self._env = env
        self._content = b""
        self.content = self

    def get(self, url: str) -> Self:
        """The file at an address."""
        self._content = self._env.backend.cdn.get(url) or b""
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def raise_for_status(self) -> None:
        """The file is there."""

    async def read(self, most: int) -> bytes:
        """What is left of it."""
        read, self._content = self._content[:most], self._content[most:]
        return read


def with_files(request: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """SimCord reads uploads beside a form, where the library puts them too, and not in it."""

    async def asked(*given: Any, **more: Any) -> Any:
        form = more.get("form") or more.get("multipart") or []
        parts = [part for part in form if "filename" in part]
        if parts and not more.get("files"):
            more["files"] = [discord.File(BytesIO(one["value"]), one["filename"]) for one in parts]
        return await request(*given, **more)

    return asked


@asynccontextmanager
async def door(services: Services) -> AsyncIterator[simcord.Env]:
    """The door, open on a SimCord; `services.clock` is a `SimClock`."""
    client = DoorClient(Health(), Shards((0,), 1))
    async with simcord.run(client) as env:
        cast("SimClock", services.clock).env = env
        assert client.application_id is not None
        for transport in (client.http, async_context.get()):
            vars(transport)["request"] = with_files(transport.request)
        session = cast("aiohttp.ClientSession", Cdn(env))
        wire = Wire(client.http, session, AtOnce(), client.application_id)
        client.door = Door(
            Router(services, receipts=True),
            services.clock,
            wire,
            Catalogue(services.database, services.clock),
            Reunion(services.database, services.clock),
            env.backend.bot_user.id,
        )
        await sync(services.database, client.http, client.application_id, tree(COMPLETED))
        yield env


class SimPerson:
    """Somebody in the direct conversation with the bot."""

    platform = "discord"

    def __init__(self, env: simcord.Env, name: str) -> None:
        self._env, self._user = env, env.create_user(name)
        self._before: dict[int, str] = {}

    @property
    def subject(self) -> str:
        """Their account's id."""
        return str(self._user.id)

    @property
    def screen(self) -> Screen:
        """What appeared or changed since they last did something."""
        return joined(
            self._screen(message)
            for message in self._messages()
            if message.author.bot and self._before.get(message.id) != _digest(message)
        )

    def _messages(self) -> list[discord.Message]:
        return self._user.dm_channel.history(viewer=self._user)

    def _screen(self, message: discord.Message) -> Screen:
        files = (
            Seen(one.filename, self._env.backend.cdn.get(one.url) or b"", one.description or "")
            for one in message.attachments
        )
        labels = tuple(button.label or "" for button in _buttons(message) if not button.disabled)
        return Screen(words.shown(message.content), labels, tuple(files))

    async def _begin(self) -> None:
        await self._env.advance_time(1)
        self._before = {message.id: _digest(message) for message in self._messages()}

    async def command(self, line: str) -> None:
        """Use a slash command."""
        await self._begin()
        data = slash(self._registered(), line)
        name, options = data["name"], data["options"]
        if options and "options" in options[0]:
            name, options = f"{name} {options[0]['name']}", options[0]["options"]
        await self._user.slash(name, **{one["name"]: one["value"] for one in options})

    def _registered(self) -> list[Json]:
        backend = self._env.backend
        channel = self._user.dm_channel.id
        return list(backend.visible_commands(user_id=self._user.id, channel_id=channel))

    async def press(self, label: str) -> None:
        """Press the newest button of that label."""
        await self._begin()
        message, button = self._button(label)
        await self._user.click(message, custom_id=button.custom_id)

    def _button(self, label: str) -> tuple[discord.Message, discord.Button]:
        for message in reversed(self._messages()):
            for button in _buttons(message):
                if button.label == label:
                    return message, button
        raise AssertionError(f"no {label!r}; there is:\n{self.screen.text}")

    async def types(self, text: str) -> None:
        """Fill in the dialog that a button on the screen opens; else write a message."""
        opener = next((one for one in self.screen.labels if one.endswith(OPENS)), None)
        if opener is None:
            await self.says(text)
            return
        message, button = self._button(opener)
        shown = await self._user.click(message, custom_id=button.custom_id)
        await self._begin()
        field = shown.modal["components"][0]["component"]
        await self._user.submit_modal(shown, {field["custom_id"]: text})

    async def says(self, text: str) -> None:
        """Write a message."""
        await self._begin()
        await self._user.send_dm(text)

    async def sends_file(self, name: str, content: bytes, text: str = "") -> None:
        """Write a message with a file."""
        await self._begin()
        channel = self._user.dm_channel.id
        attached = self._env.backend.store_attachments(channel, [(name, content)])
        await self._user.send_dm(text, attachments=attached)


def _buttons(message: discord.Message) -> list[discord.Button]:
    return [
        child
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for child in row.children
        if isinstance(child, discord.Button)
    ]


def _digest(message: discord.Message) -> str:
    labels = [button.label for button in _buttons(message)]
    return f"{message.content} {labels} {message.edited_at}"
