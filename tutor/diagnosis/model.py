"""What a diagnosis is made of: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from domain.grading import Note

Confidence = Literal["validated", "partly", "lines", "test", "none"]
"""How sure a diagnosis is.

`validated`: one small change, or up to three, passed every test. `partly`: they passed one more
test and broke none. `lines`: an exception, a line that cannot be read, or lines that only failing
tests run. `test`: only the failing test is known. `none`: nothing fails.
"""


@dataclass(frozen=True, slots=True)
class Change:
    """Bytes `start` to `end` of the main file's UTF-8 text, and what would stand there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing to try: a beginner's mistake undone at one place.

    Args:
        cause: key of the catalogue of misconceptions.
        line: the line the learner should look at, from 1.
        changes: what makes the edit; they do not overlap.
    """

    cause: str
    line: int
    changes: tuple[Change, ...]

    def key(self) -> tuple[tuple[int, int, str], ...]:
        """What tells edits with the same effect on the text apart from others."""
        return tuple(sorted((one.start, one.end, one.text) for one in self.changes))


@dataclass(frozen=True, slots=True)
class Value:
    """A variable's value at one moment: its type's name, its shortened text, its length or -1."""

    kind: str
    text: str
    length: int = -1


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where an exception happened and what the variables were.

    Args:
        spot: first and last line, first and last column of the failing expression; zeros unknown.
        depth: how many calls of the learner's own functions were open.
    """

    message: str
    line: int
    spot: tuple[int, int, int, int]
    depth: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the learner's program did in one test.

    Args:
        outcome: what came out, as the sandbox says it.
        passed: whether that is what the test wants.
        lines: the lines that ran.
        seconds: processor time.
        last: the line that gave the result, or 0.
    """

    outcome: str
    passed: bool
    lines: frozenset[int]
    seconds: float
    last: int = 0
    evidence: Evidence | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The exception's type and its ancestors; empty when none was raised."""
        if not self.outcome.startswith("x"):
            return ()
        return tuple(self.outcome[1:].split("@")[0].split(","))


@dataclass(frozen=True, slots=True)
class Failure:
    """The first failing test, as the learner may see it.

    Args:
        number: from 1, in the order of the tests.
        hidden: the learner sees only the name; `call`, `expected` and `got` are then empty.
        call: what was called or typed in.
        note: the grader's explanation for a beginner, if it has one.
    """

    number: int
    name: str
    status: str
    hidden: bool
    call: str = ""
    expected: str = ""
    got: str = ""
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """A kind of mistake at a place, and the lines it concerns."""

    key: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is known about a program that fails.

    Args:
        confidence: how sure it is.
        concept: key of what the mistake is about.
        failure: the first failing test, one that the learner may see if there is one; None when
            all pass.
        cause: the kind of mistake and its line, when a small change was validated.
        lines: suspicious lines, most suspicious first.
        explanation: what happened, in the learner's words: notes to show one after another.
        passed: how many tests passed, of how many.
        helps: the name of a test that the validated change makes pass: the failing one, if it
            does.
        edits: what was validated, each an edit of what the one before left; never shown to a
            learner.
        repaired: the program with these edits; never shown to a learner.
        tried: how many changes were run.
        ms: wall time in milliseconds.
    """

    confidence: Confidence
    concept: str
    failure: Failure | None
    cause: Cause | None
    lines: tuple[int, ...]
    explanation: tuple[Note, ...]
    passed: int
    tests: int
    helps: str = ""
    edits: tuple[Edit, ...] = ()
    repaired: str | None = None
    tried: int = 0
    ms: float = 0.0
