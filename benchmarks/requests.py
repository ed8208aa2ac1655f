"""Requests per second through the whole conversation, beside bare asyncpg doing the same.

    python -m benchmarks.requests [--requests 200] [--rounds 5] [--at-once 1 8]

Each of the five commonest requests goes through `Router.answer`: one event, one unit of work, one
reply. What the product sends to PostgreSQL for it is written down first, on a copy of the
database; then rounds of the product and rounds of bare asyncpg, which sends exactly the same
statements in the same transactions to another copy, take turns, so that both see the same machine.
The goal is at most three times the processor time of bare asyncpg. Exit code 1 when it is missed.
"""

import argparse
import asyncio
import gc
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import asyncpg

import migrations
from benchmarks import scenario
from benchmarks.filling import fill
from benchmarks.home import Home, default_folder, open_home
from benchmarks.recording import Floor, Recording, recorded
from benchmarks.scenario import EventClock, Stream
from benchmarks.timing import Times, machine, table
from bots.conversation.dialogue import Incoming
from bots.conversation.flows import load_all
from bots.conversation.router import Router
from bots.conversation.turn import Services
from domain.database import Database
from domain.grading import Grader

GOAL = 3.0  # times the processor time of bare asyncpg
BASE, TAPE, PRODUCT, FLOOR = "requests", "tape", "product", "floor"
WARM_UP = 96  # requests of each kind that are not measured


@dataclass(slots=True)
class Tally:
    """What one side needed for one kind of request with so many at once."""

    seconds: list[float] = field(default_factory=list)
    wall: float = 0.0
    processor: float = 0.0

    @property
    def per_second(self) -> float:
        """Requests per second."""
        return len(self.seconds) / self.wall

    @property
    def processor_us(self) -> float:
        """Microseconds of this process's processor time for one request."""
        return 1e6 * self.processor / len(self.seconds)


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
        return self.product.processor / self.floor.processor


def say(text: str) -> None:
    """Tell how far it is, apart from the results."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


async def run_round(
    tally: Tally, work: Sequence[Sequence[Callable[[], Awaitable[object]]]]
) -> None:
    """Let each worker do its list, all at the same time, and count what it took."""

    async def worker(jobs: Sequence[Callable[[], Awaitable[object]]]) -> None:
        for job in jobs:
            began = time.perf_counter()
            await job()
            tally.seconds.append(time.perf_counter() - began)

    gc.collect()
    wall, processor = time.perf_counter(), time.process_time()
    await asyncio.gather(*(worker(jobs) for jobs in work))
    tally.processor += time.process_time() - processor
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

    async def measure(self, stream: Stream, tape: Sequence[Recording], shape: "Shape") -> list[Row]:
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
        ours: list[list[Callable[[], Awaitable[object]]]] = [[] for _ in range(at_once)]
        bare: list[list[Callable[[], Awaitable[object]]]] = [[] for _ in range(at_once)]
        for incoming, recording in part:
            # One learner's messages stay with one worker, in their order.
            worker = by_learner.setdefault(incoming.actor.subject, len(by_learner) % at_once)
            ours[worker].append(lambda i=incoming: scenario.answer(self._product, i))  # type: ignore[misc]
            bare[worker].append(lambda f=self._floors[worker], r=recording: f.repeat(r))  # type: ignore[misc]
        sides = [(product, ours), (floor, bare)]
        for tally, work in reversed(sides) if floor_first else sides:
            await run_round(tally, work)


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


def router(database: Database, home: Home) -> Router:
    """The conversation over one database; the clock tells each event's own time."""
    return Router(Services(database, EventClock(), home.settings, Grader()))


async def prepare(home: Home, people: int) -> None:
    """Make the filled database that everything is copied from."""
    wanted = f"{migrations.head()}: {scenario.sizes(people).describe()}"
    if await home.note(BASE) != wanted:
        say(f"Making {people:,} learners ...")
        await home.make(BASE)
        async with home.owner(BASE) as connection:
            await fill(connection, scenario.sizes(people), say)
        await home.write_note(BASE, wanted)


