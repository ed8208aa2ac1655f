"""Waiting for something that another task or process brings about."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable

SHORTEST_S = 0.004  # the first pause; each is twice as long as the one before


async def until(happened: Callable[[], bool | Awaitable[bool]], every: float = 0.05) -> None:
    """Return once it has happened; put it into `asyncio.timeout`.

    Args:
        happened: looks; the first looks come quickly one after the other.
        every: seconds between two looks in the long run.
    """
    pause = min(SHORTEST_S, every)
    while True:
        answer = happened()
        if await answer if inspect.isawaitable(answer) else answer:
            return
        await asyncio.sleep(pause)
        pause = min(2 * pause, every)
