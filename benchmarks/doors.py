"""A door measured beside a stock echo bot on the same library, each in a process of its own.

The learners and their platform are a third process, which takes orders line by line (see
`benchmarks.pressing`). Bots and learners turn pages: a press is acknowledged and the message
redrawn. What it cost the bot is read from /proc, so this is for Linux only.
"""

import argparse
import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.processes import family_seconds, memory_mib, processor_seconds
from benchmarks.timing import Times, table

RATE = 200.0  # presses a second in the open loop, unless another is asked for


def say(text: str) -> None:
    """Tell how far it is, apart from the results."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


@dataclass(frozen=True, slots=True)
class Shape:
    """How much is measured."""

    learners: int
    presses: int
    rounds: int
    seconds: float
    at_once: int
    rate: float = RATE


def shape_from_arguments(door: str, title: str, *, at_once: int) -> Shape:
    """What was asked for on the command line.

    Args:
        door: the benchmark's name.
        title: the platform's.
        at_once: presses under way together, unless something else is asked for.
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m benchmarks.{door}",
        description=f"Measure the {title} door beside a stock echo bot.",
    )
    parser.add_argument("--learners", type=int, default=1000)
    parser.add_argument("--presses", type=int, default=2000, help="in one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each run at a fixed rate")
    parser.add_argument("--at-once", type=int, default=at_once, help="presses under way together")
    parser.add_argument("--rate", type=float, default=RATE, help="presses a second, when fixed")
    return Shape(**vars(parser.parse_args()))


@dataclass(frozen=True, slots=True)
class Goals:
    """What a door should reach.

    Args:
        ratio: at most so many times the processor time of the echo bot's press.
        p99_ms: under which 99 of 100 presses are acknowledged at a fixed rate, usually `RATE`.
        per_second: presses that one core of the bot's is worth.
    """

    ratio: float
    p99_ms: float = 100.0
    per_second: float = 500.0


@dataclass(slots=True)
class Side:
    """One bot and the learners who use it.

    Args:
        name: "stoa" or "echo".
        bot: its process.
        load: the process of the learners and their platform.
        postgres: the database server's process; 0 without one.
    """

    name: str
    bot: Process
    load: Process
    postgres: int = 0
    presses: int = 0
    seconds: float = 0.0
    processor: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    rate: float = RATE
    refused: int = 0

    async def order(self, do: str, **values: object) -> Mapping[str, object]:
        """Let the learners do something; what came of it.

        Raises:
            RuntimeError: the bot or the learners' process ended.
        """
        assert self.load.stdin is not None
        assert self.load.stdout is not None
        self.load.stdin.write(json.dumps({"do": do, **values}).encode() + b"\n")
        line = await self.load.stdout.readline()
        if not line or self.bot.returncode is not None:
            raise RuntimeError(f"{self.name} ended at {do}")
        read = json.loads(line)
        assert isinstance(read, dict)
        return read

    async def round(self, do: str, **values: object) -> Mapping[str, object]:
        """The same, with what it cost."""
        before, base = processor_seconds(self.bot.pid), self._postgres_seconds()
        found = await self.order(do, **values)
        answered = found["answered"]
        assert isinstance(answered, list)
        self.processor.append((processor_seconds(self.bot.pid) - before) / len(answered))
        self.database.append((self._postgres_seconds() - base) / len(answered))
        say(
            f"  {len(answered) / float(str(found['seconds'])):.0f} presses/s, "
            f"{1000 * self.processor[-1]:.2f} ms of processor each"
        )
        return found

    def _postgres_seconds(self) -> float:
        return family_seconds(self.postgres) if self.postgres else 0.0


