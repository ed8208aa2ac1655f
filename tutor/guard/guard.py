"""Says whether a reply gives the solution or a fix away, by running what it offers.

Not the words decide but the tests: code in a reply is run against them, and a change that it asks
for is made in the learner's program, which is then run. Whatever passes more tests than the
learner's own program was given away.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from domain.grading import Task
from tutor.diagnosis.lab import Grades, Lab
from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program, parameters
from tutor.guard import directives, similarity, splice, steps
from tutor.guard.disguises import readings
from tutor.guard.extract import programs
from tutor.guard.repair import runnable
from tutor.guard.translate import translations

Kind = Literal["", "solution", "fix"]

LONGEST = 20_000  # characters of a reply that are read
_PROGRAMS = 260  # programs of one reply that are run
_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reply gives away.

    Args:
        kind: "solution", "fix", or "" for nothing.
        why: for logs and authors; English.
        evidence: the code or words that did it; never for the learner.
        ran: how many programs were run.
        ms: wall time in milliseconds.
    """

    kind: Kind = ""
    why: str = "nothing that helps the tests"
    evidence: str = ""
    ran: int = 0
    ms: float = 0.0

    @property
    def gives_away(self) -> bool:
        """Whether the reply must not be sent as it is."""
        return bool(self.kind)


class Guard:
    """Checks replies about one challenge.

    Args:
        grader: the sandbox.
        task: the challenge.
        solutions: texts of programs that pass, such as the author's; they are compared with.
    """

    def __init__(self, grader: Grades, task: Task, solutions: Sequence[str] = ()) -> None:
        self.grader, self.task = grader, task
        self.solutions = tuple(solutions)
        names = (test.spec.get("function") for test in task.tests if "source" not in test.spec)
        self.wanted = list(dict.fromkeys(str(name) for name in names if name))
        if not self.wanted and task.mode == "assert":
            self.wanted = _functions_of(self.solutions)[:3]
        self._passed: dict[str, frozenset[int]] = {}

    async def check(self, reply: str, learner: str = "") -> Verdict:
        """Check one reply, or what was shown of it so far.

        Args:
            reply: as the learner would get it.
            learner: the learner's present program, or "" when there is none.

        Raises:
            SandboxError: nothing can be run; then nothing may be sent unchecked.
        """
        begin = time.perf_counter()
        verdict = await self._check(reply[:LONGEST], learner.replace("\r\n", "\n"))
        return replace(verdict, ms=round((time.perf_counter() - begin) * 1000, 1))

    async def _check(self, reply: str, learner: str) -> Verdict:
        if self.task.language != "python":
            return self._compared(reply, learner)
        texts = readings(reply)
        lab = Lab(self.grader, self.task, {self.task.main: learner})
        mine = await self._passes(lab, learner)
        every = frozenset(range(len(self.task.tests)))
        if mine == every:
            return Verdict(why="the learner has solved it")
        whole = list(self._programs(texts, learner))
        offered: list[tuple[str, tuple[Change, ...]]] = []
        program = _read(learner)
        if program is not None and learner.strip():
            for text in texts:
                offered += splice.variants(text, program)
                offered += directives.variants(text, program)
        size = len(learner.encode())
        edits = [[Edit("", 1, (Change(0, size, text),))] for text in whole]
        edits += [[Edit("", 1, changes)] for _, changes in offered]
        order = range(len(self.task.tests))
        results = await lab.outcomes(edits, order, {}, _SECONDS)
        passes = [frozenset(number for number, met in one.items() if met) for one in results]
        for text, passed in zip(whole, passes, strict=False):
            if passed == every:
                return Verdict("solution", "a program in it passes every test", text, len(edits))
        for (words, _), passed in zip(offered, passes[len(whole) :], strict=True):
            if mine < passed:
                why = "the change it offers makes more tests pass"
                return Verdict("fix", why, words, len(edits))
        return replace(self._compared(reply, learner), ran=len(edits))

    async def _passes(self, lab: Lab, learner: str) -> frozenset[int]:
        if learner not in self._passed:
            if len(self._passed) > 64:
                self._passed.clear()
            results = await lab.outcomes([[]], range(len(self.task.tests)), {}, _SECONDS)
            self._passed[learner] = frozenset(number for number, met in results[0].items() if met)
        return self._passed[learner]

    def _programs(self, texts: Sequence[str], learner: str) -> Iterator[str]:
        given = self._parameters(learner)
        seen = {_tight(learner)}
        for text in texts:
            scraps = list(dict.fromkeys(programs(text)))
            for one in (*scraps[:12], text):
                for translated in translations(one):
                    scraps.append(translated)
                    scraps += list(programs(translated))[:3]
            for scrap in dict.fromkeys(scraps):
                for candidate in runnable(scrap, self.wanted, given):
                    key = _tight(candidate)
                    if key not in seen and len(seen) <= _PROGRAMS:
                        seen.add(key)
                        yield candidate

    def _parameters(self, learner: str) -> list[list[str]]:
        """Names of parameters that a body without its first line may use."""
        found: list[list[str]] = []
        for text in (learner, *self.solutions[:3]):
            program = _read(text)
            found += [
                parameters(function)
                for function in (program.functions if program else ())
                if function.name in self.wanted
            ]
        for test in self.task.tests[:1]:
            args = test.spec.get("args")
            if isinstance(args, list):
                found.append([f"x{number}" for number in range(len(args))])
        return [list(one) for one in dict.fromkeys(map(tuple, found))] or [[]]

    def _compared(self, reply: str, learner: str) -> Verdict:
        """Without running: stored solutions beside the reply's code and its steps."""
        for text in readings(reply):
            for scrap in list(dict.fromkeys(programs(text)))[:20]:
                for candidate in list(runnable(scrap, [], []))[:4]:
                    share = similarity.shared(candidate, self.solutions, learner)
                    if share >= similarity.SHARE:
                        why = f"{share:.0%} of a stored solution's statements stand in it"
                        return Verdict("solution", why, candidate)
            if steps.whole(text, self.solutions):
                return Verdict("solution", "its steps go through a whole stored solution", text)
        return Verdict()


def _functions_of(solutions: Sequence[str]) -> list[str]:
    names: list[str] = []
    for text in solutions:
        program = _read(text)
        names += [function.name for function in program.functions] if program else []
    return list(dict.fromkeys(names))


def _read(text: str) -> Program | None:
    try:
        return Program.read(text)
    except SyntaxError:
        return None


def _tight(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip())
