"""Finds small changes that pass the tests, and thereby the place and the kind of mistake.

It goes in rounds. The first tries every edit by itself. If none is enough, the next one tries a
further edit after each of the most promising ones: those that pass more tests, come nearer to the
wanted values, or get past an exception. Of variants that behave alike only the likeliest goes on.
"""

import asyncio
import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tutor.diagnosis.candidates import Candidate, Found, Nearness, promising, sorted_out
from tutor.diagnosis.edits import all_edits
from tutor.diagnosis.lab import Base, Lab
from tutor.diagnosis.misconceptions import weight
from tutor.diagnosis.model import Change, Edit, Seen
from tutor.diagnosis.program import Program
from tutor.diagnosis.samples import samples
from tutor.diagnosis.suspicion import ochiai
from tutor.diagnosis.wants import wanted_text

_SHARES = (0.5, 0.8, 1.0)  # of the time, at whose end each round stops; so many edits are made
_PARTS = (160, 240, 400)  # edits that are run together; it stops after a part with a success
_PARTS_AFTER = (300, 600)  # the same in later rounds, in which successes are rarer
_PART_LATE = 40  # the same for a program that never ends, which takes longer
_MOST = 5000  # edits of one program that are thought of
_PROBES = 4  # failing tests that decide whether an edit changes anything
_SEEDS = 10  # programs of one round from which the next one goes on
_AFTER = 500  # further edits of one of them
_SLOWEST = 0.03  # seconds of processor time that one run of a variant may use
_FASTEST = 0.006
_CPU_MS = 1000.0  # processor time after which no further round begins
_STEP = 0.02  # by how much a program must come nearer to go on from it
_RANK = 0.1  # how much less likely the next best program to go on from is


@dataclass(frozen=True, slots=True)
class _Try:
    """One variant: a further edit of a program."""

    base: int
    edit: Edit
    score: float
    text: str


class Search:
    """A search on one program; ends by itself when its time is over.

    Args:
        lab: where variants run.
        functions: names of functions that the tests call.
        deadline: `time.perf_counter()` after which nothing new is started.
    """

    def __init__(self, lab: Lab, functions: tuple[str, ...], deadline: float) -> None:
        self.lab, self.functions = lab, functions
        self.together = False
        lab.deadline = deadline
        self.wanted = [wanted_text(lab.task, test) for test in lab.task.tests]
        self.nearness = Nearness(self.wanted)
        self.seconds = _SLOWEST
        self.tests = len(lab.task.tests)
        self.typed, self.shown = samples(lab.task)
        self._texts: set[str] = set()
        self._until, self._until_ms = deadline, _CPU_MS
        self._thought: tuple[str, list[Edit]] = ("", [])

    def prepare(self, program: Program) -> None:
        """Think of the edits of a program; this can be done before it was looked at."""
        program.typed, program.shown = self.typed, self.shown
        edits = itertools.islice(all_edits(program, self.functions, outputs=True), _MOST)
        self._thought = program.text, list(edits)

    async def run(
        self,
        program: Program,
        seen: Sequence[Seen],
        suspicion: Mapping[int, float],
        first: int,
        *,
        together: bool = False,
    ) -> Found:
        """Try edits of a program, the likeliest first, and more after the best.

        Args:
            program: the learner's.
            seen: what it does in each test.
            suspicion: of each line, 0 to 1.
            first: the failing test to be explained.
            together: tests see what others left behind, so all are run, in their order.
        """
        self.together = together
        ended = [one.seconds for one in seen if not one.outcome.startswith("t")]
        self.seconds = min(_SLOWEST, max(_FASTEST, 4 * max(ended, default=0)))
        passing = frozenset(number for number, one in enumerate(seen) if one.passed)
        outcomes = {number: one.outcome for number, one in enumerate(seen)}
        reached = {line for one in seen if not one.passed for line in one.lines}
        self.nearness = Nearness(self.wanted, reached)
        near, points = self.nearness.whole(outcomes, passing, {}, {})
        root = Candidate((), program.text, 0.0, passing, outcomes, near, points)
        self._texts.add(program.text)
        probes = _probes(first, seen)
        every: list[Candidate] = []
        seeds = [root]
        start = (root, suspicion, probes)
        begin = time.perf_counter()
        for share in _SHARES:
            self._until_ms = share * _CPU_MS
            self._until = begin + share * (self.lab.deadline - begin)
            found = await self._round(seeds, start)
            every += found
            if self._whole(found):
                break
            seeds = promising(found, _SEEDS, _STEP)
        return sorted_out(every, passing, first, self.tests)

    async def _round(
        self,
        seeds: Sequence[Candidate],
        start: tuple[Candidate, Mapping[int, float], Sequence[int]],
    ) -> list[Candidate]:
        """Try a further edit after each of some programs, until one passes all tests."""
        root, suspicion, probes = start
        bases = [
            Base(seed.text, tuple(range(self.tests)), {})
            if self.together
            else _base(seed, probes, root.passes, self.tests)
            for seed in seeds
        ]
        tries = await asyncio.to_thread(self._tries, seeds, root, suspicion)
        found: list[Candidate] = []
        place = 0
        for size in _sizes(seeds, probes[0]):
            part = tries[place : place + size]
            place += size
            if not part or self.lab.cpu_ms > self._until_ms or time.perf_counter() > self._until:
                break
            rows = await self.lab.tried(
                bases, [(one.base, [one.edit]) for one in part], self.seconds
            )
            known = [
                (one, row, self._passes(row))
                for one, row in zip(part, rows, strict=True)
                if row and not row.get(probes[0], "").startswith("xSyntaxError")
            ]
            # How near the others come matters only if no variant passes all tests.
            done = any(len(passes) == self.tests for _, _, passes in known)
            found += [
                self._candidate(one, seeds[one.base], row, passes, measured=not done)
                for one, row, passes in known
                if passes or not done
            ]
            if done:
                break
        return found

    def _tries(
        self, seeds: Sequence[Candidate], root: Candidate, suspicion: Mapping[int, float]
    ) -> list[_Try]:
        """What to try, the likeliest first; no text that was tried before."""
        found = []
        for rank, seed in enumerate(seeds):
            lines = _moved(suspicion, root, seed) if seed.edits else suspicion
            for score, edit, text in self._edits(seed.text, lines, len(seed.edits)):
                if text not in self._texts:
                    self._texts.add(text)
                    found.append(_Try(rank, edit, score - _RANK * rank, text))
        return sorted(found, key=lambda one: -one.score)

    def _edits(
        self, text: str, suspicion: Mapping[int, float], depth: int
    ) -> Iterator[tuple[float, Edit, str]]:
        """Scores, edits and what they make of a text, the likeliest first."""
        try:
            program = Program.read(text)
        except SyntaxError:
            return
        if text != self._thought[0]:
            self.prepare(program)
        edits = self._thought[1]
        scored = sorted(
            ((_score(edit, suspicion), edit) for edit in edits), key=lambda one: -one[0]
        )
        for score, edit in scored[: _AFTER if depth else _MOST]:
            yield score, edit, edited_bytes(program.data, edit.changes)

    def _passes(self, outcomes: Mapping[int, str]) -> frozenset[int]:
        return frozenset(number for number, text in outcomes.items() if self.lab.met(number, text))

    def _candidate(
        self,
        one: _Try,
        seed: Candidate,
        outcomes: Mapping[int, str],
        passes: frozenset[int],
        *,
        measured: bool,
    ) -> Candidate:
        near, points = seed.near, seed.points
        if measured:
            near, points = self.nearness.whole(
                outcomes, passes, seed.outcomes, seed.points, one.edit.line
            )
        score, gain = seed.score + one.score, near - seed.near
        edits = (*seed.edits, one.edit)
        return Candidate(edits, one.text, score, passes, outcomes, near, points, gain)

    def _whole(self, found: Sequence[Candidate]) -> bool:
        return any(len(one.passes) == self.tests for one in found)


