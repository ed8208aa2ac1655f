"""The port to the job engine: work for later, written in the transaction of the fact."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

Handler = Callable[[Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work for later.

    Args:
        kind: which handler does it.
        payload: what the handler is given (JSON): ids, not contents.
        key: while a job with this key waits or runs, another one is not added.
        delay: how long to wait at least.
        priority: higher ones go first.
    """

    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    delay: timedelta = timedelta(0)
    priority: int = 0


class JobQueue(Protocol):
    """Runs jobs at least once each, on any machine, with retries.

    A worker that dies leaves its jobs to the others, and one that was only frozen may finish a
    job that another has begun: a handler must be safe to run twice, also at the same time.
    """

    async def enqueue(self, conn: AsyncConnection, job: Job) -> bool:
        """Add a job in the caller's transaction; False when one with its key is there already."""
        ...

    def handle(self, kind: str, handler: Handler, *, attempts: int = 8) -> None:
        """Let a handler do the jobs of a kind; after so many failures a job is set aside."""
        ...

    async def run(self, stop: asyncio.Event) -> None:
        """Do jobs until told to stop, then finish those that were begun."""
        ...

    async def drain(self) -> None:
        """Do the jobs that are due now, and those of dead workers, then return."""
        ...
