"""A person at Discord's client: what they can do there, and what they see."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

from tests.platforms.discord import words
from tests.platforms.discord.components import (
    BUTTON,
    LINK,
    TEXT,
    TEXT_INPUT,
    TEXT_SELECT,
    UPLOAD,
    everything,
)
from tests.platforms.discord.errors import Json
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.discord.typing import focused, slash
from tests.platforms.discord.world import (
    AUTOCOMPLETE,
    COMPONENT,
    DM,
    MODAL,
    SLASH,
    Channel,
    Interaction,
    Message,
)
from tests.platforms.person import PATIENCE, Screen, Seen, joined
from tests.support.eventually import until

OPENS = "…"  # the end of a label that opens a dialog, by Discord's own custom


class DiscordPerson:
    """Somebody with an account.

    Args:
        platform: where.
        name: shown to others.
        place: where they write; unset: the direct conversation with the bot.
        locale: of their client.
    """

    platform = "discord"

    def __init__(
        self,
        platform: LoopbackDiscord,
        name: str,
        place: Channel | None = None,
        locale: str = "en-US",
    ) -> None:
        self.server = platform
        self.user = platform.world.add_user(name, locale=locale)
        self.place = place or platform.world.dm_with(self.user)
        self.done: list[Interaction] = []
        self.before: Callable[[], object] = lambda: None  # called before each deed
        self._mark = platform.world.shown

    @property
    def subject(self) -> str:
        """Their account's id."""
        return str(self.user.id)

    # --- what they see

    def messages(self) -> list[Message]:
        """All messages they can see, those drawn last at the end."""
        world = self.server.world
        channels = [
            one
            for one in world.channels.values()
            if one is self.place or (self.user in one.people and (one.kind == DM or one.is_thread))
        ]
        found = [
            message
            for channel in channels
            for message in channel.messages.values()
            if message.only in (None, self.user) and message.shown
        ]
        return sorted(found, key=lambda message: message.shown)

    @property
    def screen(self) -> Screen:
        """What the bot has drawn since they last did something."""
        return joined(
            self._screen(message)
            for message in self.messages()
            if message.shown > self._mark and message.author.bot and not message.is_loading
        )

    def _screen(self, message: Message) -> Screen:
        texts = [message.content, *_embed_texts(message)]
        texts += [one["content"] for one in everything(message.components) if one["type"] == TEXT]
        files = (
            Seen(one["filename"], self.server.world.files[one["id"]], one.get("description", ""))
            for one in message.attachments
        )
        return Screen(
            words.shown("\n".join(filter(None, texts))),
            tuple(label for label, _ in _controls(message)),
            tuple(files),
        )

    def labels(self, message: Message) -> list[str]:
        """What they can use on a message."""
        return [label for label, data in _controls(message) if data]

    # --- what they do

    async def command(self, line: str) -> None:
        """Use a slash command."""
        await self._interact(SLASH, slash(self.server.world.commands, line))

    async def command_with_file(self, line: str, name: str, content: bytes) -> None:
        """Use a slash command with a file on the option that takes one."""
        attached = self.server.channels.keep_file(name, content)
        await self._interact(SLASH, slash(self.server.world.commands, line, {"": attached}))

    async def suggestions(self, line: str, option: str) -> list[str]:
        """What is offered for an option while it is typed."""
        data = focused(slash(self.server.world.commands, line), option)
        one = await self._interact(AUTOCOMPLETE, data)
        await self._answered(one)
        return [choice["name"] for choice in one.choices or []]

    async def press(self, label: str) -> None:
        """Press the newest button of that label, or choose the line of a menu."""
        message, data = self.control(label)
        await self._interact(COMPONENT, data, message=message)

    def found(self, *words: str) -> Screen | None:
        """The message drawn last that says all these words, as it is now."""
        message = self._saying(words)
        return None if message is None else self._screen(message)

    def answer_to(self, one: Interaction) -> Screen:
        """What an interaction was answered with, as it is now."""
        return Screen() if one.original is None else self._screen(one.original)

    async def press_under(self, words: str, label: str) -> None:
        """Press a button of the message drawn last that says these words.

        Raises:
            AssertionError: there is none.
        """
        message = self._saying((words,))
        assert message is not None, f"nothing says {words!r}; there is {self.screen}"
        data = [data for name, data in _controls(message) if name == label and data]
        assert data, f"no {label!r} under {self._screen(message)}"
        await self._interact(COMPONENT, data[0], message=message)

    def _saying(self, words: Sequence[str]) -> Message | None:
        for message in reversed(self.messages()):
            text = self._screen(message).text
            if message.author.bot and all(word in text for word in words):
                return message
        return None

    def control(self, label: str) -> tuple[Message, Json]:
        """The newest control of that label: its message, and the data of using it.

        Raises:
            AssertionError: they see none.
        """
        seen = []
        for message in reversed(self.messages()):
            for name, data in _controls(message):
                if name == label and data:
                    return message, data
                seen.append(name)
        raise AssertionError(f"no {label!r} among {seen}; there is:\n{self.screen.text}")

    async def types(self, text: str) -> None:
        """Fill in the dialog that a button on the screen opens; else write a message."""
        opener = next((one for one in self.screen.labels if one.endswith(OPENS)), None)
        if opener is None:
            await self.says(text)
            return
        opened = await self.opens(opener)
        await self.submits(opened, text)

    async def opens(self, label: str) -> Interaction:
        """Press a button that opens a dialog, and wait for the dialog."""
        message, data = self.control(label)
        mark = self._mark
        one = await self._interact(COMPONENT, data, message=message)
        await self._answered(one)
        assert one.modal is not None, f"{label!r} opened no dialog but gave {one.answer}"
        self._mark = mark  # nothing was done yet
        return one

    async def submits(
        self, opened: Interaction, *values: str, files: tuple[tuple[str, bytes], ...] = ()
    ) -> Interaction:
        """Submit a dialog: a value (of a menu, the end of a line) for each field not for files."""
        assert opened.modal is not None
        given = iter(values)
        attached = [self.server.channels.keep_file(*file) for file in files]
        filled = [_filled(one, given, attached) for one in opened.modal["components"]]
        assert not list(given), "more values than fields"
        data: Json = {"custom_id": opened.modal["custom_id"], "components": filled}
        if attached:
            data["resolved"] = {"attachments": {one["id"]: one for one in attached}}
        return await self._interact(MODAL, data, message=opened.message)

    async def says(self, text: str) -> None:
        """Write a message."""
        self.before()
        self._mark = self.server.world.shown
        await self.server.post(self.user, self.place, text)

    async def sends_file(self, name: str, content: bytes, text: str = "") -> None:
        """Write a message with a file."""
        self.before()
        self._mark = self.server.world.shown
        await self.server.post(self.user, self.place, text, ((name, content),))

    async def _interact(self, kind: int, data: Json, message: Message | None = None) -> Interaction:
        self.before()
        self._mark = self.server.world.shown
        channel = message.channel if message is not None else self.place
        one = await self.server.interact(kind, self.user, channel, data, message=message)
        self.done.append(one)
        return one

    async def _answered(self, one: Interaction, patience: float = PATIENCE) -> None:
        async with asyncio.timeout(patience):
            await until(lambda: one.answer is not None, every=0.005)


