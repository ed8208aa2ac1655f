"""Checker functions: the learner's value or output comes out, the checker sees it elsewhere."""

from domain.grading import explain
from domain.grading.asserts import tester_setup
from domain.grading.calls import CallEvaluation, Raised, show
from domain.grading.cells import Cell, CellGone, OutOfTime
from domain.grading.evaluation import Failed
from domain.grading.jail.frames import ProtocolError
from domain.grading.jail.values import Opaque, encode
from domain.grading.model import TestCase, TestResult
from domain.grading.scripts import ScriptEvaluation
from domain.grading.tasks import literal


class CheckerEvaluation(CallEvaluation, ScriptEvaluation):
    """Mode checker: `check(got, *args, **kwargs)` runs in a process without learner code."""

    tester: Cell | None = None
    _script = False

    async def test(self, test: TestCase) -> TestResult:
        """Get the value, or the output for an input, and ask the checker about it."""
        self._script = "stdin" in test.spec
        got: object
        if self._script:
            got = await self.script(str(test.spec["stdin"]))
        else:
            try:
                got = await self.call(test)
            except Raised as wrong:
                raise self.raised(wrong.report) from wrong
        if isinstance(got, Opaque):
            return self.result(test, "failed", got=show(got), output=await self.output())
        args = [test.spec["stdin"]] if self._script else test.spec.get("args", [])
        order = {
            "check": str(test.spec.get("check", "check")),
            "source": str(test.spec["source"]),
            "got": encode(got),
            "args": encode(literal(args)),
            "kwargs": encode(literal({} if self._script else test.spec.get("kwargs", {}))),
        }
        verdict = await self._ask(order)
        passed = "pass" in verdict
        fail = verdict.get("fail")
        message = str(fail.get("message") or "") if isinstance(fail, dict) else ""
        return self.result(
            test,
            "passed" if passed else "failed",
            got=str(got) if self._script else show(got),
            output=await self.output(),
            note=explain.note(explain.CHECK_SAYS, reason=message) if message else None,
        )

    async def _ask(self, order: dict[str, object]) -> dict[str, object]:
        if self.tester is None or self.tester.over:
            await self._close_tester()
            self.tester = await self.zygote.cell(tester_setup(self))
        try:
            await self.tester.send(order)
            return await self.tester.receive(self.task.limits.wall_s)
        except (CellGone, OutOfTime, ProtocolError) as wrong:
            raise Failed("failed", explain.note(explain.TOO_LARGE)) from wrong

    async def output(self) -> str:
        """What the present test's run printed."""
        return self.printed if self._script else await super().output()

    async def close(self) -> None:
        """End what still runs."""
        await super().close()
        await self._close_tester()

    async def _close_tester(self) -> None:
        if self.tester is not None:
            tester, self.tester = self.tester, None
            async with tester:
                pass
