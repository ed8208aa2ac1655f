"""Whether a process does its work: its parts say so, the database is asked."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bots.observability.logs import without_secrets

State = Literal["starting", "up", "down"]

STALE_TICK = timedelta(minutes=2)  # the worker's shortest tick comes every ten seconds


@dataclass(slots=True)
class Part:
    """One part of a process, such as a door.

    Args:
        state: "starting" until it first works.
        reason: why it is down; never a secret.
        restarts: how often it was started again.
    """

    state: State = "starting"
    reason: str = ""
    restarts: int = 0


@dataclass(slots=True)
class Health:
    """What is known about one process. Doors call `up` when connected and `down` when cut off."""

    parts: dict[str, Part] = field(default_factory=dict)

    def part(self, name: str) -> Part:
        """The part of that name, known from now on."""
        return self.parts.setdefault(name, Part())

    def up(self, name: str) -> None:
        """The part works."""
        part = self.part(name)
        part.state, part.reason = "up", ""

    def down(self, name: str, reason: str) -> None:
        """The part does not work at present."""
        part = self.part(name)
        part.state, part.reason = "down", without_secrets(reason)[:200]

    def working(self) -> dict[str, bool]:
        """Which parts work."""
        return {name: part.state == "up" for name, part in self.parts.items()}


@dataclass(frozen=True, slots=True)
class Report:
    """An answer of /health: whether all is well, and the facts as JSON."""

    well: bool
    facts: dict[str, object]


def report(
    health: Health, *, database: str, ticked: datetime | None, now: datetime, works: bool
) -> Report:
    """Put together what /health says. Pure.

    Args:
        health: of the process.
        database: "up", or what is wrong.
        ticked: when a worker last began its recurring work, if ever.
        now: the present.
        works: this process runs a worker, so that old ticks are its own failure.
    """
    age = None if ticked is None else max(0.0, (now - ticked).total_seconds())
    stale = works and database == "up" and (age is None or age > STALE_TICK.total_seconds())
    parts: dict[str, object] = {
        name: {"state": part.state, "restarts": part.restarts}
        | ({"reason": part.reason} if part.reason else {})
        for name, part in health.parts.items()
    }
    well = database == "up" and all(health.working().values()) and not stale
    return Report(
        well,
        {
            "status": "ok" if well else "failing",
            "database": database,
            "parts": parts,
            "worker_tick_age_seconds": None if age is None else round(age, 1),
        },
    )
