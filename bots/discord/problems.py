"""What Discord refused, and what follows from that. Pure.

The numbers are Discord's JSON error codes (developer documentation, "Opcodes and Status Codes").
"""

from datetime import timedelta

import aiohttp
import discord

from domain.errors import N_
from domain.notifications.rules import Outcome

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION = 10003, 10008, 10015, 10062
UNKNOWN_USER = 10013
ALREADY_ANSWERED = 40060
MISSING_ACCESS, CLOSED_DM, MISSING_PERMISSIONS, BAD_TOKEN = 50001, 50007, 50013, 50027
NO_SHARED_SERVER, DM_REFUSED, TOO_FAST_DMS = 50278, 50009, 40003

TOKEN_IS_OVER = frozenset({UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, BAD_TOKEN})
BLOCKED = frozenset(
    {UNKNOWN_CHANNEL, UNKNOWN_USER, MISSING_ACCESS, CLOSED_DM, MISSING_PERMISSIONS,
     NO_SHARED_SERVER, DM_REFUSED}
)  # fmt: skip

SLOW_DOWN = timedelta(seconds=30)  # where Discord asks to wait and does not say how long
CANNOT_DM = N_(
    "I could not write to you. Allow direct messages from members of this server, or write to me."
)


def code_of(error: Exception) -> int:
    """Discord's own number for an error, or 0."""
    return error.code if isinstance(error, discord.HTTPException) else 0


def outcome_of(error: Exception) -> Outcome:
    """What became of a message whose sending raised this."""
    reason = f"{type(error).__name__}: {error}"
    match error:
        case discord.RateLimited():
            return Outcome("wait", reason, timedelta(seconds=error.retry_after))
        case discord.HTTPException(status=429):
            return Outcome("wait", reason, _asked_for(error))
        case discord.HTTPException(code=code) if code == TOO_FAST_DMS:
            return Outcome("wait", reason, SLOW_DOWN)
        case discord.HTTPException(code=code) if code in BLOCKED:
            return Outcome("blocked", reason)
        case discord.HTTPException(status=status) if status >= 500:
            return Outcome("unknown", reason)
        case discord.HTTPException(status=401):
            return Outcome("not_sent", reason)
        case discord.HTTPException():
            return Outcome("rejected", reason)
        case aiohttp.ClientConnectorError():
            return Outcome("not_sent", reason)
    return Outcome("unknown", reason)


def _asked_for(error: discord.HTTPException) -> timedelta:
    """How long to wait after a 429 that the library did not wait for."""
    given = error.response.headers.get("Retry-After", "")
    try:
        return timedelta(seconds=max(0.0, float(given)))
    except ValueError:
        return SLOW_DOWN
