"""Answers that grow, shown at a pace that a platform takes."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from bots.conversation.dialogue import Reply

log = logging.getLogger(__name__)

GAP_S = 1.5  # seconds between two drawings of an answer that grows
GROUP_GAP_S = 3.0  # the same where others read along
Show = Callable[[Reply], Awaitable[None]]


@asynccontextmanager
async def growing(show: Show, gap_s: float = GAP_S) -> AsyncIterator[Show]:
    """Show the replies to one event so that drafts delay nothing and come at most so often.

    A draft is shown beside the making of what follows; one that something newer has overtaken is
    left out. Everything else is shown in order before the function given out returns.

    Args:
        show: draws a reply; it is called for one reply at a time.
        gap_s: seconds between two drawings of one message.

    Yields:
        What to hand each reply to.
    """
    drafts = _Drafts(show, gap_s)
    try:
        yield drafts.take
        await drafts.settle()
    finally:
        await drafts.stop()


class _Drafts:
    """Draws the newest draft, pauses, and looks whether there is a newer one.

    What comes first is sent and not redrawn: nothing has to wait after it.
    """

    def __init__(self, show: Show, gap_s: float) -> None:
        self._show = show
        self._gap_s = gap_s
        self._newest: Reply | None = None
        self._drawing: asyncio.Task[None] | None = None
        self._is_begun = False

    async def take(self, reply: Reply) -> None:
        if reply.draft:
            self._newest = reply
            if self._drawing is None or self._drawing.done():
                self._drawing = asyncio.create_task(self._draw())
            return
        self._newest = None
        await self.settle()
        self._is_begun = True
        await self._show(reply)

    async def settle(self) -> None:
        if self._drawing is not None:
            await self._drawing

    async def stop(self) -> None:
        if self._drawing is not None and not self._drawing.done():
            self._drawing.cancel()
            with suppress(asyncio.CancelledError):
                await self._drawing

    async def _draw(self) -> None:
        while self._newest is not None:
            reply, self._newest = self._newest, None
            pause, self._is_begun = self._gap_s if self._is_begun else 0.0, True
            try:
                await self._show(reply)
            except Exception as error:  # noqa: BLE001 - what takes its place tells whether it matters
                log.info("a part of an answer could not be shown: %s", error)
            await asyncio.sleep(pause)
