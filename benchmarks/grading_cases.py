"""What the grading benchmark runs: small problems, and other ways to run the same program."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

from domain.grading import Limits, Mode, Task, TestCase
from domain.grading.model import Json

PROGRAM = "n = int(input())\nprint(n * n)\n"
FUNCTION = "def square(n):\n    return n * n\n"
MAIN = "main.py"
PYTHON: str = getattr(sys, "_base_executable", sys.executable)  # not the environment's link

Runner = Callable[[], None]


def task(mode: Mode, *specs: Mapping[str, Json], limits: Limits | None = None) -> Task:
    """A challenge with a test for each spec."""
    tests = tuple(
        TestCase(f"t{number}", f"test {number}", Decimal(1), False, spec)
        for number, spec in enumerate(specs, 1)
    )
    return Task("python", mode, MAIN, tests, limits or Limits())


def call(n: int) -> dict[str, Json]:
    """A call test."""
    return {"function": "square", "args": [n], "kwargs": {}, "expected": n * n}


OURS: dict[str, tuple[Task, dict[str, str]]] = {
    "ours: a program, one test": (
        task("stdin", {"stdin": "7\n", "stdout": "49\n"}),
        {MAIN: PROGRAM},
    ),
    "ours: a program that opens files": (
        task("stdin", {"stdin": "7\n", "stdout": "49\n"}),
        {MAIN: f"{PROGRAM}open('x', 'w').close()\n"},
    ),
    "ours: a function, one call": (task("call", call(7)), {MAIN: FUNCTION}),
    "ours: a function, ten calls": (task("call", *map(call, range(10))), {MAIN: FUNCTION}),
    "ours: ten assertions, two processes": (
        task("assert", *({"code": f"assert square({n}) == {n * n}"} for n in range(10))),
        {MAIN: FUNCTION},
    ),
}


def others(folder: Path) -> dict[str, Runner]:
    """The same program started other ways, by name; those this machine has.

    Args:
        folder: where the program's file is put.
    """
    path = folder / MAIN
    path.write_text(PROGRAM, encoding="utf-8")

    def started(*words: str, wanted: str = "49\n") -> Runner:
        def run() -> None:
            done = subprocess.run(  # noqa: S603 - our own words
                words, input="7\n", capture_output=True, text=True, check=True
            )
            if done.stdout != wanted:
                raise RuntimeError(f"{words[0]} printed {done.stdout!r}")

        return run

    found = {
        "cold: python -I -S -c pass": started(PYTHON, "-I", "-S", "-c", "pass", wanted=""),
        "subprocess.run, no isolation": started(PYTHON, str(path)),
    }
    if bwrap := shutil.which("bwrap"):
        found["bubblewrap, python -I -S"] = started(
            *(bwrap, "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/"),
            *(PYTHON, "-I", "-S", str(path)),
        )
    return found
