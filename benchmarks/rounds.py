"""Rounds of requests through the product and through bare asyncpg, in turn, and their cost."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from statistics import median

from benchmarks import scenario
from benchmarks.recording import Floor, Recording
from benchmarks.scenario import Stream
from bots.conversation.dialogue import Incoming
from bots.conversation.router import Router

WARM_UP = 96  # requests of each kind that are not measured

Job = Callable[[], Awaitable[object]]


@dataclass(slots=True)
class Tally:
    """What one side needed for one kind of request with so many at once."""

    seconds: list[float] = field(default_factory=list)
    wall: float = 0.0
    processor: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Requests per second."""
        return len(self.seconds) / self.wall

    @property
    def processor_us(self) -> float:
        """Microseconds of this process's processor time for one request: the middle round.

        The middle one, because another program on the machine makes single rounds dearer.
        """
        return 1e6 * median(self.processor)


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of request, so many at once: the product and the floor."""

    name: str
    at_once: int
    statements: int
    product: Tally
    floor: Tally

    @property
    def ratio(self) -> float:
        """Processor time of the product in units of bare asyncpg's."""
        return self.product.processor_us / self.floor.processor_us


@dataclass(frozen=True, slots=True)
class Shape:
    """How much is measured: rounds of so many requests, for each number at once."""

    requests: int
    rounds: int
    at_once: tuple[int, ...]
    warm_up: int = WARM_UP

    @property
    def length(self) -> int:
        """Requests of each kind."""
        return self.warm_up + len(self.at_once) * self.rounds * self.requests


async def run_round(tally: Tally, work: Sequence[Sequence[Job]]) -> None:
    """Let each worker do its list, all at the same time, and count what it took."""

    async def worker(jobs: Sequence[Job]) -> None:
        for job in jobs:
            began = time.perf_counter()
            await job()
            tally.seconds.append(time.perf_counter() - began)

    gc.collect()
    wall, processor = time.perf_counter(), time.process_time()
    await asyncio.gather(*(worker(jobs) for jobs in work))
    tally.processor.append((time.process_time() - processor) / sum(map(len, work)))
    tally.wall += time.perf_counter() - wall


class Bench:
    """The copies of one filled database, and the two sides that work on them.

    Args:
        product: answers on the copy `PRODUCT`.
        floors: bare connections to the copy `FLOOR`, one for each worker.
    """

    def __init__(self, product: Router, floors: Sequence[Floor]) -> None:
        self._product = product
        self._floors = floors

    async def measure(self, stream: Stream, tape: Sequence[Recording], shape: Shape) -> list[Row]:
        """All rounds of one stream, the product and the floor in turn."""
        for incoming in stream.before:
            await scenario.answer(self._product, incoming)
        position = len(stream.before)
        for recording in tape[:position]:
            await self._floors[0].repeat(recording)
        pairs = zip(stream.events, tape[position:], strict=True)
        await self._round(Tally(), Tally(), list(islice(pairs, shape.warm_up)), max(shape.at_once))
        statements = len(tape[-1].statements)
        rows = []
        for at_once in shape.at_once:
            row = Row(stream.name, at_once, statements, Tally(), Tally())
            for number in range(shape.rounds):
                part = list(islice(pairs, shape.requests))
                await self._round(row.product, row.floor, part, at_once, number % 2 == 1)
            rows.append(row)
        return rows

    async def _round(
        self,
        product: Tally,
        floor: Tally,
        part: Sequence[tuple[Incoming, Recording]],
        at_once: int,
        floor_first: bool = False,
    ) -> None:
        by_learner: dict[str, int] = {}
        ours: list[list[Job]] = [[] for _ in range(at_once)]
        bare: list[list[Job]] = [[] for _ in range(at_once)]
        for incoming, recording in part:
            # One learner's messages stay with one worker, in their order.
            worker = by_learner.setdefault(incoming.actor.subject, len(by_learner) % at_once)
            ours[worker].append(lambda i=incoming: scenario.answer(self._product, i))  # type: ignore[misc]
            bare[worker].append(lambda f=self._floors[worker], r=recording: f.repeat(r))  # type: ignore[misc]
        sides = [(product, ours), (floor, bare)]
        for tally, work in reversed(sides) if floor_first else sides:
            await run_round(tally, work)
