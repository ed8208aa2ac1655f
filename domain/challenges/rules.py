"""Scores, hint ladders and what a learner may see of a result. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from domain.errors import N_, Refusal
from domain.grading import Note, explain
from domain.grading.web import notes

LOG_KEPT = 64 * 1024  # characters of learner output kept per attempt
_CENT = Decimal("0.01")
_CUT = "\n[cut here: the output of all tests together is over 64 KiB]"
# What may be said about a hidden test: nothing that the learner's own code could have put an
# input or an expected value into.
_SAFE = frozenset(
    {
        explain.OUT_OF_TIME,
        explain.OUT_OF_TIME_AT,
        explain.NOT_RUN,
        explain.NO_INPUT,
        explain.ENDLESS_RECURSION,
        explain.TOO_MUCH_MEMORY,
        explain.TOO_MUCH_OUTPUT,
        explain.MISSING_FUNCTION,
        explain.MISSING_FILE,
        explain.ENDED_EARLY,
        explain.CRASHED,
        explain.RETURNED_NOTHING,
        explain.TOO_LARGE,
        explain.SPACES_ONLY,
        explain.PROMPTS,
        explain.OWN_CHANNEL,
        notes.SCRIPT_FAILED,  # it happens before the first test
        notes.SCRIPT_RECURSION,
        notes.NEVER_HAPPENED,
        notes.TAMPERED,
    }
)
HIDDEN_ERROR = N_("Your code raised an error with values that you do not see. Try other values.")


@dataclass(frozen=True, slots=True)
class Score:
    """Points after hint costs, and their share of all points in percent, both two decimals."""

    points: Decimal
    most: Decimal
    percentage: Decimal


def score(earned: Decimal, most: Decimal, hint_cost: Decimal) -> Score:
    """The score of an attempt: its weighted points minus what its hints cost, never below 0."""
    points = max(Decimal(0), earned - hint_cost).quantize(_CENT, ROUND_HALF_UP)
    share = 100 * points / most if most else Decimal(0)
    return Score(points, most.quantize(_CENT), share.quantize(_CENT, ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Hint:
    """One rung: `position` from 0; when it was taken, if it was."""

    position: int
    text: str
    cost: Decimal
    after_attempts: int
    after_minutes: int
    taken: bool


def next_hint(hints: Sequence[Hint]) -> Hint | None:
    """The lowest rung that is not taken yet."""
    return next((hint for hint in hints if not hint.taken), None)


def require_open(hint: Hint, attempts: int, started_at: datetime | None, now: datetime) -> None:
    """Refuse a hint whose condition does not hold yet: so many attempts, or so many minutes.

    Raises:
        Refusal: too early; it says when.
    """
    missing = max(0, hint.after_attempts - attempts)
    opens = (started_at or now) + timedelta(minutes=hint.after_minutes)
    minutes = max(0, -(-int((opens - now).total_seconds()) // 60))
    if (hint.after_attempts and not missing) or (hint.after_minutes and not minutes):
        return
    values = {"number": hint.position + 1, "tries": missing, "minutes": minutes}
    if missing and hint.after_minutes:
        raise Refusal(
            N_("Hint {number} opens after {tries} more tries, or in {minutes} min."), values
        )
    if missing == 1:
        raise Refusal(N_("Hint {number} opens after one more try."), values)
    if missing:
        raise Refusal(N_("Hint {number} opens after {tries} more tries."), values)
    if hint.after_minutes:
        raise Refusal(N_("Hint {number} opens in {minutes} min. Have a try first."), values)


def trimmed(tests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Test results as they are stored: their outputs together at most `LOG_KEPT`."""
    left, kept = LOG_KEPT, []
    for test in tests:
        output = str(test["output"])
        if len(output) > left:
            output = output[:left] + _CUT
        left = max(0, left - len(output))
        kept.append({**test, "output": output})
    return kept


@dataclass(frozen=True, slots=True)
class TestLine:
    """One test of a result as the learner may see it."""

    __test__ = False
    number: int
    name: str
    status: str
    is_sample: bool
    expected: str | None
    got: str | None
    output: str
    note: Note | None


def visible(tests: Sequence[Mapping[str, Any]], *, show_hidden: bool) -> list[TestLine]:
    """What a learner may see: samples whole, hidden tests by name unless the author allows more."""
    shown = [test.get("note") for test in tests if show_hidden or test["is_sample"]]
    return [
        _line(number, test, shown, whole=show_hidden or bool(test["is_sample"]))
        for number, test in enumerate(tests, start=1)
    ]


def _line(
    number: int, test: Mapping[str, Any], shown: Sequence[object], *, whole: bool
) -> TestLine:
    note = Note(**test["note"]) if test.get("note") else None
    if not whole and note is not None and note.message not in _SAFE and test["note"] not in shown:
        note = Note(HIDDEN_ERROR) if test["status"] == "error" else None
    return TestLine(
        number=number,
        name=test["name"],
        status=test["status"],
        is_sample=bool(test["is_sample"]),
        expected=test["expected"] if whole else None,
        got=test["got"] if whole else None,
        output=test["output"] if whole else "",
        note=note,
    )


def visible_traceback(
    errors: Mapping[str, Any] | None, tests: Sequence[Mapping[str, Any]], *, show_hidden: bool
) -> str:
    """The learner's traceback, unless it belongs to a hidden test."""
    if not errors or not errors.get("traceback"):
        return ""
    owner = errors.get("traceback_of")
    hidden = {test["id"] for test in tests if not test["is_sample"]}
    return "" if owner in hidden and not show_hidden else str(errors["traceback"])


@dataclass(frozen=True, slots=True)
class Step:
    """A component that comes first."""

    id: UUID
    kind: str
    title: str


class Locked(Refusal):
    """Something else comes first; `missing` is what opens the challenge."""

    def __init__(self, title: str, missing: Sequence[Step]) -> None:
        super().__init__(
            N_("“{title}” opens when you have finished: {missing}."),
            {"title": title, "missing": ", ".join(step.title for step in missing)},
            choices=("/learn",),
        )
        self.missing = tuple(missing)
