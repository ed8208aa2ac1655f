"""Runs a program and many variants of it in the sandbox, a few hundred in one process.

The process gets inputs only. What a test expects stays here and is compared here, so a program
cannot read it, and one that lies about its own values deceives only its own hints.
"""

import ast
import builtins
import json
import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from domain.grading import Json, Limits, Result, Task, TestCase
from domain.syntax import parse
from tutor.diagnosis.model import Change, Edit, Evidence, Seen, Value
from tutor.diagnosis.wants import inputs, mode_of, wanted

HARNESS = "stoa_harness.py"
_INSIDE = Path(__file__).with_name("inside")
# In the sandbox they lie beside the learner's files, under names that no learner would take.
_FILES = {
    f"stoa_{name}.py": (_INSIDE / f"{name}.py")
    .read_text(encoding="utf-8")
    .replace("from tutor.diagnosis.inside.", "from stoa_")
    for name in ("harness", "runner", "tools", "values")
}
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


@dataclass(frozen=True, slots=True)
class Base:
    """A program that is changed.

    Args:
        text: of the task's main file.
        order: the tests' numbers.
        known: outcomes in the first of these tests; a variant that changes none of them is not
            asked any further.
    """

    text: str
    order: tuple[int, ...]
    known: Mapping[int, str]


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
        self.tests = [inputs(task, test) for test in task.tests]
        self.wanted = [wanted(task, test) for test in task.tests]
        self.runs = 0
        self.deadline = math.inf  # `time.perf_counter()` after which no process is started
        self.cpu_ms, self.cpu_most_ms = 0.0, math.inf
        self._checked: dict[tuple[int, str], bool] = {}

    def spent(self) -> bool:
        """Whether the time is over: on the clock, or of the processor."""
        return time.perf_counter() >= self.deadline or self.cpu_ms >= self.cpu_most_ms

    async def look(self, seconds: float = 0.1, *, together: bool = False) -> list[Seen]:
        """What the unchanged program does in each test; shorter when its process was stopped.

        Args:
            seconds: processor time of one test.
            together: it is loaded once for all tests, which may then see what others left behind.
        """
        order: dict[str, Json] = {
            "look": True,
            "text": self.text,
            "seconds": seconds,
            "together": together,
        }
        lines = await self._ask(order, 20 * seconds + 2)
        lines = [line for line in lines if isinstance(line, list) and len(line) == 5]
        await self.check({(number, str(line[0])) for number, line in enumerate(lines)})
        return [
            Seen(
                str(outcome),
                self.met(number, str(outcome)),
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
        """Which tests each variant of the program passes, by the tests' numbers.

        Args:
            variants: edits that are made together.
            order: the tests' numbers.
            known: outcomes of the unchanged program in the first of them; a variant that changes
                none of these is not asked any further.
            seconds: processor time of one run.
        """
        base = Base(self.text, tuple(order), known)
        rows = await self.tried([base], [(0, edits) for edits in variants], seconds)
        return [{number: self.met(number, text) for number, text in row.items()} for row in rows]

    async def tried(
        self,
        bases: Sequence[Base],
        variants: Sequence[tuple[int, Sequence[Edit]]],
        seconds: float,
    ) -> list[dict[int, str]]:
        """What variants give, by the tests' numbers; nothing for one that was not run.

        Args:
            bases: the programs that are changed.
            variants: the number of a base, and edits of its text that are made together.
            seconds: processor time of one run.
        """
        found: list[dict[int, str]] = [{} for _ in variants]
        start = 0
        programs: list[Json] = [
            {
                "text": one.text,
                "chosen": list(one.order),
                "known": {str(number): text for number, text in one.known.items()},
            }
            for one in bases
        ]
        while start < len(variants) and not self.spent():
            part = variants[start : start + _BATCH]
            request: dict[str, Json] = {
                "bases": programs,
                "variants": [
                    [base, [_change(one) for one in joined(edits)]] for base, edits in part
                ],
                "seconds": seconds,
                "most": _BATCH_S / 2,
            }
            done, more = 0, False
            table: dict[int, str] = {}
            for line in await self._ask(request, _BATCH_S):
                more = line == "more"
                if not isinstance(line, list) or len(line) != 3 or line[0] != done:
                    break
                table |= {int(key): str(text) for key, text in line[2].items()}
                if done < len(part):
                    said = [table.get(one, "?") for one in line[1]]
                    found[start + done] = dict(zip(bases[part[done][0]].order, said, strict=False))
                done += 1
            self.runs += done
            # One that ended the process is passed over.
            start += done + (done < len(part) and not more)
        await self.check({pair for row in found for pair in row.items()})
        return found

    def met(self, number: int, outcome: str) -> bool:
        """Whether an outcome is what a test wants; a checker's verdict must be known."""
        verdict = self._checked.get((number, outcome))
        return self.wanted[number](outcome) if verdict is None else verdict

    async def check(self, pairs: Iterable[tuple[int, str]]) -> None:
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
            "mode": mode_of(self.task),
            "file": self.task.main,
            "tests": self.tests,
            **request,
        }
        return await self._run(order, most_s, self.others)

    async def _run(
        self, order: dict[str, Json], most_s: float, files: Mapping[str, str] = MappingProxyType({})
    ) -> list[Any]:
        limits = Limits(min(30.0, most_s), min(1024, self.task.limits.memory_mb + _ROOM_MB))
        spec: dict[str, Json] = {
            "function": "run",
            "args": [json.dumps(order)],
            "kwargs": {},
            "expected": None,
        }
        task = Task(
            "python", "call", HARNESS, (TestCase("x", "x", Decimal(1), False, spec),), limits
        )
        result = await self.grader.grade(task, {**files, **_FILES})
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
        tree = parse(str(test.spec.get("source") or test.spec.get("code")))
        every = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        made = {node.id for node in every if not isinstance(node.ctx, ast.Load)} | _HELPERS
        made |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                names += [one.name for one in node.names]
        names += [node.id for node in every if node.id not in made]
    return list(dict.fromkeys(names))


def joined(edits: Sequence[Edit]) -> list[Change]:
    """The changes of edits that are made together."""
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
