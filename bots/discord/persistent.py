"""Sending what must arrive although Discord cannot be reached for a while."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord

from bots.discord.problems import outcome_of

log = logging.getLogger(__name__)

PATIENCE_S = 120.0  # an outage that lasts longer is not waited for
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0
Result = TypeVar("Result")


def is_passing(error: Exception) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(error, aiohttp.ClientError | TimeoutError | OSError):
        return True
    return isinstance(error, discord.DiscordException) and outcome_of(error).result in {
        "wait",
        "unknown",
    }


async def surely(work: Callable[[], Awaitable[Result]], patience: float = PATIENCE_S) -> Result:
    """Do something again until it succeeds or is refused.

    Args:
        work: may be done twice without harm, such as sending with a nonce.
        patience: seconds after which the last error is raised.
    """
    loop = asyncio.get_running_loop()
    end, pause = loop.time() + patience, FIRST_PAUSE_S
    while True:
        try:
            return await work()
        except Exception as error:
            if not is_passing(error) or loop.time() + pause > end:
                raise
            wished = outcome_of(error).retry_after
            log.info("Discord cannot be reached or asks to wait: %s", error)
            await asyncio.sleep(max(pause, wished.total_seconds() if wished else 0.0))
            pause = min(2 * pause, LONGEST_PAUSE_S)
