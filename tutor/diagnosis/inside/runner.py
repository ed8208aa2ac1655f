"""Loads variants of a program and runs tests on them.

Only the standard library, and of ours only what stands in this folder: these files travel alone.
"""

import io
import signal
import sys
import time
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from tutor.diagnosis.inside.tools import Out, Tools
from tutor.diagnosis.inside.values import (
    LATE,
    PRINTED,
    RAISED,
    VALUE,
    canonical,
    length,
    plain,
    shortened,
    shown,
    text_of,
)

Tracer = Callable[..., Any]


class Late(BaseException):
    """A variant used up its time; no `except Exception` of a learner's catches it."""


def late(_signal: int, _frame: FrameType | None) -> None:
    """Handles the signal that says so."""
    raise Late


def changed(text: bytes, changes: list[list[Any]]) -> bytes:
    """A program with some of its bytes replaced; changes do not overlap."""
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new.encode() + text[end:]
    return text


class Runner:
    """Loads variants and runs tests on them, one after the other, in this process."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.mode: str = order["mode"]
        self.file: str = order["file"]
        self.text: bytes = order.get("text", "").encode()
        self.together: bool = order.get("together", False)
        self.tests: list[dict[str, Any]] = order["tests"]
        self.seconds: float = order["seconds"]
        self.calls = [self._prepared(test) for test in self.tests]
        self.trace: Tracer | None = None
        self.loaded: bytes | None = None
        self.code: CodeType | None = None
        self.failed = ""

    def _prepared(self, test: dict[str, Any]) -> CodeType | None:
        if "args" in test:
            return compile(f"({test['args']}, {test['kwargs']})", "arguments", "eval")
        if "value" in test:
            return compile(test["value"], "tests", "eval")
        return None

    def outcomes(
        self, text: bytes, chosen: list[int], known: dict[int, str], *, fresh: bool = True
    ) -> list[str]:
        """What a program gives for tests, in their order; one that is late is asked no further.

        Args:
            text: the program.
            chosen: the tests' numbers.
            known: by test, what the program before a change gives in some failing tests, which
                stand first: a variant that changes none of them is not asked any further.
            fresh: load it again, though it was the last that was loaded.
        """
        if fresh or text != self.loaded:
            self.loaded = text
            self.code, self.failed = self._compiled(text)
            self.space: dict[str, Any] = {}
            if self.code is not None and self.mode != "stdin":
                self.space, self.failed = self._loaded(self.code)
        if self.code is None or self.failed:
            return [self.failed]
        found: list[str] = []
        changed = not known
        for place, number in enumerate(chosen):
            if not changed and place == len(known):
                break
            found.append(self.one(self.code, self.space, number))
            if found[-1][0] == LATE:
                break
            if number in known:
                changed |= self._changed(number, found[-1], known[number])
        return found

    def _changed(self, number: int, outcome: str, before: str) -> bool:
        if outcome[0] in (RAISED, LATE) and not self.tests[number].get("raises"):
            return False
        return outcome.split("@")[0] != before.split("@")[0]

    def _compiled(self, text: bytes) -> tuple[CodeType | None, str]:
        try:
            return compile(text, self.file, "exec", dont_inherit=True), ""
        except (SyntaxError, ValueError, RecursionError, MemoryError) as wrong:
            line = getattr(wrong, "lineno", None) or 0
            return None, f"{RAISED}{type(wrong).__name__}@{line}"

    def _loaded(self, code: CodeType) -> tuple[dict[str, Any], str]:
        space: dict[str, Any] = {"__name__": self.file.removesuffix(".py"), "__file__": self.file}
        failed = self._guarded(lambda: exec(code, space), "")[1]  # noqa: S102 - in the jail
        return space, failed

    def _guarded(self, work: Callable[[], object], stdin: str) -> tuple[object, str, str]:
        """What a piece of work gives, how it failed if it did, and what it printed."""
        out = Out()
        kept = sys.stdin, sys.stdout, sys.stderr
        sys.stdin, sys.stdout, sys.stderr = io.StringIO(stdin), out, io.StringIO()
        failed, value = "", None
        try:
            try:
                signal.setitimer(signal.ITIMER_VIRTUAL, self.seconds, 0.004)
                sys.settrace(self.trace)
                value = work()
            finally:
                sys.settrace(None)
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        except SystemExit as wrong:
            failed = "" if wrong.code in (None, 0) else f"{RAISED}SystemExit@0"
        except Late:
            failed = f"{LATE}@0"
        except BaseException as wrong:  # noqa: BLE001 - a learner may raise anything
            failed = self.failure(wrong)
        finally:
            sys.stdin, sys.stdout, sys.stderr = kept
        return value, failed, out.getvalue()

    def failure(self, wrong: BaseException) -> str:
        """An exception's builtin ancestors and the learner's last line."""
        names = ",".join(one.__name__ for one in type(wrong).__mro__[:-1])
        line, trace = 0, wrong.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.file:
                line = trace.tb_lineno
            trace = trace.tb_next
        return f"{RAISED}{names}@{line}"

    def one(self, code: CodeType, space: dict[str, Any], number: int) -> str:
        """One test's outcome as text: value, output, exception, or out of time."""
        test, call = self.tests[number], self.calls[number]
        if call is not None and "value" in test:
            scope = dict(space)
            # Written inside the time limit: a list that holds itself twice has no end.
            value, failed, _ = self._guarded(lambda: canonical(plain(eval(call, scope))), "")  # noqa: S307
            return failed or VALUE + shortened(str(value))
        if call is not None:
            function = space.get(test["function"])
            if not callable(function):
                return f"{RAISED}Missing@0"
            args, kwargs = eval(call, {"nan": float("nan"), "inf": float("inf")})  # noqa: S307
            write = repr if test.get("close") else canonical
            value, failed, _ = self._guarded(lambda: write(function(*args, **kwargs)), "")
            return failed or VALUE + shortened(str(value))
        if self.mode == "stdin":
            script = {"__name__": "__main__", "__file__": self.file}
            _, failed, printed = self._guarded(lambda: exec(code, script), test["stdin"])  # noqa: S102
            return failed or PRINTED + shortened(printed)
        return self.asserted(space, test)

    def asserted(self, space: dict[str, Any], test: dict[str, Any]) -> str:
        """Whether an author's assertions hold, roughly: they share a process with the variant."""
        tools = Tools()
        module = type(sys)(self.file.removesuffix(".py"))
        vars(module).update(space)
        for name in (self.file.removesuffix(".py"), "solution"):
            sys.modules[name] = module
        own = {name: value for name, value in space.items() if not name.startswith("__")}
        given = {"raises": tools.raises, "approx": tools.approx, "printed": tools.printed}

        def work() -> None:
            scope: dict[str, Any] = {"__name__": "tests", **given, **own}
            exec(compile(test["code"], "tests", "exec", dont_inherit=True), scope)  # noqa: S102
            if test["run"]:
                scope[test["run"]]()

        failed = self._guarded(work, "")[1]
        return failed or VALUE + "True"

    def evidence(self, number: int) -> list[Any]:
        """Values around the exception that the unchanged program raises in a test.

        Returns:
            its message, line, place (first and last line, first and last column), how many of the
            program's frames were open, and by name each value's type, text and length.
        """
        frames: list[tuple[int, dict[str, Any]]] = []
        message, spot = [""], [(0, 0, 0, 0)]

        def failure(wrong: BaseException) -> str:
            trace = wrong.__traceback__
            while trace is not None:
                frame = trace.tb_frame
                if frame.f_code.co_filename == self.file:
                    frames.append((trace.tb_lineno, dict(frame.f_locals)))
                    places = list(frame.f_code.co_positions())[trace.tb_lasti // 2]
                    spot[0] = tuple(place or 0 for place in places)  # type: ignore[assignment]
                trace = trace.tb_next
            message[0] = text_of(wrong)
            return type(self).failure(self, wrong)

        self.failure = failure  # type: ignore[method-assign]
        try:
            self.outcomes(self.text, [number], {})
        finally:
            del self.failure
        line, values = frames[-1] if frames else (0, {})
        seen = {
            name: [type(value).__name__, shown(value), length(value)]
            for name, value in list(values.items())[:30]
            if not name.startswith("__")
        }
        return [message[0], line, spot[0], len(frames), seen]

    def covered(self, number: int) -> tuple[str, list[int], float, int]:
        """A test's outcome, the lines that ran, seconds of processor time, the last `return`."""
        lines: set[int] = set()
        last = [0]

        def local(frame: FrameType, event: str, _arg: object) -> Tracer:
            if event == "line":
                lines.add(frame.f_lineno)
            elif event == "return":
                last[0] = frame.f_lineno
            return local

        def enter(frame: FrameType, _event: str, _arg: object) -> Tracer | None:
            return local if frame.f_code.co_filename == self.file else None

        self.trace = enter
        begin = time.process_time()
        try:
            outcome = self.outcomes(self.text, [number], {}, fresh=not self.together)[-1]
        finally:
            self.trace = None
        return outcome, sorted(lines), time.process_time() - begin, last[0]
