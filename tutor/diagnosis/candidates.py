"""What a search found: changed programs, which tests they pass, and how near they come."""

import difflib
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tutor.diagnosis.model import Edit

_COMPARED = 160  # characters of a value that are compared
_ANY_VALUE = 0.05  # a wrong value is nearer than an exception
_LIKENESS = 0.6  # how much of a test's point a value earns that is nearly right
_ALIKE = 2  # programs to go on from that behave alike, changed in other places
_RAISING = 3  # the same for programs that end in the same exception
_ANOTHER_END = 0.05  # an exception of another kind, or elsewhere: a step, perhaps


@dataclass(frozen=True, slots=True)
class Candidate:
    """A changed program.

    Args:
        edits: made one after the other; each is an edit of the text that those before it left.
        text: what they make of the program.
        score: how likely they are before anything ran.
        passes: the tests that pass.
        outcomes: by the tests' numbers, where it was run.
        near: how near it comes to what the tests want, from 0 to their number.
        points: the same for each test.
        gain: how much nearer than before its last edit.
    """

    edits: tuple[Edit, ...]
    text: str
    score: float
    passes: frozenset[int]
    outcomes: Mapping[int, str]
    near: float
    points: Mapping[int, float]
    gain: float = 0.0

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
        reached: the lines that ran in the failing tests; an exception elsewhere got further.
    """

    def __init__(self, wanted: Sequence[str | None], reached: Container[int] = ()) -> None:
        self.wanted, self.reached = wanted, reached
        self._known: dict[tuple[int, str], float] = {}

    def of(self, number: int, outcome: str) -> float:
        """A test's outcome that is not what the test wants, 0 to 1."""
        if outcome[:1] not in ("v", "p") or outcome == "vNone":
            return 0.0
        key = number, outcome
        if key not in self._known:
            wanted = self.wanted[number]
            likeness = 0.0 if wanted is None else _alike(outcome[1:], wanted[1:])
            self._known[key] = _ANY_VALUE + _LIKENESS * likeness
        return self._known[key]

    def whole(
        self,
        outcomes: Mapping[int, str],
        passes: Iterable[int],
        before: Mapping[int, str],
        points: Mapping[int, float],
        line: int = 0,
    ) -> tuple[float, dict[int, float]]:
        """A program's nearness over all tests, and in each.

        Args:
            outcomes: where it was run; one that was late was run no further, and elsewhere it is
                as near as the program before the change.
            passes: the tests that pass.
            before: outcomes of the program before the change.
            points: nearness of the program before the change, by test.
            line: of the change; an exception there is no step ahead.
        """
        good = frozenset(passes)
        late = any(outcome[:1] == "t" for outcome in outcomes.values())
        each = dict.fromkeys(points, 0.0) if late else dict(points)
        steps = 0.0
        for number, outcome in outcomes.items():
            each[number] = 1.0 if number in good else self.of(number, outcome)
            was = before.get(number, "")
            raised = int(outcome.rpartition("@")[2] or 0) if outcome[:1] == "x" else 0
            if raised in (0, line) or place_of(outcome) == place_of(was):
                continue
            if raised not in self.reached:
                each[number] = points.get(number, 0.0)  # as near as before, and further on
                steps = _ANOTHER_END
            elif was[:1] == "x":
                steps = _ANOTHER_END
        return sum(each.values()) + steps, each


def promising(found: Sequence[Candidate], most: int, step: float) -> list[Candidate]:
    """Programs to go on from, best first: of those that behave alike, and of changes alike, few.

    Args:
        found: all of a round.
        most: how many are wanted.
        step: by how much the last edit must have come nearer.
    """
    chosen: list[Candidate] = []
    shapes: Counter[tuple[tuple[int, str], ...]] = Counter()
    kinds: set[tuple[object, ...]] = set()
    for one in sorted(found, key=lambda one: -(one.near + 0.5 * one.score)):
        shape, last = one.shape(), one.edits[-1]
        kind = (one.edits[:-1], last.cause, last.line)
        raises = any(text[:1] == "x" for text in one.outcomes.values())
        if one.gain < step or kind in kinds or shapes[shape] >= (_RAISING if raises else _ALIKE):
            continue
        shapes[shape] += 1
        kinds.add(kind)
        chosen.append(one)
        if len(chosen) == most:
            break
    return chosen


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


def needed(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Edits without those whose text a later one replaced altogether.

    Args:
        edits: made one after the other.
    """
    kept = []
    for place, edit in enumerate(edits):
        spans = _spans(edit)
        for later in edits[place + 1 :]:
            spans = [moved for span in spans for moved in _after(span, later)]
        if spans:
            kept.append(edit)
    return tuple(kept)


def _spans(edit: Edit) -> list[tuple[int, int]]:
    """Where an edit's texts stand in the text that it leaves."""
    spans, shift = [], 0
    for change in sorted(edit.changes, key=lambda one: one.start):
        size = len(change.text.encode())
        spans.append((change.start + shift, change.start + shift + size))
        shift += size - (change.end - change.start)
    return spans


def _after(span: tuple[int, int], edit: Edit) -> list[tuple[int, int]]:
    """Where a piece of text stands after an edit; nowhere if that replaced it."""
    start, end = span
    shift = 0
    for change in edit.changes:
        if change.start <= start and end <= change.end and change.start < change.end:
            return []
        if change.end <= start:
            shift += len(change.text.encode()) - (change.end - change.start)
    return [(start + shift, end + shift)]


def place_of(outcome: str) -> str:
    """An outcome by which programs are told apart: an exception's type and line, or the value."""
    if outcome[:1] != "x":
        return outcome
    kinds, _, line = outcome.partition("@")
    return f"{kinds.split(',')[0]}@{line}"


def _alike(one: str, other: str) -> float:
    """How alike two values are, 0 to 1: numbers by their distance, others by their texts."""
    try:
        return 1 / (1 + abs(float(one) - float(other)))
    except ValueError:
        pass
    matcher = difflib.SequenceMatcher(None, one[:_COMPARED], other[:_COMPARED], autojunk=False)
    return matcher.ratio()
