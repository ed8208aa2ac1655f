"""Attacks a grader of its own and says what came of it; run as root or as an ordinary user.

Run as `python attacking.py`: reads a job from standard input (JSON, see `Job`), writes one JSON
object per attack. Needs nothing but the standard library, `domain.grading` and the JavaScript
engine. What it says about learners' programs comes from the grader; whether the machine is unharmed
is judged by whoever started it.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypedDict

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))

from domain.grading import Grader, Limits, Task, TestCase  # noqa: E402
from tests.domain.grading import forgeries  # noqa: E402
from tests.domain.grading.web import hostile  # noqa: E402

LANES = 3
ANSWER = TestCase("t", "t", Decimal(1), False, {"stdin": "", "stdout": "the right answer"})
PATIENT = Task("python", "stdin", "main.py", (ANSWER,))
MARKED = "secret = 'marker-of-another-learner'\n"
NEXT = "print('the right answer')"
MEMORY_MB, PAGE_MB = 64, 32
BEYOND_KB = 40 * 1024  # what the interpreter or the engine may take beside a submission's own
PAGE_BEYOND_KB = 88 * 1024


class Job(TypedDict):
    """What to try.

    Without these layers, in an order shuffled by `seed` (0: as they are listed), with so many
    seconds of processor time: programs by name, forgeries of these modes, pages of these kinds.
    """

    without: list[str]
    seed: int
    time_s: float
    attacks: dict[str, str]
    forgeries: list[str]
    pages: list[str]


@dataclass(frozen=True)
class Attempt:
    """One thing that is tried, and what is handed in right after it."""

    name: str
    task: Task
    files: dict[str, str]
    peak_most_kb: int
    after: tuple[Task, dict[str, str]]


def page_task(*tests: str, limits: Limits | None = None) -> Task:
    """A challenge about a page, each test a line of JavaScript."""
    cases = (TestCase(f"t{n}", t, Decimal(1), False, {"test": t}) for n, t in enumerate(tests))
    return Task("web", "assert", "index.html", tuple(cases), limits or Limits())


PAGES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "forging": (hostile.FORGERIES, hostile.WANTED),
    "reaching": (hostile.REACHING, ("await wait(100); expect(1).toBe(2)",)),
    "loops": (hostile.LOOPS, hostile.WANTED[:2]),
    "greed": (hostile.GREED, hostile.WANTED[:2]),
}
AFTER_PROGRAM = (PATIENT, {"main.py": NEXT})
AFTER_PAGE = (
    page_task("expect(doc.querySelector('h1').textContent).toBe('Hello')"),
    {"index.html": "<!doctype html><h1>Hello</h1>"},
)


def attempts(job: Job) -> Iterator[Attempt]:
    """Everything that is tried."""
    task = Task("python", "stdin", "main.py", (ANSWER,), Limits(job["time_s"], MEMORY_MB))
    most = MEMORY_MB * 1024 + BEYOND_KB
    for name, source in job["attacks"].items():
        yield Attempt(name, task, {"main.py": source}, most, AFTER_PROGRAM)
    for mode in job["forgeries"]:
        for name in forgeries.FORGERIES:
            forged = forgeries.submission(name, mode)
            if forged is not None:
                files = {"main.py": forged}
                yield Attempt(f"{mode}: {name}", forgeries.TASKS[mode], files, most, AFTER_PROGRAM)
    limits = Limits(job["time_s"], PAGE_MB)
    for kind in job["pages"]:
        scripts, tests = PAGES[kind]
        for name, script in scripts.items():
            files = {
                "index.html": hostile.PAGE,
                "style.css": "",
                "script.js": hostile.PRELUDE + script,
            }
            yield Attempt(
                f"page {kind}: {name}",
                page_task(*tests, limits=limits),
                files,
                PAGE_MB * 1024 + PAGE_BEYOND_KB,
                AFTER_PAGE,
            )


def storable(text: str) -> bool:
    """Whether a database takes a text."""
    return "\0" not in text and text == text.encode("utf-8", "replace").decode()


async def said_of(grader: Grader, attempt: Attempt) -> dict[str, object]:
    """Try one thing, and then a harmless submission."""
    if attempt.name.startswith("objects: "):
        await grader.grade(attempt.task, {"main.py": MARKED})
    begin = time.monotonic()
    result = await grader.grade(attempt.task, attempt.files)
    took = time.monotonic() - begin
    waits = []
    for _ in range(2):  # on a busy machine the first may wait for others
        begin = time.monotonic()
        after = await grader.grade(*attempt.after)
        waits.append(time.monotonic() - begin)
        if waits[-1] < 1:
            break
    task = attempt.task
    return {
        "name": attempt.name,
        "passed": [test.id for test in result.tests if test.status == "passed"],
        "output": "".join(test.output[:2000] for test in result.tests),
        "storable": all(
            storable(text)
            for test in result.tests
            for text in (test.output, test.got or "", test.expected or "")
        ),
        "took": took,
        "most": (task.limits.wall_s + 1) * (len(task.tests) + 1) + 2,
        "peak_kb": result.peak_kb,
        "peak_most_kb": attempt.peak_most_kb,
        "next": after.status,
        "next_took": min(waits),
    }


async def main() -> None:
    """Try everything, some at a time."""
    job: Job = json.load(sys.stdin)
    every = list(attempts(job))
    if job["seed"]:
        random.Random(job["seed"]).shuffle(every)  # noqa: S311 - an order, no secret
    todo = iter(every)
    async with Grader(concurrency=2 * LANES, without=job["without"]) as grader:
        print(json.dumps({"missing": [w.name for w in await grader.layers() if not w.active]}))

        async def lane() -> None:
            for attempt in todo:
                print(json.dumps(await said_of(grader, attempt)), flush=True)

        await asyncio.gather(*(lane() for _ in range(LANES)))


if __name__ == "__main__":
    asyncio.run(main())
