"""What a cell is told at its start, and what is known of its end."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.grading.jail.frames import order
from domain.grading.model import Limits

_WRITERS = ("script", "module", "served")
_TOUCHES_FILES = re.compile(
    r"\b(open|Path|pathlib|io|os|tempfile|shutil|fileinput|linecache|tokenize|runpy|sqlite3|dbm"
    r"|shelve|zipfile|tarfile|gzip|bz2|lzma|logging|configparser|mmap|ctypes|importlib|inspect"
    r"|__\w+__|exec|eval|builtins|getattr|codecs|posix|sys)\b"
).search


@dataclass(frozen=True, slots=True)
class Ended:
    """How a cell ended, as the kernel measured it. Negative codes are signals."""

    code: int
    cpu_ms: float
    peak_kb: int


@dataclass(frozen=True, slots=True)
class Setup:
    """What a cell is told at its start."""

    role: str
    limits: Limits
    files: Mapping[str, str]
    main: str
    cpu_s: int
    stdin: bytes = b""

    @property
    def scratch(self) -> bool:
        """Whether the run needs a folder to write in; mounting one costs a third of a run.

        A program that names nothing that leads to a file cannot miss it.
        """
        return self.role in _WRITERS and any(map(_TOUCHES_FILES, self.files.values()))

    def message(self) -> bytes:
        """It, as a cell reads it."""
        limits = self.limits
        return order(
            {
                "role": self.role,
                "files": dict(self.files),
                "main": self.main,
                "time_s": limits.time_s,
                "memory_kb": limits.memory_mb * 1024,
                "limits": (
                    self.cpu_s,
                    limits.memory_mb * 1024,
                    limits.output_kb * 1024,
                    limits.files,
                    limits.threads,
                ),
            }
        )