async def record(home: Home, all_streams: Sequence[Stream]) -> dict[str, list[Recording]]:
    """Answer every event once, and give what was sent for each.

    Raises:
        RuntimeError: the product could not answer; its log says why.
    """
    await home.make(TAPE, BASE)
    database = home.database(TAPE)
    tapes: dict[str, list[Recording]] = {}
    try:
        person = router(database, home)
        for stream in all_streams:
            tape = tapes[stream.name] = []
            for incoming in (*stream.before, *stream.events):
                with recorded() as recording:
                    texts = await scenario.answer(person, incoming)
                if not texts or "(E-" in texts[0]:
                    raise RuntimeError(f"{stream.name}: no answer to {incoming.action}: {texts}")
                tape.append(recording)
    finally:
        await database.close()
    return tapes


async def run(home: Home, shape: Shape) -> list[Row]:
    """Record, then measure, all requests."""
    load_all()
    people = -(-shape.length // scenario.QUESTIONS)
    await prepare(home, people)
    async with home.owner(BASE) as connection:
        students = await scenario.students(connection)
    all_streams = scenario.streams(students, shape.length)
    say(f"Recording {sum(len(stream.events) for stream in all_streams):,} requests ...")
    tapes = await record(home, all_streams)
    rows: list[Row] = []
    for copy in (PRODUCT, FLOOR):
        await home.make(copy, BASE)
    async with AsyncExitStack() as stack:
        gc.collect()
        gc.freeze()  # what was loaded and recorded is not looked through again between rounds
        stack.callback(gc.unfreeze)
        database = home.database(PRODUCT)
        stack.push_async_callback(database.close)
        floors = []
        for _ in range(max(shape.at_once)):
            bare = await asyncpg.connect(**home.arguments("stoa_app", FLOOR))
            stack.push_async_callback(bare.close)
            floors.append(Floor(bare))
        bench = Bench(router(database, home), floors)
        for stream in all_streams:
            say(f"measuring: {stream.name}")
            rows += await bench.measure(stream, tapes[stream.name], shape)
    return rows


def report(rows: Sequence[Row]) -> str:
    """The figures as a table; a ratio above the goal is marked."""
    head = ["request", "at once", "SQL", "req/s", "p50 ms", "p99 ms", "CPU us"]
    head += ["floor req/s", "p50 ms", "p99 ms", "CPU us", "CPU ratio", ""]
    lines = []
    for row in rows:
        cells = [row.name, str(row.at_once), str(row.statements)]
        for tally in (row.product, row.floor):
            times = Times(tuple(tally.seconds))
            cells += [
                f"{tally.per_second:.0f}",
                f"{times.p50:.2f}",
                f"{times.p99:.2f}",
                f"{tally.processor_us:.0f}",
            ]
        cells += [f"{row.ratio:.2f}", "ok" if row.ratio <= GOAL else "ABOVE"]
        lines.append(cells)
    return table(head, lines)


async def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.requests",
        description="Measure the commonest requests beside bare asyncpg.",
    )
    parser.add_argument("--requests", type=int, default=200, help="of each kind in one round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--at-once", type=int, nargs="+", default=[1, 8], metavar="N")
    parser.add_argument("--folder", type=Path, default=default_folder(), help="of the server")
    chosen = parser.parse_args()
    shape = Shape(chosen.requests, chosen.rounds, tuple(chosen.at_once))
    async with open_home(chosen.folder) as home:
        rows = await run(home, shape)
        for name in (TAPE, PRODUCT, FLOOR):
            await home.drop(name)
    sys.stdout.write(f"{machine()}\n\n{report(rows)}\n")
    return 0 if all(row.ratio <= GOAL for row in rows) else 1


def start() -> int:
    """Run on uvloop where there is one, as the product does."""
    if sys.platform == "win32":
        return asyncio.run(main())
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main())


if __name__ == "__main__":
    sys.exit(start())
