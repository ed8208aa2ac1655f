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
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg

import migrations
from benchmarks import scenario
from benchmarks.filling import fill
from benchmarks.home import Home, default_folder, open_home
from benchmarks.recording import Floor, Recording, recorded
from benchmarks.rounds import Bench, Row, Shape
from benchmarks.scenario import EventClock, Stream
from benchmarks.timing import Times, machine, table
from bots.conversation.flows import load_all
from bots.conversation.router import Router
from bots.conversation.turn import Services
from domain.database import Database
from domain.grading import Grader

GOAL = 3.0  # times the processor time of bare asyncpg
BASE, TAPE, PRODUCT, FLOOR = "requests", "tape", "product", "floor"


def say(text: str) -> None:
    """Tell how far it is, apart from the results."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


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


async def grading(home: Home, times: int) -> str:
    """How long a submission takes until it is graded, in words: one at a time, real sandbox."""
    async with home.owner(PRODUCT) as connection:
        people = await scenario.students(connection)
    database = home.database(PRODUCT)
    try:
        async with Grader() as grader:
            person = Router(Services(database, EventClock(), home.settings, grader))
            took = [
                await scenario.graded(person, people[number % len(people)], number)
                for number in range(times + 1)
            ][1:]  # the first one starts the sandbox
    finally:
        await database.close()
    stored, run = (Times(tuple(column)) for column in zip(*took, strict=True))
    return (
        f"Grading, apart from the above, {times} submissions of six tests: stored and "
        f"acknowledged after {stored.p50:.1f} ms (p50), result {run.p50:.0f} ms later "
        f"(p50; p99 {run.p99:.0f} ms)."
    )


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
    parser.add_argument("--graded", type=int, default=30, help="submissions run to their result")
    parser.add_argument("--folder", type=Path, default=default_folder(), help="of the server")
    chosen = parser.parse_args()
    shape = Shape(chosen.requests, chosen.rounds, tuple(chosen.at_once))
    async with open_home(chosen.folder) as home:
        rows = await run(home, shape)
        words = await grading(home, chosen.graded)
        for name in (TAPE, PRODUCT, FLOOR):
            await home.drop(name)
    sys.stdout.write(f"{machine()}\n\n{report(rows)}\n\n{words}\n")
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
