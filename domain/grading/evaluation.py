"""What all four ways of testing share: measuring, and turning endings into words."""

import math
import re
import time
from collections.abc import Mapping
from decimal import Decimal

from domain.grading import explain
from domain.grading.cells import Cell, CellGone, OutOfTime
from domain.grading.jail.frames import ProtocolError
from domain.grading.model import OUTPUT_SHOWN, Json, Note, Task, TestCase, TestResult, TestStatus
from domain.grading.setups import Ended, Setup
from domain.grading.zygotes import Zygote

VALUE_SHOWN = 1000  # characters of an expected or got value
TIMEOUTS_MOST = 2  # tests that may run out of time before the rest is not run
_CUT = "\n[cut here: more than {limit} characters]"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Failed(Exception):
    """A test that did not come to a value; how it ends, and whether the tests after it can run."""

    def __init__(self, status: TestStatus, note: Note | None, *, for_all: bool = False) -> None:
        super().__init__(status)
        self.status: TestStatus = status
        self.note = note
        self.for_all = for_all


def clean(text: str, most: int = OUTPUT_SHOWN) -> str:
    """Text that any database can store, cut to a length (and saying so)."""
    text = _UNSTORABLE.sub("\ufffd", text)
    return text if len(text) <= most else text[:most] + _CUT.format(limit=most)


class Evaluation:
    """One submission being tested; collects what was measured on the way."""

    def __init__(self, zygote: Zygote, task: Task, files: Mapping[str, str]) -> None:
        self.zygote, self.task, self.files = zygote, task, files
        self.position = 0  # of the present test
        self.began = 0.0  # when the present test did
        self.cpu_ms = 0.0
        self.peak_kb = 0
        self.traceback: str | None = None
        self.traceback_of: str | None = None
        self.present: str | None = None
        self.timeouts = 0
        self.hopeless: Failed | None = None

    async def run(self) -> tuple[TestResult, ...]:
        """Every test's result, in order."""
        results = []
        for position, test in enumerate(self.task.tests):
            self.position = position
            if self.timeouts >= TIMEOUTS_MOST:
                self.hopeless = Failed("timeout", explain.note(explain.NOT_RUN))
            self.began = time.perf_counter()
            if self.hopeless is not None:
                results.append(self.result(test, self.hopeless.status, note=self.hopeless.note))
                continue
            self.present = test.key
            try:
                result = await self.test(test)
            except Failed as failed:
                result = self.result(
                    test, failed.status, note=failed.note, output=await self.output()
                )
                if failed.for_all:
                    self.hopeless = failed
            self.timeouts += result.status == "timeout"
            results.append(result)
        await self.close()
        return tuple(results)

    async def test(self, test: TestCase) -> TestResult:
        """One test's result; each way of testing has its own."""
        raise NotImplementedError

    async def output(self) -> str:
        """What the learner's code printed during the present test."""
        return ""

    async def close(self) -> None:
        """End what still runs, and measure it."""

    def setup(self, role: str, *, tests: int = 1, stdin: str = "") -> Setup:
        """How to start a cell with the submission in it."""
        seconds = math.ceil(self.task.limits.time_s * (tests + 1)) + 1
        data = stdin.encode("utf-8", "replace")
        return Setup(role, self.task.limits, self.files, self.task.main, seconds, data)

    def measure(self, ended: Ended) -> None:
        """Add what a cell used."""
        empty = self.zygote.empty
        self.cpu_ms += max(0.0, ended.cpu_ms - empty.cpu_ms)
        self.peak_kb = max(self.peak_kb, ended.peak_kb - empty.peak_kb)

    async def hear(self, cell: Cell) -> dict[str, object]:
        """The learner cell's next frame, when it is an answer.

        Raises:
            Failed: it ran out of time, broke the protocol, or ended.
        """
        limits = self.task.limits
        try:
            frame = await cell.receive(limits.wall_s)
        except OutOfTime as wrong:
            raise Failed("timeout", explain.out_of_time(limits, None)) from wrong
        except ProtocolError as wrong:
            raise Failed("error", explain.note(explain.TOO_LARGE)) from wrong
        except CellGone as wrong:
            raise self.gone(await cell.finish(limits.wall_s)) from wrong
        if "late" in frame:
            await cell.finish(limits.wall_s)
            where = str(frame["late"])
            self.keep_traceback(where)
            raise Failed("timeout", explain.out_of_time(limits, self.line(where)))
        if "huge" in frame:
            raise Failed("error", explain.note(explain.TOO_LARGE))
        return frame

    def line(self, traceback: str) -> int | None:
        """The last line number in a traceback, when the submission has such a line."""
        found = re.findall(r"line (\d{1,6})\b", traceback)
        last = max((text.count("\n") + 1 for text in self.files.values()), default=0)
        return int(found[-1]) if found and int(found[-1]) <= last else None

    def gone(self, ended: Ended) -> Failed:
        """Why a cell ended in the middle of a test."""
        if ended.code == -24 or (ended.code == -9 and ended.cpu_ms > self.task.limits.time_s * 900):
            return Failed("timeout", explain.out_of_time(self.task.limits, None))
        if ended.code < 0:
            return Failed("error", explain.note(explain.CRASHED, signal=-ended.code))
        return Failed("error", explain.note(explain.ENDED_EARLY))

    def raised(self, wrong: object, *, for_all: bool = False) -> Failed:
        """An exception that the learner's process reports; kept as the traceback if the first."""
        report = wrong if isinstance(wrong, dict) else {}
        kind, message = str(report.get("type")), clean(str(report.get("message")), 500)
        bases = report.get("bases")
        line = report.get("line")
        self.keep_traceback(str(report.get("traceback", "")))
        note = explain.raised(
            clean(kind, 100),
            [str(base) for base in bases] if isinstance(bases, list) else [],
            message,
            line if isinstance(line, int) else None,
            self.task.limits,
        )
        timed = note.message == explain.OUT_OF_TIME
        return Failed("timeout" if timed else "error", note, for_all=for_all)

    def keep_traceback(self, text: str) -> None:
        """Keep the first traceback of the submission."""
        if self.traceback is None and text:
            self.traceback = clean(text, 8000)
            self.traceback_of = self.present

    def result(
        self,
        test: TestCase,
        status: TestStatus,
        *,
        expected: str | None = None,
        got: str | None = None,
        output: str = "",
        note: Note | None = None,
    ) -> TestResult:
        """A test's result, its texts made safe."""
        return TestResult(
            id=test.key,
            name=test.name,
            status=status,
            points=test.points if status == "passed" else Decimal(0),
            max_points=test.points,
            is_sample=test.is_sample,
            expected=None if expected is None else clean(expected, VALUE_SHOWN),
            got=None if got is None else clean(got, VALUE_SHOWN),
            output=clean(output),
            ms=round((time.perf_counter() - self.began) * 1000, 3),
            note=_clean_note(note),
        )


def _clean_note(note: Note | None) -> Note | None:
    if note is None:
        return None
    values: dict[str, Json] = {
        name: clean(value, VALUE_SHOWN) if isinstance(value, str) else value
        for name, value in note.values.items()
    }
    return Note(note.message, values)
