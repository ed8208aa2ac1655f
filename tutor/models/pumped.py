"""Closes what a library leaves open when somebody stops listening."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

T = TypeVar("T")


async def pumped(source: AsyncIterator[T]) -> AsyncGenerator[T]:
    """The same items, taken from the source by a task of its own.

    Closing an outer generator does not close the generators inside it, and those of an SDK may hang
    on each other in circles until the garbage collector comes. Cancelling a task does: the
    cancellation arrives where the innermost one waits, and each of them cleans up behind it.

    Args:
        source: items; what it raises is raised here.
    """
    items: asyncio.Queue[T | None] = asyncio.Queue()

    async def take() -> None:
        try:
            async for item in source:
                items.put_nowait(item)
        finally:
            items.put_nowait(None)

    task = asyncio.create_task(take())
    try:
        while (item := await items.get()) is not None:
            yield item
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
