"""Very many evaluations through one grader, and what they leave behind: nothing."""

import asyncio
import os
import sys
import tempfile
import time
from array import array
from dataclasses import dataclass
from pathlib import Path

from benchmarks.grading_cases import FUNCTION, MAIN, PROGRAM, call, task
from benchmarks.timing import Times
from domain.grading import Grader, Limits, Status, Task

WORKERS = 4
SETTLED = 2_500  # evaluations after which what grows is a leak
QUICK = Limits(time_s=0.2)

_PRINT = {"stdin": "7\n", "stdout": "49\n"}
# Mostly what learners hand in, and now and then what they should not.
MIX: tuple[tuple[Task, str, Status], ...] = (
    *((task("stdin", _PRINT), PROGRAM, "passed"),) * 30,
    *((task("call", *map(call, range(5))), FUNCTION, "passed"),) * 40,
    *((task("call", call(3)), "def square(n):\n    return n\n", "failed"),) * 15,
    *((task("stdin", _PRINT), f"open('x', 'w').write('x')\n{PROGRAM}", "passed"),) * 10,
    *((task("assert", {"code": "assert square(2) == 4"}), FUNCTION, "passed"),) * 4,
    (task("call", call(3), limits=QUICK), "def square(n):\n    while True: pass\n", "timeout"),
    (task("call", call(3)), "import os\nos._exit(3)\n", "error"),
    (task("stdin", _PRINT), "while True: print('x' * 9999)\n", "error"),
)


@dataclass(frozen=True, slots=True)
class Left:
    """What there is at one moment: processes and KiB below us, our descriptors, scratch files."""

    processes: int
    memory_kb: int
    own_kb: int
    descriptors: int
    scratch: int

    def __str__(self) -> str:
        return (
            f"{self.processes} processes with {self.memory_kb / 1024:.1f} MiB, grader "
            f"{self.own_kb / 1024:.1f} MiB, {self.descriptors} descriptors, {self.scratch} "
            "temporary files"
        )


def below(root: int) -> set[int]:
    """The ids of all processes below one."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family - {root}


def memory_kb(root: int) -> int:
    """KiB of the processes below one, shared pages counted in proportion; unreadable ones 0."""
    return sum(_pss_kb(pid) for pid in below(root))


def _pss_kb(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(text.partition("Pss:")[2].split()[0])


def left() -> Left:
    """What there is now."""
    own = os.getpid()
    return Left(
        processes=len(below(own)),
        memory_kb=memory_kb(own),
        own_kb=_pss_kb(own),
        descriptors=len(os.listdir("/proc/self/fd")),  # noqa: PTH208 - names are enough
        scratch=len(os.listdir(tempfile.gettempdir())),  # noqa: PTH208
    )


async def soak(evaluations: int, every: int = 5_000) -> bool:
    """Run them, say now and then what there is, and whether nothing grew.

    Args:
        evaluations: how many.
        every: after how many to say how it goes, on standard error.
    """
    numbers = iter(range(evaluations))
    took = array("d")  # compact, so that what grows is not this
    wrong: list[str] = []
    seen: list[Left] = []
    began = time.perf_counter()
    async with Grader(concurrency=WORKERS) as grader:

        async def work() -> None:
            for number in numbers:
                what, source, wanted = MIX[number * 37 % len(MIX)]
                start = time.perf_counter()
                result = await grader.grade(what, {MAIN: source})
                took.append(time.perf_counter() - start)
                if result.status != wanted:
                    wrong.append(f"{number}: {result.status}, not {wanted}")

        async def watch() -> None:
            shown = 0
            while True:
                await asyncio.sleep(1)
                if len(took) >= min(SETTLED, evaluations // 3) and not seen:
                    seen.append(left())
                if len(took) - shown >= every:
                    shown = len(took)
                    rate = shown / (time.perf_counter() - began)
                    sys.stderr.write(f"{shown:,} at {rate:.0f}/s: {left()}\n")

        watching = asyncio.create_task(watch())
        await asyncio.gather(*(work() for _ in range(WORKERS)))
        watching.cancel()
        await asyncio.sleep(1)
        seen.append(left())
    seconds = time.perf_counter() - began
    times = Times(tuple(took))
    after = len(below(os.getpid()))
    print(
        f"{len(took):,} evaluations in {seconds:,.0f} s, {len(took) / seconds:,.0f} a second, "
        f"{WORKERS} at once; p50 {times.p50:.2f} ms, p99 {times.p99:.1f} ms, slowest "
        f"{times.at(100):.0f} ms; {len(wrong)} wrong."
    )
    print(f"Early: {seen[0]}.\nAt the end: {seen[-1]}.\nAfter closing: {after} processes.")
    for line in wrong[:10]:
        print(line)
    return not wrong and not after and not _grown(seen[0], seen[-1])


def _grown(early: Left, late: Left) -> bool:
    return (
        late.processes > early.processes + 2 * WORKERS
        or late.descriptors > early.descriptors + 8 * WORKERS
        or late.memory_kb > 2 * early.memory_kb + 10_240
        or late.own_kb > 1.5 * early.own_kb + 20_480
        or late.scratch > early.scratch + 50  # other programs use that folder, too
    )
