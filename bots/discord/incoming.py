"""What an interaction asks of the conversation: its action, its files, a dialog's fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from bots.conversation.dialogue import (
    Action,
    Command,
    File,
    Incoming,
    Press,
    Text,
    Upload,
    code_block,
)
from bots.discord import controls
from bots.discord.commands import Used, used
from bots.discord.controls import Pressed, understand
from bots.discord.downloads import Wanted
from bots.discord.payloads import FILE_UPLOAD, SELECT_MENU
from bots.discord.received import Received
from domain.challenges.fences import TICKS

_FENCE = 3  # ticks that make a block of code


def event(received: Received, action: Action, part: str = "") -> Incoming:
    """The event for the router.

    Args:
        received: the interaction.
        action: what was done.
        part: names one of several events that one interaction brings.
    """
    event_id = f"{received.id}{part}"
    return Incoming(event_id, received.at, received.actor, received.place, action)


def pressed(received: Received) -> Pressed:
    """What the id of a pressed button, a chosen line, or a dialog means."""
    values = received.data.get("values")
    if received.kind == "press" and isinstance(values, list) and values:
        return Pressed("press", str(values[0]))
    return understand(str(received.data.get("custom_id", "")))


def command(received: Received) -> tuple[Used, list[Wanted]]:
    """The command that was used, and the files that came with it."""
    found = used(received.data)
    return found, _wanted(received.data, found.files)


def action_of(found: Used, files: tuple[File, ...]) -> Action:
    """The action of a command; files are handed in."""
    if files:
        return Upload(files)
    return Command(found.verb, found.arguments)


def typed(received: Received, what: Pressed) -> tuple[str, list[Wanted]]:
    """What a dialog was filled with: the text somebody could have typed, and files."""
    texts: list[str] = []
    names: list[str] = []
    for field in _fields(received.data):
        values = [str(value) for value in field.get("values") or ()]
        if field.get("type") == FILE_UPLOAD:
            names += values
            continue
        value = values[0] if field.get("type") == SELECT_MENU and values else field.get("value")
        _, _, before = str(field.get("custom_id", "")).partition("|")
        texts.append(before + str(value or ""))
    return (what.extra if what.what == "filled" else "").join(texts), _wanted(
        received.data, tuple(names)
    )


def answer(what: Pressed, text: str, files: tuple[File, ...]) -> Action:
    """The action of a dialog; code without a fence gets one, because code was asked for."""
    if what.kind == controls.CODE and text.strip() and not _has_fence(text):
        text = code_block(text)
    if files:
        return Upload(files, text, what.about)
    return Text(text, what.about)


def press(what: Pressed) -> Action:
    """The press of a control."""
    return Press(what.payload)


def _has_fence(text: str) -> bool:
    plain = text.translate({ord(tick): "`" for tick in TICKS if tick != "'"})
    return "`" * _FENCE in plain


def _fields(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for row in data.get("components") or ():
        if isinstance(row.get("component"), dict):
            yield row["component"]
        yield from (one for one in row.get("components") or () if isinstance(one, dict))


def _wanted(data: Mapping[str, Any], ids: tuple[str, ...]) -> list[Wanted]:
    resolved = (data.get("resolved") or {}).get("attachments") or {}
    found = [resolved[one] for one in ids if one in resolved]
    return [Wanted(str(one["filename"]), str(one["url"]), int(one["size"])) for one in found]
