"""Discord's objects as JSON, complete enough for the response schemas and for real clients."""

from datetime import datetime

from tests.platforms.discord import limits
from tests.platforms.discord.errors import Json
from tests.platforms.discord.world import (
    COMPONENT,
    DM,
    MODAL,
    Channel,
    Guild,
    Interaction,
    Message,
    User,
    World,
)


def user(one: User) -> Json:
    """A user object."""
    return {
        "id": str(one.id),
        "username": one.name.lower().replace(" ", "_"),
        "avatar": None,
        "discriminator": "0",
        "public_flags": 0,
        "flags": 0,
        "bot": one.bot,
        "global_name": one.name,
        "primary_guild": None,
        "banner": None,
        "accent_color": None,
    }


def myself(one: User) -> Json:
    """The bot's own account, with what only it is told."""
    return user(one) | {"mfa_enabled": False, "locale": "en-US", "verified": True}


def member(one: User) -> Json:
    """A member as interactions carry it."""
    return {
        "user": user(one),
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
        "permissions": str(limits.EVERYTHING_USUAL),
    }


def application(world: World) -> Json:
    """The bot's application."""
    return {
        "id": str(world.bot.id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(world.bot),
        "approximate_guild_count": len(world.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }


def channel(one: Channel) -> Json:
    """A channel, a thread or a direct conversation."""
    shape: Json = {"id": str(one.id), "type": one.kind, "flags": 0, "last_message_id": None}
    if one.kind == DM:
        return shape | {"recipients": [user(person) for person in one.people]}
    shape |= {"guild_id": str(one.guild.id) if one.guild else "0", "name": one.name}
    if one.is_thread:
        return shape | {
            "parent_id": str(one.parent.id) if one.parent else None,
            "owner_id": str(one.people[0].id if one.people else 0),
            "message_count": len(one.messages),
            "member_count": len(one.people),
            "total_message_sent": len(one.messages),
            "rate_limit_per_user": 0,
            "thread_metadata": {
                "archived": one.archived,
                "archive_timestamp": "2026-01-01T00:00:00+00:00",
                "auto_archive_duration": one.archive_minutes,
                "locked": False,
                "create_timestamp": "2026-01-01T00:00:00+00:00",
                "invitable": False,
            },
        }
    return shape | {
        "position": 0,
        "permission_overwrites": [],
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
    }


def guild(world: World, one: Guild) -> Json:
    """A server as GUILD_CREATE tells it."""
    everyone = {
        "id": str(one.id),
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": str(limits.EVERYTHING_USUAL),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    return {
        "id": str(one.id),
        "name": one.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": str(one.owner.id),
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "vanity_url_code": None,
        "application_id": None,
        "safety_alerts_channel_id": None,
        "features": [],
        "roles": [everyone],
        "emojis": [],
        "stickers": [],
        "member_count": 2,
        "large": False,
        "joined_at": "2026-01-01T00:00:00+00:00",
        "members": [member(world.bot)],
        "channels": [channel(room) for room in world.guild_channels(one)],
        "threads": [],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "unavailable": False,
    }


def when(moment: datetime | None) -> str | None:
    """A timestamp."""
    return None if moment is None else moment.isoformat()


def message(one: Message) -> Json:
    """A message."""
    shape: Json = {
        "id": str(one.id),
        "type": 0,
        "channel_id": str(one.channel.id),
        "author": user(one.author),
        "content": one.content,
        "timestamp": when(one.sent),
        "edited_timestamp": when(one.edited),
        "tts": False,
        "mention_everyone": False,
        "mentions": [user(person) for person in one.mentions],
        "mention_roles": [],
        "attachments": one.attachments,
        "embeds": one.embeds,
        "components": one.components,
        "pinned": False,
        "flags": one.flags,
    }
    if one.nonce is not None:
        shape["nonce"] = one.nonce
    if one.interaction is not None:
        shape["application_id"] = shape["webhook_id"] = None
        del shape["application_id"], shape["webhook_id"]
        shape["type"] = 20 if one.interaction.kind not in (COMPONENT, MODAL) else 0
    return shape


def interaction(world: World, one: Interaction) -> Json:
    """An interaction as the gateway tells it."""
    guild_ = one.channel.guild
    shape: Json = {
        "id": str(one.id),
        "application_id": str(world.bot.id),
        "type": one.kind,
        "data": one.data,
        "channel": channel(one.channel),
        "channel_id": str(one.channel.id),
        "token": one.token,
        "version": 1,
        "locale": one.user.locale,
        "app_permissions": str(one.channel.allowed),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": {},
        "context": 1,
        "attachment_size_limit": limits.ATTACHMENT_BYTES,
    }
    if guild_ is None:
        shape["user"] = user(one.user)
        shape["authorizing_integration_owners"] = {"1": str(one.user.id)}
    else:
        shape |= {"guild_id": str(guild_.id), "guild_locale": "en-US", "context": 0}
        shape["guild"] = {"id": str(guild_.id), "locale": "en-US", "features": []}
        shape["member"] = member(one.user)
        owners = {"0": str(guild_.id)} if guild_.installed else {"1": str(one.user.id)}
        shape["authorizing_integration_owners"] = owners
    if one.message is not None:
        shape["message"] = message(one.message)
    return shape
