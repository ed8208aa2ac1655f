"""Counts what is being answered, so that closing can wait for it, and knows what came before."""

import asyncio
from collections import OrderedDict
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


@dataclass
class Seen:
    """The interactions of late, to know one that Discord repeats after a lost connection."""

    most: int = 10_000
    _ids: OrderedDict[int, None] = field(default_factory=OrderedDict)

    def before(self, interaction: int) -> bool:
        """Whether this one has come before; from now on it has."""
        known = interaction in self._ids
        self._ids[interaction] = None
        while len(self._ids) > self.most:
            self._ids.popitem(last=False)
        return known
