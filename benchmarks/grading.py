"""Grading beside a cold interpreter, a bare subprocess and bubblewrap, in one run.

    python -m benchmarks.grading [--rounds 12] [--each 20] [--soak 200000]

Every round runs every variant in turn, so that what else the machine does meets all of them.
`of cold` is the median in units of a cold `python -I -S` of the same run. Processor time counts
everything a variant started: for ours the grader, the zygote and the cells. With `--soak` so many
evaluations are run instead, and processes, memory, descriptors and scratch space are watched.
"""

import argparse
import asyncio
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.grading_cases import MAIN, OURS, PROGRAM, Runner, others, task
from benchmarks.grading_soak import memory_kb, soak
from benchmarks.timing import Times, machine, table
from domain.grading import Grader, Limits

COLD = "cold: python -I -S -c pass"
WARM_UP = 3
AT_ONCE = 4
MOST_OF_COLD = 1 / 3  # the aim for a whole evaluation of a small problem


@dataclass(slots=True)
class Tally:
    """What one variant took."""

    seconds: list[float] = field(default_factory=list)
    processor: float = 0.0

    def row(self, name: str, cold: Times) -> list[str]:
        """The variant as a row of the table."""
        times = Times(tuple(self.seconds))
        return [
            name,
            f"{len(self.seconds) / sum(self.seconds):,.0f}",
            f"{times.p50:.2f}",
            f"{times.p99:.2f}",
            f"{1000 * self.processor / len(self.seconds):.2f}",
            f"{times.p50 / cold.p50:.2f}",
        ]


def processor() -> float:
    """Seconds of processor time of this process and of those that have ended below it."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


async def graded(name: str, tally: Tally, times: int) -> None:
    """Run one of our variants in a grader of its own, so that what it started can be counted."""
    what, files = OURS[name]
    before = processor()
    async with Grader():
        pass
    async with Grader() as grader:
        await grader.layers()
        for _ in range(WARM_UP):
            await grader.grade(what, files)
    empty = processor() - before  # of a start, a warm-up, and an end
    before = processor()
    async with Grader() as grader:
        await grader.layers()
        for _ in range(WARM_UP):
            await grader.grade(what, files)
        for _ in range(times):
            began = time.perf_counter()
            result = await grader.grade(what, files)
            tally.seconds.append(time.perf_counter() - began)
            if result.status != "passed":
                raise RuntimeError(f"{name}: {result.status}")
    tally.processor += max(0.0, processor() - before - empty)


def started(run: Runner, tally: Tally, times: int) -> None:
    """Run one of the other variants."""
    for number in range(times):
        before, began = processor(), time.perf_counter()
        run()
        took, used = time.perf_counter() - began, processor() - before
        if number:
            tally.seconds.append(took)
            tally.processor += used


async def throughput(evaluations: int) -> float:
    """Evaluations of a small problem per second, several at once."""
    what, files = OURS["ours: a program, one test"]
    async with Grader(concurrency=AT_ONCE) as grader:
        await grader.layers()
        began = time.perf_counter()
        await asyncio.gather(*(grader.grade(what, files) for _ in range(evaluations)))
        return evaluations / (time.perf_counter() - began)


async def memory() -> tuple[int, int]:
    """KiB of the sandbox's processes when idle, and while one program runs; 0 where unreadable."""
    async with Grader() as grader:
        await grader.layers()
        await grader.grade(*OURS["ours: a program, one test"])
        await asyncio.sleep(0.3)
        idle = memory_kb(os.getpid())
        slow = task("stdin", {"stdin": "", "stdout": ""}, limits=Limits(time_s=1.0))
        running = asyncio.create_task(
            grader.grade(slow, {MAIN: "import time\nx = bytearray(8 << 20)\ntime.sleep(0.8)\n"})
        )
        await asyncio.sleep(0.5)
        busy = memory_kb(os.getpid())
        await running
        return idle, busy


async def main(rounds: int, each: int) -> bool:
    """Measure and print; whether the aim for a small problem was reached."""
    with tempfile.TemporaryDirectory() as folder:
        foreign = others(Path(folder))
        tallies = {name: Tally() for name in (*foreign, *OURS)}
        for _ in range(rounds):
            for name, run in foreign.items():
                await asyncio.to_thread(started, run, tallies[name], each)
            for name in OURS:
                await graded(name, tallies[name], each)
    cold = Times(tuple(tallies[COLD].seconds))
    print(machine())
    print(f"The program: {PROGRAM!r}. Load of the machine: {os.getloadavg()[0]:.1f}.")
    head = ["variant, one at a time", "per second", "p50 ms", "p99 ms", "cpu ms", "of cold"]
    print(table(head, [tally.row(name, cold) for name, tally in tallies.items()]))
    if not any(name.startswith("bubblewrap") for name in foreign):
        print("bubblewrap is not installed on this machine, so it was not measured.")
    print(f"{AT_ONCE} at once: {await throughput(30 * each):,.0f} evaluations a second.")
    idle, busy = await memory()
    print(
        f"Memory of the sandbox, shared pages counted once: idle {idle / 1024:.1f} MiB, with a "
        f"program that fills 8 MiB {busy / 1024:.1f} MiB."
    )
    ours = Times(tuple(tallies["ours: a program, one test"].seconds))
    return ours.p50 <= MOST_OF_COLD * cold.p50


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--each", type=int, default=20, help="runs of a variant in one round")
    parser.add_argument("--soak", type=int, metavar="N", help="run N evaluations and watch")
    given = parser.parse_args()
    if given.soak:
        reached = asyncio.run(soak(given.soak))
    else:
        reached = asyncio.run(main(given.rounds, given.each))
    sys.exit(0 if reached else 1)
