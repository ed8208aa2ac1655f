"""Assertions over a learner's module: two processes, and the verdict is given in the other one."""

import asyncio
import re
import socket

from domain.grading import explain
from domain.grading.calls import CallEvaluation
from domain.grading.cells import Cell, CellGone, OutOfTime
from domain.grading.evaluation import Evaluation, Failed, clean
from domain.grading.jail.frames import ProtocolError
from domain.grading.model import Json, Limits, TestCase, TestResult
from domain.grading.setups import Setup

_TESTER = Limits(time_s=10.0, memory_mb=128)


def tester_setup(evaluation: Evaluation) -> Setup:
    """How to start the process that runs an author's test code."""
    seconds = int(evaluation.task.limits.wall_s * (len(evaluation.task.tests) + 1)) + 1
    return Setup("tester", _TESTER, {}, "", seconds)


class AssertEvaluation(CallEvaluation):
    """Mode assert. Test code reaches the learner's objects over a wire, and never the reverse."""

    tester: Cell | None = None
    _read = 0

    async def test(self, test: TestCase) -> TestResult:
        """Run one test's code in the tester."""
        learner = await self.loaded()
        tester = self.tester
        if tester is None:
            raise Failed("error", None)
        self._start = self._read = learner.printed()
        order: dict[str, Json] = {
            "source": str(test.spec.get("source") or test.spec.get("code")),
            "function": str(test.spec["function"]) if "source" in test.spec else "",
            "module": self.task.main,
        }
        try:
            await tester.send(order)
            verdict = await self._verdict(tester, learner)
        except (CellGone, OutOfTime, ProtocolError) as wrong:
            await self._why(learner, late=isinstance(wrong, OutOfTime))
            raise Failed("error", explain.note(explain.ENDED_EARLY)) from wrong
        if "gone" in verdict:
            await self._why(learner, late=False)
        return await self._result(test, verdict)

    async def _verdict(self, tester: Cell, learner: Cell) -> dict[str, object]:
        """The tester's answer; on the way it may ask what the learner's code printed."""
        async with asyncio.timeout(None) as deadline:
            deadline.reschedule(asyncio.get_running_loop().time() + self.task.limits.wall_s + 1)
            while True:
                frame = await tester.receive(self.task.limits.wall_s)
                if "printed" not in frame:
                    return frame
                text = learner.output(self._read)
                self._read = learner.printed()
                await tester.send({"text": clean(text)})

    async def _why(self, learner: Cell, *, late: bool) -> None:
        """Why there is no verdict.

        Raises:
            Failed: with the reason.
        """
        if late and learner.quiet():
            await learner.end()
            raise Failed("timeout", explain.out_of_time(self.task.limits, None))
        await self.hear(learner)
        await learner.end()

    async def _result(self, test: TestCase, verdict: dict[str, object]) -> TestResult:
        output = await self.output()
        if "pass" in verdict:
            return self.result(test, "passed", output=output)
        if "raised" in verdict:
            raise self.raised(verdict["raised"])
        if "missing" in verdict:
            names = verdict.get("functions")
            present = [str(name) for name in names] if isinstance(names, list) else []
            note = explain.missing_function(str(verdict["missing"]), present)
            return self.result(test, "error", output=output, note=note)
        details = verdict.get("fail")
        fail = details if isinstance(details, dict) else {}
        message, code = str(fail.get("message") or ""), str(fail.get("code") or "")
        note = explain.note(explain.FALSE_ASSERTION, code=re.sub(r"^assert\s+", "", code))
        if message:
            note = explain.note(explain.CHECK_SAYS, reason=message)
        return self.result(
            test,
            "failed",
            expected=str(fail["expected"]) if "expected" in fail else None,
            got=str(fail["got"]) if "got" in fail else None,
            output=output,
            note=note,
        )

    async def loaded(self) -> Cell:
        """The learner's cell, with a tester connected to it.

        Raises:
            Failed: the module cannot be loaded.
        """
        if self.cell and self.tester and not self.cell.over and not self.tester.over:
            return self.cell
        await self.close()
        ours, theirs = socket.socketpair()
        with ours:  # the first cell may not come up; then nobody takes this end
            self.cell = await self.zygote.cell(
                self.setup("served", tests=len(self.task.tests)), peer=theirs
            )
            self.tester = await self.zygote.cell(tester_setup(self), peer=ours)
        self._start = 0
        await self.imported(self.cell)
        return self.cell

    async def close(self) -> None:
        """End both processes; only the learner's is measured."""
        await super().close()
        if self.tester is not None:
            tester, self.tester = self.tester, None
            async with tester:
                pass