@asynccontextmanager
async def running(arguments: Sequence[str], **more: str) -> AsyncIterator[Process]:
    """A program of ours with pipes, ended at the end.

    Args:
        arguments: of Python.
        more: variables of its environment, which otherwise has none of ours.
    """
    environment = {name: one for name, one in os.environ.items() if not name.startswith("STOA_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdin=PIPE, stdout=PIPE, limit=1 << 24,
        env={**environment, **more},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


def postmaster(folder: Path) -> int:
    """The process of the embedded server under a data folder."""
    return int(next(folder.rglob("postmaster.pid")).read_text(encoding="utf-8").split()[0])


Open = Callable[[str], AbstractAsyncContextManager[Side]]


async def measure(
    open_side: Open, lines: Mapping[str, Sequence[str]], shape: Shape
) -> tuple[list[Side], dict[str, float]]:
    """Both sides in turn; and the memory of the product's process in MiB, "bare" and "full".

    Args:
        open_side: opens "stoa" or "echo".
        lines: the commands with which learners of each begin.
        shape: how much.
    """
    async with AsyncExitStack() as stack:
        stoa = await stack.enter_async_context(open_side("stoa"))
        echo = await stack.enter_async_context(open_side("echo"))
        sides = [stoa, echo]
        bare = memory_mib(stoa.bot.pid)
        for one in sides:
            say(f"{one.name}: {shape.learners} learners open a page ...")
            await one.order("begin", lines=list(lines[one.name]))
            await one.order("together", presses=300, at_once=16)  # warm
        for number in range(shape.rounds):
            for one in sides:
                say(f"{one.name}: round {number + 1} of {shape.rounds} ...")
                found = await one.round("together", presses=shape.presses, at_once=shape.at_once)
                one.presses += shape.presses
                one.seconds += float(str(found["seconds"]))
        memory = {"bare": bare, "full": memory_mib(stoa.bot.pid)}
        for one in sides:
            say(f"{one.name}: {shape.rate:.0f} presses a second for {shape.seconds:.0f} s ...")
            found = await one.order("steadily", rate=shape.rate, seconds=shape.seconds)
            one.rate = shape.rate
            one.acknowledged, one.answered = times_of(found)
            one.refused = int(str(found["refused"]))
        return sides, memory


def times_of(found: Mapping[str, object]) -> tuple[list[float], list[float]]:
    """Seconds to the acknowledgement and to the answer, of each press."""
    acknowledged, answered = found["acknowledged"], found["answered"]
    assert isinstance(acknowledged, list)
    assert isinstance(answered, list)
    return acknowledged, answered


def report(
    sides: Sequence[Side], goals: Goals, learners: int, memory: Mapping[str, float]
) -> tuple[str, bool]:
    """The figures as a table and sentences, and whether every goal was reached."""
    head = ["bot", "presses/s", "CPU ms", "PostgreSQL CPU ms"]
    head += ["ack p50 ms", "p99 ms", "answer p50 ms", "p99 ms"]
    rows = []
    for one in sides:
        acknowledged, answered = Times(tuple(one.acknowledged)), Times(tuple(one.answered))
        cells = [one.presses / one.seconds, 1000 * median(one.processor)]
        cells += [1000 * median(one.database), acknowledged.p50, acknowledged.p99]
        cells += [answered.p50, answered.p99]
        rows.append([one.name, *(f"{cell:.2f}" for cell in cells)])
    stoa, echo = sides
    ratio = median(stoa.processor) / median(echo.processor)
    p99 = Times(tuple(stoa.acknowledged)).p99
    per_core = 1 / median(stoa.processor)
    judged = [
        (f"processor time of a press is {ratio:.2f} times the echo bot's (goal "
         f"{goals.ratio:.0f})", ratio <= goals.ratio),
        (f"p99 to the acknowledgement at {stoa.rate:.0f}/s is {p99:.0f} ms", p99 < goals.p99_ms),
        (f"a core of the bot's is worth {per_core:.0f} presses a second",
         per_core >= goals.per_second),
    ]  # fmt: skip
    growth = (memory["full"] - memory["bare"]) / learners * 1000
    lines = [f"{'ok   ' if reached else 'MISS '} {words}" for words, reached in judged]
    lines.append(
        f"Memory of the bot's process: {memory['full']:.0f} MiB with {learners} active learners, "
        f"{growth:.1f} MiB for each 1,000 of them."
    )
    lines.append(f"Requests that the platform refused: stoa {stoa.refused}, echo {echo.refused}.")
    return table(head, rows) + "\n\n" + "\n".join(lines), all(reached for _, reached in judged)
