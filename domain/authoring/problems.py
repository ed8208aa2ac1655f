"""What is wrong with a course, line by line, all of it at once."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing for the author to change. `line` counts from 1."""

    path: str
    line: int
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        label = "warning: " if self.severity == "warning" else ""
        return f"{self.path}:{self.line}: {label}{self.message}"


@dataclass(slots=True)
class Problems:
    """Collects problems; nothing stops at the first one."""

    found: set[Problem] = field(default_factory=set)

    def error(self, path: str, line: int, message: str) -> None:
        """Record something that must change before the course can be imported."""
        self.found.add(Problem(path, line, message))

    def warn(self, path: str, line: int, message: str) -> None:
        """Record something that is allowed but probably not meant."""
        self.found.add(Problem(path, line, message, "warning"))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The errors, by path and line."""
        return tuple(sorted(each for each in self.found if each.severity == "error"))

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The warnings, by path and line."""
        return tuple(sorted(each for each in self.found if each.severity == "warning"))


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file, from which problems are reported."""

    path: str
    line: int
    problems: Problems

    def error(self, message: str) -> None:
        """Record an error here."""
        self.problems.error(self.path, self.line, message)

    def warn(self, message: str) -> None:
        """Record a warning here."""
        self.problems.warn(self.path, self.line, message)

    def at(self, line: int) -> "Spot":
        """The same file, another line."""
        return Spot(self.path, line, self.problems)


def nearest(word: str, known: Iterable[str]) -> str:
    """A half-sentence with the known word most like this one, or with all of them."""
    names = sorted(filter(None, known))
    if not names:
        return "remove it, there is none yet"
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return "use one of: " + ", ".join(names)
