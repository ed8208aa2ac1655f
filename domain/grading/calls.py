"""Functions that are called: the arguments go in, a value comes out and is compared here."""

from collections.abc import Mapping
from functools import partial
from itertools import takewhile

from domain.grading import explain
from domain.grading.cells import Cell, CellGone
from domain.grading.evaluation import VALUE_SHOWN, Evaluation, Failed
from domain.grading.jail.values import decode, same
from domain.grading.model import TestCase, TestResult
from domain.grading.tasks import literal

_LINGER_S = 0.05  # for a process to end that has nothing left to do


class Raised(Exception):
    """The learner's function raised; `report` is what its process says about it."""

    def __init__(self, report: object) -> None:
        super().__init__()
        self.report: Mapping[str, object] = report if isinstance(report, dict) else {}

    def names(self) -> set[str]:
        """The exception's type and its builtin ancestors."""
        bases = self.report.get("bases")
        return {str(self.report.get("type")), *(map(str, bases) if isinstance(bases, list) else ())}


class CallEvaluation(Evaluation):
    """Mode call. Expected values stay on this side; arguments go in, hidden ones by themselves."""

    cell: Cell | None = None
    _start = 0  # where the present test's output is in what was printed
    _end: int | None = None  # up to here; None: up to the end
    _asked = 0  # answers that are still to come
    _last = False  # whether the cell was asked for everything, and ends by itself

    async def test(self, test: TestCase) -> TestResult:
        """Call the function and compare exactly, types included."""
        if "raises" in test.spec:
            return await self._raising(test, str(test.spec["raises"]))
        expected = literal(test.spec["expected"])
        try:
            got = await self.call(test)
        except Raised as wrong:
            raise self.raised(wrong.report) from wrong
        tolerance = test.spec.get("tolerance", 0.0)
        allowed = float(tolerance) if isinstance(tolerance, int | float) else 0.0
        passed = same(got, expected, allowed)
        return self.result(
            test,
            "passed" if passed else "failed",
            expected=show(expected),
            got=show(got),
            output=await self.output(),
            note=None if passed else explain.wrong_type(expected, got),
        )

    async def _raising(self, test: TestCase, wanted: str) -> TestResult:
        got, passed = "", False
        try:
            value = await self.call(test)
        except Raised as wrong:
            passed = wanted in wrong.names()
            got = str(wrong.report.get("type"))
            note = explain.note(explain.OTHER_ERROR, expected=wanted, got=got)
        else:
            got = show(value)
            note = explain.note(explain.NO_SUCH_ERROR, expected=wanted)
        return self.result(
            test,
            "passed" if passed else "failed",
            expected=wanted,
            got=got,
            output=await self.output(),
            note=None if passed else note,
        )

    async def call(self, test: TestCase) -> object:
        """The value that the learner's function gives, rebuilt from plain data.

        Raises:
            Raised: the function raised.
            Failed: it came to no answer.
        """
        cell = await self.loaded()
        name = str(test.spec["function"])
        try:
            if not self._asked:
                await self._call_run(cell, test)
            self._asked -= 1
            self._start, self._end = self._end or 0, None
            frame = await self.hear(cell)
        except CellGone as wrong:
            self._asked = 0
            raise self.gone(await cell.finish(self.task.limits.wall_s)) from wrong
        except Failed:
            await self._give_up(cell)
            raise
        at = frame.get("at")
        self._end = at if isinstance(at, int) and at > self._start else self._start
        if "missing" in frame:
            present = frame["missing"]
            names = [str(one) for one in present] if isinstance(present, list) else []
            raise Failed("error", explain.missing_function(name, names), for_all=True)
        if "raised" in frame:
            raise Raised(frame["raised"])
        try:
            return decode(frame["value"])
        except (KeyError, ValueError, RecursionError) as wrong:
            await self._give_up(cell)
            raise Failed("error", explain.note(explain.TOO_LARGE)) from wrong

    async def _give_up(self, cell: Cell) -> None:
        """End a process whose answers are not to be had; the tests after this one get another."""
        self._asked = 0
        await cell.end()

    async def _call_run(self, cell: Cell, test: TestCase) -> None:
        """Send this test's call, and at once those of the tests after it of the same kind.

        What a learner's code knows of a hidden test it could print during a sample test after it,
        where it is shown: so calls of both kinds are never there together.
        """
        if not cell.quiet():  # an answer before the question
            raise Failed("error", explain.note(explain.OWN_CHANNEL))
        tests = self.task.tests[self.position :]
        run = list(takewhile(partial(_go_together, test), tests))
        calls = [
            (
                str(one.spec["function"]),
                literal(one.spec.get("args", [])),
                literal(one.spec.get("kwargs", {})),
            )
            for one in run
        ]
        self._last = len(run) == len(tests)
        self._asked = len(run)
        self._end = cell.printed()
        await cell.send((calls, self._last))

    async def loaded(self) -> Cell:
        """A living cell with the learner's module in it.

        Raises:
            Failed: the module cannot be loaded, so no test can run.
        """
        if self.cell is not None and (self._asked or not self.cell.over):
            return self.cell
        await self.close()
        cell = await self.zygote.cell(self.setup("module", tests=len(self.task.tests)))
        self.cell, self._start, self._end, self._asked, self._last = cell, 0, None, 0, False
        await self.imported(cell)
        return cell

    async def imported(self, cell: Cell) -> None:
        """Hear that the learner's module was imported, before any test's input is there.

        Raises:
            Failed: it ended, raised or broke the protocol; true of every test.
            Raised: its own code raised; true of every test.
        """
        present, self.present = self.present, None
        try:
            frame = await self.hear(cell)
        except Failed as failed:
            failed.for_all = True
            raise
        if "raised" in frame:
            raise self.raised(frame["raised"], for_all=True)
        self.present = present

    async def output(self) -> str:
        """What was printed since the call."""
        if self.cell is None:
            return ""
        return self.cell.output(
            self._start, self.cell.printed() if self._end is None else self._end
        )

    async def close(self) -> None:
        """End the learner's process, and measure it."""
        if self.cell is not None:
            cell, self.cell = self.cell, None
            async with cell:
                self.measure(await (cell.finish(_LINGER_S) if self._last else cell.end()))


def _go_together(one: TestCase, other: TestCase) -> bool:
    return "function" in other.spec and one.is_sample == other.is_sample


def show(value: object) -> str:
    """A value as a person writes it in Python."""
    try:
        return repr(value)[: VALUE_SHOWN + 1]
    except (RecursionError, ValueError):  # a number with more digits than Python prints
        return f"<{type(value).__name__}, too large to show>"
