"""Where an interaction happened, and who reads there."""

from typing import Any

import discord
import pytest

from bots.conversation.dialogue import Place
from bots.discord.client import DoorClient
from bots.discord.received import Received, received
from bots.observability.health import Health

BOT, ADA, BOB, GUILD, CHANNEL, THREAD = (1000000000000000000 + n for n in range(6))
THREADS = int(discord.Permissions(create_private_threads=True, send_messages_in_threads=True).value)
SEES = int(discord.Permissions(view_channel=True).value)


def person(ident: int, name: str) -> dict[str, Any]:
    return {"id": str(ident), "username": name, "discriminator": "0", "avatar": None,
            "global_name": name.title()}  # fmt: skip


def thread(kind: int, owner: int) -> dict[str, Any]:
    times = "2026-11-21T12:00:00+00:00"
    return {
        "id": str(THREAD), "type": kind, "guild_id": str(GUILD), "parent_id": str(CHANNEL),
        "owner_id": str(owner), "name": "Double · ada", "message_count": 1, "member_count": 1,
        "thread_metadata": {"archived": False, "auto_archive_duration": 60, "locked": False,
                            "archive_timestamp": times},
    }  # fmt: skip


async def got(context: int, channel: dict[str, Any], **more: Any) -> Received:
    """What becomes of a slash command there."""
    payload: dict[str, Any] = {
        "id": str(THREAD + 1), "application_id": str(BOT), "type": 2, "token": "t", "version": 1,
        "attachment_size_limit": 1, "entitlements": [], "locale": "pl", "context": context,
        "authorizing_integration_owners": {"1": str(ADA)}, "channel": channel,
        "data": {"id": "1", "name": "progress", "type": 1}, "user": person(ADA, "ada"), **more,
    }  # fmt: skip
    async with DoorClient(Health(), None) as client:
        state = client._connection
        state.user = discord.ClientUser(state=state, data=person(BOT, "stoa"))  # type: ignore[arg-type]
        facts = received(discord.Interaction(data=payload, state=state), BOT)  # type: ignore[arg-type]
    assert facts is not None
    return facts


def in_guild(permissions: int = 0) -> dict[str, Any]:
    member: dict[str, Any] = {
        "user": person(ADA, "ada"), "roles": [], "joined_at": None, "deaf": False, "mute": False,
        "flags": 0, "permissions": str(permissions),
    }  # fmt: skip
    return {
        "guild_id": str(GUILD),
        "member": member,
        "authorizing_integration_owners": {"0": str(GUILD)},
    }


async def test_only_the_chat_with_the_bot_is_private():
    own = await got(1, {"id": str(CHANNEL), "type": 1, "recipients": [person(BOT, "stoa")]})
    assert (own.place, own.is_private) == (Place("private", str(ADA)), True)
    assert (own.actor.name, own.actor.locale, own.handle) == ("Ada", "pl", "ada")
    others = await got(2, {"id": str(CHANNEL), "type": 1, "recipients": [person(BOB, "bob")]})
    assert (others.place, others.is_private) == (Place("group", str(CHANNEL)), False)
    assert not others.may_thread


@pytest.mark.parametrize(
    ("kind", "owner", "is_private"), [(12, BOT, True), (12, BOB, False), (11, BOT, False)]
)
async def test_a_private_thread_of_ours_is_its_learners_own(
    kind: int, owner: int, is_private: bool
):
    facts = await got(0, thread(kind, owner), **in_guild())
    assert (facts.place.kind, facts.place.id) == ("thread", str(THREAD))
    assert facts.is_private is is_private
    assert facts.place.group == str(GUILD)


@pytest.mark.parametrize(
    ("kind", "allowed", "may_thread", "missing"),
    [
        (0, SEES | THREADS, True, ()),
        (0, SEES, True, ("create_private_threads", "send_messages_in_threads")),
        (5, SEES | THREADS, False, ()),
    ],
)
async def test_a_channel_takes_private_threads_where_the_bot_may(
    kind: int, allowed: int, may_thread: bool, missing: tuple[str, ...]
):
    channel = {"id": str(CHANNEL), "type": kind, "name": "room", "position": 0, "nsfw": False,
               "permission_overwrites": []}  # fmt: skip
    facts = await got(0, channel, app_permissions=str(allowed), **in_guild(1 << 5))
    assert (facts.place.kind, facts.is_private) == ("group", False)
    assert (facts.may_thread, facts.missing) == (may_thread, missing)
    assert facts.place.manages


async def test_a_server_that_only_the_learner_brought_the_bot_to_gets_no_threads():
    channel = {"id": str(CHANNEL), "type": 0, "name": "room", "position": 0, "nsfw": False,
               "permission_overwrites": []}  # fmt: skip
    owners = {"authorizing_integration_owners": {"1": str(ADA)}}
    facts = await got(0, channel, app_permissions=str(THREADS), **{**in_guild(), **owners})
    assert not facts.may_thread
    assert not facts.place.manages
