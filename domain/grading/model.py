"""What is graded and what comes out: plain values, no people, no tables, no processes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

Language = Literal["python", "web"]
Mode = Literal["call", "stdin", "assert", "checker"]
Status = Literal["passed", "failed", "partial", "timeout", "error"]
TestStatus = Literal["passed", "failed", "timeout", "error"]
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

OUTPUT_SHOWN = 64 * 1024  # characters of learner output kept per test


@dataclass(frozen=True, slots=True)
class Limits:
    """What one test may use.

    Args:
        time_s: seconds of processor time for one test; twice that plus a second on the wall clock.
        memory_mb: MiB of address space beyond the empty interpreter.
        output_kb: KiB that may be printed, or written into one file.
        threads: threads at the same time; new processes are never allowed.
        files: open files at the same time.
    """

    time_s: float = 2.0
    memory_mb: int = 64
    output_kb: int = 1024
    threads: int = 32
    files: int = 64

    def __post_init__(self) -> None:
        if not 0.05 <= self.time_s <= 30:
            raise ValueError("time_s must be between 0.05 and 30")
        if not 8 <= self.memory_mb <= 1024:
            raise ValueError("memory_mb must be between 8 and 1024")
        if not 1 <= self.output_kb <= 8192:
            raise ValueError("output_kb must be between 1 and 8192")

    @property
    def wall_s(self) -> float:
        """Seconds on the wall clock after which one test is stopped whatever it does."""
        return 2 * self.time_s + 1


@dataclass(frozen=True, slots=True)
class TestCase:
    """One test. `spec` holds what the mode needs and stands alone (files are read into it).

    ========  ==========================================================================
    mode      spec
    ========  ==========================================================================
    call      function, args [], kwargs {}, expected or raises, tolerance?
    stdin     stdin, stdout, compare "exact" or "tolerant"
    assert    code (assert lines), or source and function (a test function of a file)
    checker   source, check (function name), and function, args, kwargs or else stdin
    (a page)  test (JavaScript), fresh (load the page anew before it)
    ========  ==========================================================================
    """

    __test__ = False  # not a test class of pytest's

    key: str
    name: str
    points: Decimal
    is_sample: bool
    spec: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Task:
    """A challenge as the grader sees it.

    Args:
        main: name of the file that is run or imported, such as `two_fer.py`.
    """

    language: Language
    mode: Mode
    main: str
    tests: tuple[TestCase, ...]
    limits: Limits = field(default_factory=Limits)

    @property
    def max_score(self) -> Decimal:
        """The sum of all tests' points."""
        return sum((test.points for test in self.tests), Decimal(0))


@dataclass(frozen=True, slots=True)
class Note:
    """An explanation for a beginner: a translatable sentence and what goes into it."""

    message: str
    values: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        return self.message.format(**self.values)

    def as_json(self) -> dict[str, Json]:
        """A form for JSON columns; `Note(**it)` gives the note back."""
        return {"message": self.message, "values": dict(self.values)}


@dataclass(frozen=True, slots=True)
class TestResult:
    """How one test ended. All texts are safe to store: no NUL, no lone surrogates.

    Args:
        points: what was earned, the test's weight or 0.
        expected: what the test wanted, as text; None when there is no one value to show.
        got: what the learner's code gave, as text.
        output: what it printed during this test, cut at `OUTPUT_SHOWN` characters.
        ms: wall time in milliseconds.
        note: a beginner's explanation of what went wrong, when there is one.
    """

    __test__ = False

    id: str
    name: str
    status: TestStatus
    points: Decimal
    max_points: Decimal
    is_sample: bool
    expected: str | None = None
    got: str | None = None
    output: str = ""
    ms: float = 0.0
    note: Note | None = None

    def as_json(self) -> dict[str, Json]:
        """A form for JSON columns and for scripts."""
        return {
            "id": self.id,
            "name": self.name,
            "status": self.status,
            "points": str(self.points),
            "max_points": str(self.max_points),
            "is_sample": self.is_sample,
            "expected": self.expected,
            "got": self.got,
            "output": self.output,
            "ms": self.ms,
            "note": self.note.as_json() if self.note else None,
        }


@dataclass(frozen=True, slots=True)
class Result:
    """How a submission ended.

    Args:
        score: sum of the points of the passed tests.
        cpu_ms: processor time of all processes that ran learner code, measured from outside.
        wall_ms: wall time of the whole evaluation.
        peak_kb: largest memory above an empty interpreter, KiB.
        traceback: the learner's own frames and error, the first one that happened; else None.
        traceback_of: id of the test it happened in; None when no test's input was there yet. A
            learner can put a hidden input into an error's text, so hide what belongs to a hidden
            test.
    """

    status: Status
    tests: tuple[TestResult, ...]
    score: Decimal
    max_score: Decimal
    cpu_ms: int = 0
    wall_ms: int = 0
    peak_kb: int = 0
    traceback: str | None = None
    traceback_of: str | None = None
    note: Note | None = None

    @property
    def passed(self) -> int:
        """How many tests passed."""
        return sum(test.status == "passed" for test in self.tests)


@dataclass(frozen=True, slots=True)
class Layer:
    """One wall of the sandbox, for `stoa doctor`: its name, whether it stands, and why not."""

    name: str
    active: bool
    detail: str


class SandboxError(Exception):
    """The sandbox itself failed; the submission was not judged and may be tried again."""


class SandboxUnsafe(SandboxError):
    """What this machine offers would not contain an attack; grading is refused."""


def overall(tests: tuple[TestResult, ...]) -> Status:
    """The one status of a submission, from its tests.

    All passed is `passed`; some passed is `partial`; none passed is `timeout` or `error` when
    every test ended that way (timeout first), else `failed`.
    """
    kinds = {test.status for test in tests}
    if kinds == {"passed"}:
        return "passed"
    if "passed" in kinds:
        return "partial"
    if "failed" in kinds or not kinds:
        return "failed"
    return "timeout" if "timeout" in kinds else "error"
