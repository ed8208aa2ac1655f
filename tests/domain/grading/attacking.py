"""Attacks a grader of its own and says what came of it; run as root or as an ordinary user.

Run as `python attacking.py`: reads a job from standard input (JSON: `without`, `attacks` {name:
source}, `forgeries` [mode]), writes one JSON object per attack. Needs nothing but the standard
library and `domain.grading`. What it says about learners' programs comes from the grader; whether
the machine is unharmed is judged by whoever started it.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))

from domain.grading import Grader, Limits, Task, TestCase  # noqa: E402
from tests.domain.grading import forgeries  # noqa: E402

LANES = 3
LIMITS = Limits(time_s=0.2, memory_mb=64)
ANSWER = TestCase("t", "t", Decimal(1), False, {"stdin": "", "stdout": "the right answer"})
TASK = Task("python", "stdin", "main.py", (ANSWER,), LIMITS)
PATIENT = Task("python", "stdin", "main.py", (ANSWER,))
MARKED = "secret = 'marker-of-another-learner'\n"
NEXT = "print('the right answer')"


def attempts(job: dict[str, list[str] | dict[str, str]]) -> Iterator[tuple[str, Task, str]]:
    """Name, task and source of everything that is tried."""
    attacks = job["attacks"]
    assert isinstance(attacks, dict)
    for name, source in attacks.items():
        yield name, TASK, source
    for mode in job["forgeries"]:
        for name in forgeries.FORGERIES:
            forged = forgeries.submission(name, mode)
            if forged is not None:
                yield f"{mode}: {name}", forgeries.TASKS[mode], forged


def storable(text: str) -> bool:
    """Whether a database takes a text."""
    return "\0" not in text and text == text.encode("utf-8", "replace").decode()


async def main() -> None:
    """Try everything, some at a time, and after each a harmless submission."""
    job = json.load(sys.stdin)
    todo = attempts(job)
    async with Grader(concurrency=2 * LANES, without=job["without"]) as grader:
        print(json.dumps({"missing": [w.name for w in await grader.layers() if not w.active]}))

        async def lane() -> None:
            for name, task, source in todo:
                await grader.grade(TASK, {"main.py": MARKED})
                begin = time.monotonic()
                result = await grader.grade(task, {"main.py": source})
                took = time.monotonic() - begin
                waits = []
                for _ in range(2):  # on a busy machine the first may wait for others
                    begin = time.monotonic()
                    after = await grader.grade(PATIENT, {"main.py": NEXT})
                    waits.append(time.monotonic() - begin)
                    if waits[-1] < 1:
                        break
                said = {
                    "name": name,
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
                    "next": after.status,
                    "next_took": min(waits),
                }
                print(json.dumps(said), flush=True)

        await asyncio.gather(*(lane() for _ in range(LANES)))


if __name__ == "__main__":
    asyncio.run(main())
