"""Runs a program and many variants of it in the sandbox, a few hundred in one process.

The process gets inputs only. What a test expects stays here and is compared here, so a program
cannot read it, and one that lies about its own values deceives only its own hints.
"""

import ast
import builtins
import json
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from domain.grading import Json, Limits, Result, Task, TestCase
from domain.grading.compare import same_output
from domain.grading.jail.values import same
from domain.grading.tasks import literal
from tutor.diagnosis.harness import canonical, shortened
from tutor.diagnosis.model import Change, Edit, Evidence, Seen, Value

HARNESS = "stoa_harness.py"
_TEXT = Path(__file__).with_name("harness.py").read_text(encoding="utf-8")
_HELPERS = frozenset({*dir(builtins), "raises", "approx", "printed", "solution"})
_BATCH = 400  # variants of one process at most
_BATCH_S = 2.0  # processor time of one process; what is not done then is asked again
_CHECKED_MOST = 500  # values that one process of a checker judges
_ROOM_MB = 64  # what the harness and its variants need beside the program


class Grades(Protocol):
    """What is needed of the grader: `domain.grading.Grader` has it."""

    async def grade(self, task: Task, files: Mapping[str, str]) -> Result:
        """Run files against a task, behind the wall."""
        ...


class Lab:
    """One program's variants and one task's tests.

    Args:
        grader: the sandbox.
        task: the challenge; Python only.
        files: the learner's files; variants change the task's main file.
    """

    def __init__(self, grader: Grades, task: Task, files: Mapping[str, str]) -> None:
        self.grader, self.task = grader, task
        self.others = {name: text for name, text in files.items() if name != task.main}
        self.text = files[task.main]
        self.tests = [_inputs(task, test) for test in task.tests]
        self.wanted = [_wanted(task, test) for test in task.tests]
        self.runs = 0
        self.deadline = math.inf  # `time.perf_counter()` after which no process is started
        self.cpu_ms, self.cpu_most_ms = 0.0, math.inf
        self._checked: dict[tuple[int, str], bool] = {}

    def spent(self) -> bool:
        """Whether the time is over: on the clock, or of the processor."""
        return time.perf_counter() >= self.deadline or self.cpu_ms >= self.cpu_most_ms

    async def look(self, seconds: float = 0.1) -> list[Seen]:
        """What the unchanged program does in each test; shorter when its process was stopped."""
        lines = await self._ask({"look": True, "seconds": seconds}, 20 * seconds + 2)
        lines = [line for line in lines if isinstance(line, list) and len(line) == 5]
        await self._check({(number, str(line[0])) for number, line in enumerate(lines)})
        return [
            Seen(
                str(outcome),
                self._met(number, str(outcome)),
                frozenset(one for one in ran if isinstance(one, int)),
                float(spent),
                int(last),
                _evidence(evidence),
            )
            for number, (outcome, ran, spent, last, evidence) in enumerate(
                lines[: len(self.wanted)]
            )
        ]

    async def outcomes(
        self,
        variants: Sequence[Sequence[Edit]],
        order: Sequence[int],
        known: Mapping[int, str],
        seconds: float,
    ) -> list[dict[int, bool]]:
        """Which tests each variant passes, by the tests' numbers.

        Args:
            variants: edits that are made together.
            order: the tests' numbers.
            known: outcomes of the unchanged program in the first of them; a variant that changes
                none of these is not asked any further.
            seconds: processor time of one run.
        """
        found: list[dict[int, bool]] = [{} for _ in variants]
        start = 0
        while start < len(variants) and not self.spent():
            part = variants[start : start + _BATCH]
            request: dict[str, Json] = {
                "variants": [[_change(one) for one in _joined(edits)] for edits in part],
                "chosen": list(order),
                "known": {str(number): text for number, text in known.items()},
                "seconds": seconds,
                "most": _BATCH_S / 2,
            }
            done, more = 0, False
            table: dict[int, str] = {}
            rows: list[list[tuple[int, str]]] = []
            for line in await self._ask(request, _BATCH_S):
                more = line == "more"
                if not isinstance(line, list) or len(line) != 3 or line[0] != done:
                    break
                table |= {int(key): str(text) for key, text in line[2].items()}
                said = [table.get(one, "?") for one in line[1]]
                rows.append(list(zip(order, said, strict=False)))
                done += 1
            await self._check({pair for row in rows for pair in row})
            for place, row in enumerate(rows[: len(part)]):
                found[start + place] = {number: self._met(number, text) for number, text in row}
            self.runs += done
            # One that ended the process is passed over.
            start += done + (done < len(part) and not more)
        return found

    def _met(self, number: int, outcome: str) -> bool:
        verdict = self._checked.get((number, outcome))
        return self.wanted[number](outcome) if verdict is None else verdict

    async def _check(self, pairs: Iterable[tuple[int, str]]) -> None:
        """Ask the author's checkers about values, in a process without learner code."""
        if self.task.mode != "checker":
            return
        open_ = [
            (number, text)
            for number, text in pairs
            if (number, text) not in self._checked and text[:1] in ("v", "p") and text[1:2] != "#"
        ]
        for start in range(0, len(open_), _CHECKED_MOST):
            part = open_[start : start + _CHECKED_MOST]
            asked: list[Json] = [[number, text] for number, text in part]
            checks: list[Json] = [
                {"source": str(test.spec["source"]), "check": str(test.spec.get("check", "check"))}
                for test in self.task.tests
            ]
            lines = await self._run({"tests": self.tests, "checks": checks, "asked": asked}, 10)
            for pair, verdict in zip(part, lines, strict=False):
                self._checked[pair] = verdict is True

    async def _ask(self, request: Mapping[str, Json], most_s: float) -> list[Any]:
        order: dict[str, Json] = {
            "mode": _mode(self.task),
            "file": self.task.main,
            "text": self.text,
            "tests": self.tests,
            **request,
        }
        return await self._run(order, most_s, self.others)

    async def _run(
        self, order: dict[str, Json], most_s: float, files: Mapping[str, str] = MappingProxyType({})
    ) -> list[Any]:
        limits = Limits(min(30.0, most_s), min(1024, self.task.limits.memory_mb + _ROOM_MB))
        spec: dict[str, Json] = {"function": "run", "args": [order], "kwargs": {}, "expected": None}
        task = Task(
            "python", "call", HARNESS, (TestCase("x", "x", Decimal(1), False, spec),), limits
        )
        result = await self.grader.grade(task, {**files, HARNESS: _TEXT})
        self.cpu_ms += result.cpu_ms
        lines = []
        for line in result.tests[0].output.splitlines():
            try:
                lines.append(json.loads(line))
            except ValueError:  # cut off, or not ours
                break
        return lines


