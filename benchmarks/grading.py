"""Grading beside a cold interpreter, a bare subprocess and bubblewrap, in one run.

    python -m benchmarks.grading [--rounds 12] [--each 20] [--soak 200000]

Every round runs every variant in turn, so that what else the machine does meets all of them.
`quiet` is the median of the round that was disturbed least; `of cold` puts it in units of a cold
`python -I -S` of the same run. Processor time counts everything a variant started: for ours the
grader, the zygote and the cells. With `--soak` so many evaluations are run instead, and processes,
memory, descriptors and scratch space are watched.
"""

import argparse
import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.grading_cases import MAIN, OURS, PROGRAM, Runner, others, task
from benchmarks.grading_soak import memory_kb, soak
from benchmarks.timing import Times, machine, table
from domain.grading import Grader, Limits
from domain.grading.jail import kernel

COLD = "cold: python -I -S -c pass"
WARM_UP = 3
AT_ONCE = 4
ONE, TEN = "ours: a program, one test", "ours: a function, ten calls"
# The aims: a small problem in so long, and so much of a cold start; ten calls; how many a second.
ONE_MS, MOST_OF_COLD, TEN_MS, LEAST_A_SECOND = 2.0, 1 / 3, 4.0, 600.0
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(slots=True)
class Tally:
    """What one variant took."""

    rounds: list[list[float]] = field(default_factory=list)
    processor: float = 0.0

    @property
    def quiet(self) -> float:
        """The smallest of the rounds' medians, in milliseconds."""
        return min(Times(tuple(seconds)).p50 for seconds in self.rounds)

    def row(self, name: str, cold: float) -> list[str]:
        """The variant as a row of the table; `cold` is the quiet median of a cold start."""
        seconds = [one for many in self.rounds for one in many]
        times = Times(tuple(seconds))
        return [
            name,
            f"{times.p50:.2f}",
            f"{times.p99:.2f}",
            f"{1000 * self.processor / len(seconds):.2f}",
            f"{self.quiet:.2f}",
            f"{self.quiet / cold:.2f}",
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
        tally.rounds.append([])
        for _ in range(times):
            began = time.perf_counter()
            result = await grader.grade(what, files)
            tally.rounds[-1].append(time.perf_counter() - began)
            if result.status != "passed":
                raise RuntimeError(f"{name}: {result.status}")
    tally.processor += max(0.0, processor() - before - empty)


def children() -> set[int]:
    """The processes right below this one."""
    lists = Path("/proc/self/task").glob("*/children")
    return {int(pid) for path in lists for pid in path.read_text().split()}


def started(run: Runner, tally: Tally, times: int) -> None:
    """Run one of the other variants."""
    tally.rounds.append([])
    for number in range(times + 1):
        present = children()
        before, began = processor(), time.perf_counter()
        run()
        took = time.perf_counter() - began
        for orphan in children() - present:  # what it left for others to wait for counts, too
            os.waitpid(orphan, 0)
        if number:
            tally.rounds[-1].append(took)
            tally.processor += processor() - before


async def throughput(evaluations: int) -> float:
    """Evaluations of a small problem per second, several at once."""
    what, files = OURS[ONE]
    async with Grader(concurrency=AT_ONCE) as grader:
        await grader.layers()
        began = time.perf_counter()
        await asyncio.gather(*(grader.grade(what, files) for _ in range(evaluations)))
        return evaluations / (time.perf_counter() - began)


async def memory() -> tuple[int, int]:
    """KiB of the sandbox's processes when idle, and while one program runs; 0 where unreadable."""
    async with Grader() as grader:
        await grader.layers()
        await grader.grade(*OURS[ONE])
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


@contextmanager
def adopting_orphans() -> Iterator[None]:
    """Be the parent of processes whose own parent ends before them."""
    kernel.prctl(_PR_SET_CHILD_SUBREAPER, 1)
    try:
        yield
    finally:
        kernel.prctl(_PR_SET_CHILD_SUBREAPER, 0)


async def main(rounds: int, each: int) -> bool:
    """Measure and print; whether the aims were reached."""
    with adopting_orphans(), tempfile.TemporaryDirectory() as folder:
        foreign = others(Path(folder))
        tallies = {name: Tally() for name in (*foreign, *OURS)}
        rates = []
        for _ in range(rounds):
            for name, run in foreign.items():
                await asyncio.to_thread(started, run, tallies[name], each)
            for name in OURS:
                await graded(name, tallies[name], each)
            rates.append(await throughput(5 * each))
    cold = tallies[COLD].quiet
    print(machine())
    print(f"The program: {PROGRAM!r}. Load of the machine: {os.getloadavg()[0]:.1f}.")
    head = ["milliseconds, one at a time", "p50", "p99", "processor", "quiet", "of cold"]
    print(table(head, [tally.row(name, cold) for name, tally in tallies.items()]))
    if not any(name.startswith("bubblewrap") for name in foreign):
        print("bubblewrap is not installed on this machine, so it was not measured.")
    print(
        f"{AT_ONCE} at once: {sorted(rates)[len(rates) // 2]:,.0f} evaluations a second, "
        f"{max(rates):,.0f} in the round that was disturbed least."
    )
    idle, busy = await memory()
    print(
        f"Memory of the sandbox, shared pages counted once: idle {idle / 1024:.1f} MiB, with a "
        f"program that fills 8 MiB {busy / 1024:.1f} MiB."
    )
    one, ten = tallies[ONE].quiet, tallies[TEN].quiet
    reached = {
        f"one test in {ONE_MS} ms": one <= ONE_MS,
        "one test in a third of a cold start": one <= MOST_OF_COLD * cold,
        f"ten calls in {TEN_MS} ms": ten < TEN_MS,
        f"{LEAST_A_SECOND:.0f} a second": max(rates) >= LEAST_A_SECOND,
    }
    print("; ".join(f"{aim}: {'yes' if met else 'NO'}" for aim, met in reached.items()) + ".")
    return all(reached.values())


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
