"""A web page and its tests: one process for both, a test's source handed over when it is due."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from domain.grading import explain
from domain.grading.calls import CallEvaluation
from domain.grading.cells import Cell, CellGone
from domain.grading.evaluation import Failed, clean
from domain.grading.jail.terms import ENGINE_KB, OUT_OF_TIME
from domain.grading.model import Note, TestCase, TestResult
from domain.grading.setups import Ended, Setup
from domain.grading.web import notes

BUNDLE = Path(__file__).parent / "bundle" / "page.js"


@lru_cache
def engine_paths() -> tuple[str, str] | None:
    """The paths of the JavaScript engine and of the bundle; None where one is missing."""
    found = find_spec("_quickjs")
    if found is None or found.origin is None or not BUNDLE.is_file():
        return None
    return found.origin, str(BUNDLE)


class PageEvaluation(CallEvaluation):
    """Language web. Tests see one page, in order; `fresh` loads it anew."""

    failure: Mapping[str, object] | None = None

    async def test(self, test: TestCase) -> TestResult:
        """Run one test on the page."""
        if test.spec.get("fresh"):
            await self.close()
        cell = await self.loaded()
        self._start = cell.printed()
        try:
            if not cell.quiet():
                await cell.end()
                raise Failed("error", explain.note(explain.OWN_CHANNEL))
            self._last = test is self.task.tests[-1]
            await cell.send((test.spec["test"], self._last))
            verdict = await self.hear(cell)
        except CellGone as wrong:
            raise self.gone(await cell.finish(self.task.limits.wall_s)) from wrong
        return await self._result(test, verdict)

    async def _result(self, test: TestCase, verdict: Mapping[str, object]) -> TestResult:
        output, kind = await self.output(), verdict.get("verdict")
        if kind == "passed":
            return self.result(test, "passed", output=output)
        if kind == "failed":
            sides = {name: str(verdict[name]) for name in ("expected", "got") if name in verdict}
            note = self._script_note()
            if note is None and not sides:
                note = explain.note(explain.CHECK_SAYS, reason=str(verdict.get("message")))
            return self.result(
                test,
                "failed",
                expected=sides.get("expected"),
                got=sides.get("got"),
                output=output,
                note=note,
            )
        message = clean(str(verdict.get("message")), 300)
        if kind == "tampered":
            note = explain.note(notes.TAMPERED, name=message)
        elif kind == "endless":
            note = self._script_note() or explain.note(notes.NEVER_HAPPENED)
            return self.result(test, "failed", output=output, note=note)
        elif kind == "broken":
            note = explain.note(notes.TEST_BROKEN, reason=message)
        else:
            return await self._thrown(test, str(verdict.get("type")), message, output)
        return self.result(test, "error", output=output, note=note)

    async def _thrown(self, test: TestCase, kind: str, message: str, output: str) -> TestResult:
        if kind == "InternalError" and self.cell is not None:
            await self.cell.end()  # an engine without memory is no good for the next test
        if kind == "TypeError" and (" of null" in message or " of undefined" in message):
            note = self._script_note() or explain.note(notes.NOT_ON_PAGE, reason=message)
            return self.result(test, "failed", output=output, note=note)
        note = self._script_note() or self._error_note(kind, message)
        return self.result(test, "error", output=output, note=note)

    def _error_note(self, kind: str, message: str) -> Note:
        if "out of memory" in message:
            return explain.note(explain.TOO_MUCH_MEMORY, memory=self.task.limits.memory_mb)
        if "call stack" in message or "too much recursion" in message:
            return explain.note(notes.SCRIPT_RECURSION)
        return explain.note(explain.RAISED_ANYWHERE, type=clean(kind, 100), reason=message)

    def _script_note(self) -> Note | None:
        """Why a script of the page stopped while it was loaded, when one did."""
        if self.failure is None:
            return None
        told = {name: clean(str(self.failure.get(name, "")), 300) for name in ("type", "message")}
        if "call stack" in told["message"] or "out of memory" in told["message"]:
            return self._error_note(told["type"], told["message"])
        stack, file = str(self.failure.get("stack", "")), str(self.failure.get("file", ""))
        line = self.line(stack.replace(":", ", line ", 1).split("\n")[0]) if stack else None
        place = clean(file or "a script", 100) + (f", line {line}" if line else "")
        return explain.note(
            notes.SCRIPT_FAILED, type=told["type"], reason=told["message"], place=place
        )

    def gone(self, ended: Ended) -> Failed:
        """Why the page's process ended; its own clock ends it with a code that says so."""
        if ended.code == OUT_OF_TIME:
            return Failed("timeout", explain.out_of_time(self.task.limits, None))
        return super().gone(ended)

    def setup(self, role: str, *, tests: int = 1, stdin: str = "") -> Setup:
        """How to start the page's process; the engine gets memory beside the page's."""
        made = super().setup(role, tests=tests, stdin=stdin)
        memory = made.limits.memory_mb + ENGINE_KB // 1024
        return replace(made, limits=replace(made.limits, memory_mb=min(1024, memory)))

    async def loaded(self) -> Cell:
        """A living process that shows the page.

        Raises:
            Failed: it ran out of time or memory while the page was loaded.
        """
        if self.cell is not None and not self.cell.over:
            return self.cell
        await self.close()
        cell = await self.zygote.cell(self.setup("page", tests=len(self.task.tests)))
        self.cell, self._start, self._last = cell, 0, False
        present, self.present = self.present, None  # no test's source is there yet
        try:
            frame = await self.hear(cell)
        except Failed as failed:
            failed.for_all = True
            raise
        if frame.get("verdict") == "raised":
            note = self._error_note(str(frame.get("type")), clean(str(frame.get("message")), 300))
            raise Failed("error", note, for_all=True)
        failure = frame.get("failure")
        if isinstance(failure, dict):
            self.failure = failure
            told = f"{failure.get('type')}: {failure.get('message')}\n{failure.get('stack', '')}"
            self.keep_traceback(told.rstrip())
        self.present = present
        return cell
