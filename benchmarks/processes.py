"""Programs measured from outside: their processor time and memory, as Linux counts them."""

import os
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    """Processor time of one process so far, its threads included.

    Raises:
        FileNotFoundError: it has ended, or this is not Linux.
    """
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def family_seconds(pid: int) -> float:
    """Processor time of a process, of its living children, and of those that ended."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    ended = (int(fields[13]) + int(fields[14])) / _TICKS
    return processor_seconds(pid) + ended + sum(map(processor_seconds, children(pid)))


def children(pid: int) -> Iterator[int]:
    """The processes that a process has started and that run."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        yield from map(int, (task / "children").read_text(encoding="utf-8").split())


def memory_mib(pid: int) -> float:
    """Memory of a process that is its own, in MiB: what would be free without it."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    private = [line.split() for line in lines if line.startswith("Private_")]
    return sum(int(fields[1]) for fields in private) / 1024
