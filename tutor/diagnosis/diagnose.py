"""From a failing program to what is known about it: failing test, place, cause, confidence."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.grading import Result, Task, TestResult
from tutor.diagnosis.account import concept_without_cause, explained, failure_of, unread
from tutor.diagnosis.candidates import Candidate, Found, needed
from tutor.diagnosis.lab import Grades, Lab, called
from tutor.diagnosis.misconceptions import MISCONCEPTIONS
from tutor.diagnosis.model import Cause, Confidence, Diagnosis, Edit, Failure, Seen
from tutor.diagnosis.nearest import nearest
from tutor.diagnosis.outputs import never_changes
from tutor.diagnosis.program import Program
from tutor.diagnosis.search import Search, edited, suspicion_of
from tutor.diagnosis.suspicion import by_suspicion
from tutor.diagnosis.syntax import Unreadable, readings, unreadable

BUDGET_S = 4.0
_GRADED = 3  # candidates that are graded again behind the wall, until one holds
_LATE_S = 0.5  # processor time after which a program that seemed endless is taken for it
_LINES = 3
_FURTHER = 2  # changes after one that makes a program readable
_READINGS = 40  # ways to make a program readable that are run


async def diagnose(
    grader: Grades,
    task: Task,
    files: Mapping[str, str],
    *,
    result: Result | None = None,
    show_hidden: bool = False,
    accepted: Sequence[str] = (),
    budget_s: float = BUDGET_S,
) -> Diagnosis:
    """Find out what is wrong with a submission, by running it and close variants of it.

    Args:
        grader: the sandbox; every run goes through it.
        task: the challenge.
        files: what the learner handed in.
        result: how it was graded, when that is known.
        show_hidden: the learner may see the inputs of hidden tests.
        accepted: programs of the main file that pass, from people who agreed to it; they are
            compared with, and never shown.
        budget_s: seconds after which no further variant is run.

    Raises:
        SandboxError: nothing can be run on this machine.
        ValueError: a file name with a path in it.
    """
    begin = time.perf_counter()
    files = dict(files)
    if task.main not in files and len(files) == 1:
        files = {task.main: next(iter(files.values()))}
    if task.main in files:
        files[task.main] = files[task.main].replace("\r\n", "\n").replace("\r", "\n")
    one = _Examination(grader, task, files, show_hidden, begin + budget_s)
    found = await one.run(result, accepted)
    return replace(found, ms=round((time.perf_counter() - begin) * 1000, 1))


class _Examination:
    """One submission being looked into."""

    def __init__(
        self,
        grader: Grades,
        task: Task,
        files: Mapping[str, str],
        show_hidden: bool,
        deadline: float,
    ) -> None:
        self.grader, self.task, self.files = grader, task, files
        self.show_hidden, self.deadline = show_hidden, deadline
        self.text = files.get(task.main, "")

    async def run(self, result: Result | None, accepted: Sequence[str]) -> Diagnosis:
        """The whole examination."""
        if self.task.language != "python" or self.task.main not in self.files:
            graded = result or await self.grader.grade(self.task, self.files)
            return self.from_result(graded)
        stop = unreadable(self.text)
        if stop is not None:
            return await self.unread(stop)
        program = Program.read(self.text)
        lab = Lab(self.grader, self.task, self.files)
        search = Search(lab, tuple(called(self.task)), self.deadline)
        seen, _ = await asyncio.gather(lab.look(), asyncio.to_thread(search.prepare, program))
        together = False
        failing = _failing(seen)
        if len(seen) == len(self.task.tests) and not failing:
            result = result or await self.grader.grade(self.task, self.files)
            if result.status != "passed":  # a test sees what another left behind
                seen, together = await lab.look(together=True), True
                failing = _failing(seen)
        if len(seen) < len(self.task.tests) or not failing:
            graded = result or await self.grader.grade(self.task, self.files)
            return self.from_result(graded)
        first = self.first(failing)
        suspicion = suspicion_of(seen)
        results, found = await asyncio.gather(
            self.graded(result, seen, first),
            search.run(program, seen, suspicion, first, together=together),
        )
        held, confidence = await self.held(found)
        failure = self.failure(first, results.get(first), seen[first])
        diagnosis = Diagnosis(
            confidence="test",
            concept=concept_without_cause(failure, seen[first]),
            failure=failure,
            cause=None,
            lines=tuple(by_suspicion(suspicion)[:_LINES]),
            explanation=(
                *explained(failure, seen[first], program),
                *never_changes(self.task, seen),
            ),
            passed=len(seen) - len(failing),
            tests=len(self.task.tests),
            tried=lab.runs,
        )
        if held is not None:
            helped = {number for number in failing if number in held.passes}
            helps = first if first in helped or not helped else min(helped)
            diagnosis = replace(diagnosis, helps=self.task.tests[helps].name)
            return self.with_cause(diagnosis, program, held, confidence)
        near = nearest(program, accepted)
        lines = tuple(dict.fromkeys((*near, *diagnosis.lines)))[:_LINES]
        evidence = seen[first].evidence
        told = near or (evidence is not None and evidence.line > 0) or _narrow(suspicion)
        return replace(diagnosis, lines=lines, confidence="lines" if told and lines else "test")

    def first(self, failing: Sequence[int]) -> int:
        """The failing test to talk about: the first that the learner may see."""
        shown = [number for number in failing if not self.hidden(number)]
        return (shown or list(failing))[0]

    def hidden(self, number: int) -> bool:
        """Whether the learner sees only a test's name."""
        return not (self.show_hidden or self.task.tests[number].is_sample)

    def failure(self, number: int, graded: TestResult | None, seen: Seen | None) -> Failure:
        """A failing test as the learner may see it."""
        test = self.task.tests[number]
        return failure_of(self.task, test, number, graded, seen, hidden=self.hidden(number))

    async def graded(
        self, result: Result | None, seen: Sequence[Seen], first: int
    ) -> dict[int, TestResult]:
        """The tests' results behind the wall; a program that never ends is given one test."""
        tests = self.task.tests
        late = any(one.outcome.startswith("t") for one in seen)
        if result is None and late:
            limits = replace(self.task.limits, time_s=min(_LATE_S, self.task.limits.time_s))
            one = replace(self.task, tests=(tests[first],), limits=limits)
            return {first: (await self.grader.grade(one, self.files)).tests[0]}
        graded = result or await self.grader.grade(self.task, self.files)
        return dict(enumerate(graded.tests))

    async def held(self, found: Found) -> tuple[Candidate | None, Confidence]:
        """The best candidate that also holds when it is graded like a submission.

        One that only helps is graded on the tests that it should pass: the others may never end.
        """
        every = self.task.tests
        for one in (*found.full[:_GRADED], *found.partial[:_GRADED]):
            chosen = sorted(one.passes)
            task = replace(self.task, tests=tuple(every[number] for number in chosen))
            result = await self.grader.grade(task, {**self.files, self.task.main: one.text})
            if all(test.status == "passed" for test in result.tests):
                return one, "validated" if len(chosen) == len(every) else "partly"
        return None, "test"

    def with_cause(
        self, diagnosis: Diagnosis, program: Program, held: Candidate, confidence: Confidence
    ) -> Diagnosis:
        """A diagnosis with the place and kind of a change that holds."""
        edits = needed(held.edits)
        edit = edits[0]
        lines = (edit.line, *(line for line in diagnosis.lines if line != edit.line))
        return replace(
            diagnosis,
            confidence=confidence,
            concept=MISCONCEPTIONS[edit.cause].concept,
            cause=Cause(edit.cause, edit.line, program.line(edit.line).strip()),
            lines=lines[:_LINES],
            edits=edits,
            repaired=held.text if confidence == "validated" else None,
        )

    def from_result(self, graded: Result) -> Diagnosis:
        """What the tests alone say: no variants could be run, or nothing fails."""
        failing = [n for n, test in enumerate(graded.tests) if test.status != "passed"]
        passed = len(graded.tests) - len(failing)
        if not failing:
            return Diagnosis("none", "tracing", None, None, (), (), passed, passed)
        first = self.first(failing)
        failure = self.failure(first, graded.tests[first], None)
        try:
            program = Program.read(self.text) if self.task.language == "python" else None
        except SyntaxError:
            program = None
        return Diagnosis(
            confidence="test",
            concept="page"
            if self.task.language != "python"
            else concept_without_cause(failure, None),
            failure=failure,
            cause=None,
            lines=(),
            explanation=explained(failure, None, program),
            passed=passed,
            tests=len(graded.tests),
        )

    async def unread(self, stop: Unreadable) -> Diagnosis:
        """A program that Python cannot read: the place, and what would make it readable."""
        lab = Lab(self.grader, self.task, self.files)
        edits = [edit for edit, _ in zip(readings(self.text, stop), range(_READINGS), strict=False)]
        order = range(len(self.task.tests))
        results = await lab.outcomes([[edit] for edit in edits], order, {}, 0.03)
        best, most = None, -1
        for edit, result in zip(edits, results, strict=True):
            passes = sum(result.values())
            if passes > most and (passes or edit.cause != "extra_statement"):
                best, most = edit, passes
        tests = self.task.tests
        confidence: Confidence = "lines"
        if best is not None and most > 0:
            changed = edited(self.text, best.changes)
            graded = await self.grader.grade(self.task, {**self.files, self.task.main: changed})
            most = graded.passed
            confidence = "validated" if most == len(tests) else "partly" if most else "lines"
        if best is not None and confidence != "validated":
            further = await self.further(best)
            if further is not None:
                return replace(further, explanation=unread(stop, _line_of(self.text, stop.line)))
        line = best.line if best is not None and confidence != "lines" else stop.line
        key = best.cause if best is not None else ""
        cause = Cause(key, line, _line_of(self.text, line)) if key else None
        return Diagnosis(
            confidence=confidence,
            concept=MISCONCEPTIONS[key].concept if key else "reading",
            failure=self.failure(self.first(order), None, None),
            cause=cause,
            lines=tuple(dict.fromkeys((line, stop.line))),
            explanation=unread(stop, _line_of(self.text, stop.line)),
            passed=0,
            tests=len(tests),
            edits=(best,) if best is not None and confidence != "lines" else (),
            tried=lab.runs,
        )

    async def further(self, reading: Edit) -> Diagnosis | None:
        """A program that can be read after one edit, and passes after one or two more."""
        text = edited(self.text, reading.changes)
        files = {**self.files, self.task.main: text}
        left = _Examination(self.grader, self.task, files, self.show_hidden, self.deadline)
        found = await left.run(None, ())
        if found.confidence != "validated" or len(found.edits) > _FURTHER:
            return None
        cause = Cause(reading.cause, reading.line, _line_of(self.text, reading.line))
        return replace(
            found,
            concept=MISCONCEPTIONS[reading.cause].concept,
            failure=self.failure(self.first(range(len(self.task.tests))), None, None),
            cause=cause,
            lines=(reading.line,),
            edits=(reading, *found.edits),
            passed=0,
        )


def _failing(seen: Sequence[Seen]) -> list[int]:
    return [number for number, one in enumerate(seen) if not one.passed]


def _narrow(suspicion: Mapping[int, float]) -> bool:
    """Whether suspicion tells lines apart at all."""
    return len(set(suspicion.values())) > 1


def _line_of(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[number - 1].strip() if 1 <= number <= len(lines) else ""
