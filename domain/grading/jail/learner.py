"""Runs a learner's program: once as a script, or as a module that answers calls.

This process runs code that may do anything, so nothing it says counts as a verdict: it sends
values, and what they are worth is decided elsewhere.
"""

import _thread
import atexit
import builtins
import gc
import linecache
import os
import random
import signal
import sys
import threading
import traceback
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from types import CodeType, FrameType, ModuleType
from typing import Any

from .cell import CONTROL, from_grader
from .frames import HEADER, ProtocolError, pack, send, unpack
from .values import decode, encode

_TRACEBACK_SHOWN = 6000
_MESSAGE_SHOWN = 500
_NAMES_SHOWN = 20

_send, _exit = send, os._exit  # what a learner patches later is not what we use
_DONE = pack({"done": True})


class Sources:
    """Finds and loads the submission's modules from memory, under their own file names."""

    files: dict[str, str]

    def take(self, files: dict[str, str]) -> None:
        """Be the place of these files."""
        self.files = files
        for name, text in files.items():
            linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)

    def find_spec(
        self,
        fullname: str,
        path: object = None,  # noqa: ARG002 - the finder protocol's
        target: object = None,  # noqa: ARG002 - the finder protocol's
    ) -> ModuleSpec | None:
        """A spec for a module that is one of the files."""
        if f"{fullname}.py" in self.files:
            return ModuleSpec(fullname, self, origin=f"{fullname}.py")  # type: ignore[arg-type]
        return None

    def create_module(self, spec: ModuleSpec) -> None:
        """The default module object."""

    def code(self, name: str) -> CodeType:
        """The compiled text of a file."""
        return compile(self.files[name], name, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        """Run a module's text."""
        name = f"{module.__name__}.py"
        module.__file__ = name
        exec(self.code(name), module.__dict__)  # noqa: S102 - this is what the jail is for


class Program:
    """The submission inside this process; made before the fork, filled after it."""

    main: str
    time_s: float

    def __init__(self) -> None:
        self.sources = Sources()
        self.module = ModuleType("__main__")

    def prepare(self) -> None:
        """Do what every run needs alike, in the zygote."""
        sys.meta_path.insert(0, self.sources)
        # Everyday Python has these two from a module that `-S` leaves out.
        vars(builtins).update(exit=sys.exit, quit=sys.exit)
        signal.signal(signal.SIGPROF, self.late)

    def take(self, setup: dict[str, Any]) -> None:
        """Be this submission."""
        self.sources.take(setup["files"])
        self.main = setup["main"]
        self.time_s = setup["time_s"]
        sys.argv = [self.main]
        for text in setup["files"].values():
            if "random" in text:
                random.seed()  # every cell is a copy of the same process
                break
        gc.enable()

    def clock(self, *, on: bool = True) -> None:
        """Start or stop this test's processor clock."""
        signal.setitimer(signal.ITIMER_PROF, self.time_s if on else 0)

    def late(self, _signal: int, frame: FrameType | None) -> None:
        """The time is used up: say which line was running, and end."""
        stack = traceback.StackSummary.extract(traceback.walk_stack(frame))
        stack.reverse()
        _send(CONTROL, {"late": self._format(stack)})
        _exit(1)

    def run(self) -> None:
        """Run the main file as a script."""
        sys.modules["__main__"] = self.module
        self.module.__file__ = self.main
        exec(self.sources.code(self.main), self.module.__dict__)  # noqa: S102 - see above
        if _thread._count() or threading._threading_atexits:  # type: ignore[attr-defined] # noqa: SLF001
            threading._shutdown()  # type: ignore[attr-defined] # noqa: SLF001 - as at a normal end
        atexit._run_exitfuncs()  # noqa: SLF001 - as at a normal end

    def load(self) -> ModuleType:
        """Import the main file under its own name."""
        name = self.main.removesuffix(".py")
        spec = self.sources.find_spec(name)
        if spec is None:
            raise ModuleNotFoundError(f"No file {self.main}")
        self.module = module_from_spec(spec)
        sys.modules[name] = self.module
        self.sources.exec_module(self.module)
        return self.module

    def error(self, wrong: BaseException) -> dict[str, object]:
        """An exception as words: type, message, line and the learner's own frames."""
        whole = traceback.TracebackException(type(wrong), wrong, wrong.__traceback__, compact=True)
        self._ours_out(whole, 0)
        lines = [frame.lineno for frame in whole.stack]
        line = getattr(wrong, "lineno", None) if isinstance(wrong, SyntaxError) else None
        return {
            "type": str(type(wrong).__name__)[:100],
            "bases": [
                base.__name__
                for base in type(wrong).__mro__
                if base is getattr(builtins, base.__name__, None)
            ],
            "message": _text_of(wrong),
            "line": line if line is not None else (lines[-1] if lines else None),
            "traceback": "".join(whole.format())[-_TRACEBACK_SHOWN:],
        }

    def _ours_out(self, whole: traceback.TracebackException, depth: int) -> None:
        whole.stack = traceback.StackSummary.from_list(
            [frame for frame in whole.stack if frame.filename in self.sources.files]
        )
        for other in (whole.__cause__, whole.__context__):
            if other is not None and depth < 5:
                self._ours_out(other, depth + 1)

    def _format(self, stack: traceback.StackSummary) -> str:
        own = [frame for frame in stack if frame.filename in self.sources.files]
        return "".join(traceback.StackSummary.from_list(own).format())[-_TRACEBACK_SHOWN:]

    def functions(self) -> list[str]:
        """The names of callables that the module itself defines."""
        return [
            name
            for name, value in vars(self.module).items()
            if callable(value) and getattr(value, "__module__", None) == self.module.__name__
        ][:_NAMES_SHOWN]


PROGRAM = Program()


def warm_up() -> None:
    """Do once, before any fork, what every run does: what is made on the way is then shared."""
    main, program = sys.modules["__main__"], Program()
    program.take({"files": {"main.py": _TYPICAL}, "main": "main.py", "time_s": 10.0})
    program.run()
    flush()
    frame = pack({"value": encode(vars(program.module)["values"]), "at": _printed()})
    answer: Any = unpack(frame[HEADER.size :])
    decode(answer["value"])
    sys.modules["__main__"] = main
    linecache.clearcache()


_TYPICAL = """
def total(numbers, start=0):
    result = {}
    for number in numbers:
        start += int(number) * 2
        result[f"{number}"] = [start, str(start).strip()]
    return result


values = total([1, 2, 3])
print(*values)
"""


def _text_of(wrong: BaseException) -> str:
    try:
        return str(wrong)[:_MESSAGE_SHOWN]
    except BaseException:  # noqa: BLE001 - a learner's __str__ may raise anything
        return ""


def flush() -> None:
    """Bring what was printed to where the grader reads it; a closed stream has nothing."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):  # too much, closed, replaced
        return


def run_script(setup: dict[str, Any]) -> None:
    """Run the submission once, as `python main.py` would."""
    program = PROGRAM
    program.take(setup)
    program.clock()
    try:
        program.run()
    except SystemExit as wrong:
        flush()
        if wrong.code not in (None, 0):
            _send(CONTROL, {"left": str(wrong.code)[:_MESSAGE_SHOWN]})
            return
    except BaseException as wrong:  # noqa: BLE001 - a learner may raise anything
        flush()
        _send(CONTROL, {"raised": program.error(wrong)})
        return
    flush()
    os.write(CONTROL, _DONE)


def loaded(setup: dict[str, Any]) -> Program | None:
    """The submission, imported; None when it cannot be, and the grader has been told why."""
    program = PROGRAM
    program.take(setup)
    program.clock()
    try:
        program.load()
    except BaseException as wrong:  # noqa: BLE001 - a learner may raise anything
        flush()
        _send(CONTROL, {"raised": program.error(wrong)})
        return None
    program.clock(on=False)
    flush()
    os.write(CONTROL, _DONE)
    return program


def answer_calls(setup: dict[str, Any]) -> None:
    """Import the submission, then call its functions on order."""
    program = loaded(setup)
    last = program is None
    while program is not None and not last:
        calls, last = from_grader.receive()
        for name, args, kwargs in calls:
            answer = _called(program, name, args, kwargs)
            flush()
            answer["at"] = _printed()
            try:
                _send(CONTROL, answer)
            except (ProtocolError, MemoryError, RecursionError):
                _send(CONTROL, {"huge": True})
                return  # the grader asks another process for the rest
        program.clock(on=False)


def _called(
    program: Program, name: str, args: list[object], kwargs: dict[str, object]
) -> dict[str, object]:
    function = getattr(program.module, name, None)
    if not callable(function):
        return {"missing": program.functions()}
    program.clock()
    try:
        return {"value": encode(function(*args, **kwargs))}
    except BaseException as wrong:  # noqa: BLE001 - a learner may raise anything
        return {"raised": program.error(wrong)}


def _printed() -> int:
    """How much is on standard output; by our own word, and only where this test's text ends."""
    try:
        return os.lseek(1, 0, os.SEEK_CUR)
    except OSError:  # closed
        return 0
