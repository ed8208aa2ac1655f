"""Finds a small change that passes the tests, and thereby the place and the kind of mistake."""

import asyncio
import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tutor.diagnosis.edits import all_edits
from tutor.diagnosis.lab import Lab
from tutor.diagnosis.misconceptions import weight
from tutor.diagnosis.model import Change, Edit, Seen
from tutor.diagnosis.program import Program
from tutor.diagnosis.suspicion import ochiai

_PARTS = (160, 240, 400, 400)  # edits that are run together; it stops after a part with a success
_MOST = 5000  # edits of one program that are thought of
_PROBES = 2  # failing tests that decide whether an edit changes anything
_SEEDS = 3  # partial successes from which a second edit is tried
_SLOWEST = 0.03  # seconds of processor time that one run of a variant may use


@dataclass(frozen=True, slots=True)
class Candidate:
    """Edits made together, and which tests then pass."""

    edits: tuple[Edit, ...]
    score: float
    passes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to: candidates that pass every test, and those that only help.

    Args:
        full: pass all tests, best first.
        partial: pass at least one more test and break none, best first.
        helping: pass the first failing test and break others.
    """

    full: tuple[Candidate, ...]
    partial: tuple[Candidate, ...]
    helping: tuple[Candidate, ...] = ()


class Search:
    """A search on one program; ends by itself when its time is over.

    Args:
        lab: where variants run.
        functions: names of functions that the tests call.
        deadline: `time.perf_counter()` after which nothing new is started.
    """

    def __init__(self, lab: Lab, functions: tuple[str, ...], deadline: float) -> None:
        self.lab, self.functions, self.deadline = lab, functions, deadline
        lab.deadline = deadline

    async def run(
        self,
        program: Program,
        seen: Sequence[Seen],
        suspicion: Mapping[int, float],
        first: int,
    ) -> Found:
        """Try every edit of a program, the likeliest first.

        Args:
            program: the learner's.
            seen: what it does in each test.
            suspicion: of each line, 0 to 1.
            first: the failing test to be explained.
        """
        failing = [number for number, one in enumerate(seen) if not one.passed]
        passing = frozenset(number for number, one in enumerate(seen) if one.passed)
        probes = _probes(first, failing, seen)
        order = [*probes, *(one for one in (*failing, *passing) if one not in probes)]
        known = {number: seen[number].outcome for number in probes}
        ended = [one.seconds for one in seen if not one.outcome.startswith("t")]
        seconds = min(_SLOWEST, max(0.006, 4 * max(ended, default=0)))
        edits = await asyncio.to_thread(self._ordered, program, suspicion)
        candidates: list[Candidate] = []
        start = 0
        for size in _PARTS:
            part = edits[start : start + size]
            start += size
            if not part or time.perf_counter() > self.deadline:
                break
            results = await self.lab.outcomes([[edit] for _, edit in part], order, known, seconds)
            for (score, edit), result in zip(part, results, strict=True):
                passes = frozenset(number for number, met in result.items() if met)
                if passes - passing:
                    candidates.append(Candidate((edit,), score, passes))
            if any(len(one.passes) == len(seen) for one in candidates):
                break
        return _sorted_out(candidates, passing, first, len(seen))

    def _ordered(
        self, program: Program, suspicion: Mapping[int, float]
    ) -> list[tuple[float, Edit]]:
        """Scores and edits, the likeliest first."""
        edits = itertools.islice(all_edits(program, self.functions), _MOST)
        return sorted(((_score(edit, suspicion), edit) for edit in edits), key=lambda one: -one[0])

    async def second(self, program: Program, found: Found, seen: Sequence[Seen]) -> Found:
        """Try a second edit after each of the best first ones."""
        full: list[Candidate] = []
        for seed in (*found.partial[:_SEEDS], *found.helping[: _SEEDS - 1]):
            if time.perf_counter() > self.deadline:
                break
            text = applied(program, seed.edits)
            try:
                changed = Program.read(text)
            except SyntaxError:
                continue
            lab = Lab(self.lab.grader, self.lab.task, {**self.lab.others, self.lab.task.main: text})
            now = await lab.look()
            if len(now) < len(seen) or all(one.passed for one in now):
                continue
            again = Search(lab, self.functions, self.deadline)
            failing = next(number for number, one in enumerate(now) if not one.passed)
            more = await again.run(changed, now, suspicion_of(now), failing)
            self.lab.runs += lab.runs
            full += [
                replace(one, edits=seed.edits + one.edits, score=seed.score + one.score)
                for one in more.full[:1]
            ]
            if full:
                break
        return replace(found, full=tuple(full))


def applied(program: Program, edits: Sequence[Edit]) -> str:
    """The program's text with edits made."""
    return edited(program.text, [change for edit in edits for change in edit.changes])


def edited(text: str, changes: Sequence[Change]) -> str:
    """A text with changes made; they do not overlap."""
    data = text.encode()
    for change in sorted(changes, key=lambda one: (one.start, one.end), reverse=True):
        data = data[: change.start] + change.text.encode() + data[change.end :]
    return data.decode()


def suspicion_of(seen: Sequence[Seen]) -> dict[int, float]:
    """Suspicion of lines; where an exception was raised counts most."""
    found = ochiai(seen)
    for one in seen:
        if not one.passed and one.evidence is not None and one.evidence.line in found:
            found[one.evidence.line] += 0.5
            break
    return found


def _probes(first: int, failing: Sequence[int], seen: Sequence[Seen]) -> list[int]:
    """The test to be explained, and the first that fails in another way."""
    rest = [number for number in failing if number != first]
    others = [number for number in rest if seen[number].lines != seen[first].lines]
    return [first, *(others or rest)[: _PROBES - 1]]


def _score(edit: Edit, suspicion: Mapping[int, float]) -> float:
    return suspicion.get(edit.line, 0.0) + weight(edit.cause)


def _sorted_out(
    candidates: Sequence[Candidate], passing: frozenset[int], first: int, tests: int
) -> Found:
    def best(chosen: Sequence[Candidate]) -> tuple[Candidate, ...]:
        return tuple(
            sorted(chosen, key=lambda one: (first not in one.passes, -len(one.passes), -one.score))
        )

    full = [one for one in candidates if len(one.passes) == tests]
    partial = [one for one in candidates if passing <= one.passes and len(one.passes) < tests]
    helping = [one for one in candidates if first in one.passes and not passing <= one.passes]
    return Found(best(full), best(partial), best(helping))
