"""Counts what is being answered, so that closing can wait for it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class InFlight:
    """What is being answered now; once it is closed nothing new begins."""

    closed: bool = False
    count: int = 0
    _idle: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Something is being answered inside."""
        self.count += 1
        try:
            yield
        finally:
            self.count -= 1
            if not self.count:
                self._idle.set()

    async def drain(self, seconds: float) -> int:
        """Let nothing new begin and wait for the rest; how many were not finished in time."""
        self.closed = True
        self._idle.clear()
        if self.count:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), seconds)
        return self.count
