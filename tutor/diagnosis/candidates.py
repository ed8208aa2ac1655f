"""What a search found: changed programs, which tests they pass, and how near they come."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tutor.diagnosis.model import Edit

_COMPARED = 160  # characters of a value that are compared
_ANY_VALUE = 0.05  # a wrong value is nearer than an exception
_LIKENESS = 0.6  # how much of a test's point a value earns that is nearly right
_ANOTHER_END = 0.05  # an exception of another kind, or elsewhere: a step, perhaps


@dataclass(frozen=True, slots=True)
class Candidate:
    """A changed program.

    Args:
        edits: made one after the other; each is an edit of the text that the ones before it left.
        text: what they make of the program.
        score: how likely they are before anything ran.
        passes: the tests that pass.
        outcomes: by the tests' numbers, where it was run.
        near: how near it comes to what the tests want, from 0 to their number.
        points: the same for each test.
    """

    edits: tuple[Edit, ...]
    text: str
    score: float
    passes: frozenset[int]
    outcomes: Mapping[int, str]
    near: float
    points: Mapping[int, float]

    def shape(self) -> tuple[tuple[int, str], ...]:
        """Equal for programs that behave alike in all tests."""
        return tuple(sorted((number, place_of(text)) for number, text in self.outcomes.items()))


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to, each best first.

    Args:
        full: pass all tests.
        partial: pass at least one more test than the learner's program, and break none.
    """

    full: tuple[Candidate, ...]
    partial: tuple[Candidate, ...]


class Nearness:
    """How near outcomes come to what is wanted: 1 for a test that passes, 0 for an exception.

    Args:
        wanted: the text of the outcome that each test wants; None where there is no such text.
    """

    def __init__(self, wanted: Sequence[str | None]) -> None:
        self.wanted = wanted
        self._known: dict[tuple[int, str], float] = {}

    def of(self, number: int, outcome: str) -> float:
        """A test's outcome that is not what the test wants, 0 to 1."""
        if outcome[:1] not in ("v", "p") or outcome == "vNone":
            return 0.0
        key = number, outcome
        if key not in self._known:
            wanted = self.wanted[number]
            likeness = 0.0 if wanted is None else _alike(outcome, wanted)
            self._known[key] = _ANY_VALUE + _LIKENESS * likeness
        return self._known[key]

    def whole(
        self,
        outcomes: Mapping[int, str],
        passes: Iterable[int],
        before: Mapping[int, str],
        points: Mapping[int, float],
    ) -> tuple[float, dict[int, float]]:
        """A program's nearness over all tests, and in each.

        Args:
            outcomes: where it was run; one that was late was run no further, and elsewhere it is
                as near as the program before the change.
            passes: the tests that pass.
            before: outcomes of the program before the change.
            points: nearness of the program before the change, by test.
        """
        good = frozenset(passes)
        late = any(outcome[:1] == "t" for outcome in outcomes.values())
        each = dict.fromkeys(points, 0.0) if late else dict(points)
        steps = 0.0
        for number, outcome in outcomes.items():
            each[number] = 1.0 if number in good else self.of(number, outcome)
            was = before.get(number, "")
            if outcome[:1] == "x" and was[:1] == "x" and place_of(outcome) != place_of(was):
                steps = _ANOTHER_END
        return sum(each.values()) + steps, each


def sorted_out(
    candidates: Iterable[Candidate], passing: frozenset[int], first: int, tests: int
) -> Found:
    """The candidates worth telling about.

    Args:
        candidates: all of them.
        passing: tests that the learner's program passes.
        first: the failing test to be explained.
        tests: how many there are.
    """

    def best(chosen: Iterable[Candidate]) -> tuple[Candidate, ...]:
        return tuple(
            sorted(
                chosen,
                key=lambda one: (
                    first not in one.passes,
                    len(one.edits),
                    -len(one.passes),
                    -one.score,
                ),
            )
        )

    every = list(candidates)
    return Found(
        best(one for one in every if len(one.passes) == tests),
        best(one for one in every if passing < one.passes and len(one.passes) < tests),
    )


def place_of(outcome: str) -> str:
    """An outcome by which programs are told apart: an exception's type and line, or the value."""
    if outcome[:1] != "x":
        return outcome
    kinds, _, line = outcome.partition("@")
    return f"{kinds.split(',')[0]}@{line}"


def _alike(one: str, other: str) -> float:
    matcher = difflib.SequenceMatcher(None, one[:_COMPARED], other[:_COMPARED], autojunk=False)
    return matcher.ratio()
