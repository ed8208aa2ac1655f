"""What is counted about diagnoses, and how it is printed."""

import statistics
from collections import Counter
from dataclasses import dataclass, field

HEAD = (
    "exercise         programs  validated   partly   lines   test   place exact/±1"
    "   median s  p95 s  CPU s"
)


@dataclass
class Figures:
    """What was counted for one exercise, or for all."""

    confidence: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    changes: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    exact: int = 0
    near: int = 0
    gold: int = 0
    leaks: int = 0
    borrowed: int = 0
    holds: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    @property
    def programs(self) -> int:
        """How many programs fail."""
        return sum(self.confidence.values())

    def covered(self) -> float:
        """The share with a validated place and cause."""
        found = self.confidence["validated"] + self.confidence["partly"]
        return found / self.programs if self.programs else 0.0

    def add(self, other: "Figures") -> None:
        """Count another exercise, too."""
        self.confidence += other.confidence
        self.causes += other.causes
        self.changes += other.changes
        self.seconds += other.seconds
        self.cpu_s += other.cpu_s
        self.exact, self.near = self.exact + other.exact, self.near + other.near
        self.gold += other.gold
        self.leaks, self.borrowed = self.leaks + other.leaks, self.borrowed + other.borrowed
        self.holds += other.holds
        self.examples += other.examples


def row(name: str, one: Figures) -> str:
    """A line of the table."""
    shares = [
        f"{100 * one.confidence[key] / max(1, one.programs):.1f} %"
        for key in ("validated", "partly", "lines", "test")
    ]
    place = f"{100 * one.exact / max(1, one.gold):.0f} / {100 * one.near / max(1, one.gold):.0f} %"
    ordered = sorted(one.seconds) or [0.0]
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return (
        f"{name:<17}{one.programs:>6}  {shares[0]:>10}{shares[1]:>9}{shares[2]:>8}{shares[3]:>7}"
        f"   {place} ({one.gold})   {statistics.median(ordered):.3f}   {p95:.3f}"
        f"   {statistics.median(one.cpu_s or [0.0]):.3f}"
    )


def by_changes(one: Figures) -> str:
    """A line that says how many changes were needed."""
    counts = ", ".join(str(one.changes[number]) for number in (1, 2, 3))
    return f"  validated by one, two, three changes: {counts}"
