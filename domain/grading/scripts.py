"""Programs that read standard input and print: one fresh process per test."""

import ast
from collections.abc import Mapping

from domain.grading import explain
from domain.grading.cells import Cell
from domain.grading.compare import same_output
from domain.grading.evaluation import Evaluation, Failed
from domain.grading.model import TestCase, TestResult
from domain.syntax import parse


class ScriptEvaluation(Evaluation):
    """Mode stdin. The expected output stays on this side; only the input goes in."""

    printed = ""

    async def test(self, test: TestCase) -> TestResult:
        """Run the program on the test's input and compare what it printed."""
        got = await self.script(str(test.spec["stdin"]))
        expected = str(test.spec["stdout"])
        compare = str(test.spec.get("compare", "tolerant"))
        note = same_output(expected, got, compare)
        if note and same_output(expected, _without_prompts(got, self.files), compare) is None:
            note = explain.note(explain.PROMPTS)
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
                self.measure(await cell.end())
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


def _without_prompts(output: str, files: Mapping[str, str]) -> str:
    """An output as it would be if `input("...")` had shown nothing."""
    for text in files.values():
        try:
            calls = [node for node in ast.walk(parse(text)) if isinstance(node, ast.Call)]
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for call in calls:
            asks = isinstance(call.func, ast.Name) and call.func.id == "input" and call.args
            if asks and isinstance(call.args[0], ast.Constant):
                output = output.replace(str(call.args[0].value) or "\0", "", 1)
    return output
