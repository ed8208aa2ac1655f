"""Functions that are called: the arguments go in, a value comes out and is compared here."""

from collections.abc import Mapping

from domain.grading import explain
from domain.grading.cells import Cell, CellGone
from domain.grading.evaluation import VALUE_SHOWN, Evaluation, Failed
from domain.grading.jail.values import decode, encode, same
from domain.grading.model import Json, TestCase, TestResult
from domain.grading.tasks import literal


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
    """Mode call. Expected values stay on this side; each test's arguments go in by themselves."""

    cell: Cell | None = None
    _start = 0

    async def test(self, test: TestCase) -> TestResult:
        """Call the function and compare exactly, types included."""
        if "raises" in test.spec:
            return await self._raising(test, str(test.spec["raises"]))
        expected = literal(test.spec["expected"])
        try:
            got = await self.call(test.spec)
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
            value = await self.call(test.spec)
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

    async def call(self, spec: Mapping[str, Json]) -> object:
        """The value that the learner's function gives, rebuilt from plain data.

        Raises:
            Raised: the function raised.
            Failed: it came to no answer.
        """
        cell = await self.loaded()
        name = str(spec["function"])
        order = {
            "call": name,
            "args": encode(literal(spec.get("args", []))),
            "kwargs": encode(literal(spec.get("kwargs", {}))),
        }
        self._start = cell.printed()
        try:
            if not cell.quiet():  # an answer before the question
                await cell.end()
                raise Failed("error", explain.note(explain.OWN_CHANNEL))
            await cell.send(order)
            frame = await self.hear(cell)
        except CellGone as wrong:
            raise self.gone(await cell.finish(self.task.limits.wall_s)) from wrong
        if "missing" in frame:
            present = frame["missing"]
            names = [str(one) for one in present] if isinstance(present, list) else []
            raise Failed("error", explain.missing_function(name, names), for_all=True)
        if "raised" in frame:
            raise Raised(frame["raised"])
        try:
            return decode(frame["value"])
        except (KeyError, ValueError, RecursionError) as wrong:
            await cell.end()
            raise Failed("error", explain.note(explain.TOO_LARGE)) from wrong

    async def loaded(self) -> Cell:
        """A living cell with the learner's module in it.

        Raises:
            Failed: the module cannot be loaded, so no test can run.
        """
        if self.cell is not None and not self.cell.over:
            return self.cell
        await self.close()
        cell = await self.zygote.cell(self.setup("module", tests=len(self.task.tests)))
        self.cell, self._start = cell, 0
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
        return self.cell.output(self._start) if self.cell is not None else ""

    async def close(self) -> None:
        """End the learner's process, and measure it."""
        if self.cell is not None:
            cell, self.cell = self.cell, None
            async with cell:
                self.measure(cell, await cell.end())


def show(value: object) -> str:
    """A value as a person writes it in Python."""
    try:
        return repr(value)[: VALUE_SHOWN + 1]
    except (RecursionError, ValueError):  # a number with more digits than Python prints
        return f"<{type(value).__name__}, too large to show>"
