"""How long things took, as two numbers that matter, and tables that read well in a terminal."""

import math
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass

from domain.postgres import find_binaries


@dataclass(frozen=True, slots=True)
class Times:
    """Durations of one kind of thing, in seconds."""

    seconds: tuple[float, ...]

    def at(self, percent: float) -> float:
        """The duration that `percent` of all do not exceed (nearest rank), in milliseconds."""
        ordered = sorted(self.seconds)
        rank = max(1, math.ceil(len(ordered) * percent / 100))
        return 1000 * ordered[rank - 1]

    @property
    def p50(self) -> float:
        """The middle one, in milliseconds."""
        return self.at(50)

    @property
    def p99(self) -> float:
        """What all but one in a hundred stay under, in milliseconds."""
        return self.at(99)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows under a head; the first column to the left, numbers to the right."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    lines = []
    for row in (head, ["-" * width for width in widths], *rows):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def machine() -> str:
    """What the figures were measured on, in words."""
    return (
        f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, PostgreSQL {find_binaries().version} (embedded, "
        "fsync on)."
    )
