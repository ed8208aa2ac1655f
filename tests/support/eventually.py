"""Waiting for something that another task or process brings about."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable


async def until(happened: Callable[[], bool | Awaitable[bool]], every: float = 0.05) -> None:
    """Return once it has happened; put it into `asyncio.timeout`."""
    while True:
        answer = happened()
        if await answer if inspect.isawaitable(answer) else answer:
            return
        await asyncio.sleep(every)