def _sizes(seeds: Sequence[Candidate], first: int) -> Iterator[int]:
    """How many variants are run together: few while success is likely, or each takes long."""
    sizes: tuple[int, ...] = _PARTS
    if seeds and seeds[0].edits:
        sizes = _PARTS_AFTER
    elif any(one.outcomes[first].startswith("t") for one in seeds):
        sizes = (_PART_LATE,)
    return itertools.chain(sizes, itertools.repeat(sizes[-1]))


def edited(text: str, changes: Sequence[Change]) -> str:
    """A text with changes made; they do not overlap."""
    return edited_bytes(text.encode(), changes)


def edited_bytes(data: bytes, changes: Sequence[Change]) -> str:
    """A text, given as UTF-8, with changes made."""
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


def _probes(first: int, seen: Sequence[Seen]) -> list[int]:
    """The test to be explained, and one of each other way to fail."""
    ways: dict[tuple[frozenset[int], tuple[str, ...]], int] = {}
    failing = [number for number, one in enumerate(seen) if not one.passed]
    for number in (first, *failing):
        ways.setdefault((seen[number].lines, seen[number].kinds), number)
    chosen = list(ways.values())[:_PROBES]
    return [*chosen, *(number for number in failing if number not in chosen)][: max(2, len(chosen))]


def _base(seed: Candidate, probes: Sequence[int], passing: frozenset[int], tests: int) -> Base:
    """A program to go on from: what it still fails in is asked first."""
    failing = [n for n in range(tests) if n in seed.outcomes and n not in seed.passes]
    asked = [number for number in probes if number in failing]
    asked = [*asked, *(n for n in failing if n not in asked)][:_PROBES]
    rest = [number for number in range(tests) if number not in asked]
    order = (*asked, *sorted(rest, key=lambda number: number not in passing))
    return Base(seed.text, order, {number: seed.outcomes[number] for number in asked})


def _moved(suspicion: Mapping[int, float], root: Candidate, seed: Candidate) -> dict[int, float]:
    """Suspicion of lines after edits; where an exception is raised now counts most."""
    more = seed.text.count("\n") - root.text.count("\n")
    after = min(edit.line for edit in seed.edits)
    found = {line + more * (line > after): value for line, value in suspicion.items()}
    for number, outcome in seed.outcomes.items():
        if number not in seed.passes and outcome[:1] == "x":
            line = int(outcome.rpartition("@")[2] or 0)
            found[line] = found.get(line, 0.0) + 0.5
            break
    return found


def _score(edit: Edit, suspicion: Mapping[int, float]) -> float:
    return suspicion.get(edit.line, 0.0) + weight(edit.cause)
