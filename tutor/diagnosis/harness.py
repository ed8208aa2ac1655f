"""Runs one program and many variants of it; its text is sent into the sandbox as a submission.

It shares a process with learner code, so nothing it says is believed: what a test expects never
comes here, values are judged outside, and whatever is shown was graded again behind the wall.
Only the standard library, and no imports of ours: this file travels alone.
"""

import ast
import builtins
import hashlib
import io
import json
import signal
import sys
import time
from collections.abc import Callable
from types import CodeType, FrameType, TracebackType
from typing import Any

LONGEST = 4000  # characters of one outcome; a longer one is known by its hash
_SHOWN = 160  # characters of a value in evidence
_LATE_MOST = 2  # tests out of time before the rest is not run
_RAISED, _LATE, _VALUE, _PRINTED = "x", "t", "v", "p"


Tracer = Callable[..., Any]


class Late(BaseException):
    """A variant used up its time; no `except Exception` of a learner's catches it."""


class _Full(Exception):
    """A program printed more than is kept."""


def _late(_signal: int, _frame: FrameType | None) -> None:
    raise Late


def canonical(value: object, depth: int = 0) -> str:
    """A text that is equal for equal plain values of equal types, and says so for others.

    Dictionaries and sets are written in the order of their members' texts.
    """
    kind = type(value)
    if value is None or kind in (bool, int, str, float, bytes, complex):
        return repr(value)
    if depth > 40:
        return "?deep"
    if kind in (list, tuple):
        inner = ",".join(canonical(one, depth + 1) for one in value)  # type: ignore[attr-defined]
        return f"[{inner}]" if kind is list else f"({inner},)"
    if kind in (set, frozenset):
        members = sorted(canonical(one, depth + 1) for one in value)  # type: ignore[attr-defined]
        return f"{kind.__name__}<{','.join(members)}>"
    if kind is dict:
        pairs = sorted(
            f"{canonical(key, depth + 1)}:{canonical(item, depth + 1)}"
            for key, item in value.items()  # type: ignore[attr-defined]
        )
        return "{" + ",".join(pairs) + "}"
    return f"?{kind.__name__}"


def shortened(text: str) -> str:
    """An outcome as it is sent: whole, or by its hash."""
    if len(text) <= LONGEST:
        return text
    return "#" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


class _Out(io.StringIO):
    def write(self, text: str) -> int:
        if self.tell() > 1 << 18:
            raise _Full
        return super().write(text)


