"""The grader: the one door into the sandbox for the rest of Stoa."""

import asyncio
import contextlib
import logging
import re
import sys
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Self

from domain.grading import explain
from domain.grading.asserts import AssertEvaluation
from domain.grading.calls import CallEvaluation
from domain.grading.checkers import CheckerEvaluation
from domain.grading.evaluation import Evaluation
from domain.grading.model import (
    Language,
    Layer,
    Result,
    SandboxError,
    SandboxUnsafe,
    Task,
    TestResult,
    overall,
)
from domain.grading.scripts import ScriptEvaluation
from domain.grading.turns import Turns
from domain.grading.web import PageEvaluation, engine_paths
from domain.grading.zygotes import Zygote

log = logging.getLogger(__name__)

_RECYCLE_AFTER = 2000  # cells of one zygote: they share its memory layout and hash seed
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_LAYERS = {
    "limits": "processor time, memory, output, open files, threads",
    "seccomp": "only harmless system calls",
    "landlock": "only the standard library's files",
    "namespaces": "no network, own users and mounts",
    "root": "an own root with nothing but the standard library, and a private scratch folder",
    "processes": "own processes only, all ended together",
}


class Grader:
    """Grades submissions, some at a time; an async context manager, one per process.

    Args:
        concurrency: how many submissions are graded at the same time. Who knows whose they are
            waits for one of the fair `turns` first; `grade` itself goes by arrival.
        accept_less: grade even where the sandbox would not contain an attack.
        without: names of layers to leave out, for tests.
    """

    def __init__(
        self, *, concurrency: int = 2, accept_less: bool = False, without: Sequence[str] = ()
    ) -> None:
        self.turns = Turns(concurrency)
        self._turns = asyncio.Semaphore(concurrency)
        self._starting = asyncio.Lock()
        self._accept_less = accept_less
        self._without = tuple(without)
        self._zygotes: dict[Language, Zygote] = {}
        self._retired: list[Zygote] = []
        self._renewing: dict[Language, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for renewing in tuple(self._renewing.values()):
            renewing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await renewing
        for zygote in (*self._retired, *self._zygotes.values()):
            await zygote.close()
        self._zygotes.clear()
        self._retired.clear()

    @staticmethod
    def can_grade(task: Task) -> bool:
        """Whether this grader knows the task's language."""
        return task.language == "python" or sys.platform != "linux" or engine_paths() is not None

    async def layers(self) -> tuple[Layer, ...]:
        """The walls that stand here, and why others do not."""
        zygote = await self._ready()
        return _layers(zygote.missing)

    async def grade(self, task: Task, files: Mapping[str, str]) -> Result:
        """Run a submission against a task's tests. The event loop goes on meanwhile.

        Args:
            task: the tests and limits.
            files: text by file name, such as {"two_fer.py": "def ..."}; a single file of
                another name is taken as the task's main file.

        Raises:
            SandboxUnsafe: this machine could not contain an attack.
            SandboxError: the sandbox failed; not the learner's doing, try again.
            ValueError: a file name with a path in it, or a language that cannot be graded.
        """
        if not self.can_grade(task):
            raise ValueError(f"{task.language} cannot be graded here")
        for name in files:
            if not _FILE_NAME.fullmatch(name):
                raise ValueError("a file name may hold letters, digits, _ - and dots")
        files = _main_in_place(task, files)
        begin = time.perf_counter()
        if task.main not in files:
            return _without_main(task)
        async with self._turns:
            for attempt in (1, 2):
                zygote = await self._ready(task.language)
                evaluation = _evaluation(zygote, task, files)
                try:
                    tests = await evaluation.run()
                    break
                except SandboxError:
                    with contextlib.suppress(SandboxError):
                        await evaluation.close()
                    if attempt == 2:
                        raise
                except BaseException:
                    await evaluation.close()
                    raise
        return Result(
            status=overall(tests),
            tests=tests,
            score=sum((test.points for test in tests), Decimal(0)),
            max_score=task.max_score,
            cpu_ms=round(evaluation.cpu_ms),
            wall_ms=round((time.perf_counter() - begin) * 1000),
            peak_kb=evaluation.peak_kb,
            traceback=evaluation.traceback,
            traceback_of=evaluation.traceback_of,
            note=next((test.note for test in tests if test.note is not None), None),
        )

    async def _ready(self, language: Language = "python") -> Zygote:
        if sys.platform != "linux":
            raise SandboxUnsafe(f"code is run on Linux only, and this is {sys.platform}")
        async with self._starting:
            zygote = self._zygotes.get(language)
            if zygote is None or not zygote.alive:
                zygote = await self._replace(language)
            elif zygote.started >= _RECYCLE_AFTER and language not in self._renewing:
                self._renewing[language] = asyncio.create_task(self._renew(language))
            return zygote

    async def _renew(self, language: Language) -> None:
        """Replace a zygote while the old one goes on working."""
        try:
            await self._replace(language)
        except SandboxError:
            log.exception("the sandbox could not be renewed; the old one goes on")
        finally:
            del self._renewing[language]

    async def _replace(self, language: Language) -> Zygote:
        for old in [old for old in self._retired if not old.busy]:
            self._retired.remove(old)
            await old.close()
        page = engine_paths() if language == "web" else None
        zygote = await Zygote.start(self._without, page or ())
        if not self._accept_less and not _contains_attacks(zygote.missing):
            await zygote.close()
            raise SandboxUnsafe(
                "; ".join(f"{name}: {why}" for name, why in zygote.missing.items() if why)
            )
        if language in self._zygotes:
            self._retired.append(self._zygotes[language])
        self._zygotes[language] = zygote
        return zygote


def _contains_attacks(missing: Mapping[str, str]) -> bool:
    """Whether what stands is enough: seccomp, and files kept away by Landlock or an own root."""
    return not missing["seccomp"] and not (missing["landlock"] and missing["root"])


def _layers(missing: Mapping[str, str]) -> tuple[Layer, ...]:
    return tuple(
        Layer(name, not missing.get(name, ""), missing.get(name) or purpose)
        for name, purpose in _LAYERS.items()
    )


def describe_layers() -> tuple[Layer, ...]:
    """Start a sandbox and say which of its walls stand on this machine; for `stoa doctor`.

    Raises:
        SandboxError: it does not start at all.
    """

    async def ask() -> tuple[Layer, ...]:
        async with Grader(accept_less=True) as grader:
            return await grader.layers()

    return asyncio.run(ask())


def _main_in_place(task: Task, files: Mapping[str, str]) -> dict[str, str]:
    if task.main not in files and len(files) == 1:
        return {task.main: next(iter(files.values()))}
    return dict(files)


def _without_main(task: Task) -> Result:
    note = explain.note(explain.MISSING_FILE, name=task.main)
    tests = tuple(
        TestResult(test.key, test.name, "error", Decimal(0), test.points, test.is_sample, note=note)
        for test in task.tests
    )
    return Result(overall(tests), tests, Decimal(0), task.max_score, note=note)


def _evaluation(zygote: Zygote, task: Task, files: Mapping[str, str]) -> Evaluation:
    if task.language == "web":
        return PageEvaluation(zygote, task, files)
    if task.mode == "stdin":
        return ScriptEvaluation(zygote, task, files)
    if task.mode == "call":
        return CallEvaluation(zygote, task, files)
    if task.mode == "assert":
        return AssertEvaluation(zygote, task, files)
    return CheckerEvaluation(zygote, task, files)