def _embed_texts(message: Message) -> Iterator[str]:
    for embed in message.embeds:
        yield from (str(embed[name]) for name in ("title", "description") if embed.get(name))
        for field in embed.get("fields") or []:
            yield f"{field['name']}: {field['value']}"
        if embed.get("footer"):
            yield str(embed["footer"]["text"])


def _controls(message: Message) -> Iterator[tuple[str, Json]]:
    """Labels of what can be used, with the data of using it; links have none."""
    for one in everything(message.components):
        if one.get("disabled"):
            continue
        data: Json = {"component_type": one["type"], "custom_id": one.get("custom_id")}
        data["id"] = one.get("id")
        if one["type"] == BUTTON:
            yield one.get("label") or "", {} if one.get("style") == LINK else data
        elif one["type"] == TEXT_SELECT:
            for option in one["options"]:
                yield option["label"], data | {"values": [option["value"]]}


def _filled(component: Json, values: Iterator[str], attached: list[Json]) -> Json:
    """What Discord's client sends for one part of a dialog.

    Raises:
        AssertionError: the client would not let this be submitted.
    """
    if component["type"] == TEXT:
        return {"type": TEXT, "id": component.get("id", 0)}
    field: Json = component.get("component") or component["components"][0]
    sent: Json = {"type": field["type"], "custom_id": field["custom_id"], "id": field.get("id", 0)}
    if field["type"] == UPLOAD:
        sent["values"] = [one["id"] for one in attached]
        least, most = field.get("min_values", 1), field.get("max_values", 1)
        needed = least if field.get("required", True) else 0
        assert needed <= len(attached) <= most, f"{len(attached)} files, not {needed} to {most}"
    elif field["type"] == TEXT_INPUT:
        sent["value"] = next(values, "")
        least = field.get("min_length", 1 if field.get("required", True) else 0)
        most = field.get("max_length", 4000)
        assert least <= len(sent["value"]) <= most, f"{len(sent['value'])} characters typed"
    else:
        wanted = next(values, "")
        found = [one["value"] for one in field["options"] if one["label"].endswith(wanted)]
        assert len(found) == 1, (
            f"{wanted!r} is not one of {[one['label'] for one in field['options']]}"
        )
        sent["values"] = found
    if "component" in component:
        return {"type": component["type"], "id": component.get("id", 0), "component": sent}
    return {"type": component["type"], "id": component.get("id", 0), "components": [sent]}