class Runner:
    """Loads variants and runs tests on them, one after the other, in this process."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.mode: str = order["mode"]
        self.file: str = order["file"]
        self.text: bytes = order["text"].encode()
        self.tests: list[dict[str, Any]] = order["tests"]
        self.seconds: float = order["seconds"]
        self.calls = [self._prepared(test) for test in self.tests]
        self.trace: Tracer | None = None

    def _prepared(self, test: dict[str, Any]) -> CodeType | None:
        if "args" in test:
            return compile(f"({test['args']}, {test['kwargs']})", "arguments", "eval")
        return None

    def source(self, changes: list[list[Any]]) -> bytes:
        """The program with some of its bytes replaced; changes do not overlap."""
        text = self.text
        for start, end, new in sorted(changes, reverse=True):
            text = text[:start] + new.encode() + text[end:]
        return text

    def outcomes(
        self, changes: list[list[Any]], chosen: list[int], known: dict[int, str]
    ) -> list[str]:
        """What a variant gives for tests, in their order.

        Args:
            changes: what is replaced.
            chosen: the tests' numbers.
            known: by test, what the learner's own program gives in some failing tests, which
                stand first: a variant that changes none of them is not asked any further.
        """
        code, failed = self._compiled(changes)
        if code is None:
            return [failed]
        space: dict[str, Any] = {}
        if self.mode != "stdin":
            space, failed = self._loaded(code)
            if failed:
                return [failed]
        found: list[str] = []
        changed = not known
        for place, number in enumerate(chosen):
            if not changed and place == len(known):
                break
            found.append(self.one(code, space, number))
            if number in known:
                changed |= self._changed(number, found[-1], known[number])
        return found

    def _changed(self, number: int, outcome: str, before: str) -> bool:
        if outcome[0] in (_RAISED, _LATE) and not self.tests[number].get("raises"):
            return False
        return outcome.split("@")[0] != before.split("@")[0]

    def _compiled(self, changes: list[list[Any]]) -> tuple[CodeType | None, str]:
        try:
            return compile(self.source(changes), self.file, "exec", dont_inherit=True), ""
        except (SyntaxError, ValueError, RecursionError, MemoryError) as wrong:
            line = getattr(wrong, "lineno", None) or 0
            return None, f"{_RAISED}{type(wrong).__name__}@{line}"

    def _loaded(self, code: CodeType) -> tuple[dict[str, Any], str]:
        space: dict[str, Any] = {"__name__": self.file.removesuffix(".py"), "__file__": self.file}
        failed = self._guarded(lambda: exec(code, space), "")[1]  # noqa: S102 - in the jail
        return space, failed

    def _guarded(self, work: Callable[[], object], stdin: str) -> tuple[object, str, str]:
        """What a piece of work gives, how it failed if it did, and what it printed."""
        out = _Out()
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
            failed = "" if wrong.code in (None, 0) else f"{_RAISED}SystemExit@0"
        except Late:
            failed = f"{_LATE}@0"
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
        return f"{_RAISED}{names}@{line}"

    def one(self, code: CodeType, space: dict[str, Any], number: int) -> str:
        """One test's outcome as text: value, output, exception, or out of time."""
        test, call = self.tests[number], self.calls[number]
        if call is not None:
            function = space.get(test["function"])
            if not callable(function):
                return f"{_RAISED}Missing@0"
            args, kwargs = eval(call, {"nan": float("nan"), "inf": float("inf")})  # noqa: S307
            write = repr if test.get("close") else canonical
            # Written inside the time limit: a list that holds itself twice has no end.
            value, failed, _ = self._guarded(lambda: write(function(*args, **kwargs)), "")
            return failed or _VALUE + shortened(str(value))
        if self.mode == "stdin":
            script = {"__name__": "__main__", "__file__": self.file}
            _, failed, printed = self._guarded(lambda: exec(code, script), test["stdin"])  # noqa: S102
            return failed or _PRINTED + shortened(printed)
        return self.asserted(space, test)

    def asserted(self, space: dict[str, Any], test: dict[str, Any]) -> str:
        """Whether an author's assertions hold, roughly: they share a process with the variant."""
        tools = Tools(self)
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
        return failed or _VALUE + "True"

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
            message[0] = _text(wrong)
            return type(self).failure(self, wrong)

        self.failure = failure  # type: ignore[method-assign]
        try:
            self.outcomes([], [number], {})
        finally:
            del self.failure
        line, values = frames[-1] if frames else (0, {})
        seen = {
            name: [type(value).__name__, _shown(value), _length(value)]
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
            outcome = self.outcomes([], [number], {})[-1]
        finally:
            self.trace = None
        return outcome, sorted(lines), time.process_time() - begin, last[0]


class Tools:
    """The helpers that assertions may use."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner

    class raises:  # noqa: N801 - the name that authors know
        """The block must raise: `with raises(ValueError): ...`."""

        def __init__(self, *kinds: type[BaseException]) -> None:
            self.kinds = kinds
            self.value: BaseException | None = None

        def __enter__(self) -> object:
            return self

        def __exit__(
            self,
            kind: type[BaseException] | None,
            value: BaseException | None,
            _trace: TracebackType | None,
        ) -> bool:
            if kind is None:
                raise AssertionError("not raised")
            self.value = value
            return issubclass(kind, self.kinds)

    class approx:  # noqa: N801 - the name that authors know
        """Equals numbers within a millionth: `x == approx(0.3)`."""

        def __init__(self, value: float, tolerance: float = 1e-6) -> None:
            self.value, self.tolerance = value, tolerance

        def __eq__(self, other: object) -> bool:
            if type(other) not in (int, float):
                return False
            gap = abs(float(other) - self.value)  # type: ignore[arg-type]
            return gap <= self.tolerance * max(1.0, abs(self.value))

        def __hash__(self) -> int:
            return hash(self.value)

    @staticmethod
    def printed() -> str:
        """What was printed since this was last asked."""
        out = sys.stdout
        text = out.getvalue() if isinstance(out, io.StringIO) else ""
        if isinstance(out, io.StringIO):
            out.seek(0)
            out.truncate()
        return text


def _text(wrong: BaseException) -> str:
    try:
        return str(wrong)[:500]
    except BaseException:  # noqa: BLE001 - a learner's __str__ may raise anything
        return ""


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except BaseException:  # noqa: BLE001 - a learner's __repr__ may raise anything
        return f"<{type(value).__name__}>"
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _length(value: object) -> int:
    return len(value) if isinstance(value, list | tuple | str | dict | set) else -1


def run(order: dict[str, Any]) -> None:
    """Do what is ordered and print one JSON line for each program, each as soon as it is known.

    Args:
        order: `mode`, `file`, `text`, `tests`, `seconds` for one run, and either `look` (say what
            the program itself gives, with lines and evidence) or `variants` (lists of changes) with
            `chosen` tests, what is `known` of the unchanged program, and the `most` seconds of
            processor time after which the rest is left, with a line that says so.
    """
    if "checks" in order:
        _check(order)
        return
    builtins.input = _input
    signal.signal(signal.SIGVTALRM, _late)
    runner = Runner(order)
    out = sys.stdout

    def say(found: object) -> None:
        out.write(json.dumps(found) + "\n")
        out.flush()

    if order.get("look"):
        late = 0
        for number in range(len(runner.tests)):
            if late >= _LATE_MOST:
                say([f"{_LATE}@0", [], 0.0, 0, None])
                continue
            seen = runner.covered(number)
            late += seen[0][0] == _LATE
            say([*seen, runner.evidence(number) if seen[0][0] == _RAISED else None])
        return
    table: dict[str, int] = {}
    known = {int(number): text for number, text in order["known"].items()}
    end = time.process_time() + order["most"]
    for place, changes in enumerate(order["variants"]):
        fresh: dict[int, str] = {}
        row = []
        for outcome in runner.outcomes(changes, order["chosen"], known):
            if outcome not in table:
                table[outcome] = len(table)
                fresh[table[outcome]] = outcome
            row.append(table[outcome])
        say([place, row, fresh])
        if time.process_time() > end:
            say("more")
            return


def _check(order: dict[str, Any]) -> None:
    """Ask checkers about outcomes; prints true or false for each. No learner code is here."""
    spaces: dict[str, dict[str, Any]] = {}
    for number, outcome in order["asked"]:
        check, test = order["checks"][number], order["tests"][number]
        source = check["source"]
        if source not in spaces:
            spaces[source] = {"__name__": "checker"}
            exec(compile(source, "checker", "exec", dont_inherit=True), spaces[source])  # noqa: S102
        try:
            if outcome[0] == _PRINTED:
                args, kwargs, got = [test["stdin"]], {}, outcome[1:]
            else:
                args, kwargs = ast.literal_eval(f"({test['args']}, {test['kwargs']})")
                got = ast.literal_eval(outcome[1:])
            verdict = spaces[source][check["check"]](got, *args, **kwargs)
        except Exception:  # noqa: BLE001 - a value that is not plain, or a checker that stumbles
            verdict = False
        sys.stdout.write("true\n" if verdict is True or verdict is None else "false\n")


def _input(prompt: object = "") -> str:
    """Reads from the text given to a test; the builtin would read the real input."""
    sys.stdout.write(str(prompt))
    line = sys.stdin.readline()
    if not line:
        raise EOFError("EOF when reading a line")
    return line.removesuffix("\n")
