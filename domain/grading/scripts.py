"""Programs that read standard input and print: one fresh process per test."""

from domain.grading import explain
from domain.grading.cells import Cell
from domain.grading.compare import same_output
from domain.grading.evaluation import Evaluation, Failed
from domain.grading.model import TestCase, TestResult


class ScriptEvaluation(Evaluation):
    """Mode stdin. The expected output stays on this side; only the input goes in."""

    printed = ""

    async def test(self, test: TestCase) -> TestResult:
        """Run the program on the test's input and compare what it printed."""
        got = await self.script(str(test.spec["stdin"]))
        expected = str(test.spec["stdout"])
        note = same_output(expected, got, str(test.spec.get("compare", "tolerant")))
        return self.result(
            test,
            "failed" if note else "passed",
            expected=expected,
            got=got,
            output=got,
            note=note,
        )

    async def script(self, stdin: str) -> str:
        """What the program prints for an input.

        Raises:
            Failed: it did not end well.
        """
        self.printed = ""
        async with await self.zygote.cell(self.setup("script", stdin=stdin)) as cell:
            try:
                await self._to_its_end(cell)
            finally:
                self.measure(cell, await cell.end())
                self.printed = cell.output()
        return self.printed

    async def output(self) -> str:
        """What the present test's program printed."""
        return self.printed

    async def _to_its_end(self, cell: Cell) -> None:
        try:
            frame = await self.hear(cell)
        except Failed as failed:
            if failed.status == "error" and cell.over and (await cell.end()).code == 0:
                return  # it left by os._exit(0): what it printed counts
            raise
        if "raised" in frame:
            wrong = frame["raised"]
            syntax = isinstance(wrong, dict) and "SyntaxError" in str(wrong.get("bases"))
            raise self.raised(wrong, for_all=syntax)
        if "left" in frame:
            raise Failed("error", explain.note(explain.LEFT, reason=str(frame["left"])))
        await cell.finish(self.task.limits.wall_s)
