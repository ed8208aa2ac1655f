"""Where tests write: in memory where there is room for it, else in the temporary folder.

A database is a thousand files and more. A disk takes longer to make them, and to wait until they
are safe, than most tests take to run.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - the system's own place for files in memory
NEEDED = 2 << 30  # bytes; a run takes less than half of them
# The limit of a container and what it uses, as the two versions of Linux's control groups tell it.
_LIMITS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ),
)


def scratch() -> Path:
    """The folder, which everybody may write to."""
    return MEMORY if _is_fit(MEMORY) else Path(tempfile.gettempdir())


def _is_fit(folder: Path) -> bool:
    try:
        about = os.statvfs(folder)
    except (OSError, AttributeError):  # there is none; not a system that could tell
        return False
    if not os.access(folder, os.W_OK) or about.f_flag & os.ST_NOEXEC:
        return False
    return min(about.f_bavail * about.f_frsize, *_free_memory(), NEEDED) == NEEDED


def _free_memory() -> Iterator[int]:
    """What is left of the machine's memory, and of the part that is ours; in bytes."""
    with suppress(OSError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                yield 1024 * int(line.split()[1])
    for most, used in _LIMITS:
        with suppress(OSError, ValueError):  # no limit is the word "max", or a number beyond any
            yield int(Path(most).read_text("ascii")) - int(Path(used).read_text("ascii"))
