"""Getting ready to be forked often.

A fork copies the page tables of data, not those of program text: the child meets a page fault for
every few pages of text it runs. But a mapping in which one page is private is copied whole, which
costs less. So one page of each large mapping is made private, by writing to it what it holds.
"""

import contextlib
from io import FileIO

from . import kernel

_LEAST = 64 * 1024  # smaller mappings take fewer faults than it costs to copy them


def share_text() -> None:
    """Let forks copy the page tables of program text; where the kernel refuses, nothing is lost."""
    with contextlib.suppress(OSError):
        with open("/proc/self/maps") as file:  # noqa: PTH123 - lean start
            lines = file.read().splitlines()
        with open("/proc/self/mem", "r+b", buffering=0) as memory:  # noqa: PTH123
            for line in lines:
                span, rights, _, _, _, *path = line.split(maxsplit=5)
                start, end = (int(part, 16) for part in span.split("-"))
                of_file = path and path[0][0] == "/"
                if of_file and rights in ("r-xp", "r--p") and end - start >= _LEAST:
                    _make_one_page_private(memory, start, end - start)


def _make_one_page_private(memory: FileIO, start: int, size: int) -> None:
    kernel.advise(start, size, kernel.MADV_POPULATE_READ)
    memory.seek(start)
    byte = memory.read(1)
    memory.seek(start)
    memory.write(byte)