def called(task: Task) -> list[str]:
    """Names of the learner's functions and classes that the tests use; none for a script."""
    names: list[str] = []
    for test in task.tests:
        if task.mode != "assert":
            names += [str(test.spec["function"])] if "function" in test.spec else []
            continue
        tree = ast.parse(str(test.spec.get("source") or test.spec.get("code")))
        every = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        made = {node.id for node in every if not isinstance(node.ctx, ast.Load)} | _HELPERS
        made |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                names += [one.name for one in node.names]
        names += [node.id for node in every if node.id not in made]
    return list(dict.fromkeys(names))


def _mode(task: Task) -> str:
    if task.mode == "checker":
        return "stdin" if any("stdin" in test.spec for test in task.tests) else "call"
    return task.mode


def _inputs(task: Task, test: TestCase) -> Json:
    """What the process is told of a test: everything but what it wants."""
    spec = test.spec
    if task.mode == "assert":
        run = str(spec["function"]) if "source" in spec else ""
        return {"code": str(spec.get("source") or spec.get("code")), "run": run}
    if "stdin" in spec:
        return {"stdin": str(spec["stdin"])}
    return {
        "function": str(spec["function"]),
        "args": repr(literal(spec.get("args", []))),
        "kwargs": repr(literal(spec.get("kwargs", {}))),
        "close": "tolerance" in spec or task.mode == "checker",
        "raises": "raises" in spec,
    }


def _wanted(task: Task, test: TestCase) -> Callable[[str], bool]:
    """A function that says whether an outcome is what a test wants."""
    spec = test.spec
    if task.mode == "checker":
        return lambda _: False
    if task.mode == "assert":
        return lambda outcome: outcome == "vTrue"
    if task.mode == "stdin":
        wanted, compare = str(spec["stdout"]), str(spec.get("compare", "tolerant"))
        return lambda outcome: (
            outcome[:1] == "p" and same_output(wanted, outcome[1:], compare) is None
        )
    if "raises" in spec:
        kind = str(spec["raises"])
        return lambda outcome: outcome[:1] == "x" and kind in outcome[1:].split("@")[0].split(",")
    expected = literal(spec["expected"])
    tolerance = spec.get("tolerance")
    if isinstance(tolerance, int | float):
        return lambda outcome: outcome[:1] == "v" and _close(outcome[1:], expected, tolerance)
    text = "v" + shortened(canonical(expected))
    return lambda outcome: outcome == text


def _close(text: str, expected: object, tolerance: float) -> bool:
    try:
        return same(ast.literal_eval(text), expected, tolerance)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return False


def _joined(edits: Sequence[Edit]) -> list[Change]:
    return [change for edit in edits for change in edit.changes]


def _change(change: Change) -> Json:
    return [change.start, change.end, change.text]


def _evidence(said: object) -> Evidence | None:
    if not isinstance(said, list) or len(said) != 5:
        return None
    message, line, spot, depth, values = said
    places = [int(one) for one in spot][:4]
    if len(places) < 4 or not isinstance(values, dict):
        return None
    return Evidence(
        str(message),
        int(line),
        (places[0], places[1], places[2], places[3]),
        int(depth),
        {
            str(name): Value(str(kind), str(text), int(length))
            for name, (kind, text, length) in values.items()
        },
    )
