"""What discord.py received, in the few facts this door works with."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import discord

from bots.conversation.dialogue import Actor, Place

Kind = Literal["command", "press", "typing", "dialog"]
_KINDS: Mapping[discord.InteractionType, Kind] = {
    discord.InteractionType.application_command: "command",
    discord.InteractionType.component: "press",
    discord.InteractionType.autocomplete: "typing",
    discord.InteractionType.modal_submit: "dialog",
}
NEEDED = ("view_channel", "create_private_threads", "send_messages_in_threads")


@dataclass(frozen=True, slots=True)
class Received:
    """One interaction.

    Args:
        id: Discord's, unique.
        token: answers it, for 15 minutes.
        kind: what was done.
        at: when Discord says it was done.
        actor: who did it.
        handle: their name on Discord that nobody else has.
        place: where.
        channel: the channel's id; 0 where Discord names none.
        is_private: only the actor reads here: the bot's chat with them, or a thread of theirs.
        may_thread: what was done stands in a channel whose private threads can be made.
        missing: the permissions that a private thread still needs, in Discord's words.
        has_message: it came from something drawn on a message, which can be redrawn.
        message_is_private: nobody else sees that message.
        label: of the button that was pressed.
        data: the raw data.
        origin: the channel as discord.py knows it.
        ourselves: the bot's own user id.
    """

    id: int
    token: str
    kind: Kind
    at: datetime
    actor: Actor
    handle: str
    place: Place
    channel: int
    is_private: bool
    may_thread: bool
    missing: tuple[str, ...]
    has_message: bool
    message_is_private: bool
    label: str
    data: Mapping[str, Any]
    origin: object
    ourselves: int


def received(interaction: "discord.Interaction[Any]", ourselves: int) -> Received | None:
    """The facts of an interaction; None when it is of a kind that we do not answer.

    Args:
        interaction: as discord.py gives it.
        ourselves: the bot's own user id.
    """
    kind = _KINDS.get(interaction.type)
    if kind is None:
        return None
    data: Mapping[str, Any] = interaction.data or {}
    message = interaction.message
    channel = interaction.channel
    place, is_private = place_of(channel, interaction.user.id, ourselves)
    if interaction.context.private_channel and channel is not None:  # a chat of two others reads
        place, is_private = Place("group", str(channel.id)), False
    if interaction.guild_id is not None:
        place = _in_guild(place, interaction)
    may_thread = (
        isinstance(channel, discord.TextChannel)
        and channel.type is discord.ChannelType.text  # announcements take no private threads
        and interaction.is_guild_integration()
    )
    if interaction.guild is not None:
        place = replace(
            place,
            group=str(interaction.guild.id),
            title=interaction.guild.name or "",
            manages=interaction.permissions.manage_guild or interaction.permissions.manage_events,
            lacking=_lacking(interaction.app_permissions),
        )
    return Received(
        id=interaction.id,
        token=interaction.token,
        kind=kind,
        at=interaction.created_at,
        actor=actor_of(interaction.user, interaction.locale.value),
        handle=interaction.user.name,
        place=place,
        channel=0 if channel is None else channel.id,
        is_private=is_private,
        may_thread=may_thread,
        missing=_missing(interaction.app_permissions) if may_thread else (),
        has_message=message is not None,
        message_is_private=message is not None and message.flags.ephemeral,
        label=_label(message, str(data.get("custom_id", ""))),
        data=data,
        origin=channel,
        ourselves=ourselves,
    )


def actor_of(user: discord.User | discord.Member, locale: str | None) -> Actor:
    """Somebody, as the conversation knows them."""
    return Actor("discord", str(user.id), user.display_name, locale, user.bot)


def place_of(channel: object, user: int, ourselves: int) -> tuple[Place, bool]:
    """Where something happened, and whether only that user reads there.

    A private thread that the bot made is its learner's own, although moderators may look in.
    """
    match channel:
        case discord.DMChannel():
            return Place("private", str(user)), True
        case discord.Thread():
            is_own = channel.type is discord.ChannelType.private_thread
            return Place("thread", str(channel.id)), is_own and channel.owner_id == ourselves
        case discord.abc.Snowflake():
            return Place("group", str(channel.id)), False
    return Place("group", "unknown"), False


def _in_guild(place: Place, interaction: "discord.Interaction[Any]") -> Place:
    guild = interaction.guild
    return replace(
        place,
        group=str(interaction.guild_id),
        title="" if guild is None else guild.name,
        manages=interaction.permissions.manage_guild,
    )


def _lacking(permissions: discord.Permissions) -> tuple[str, ...]:
    """What a live quiz needs in its channel and the bot may not do, as Discord calls it."""
    needed = {
        "View Channel": permissions.view_channel,
        "Send Messages": permissions.send_messages,
        "Read Message History": permissions.read_message_history,
        "Attach Files": permissions.attach_files,
    }
    return tuple(name for name, granted in needed.items() if not granted)


def _missing(permissions: discord.Permissions) -> tuple[str, ...]:
    """What a private thread needs and the bot may not do here."""
    return tuple(name for name in NEEDED if not getattr(permissions, name))


def _label(message: discord.Message | None, custom_id: str) -> str:
    if message is None or "|" not in custom_id:  # only what opens a dialog needs its words
        return ""
    for row in message.components:
        if isinstance(row, discord.ActionRow):
            for child in row.children:
                if isinstance(child, discord.Button) and child.custom_id == custom_id:
                    return child.label or ""
    return ""
