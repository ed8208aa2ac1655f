"""How long a web challenge of nine tests takes: `python -m benchmarks.web_grading [--count 300]`.

The page has a form, a list, styles and a script; three of the tests click, type or submit. Every
evaluation is a process of its own, forked from the warm one and ended afterwards. `idle` is the
warm process's own memory; `peak` is what the largest evaluation needed beside it.
"""

import argparse
import asyncio
import os
import platform
import time
from decimal import Decimal
from pathlib import Path

from benchmarks.timing import Times, table
from domain.grading import Grader, Limits, Result, Task, TestCase

GOAL_MS = 20.0
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shopping</title>
<link rel="stylesheet" href="style.css"><script src="script.js" defer></script></head>
<body><main><h1 class="title">Shopping list</h1>
<form id="form"><label for="thing">What?</label><input id="thing" required><button>Add</button>
</form><p id="message" role="status"></p><ul id="list"></ul></main></body></html>
"""
STYLE = """body { color: #222222; background-color: #fff8ee; line-height: 1.5; }
main { max-width: 40ch; margin: 0 auto; padding: 1rem; }
form { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.title { color: rgb(10, 20, 30); margin: 4px 8px; }
li { display: flex; justify-content: space-between; }
"""
SCRIPT = """
const list = document.querySelector('#list');
const field = document.querySelector('#thing');
const message = document.querySelector('#message');
function add(name) {
  const item = document.createElement('li');
  item.textContent = name;
  const button = document.createElement('button');
  button.textContent = 'Remove';
  button.addEventListener('click', () => { item.remove(); message.textContent = 'removed'; });
  item.append(button);
  list.append(item);
}
document.querySelector('#form').addEventListener('submit', (event) => {
  event.preventDefault();
  add(field.value.trim());
  setTimeout(() => { message.textContent = `${list.children.length} things`; }, 1000);
});
"""
TESTS = (
    "expect(doc.querySelector('h1').textContent).toBe('Shopping list')",
    "expect(doc.querySelector('label[for=thing]')).toBeTruthy()",
    "expect(doc.documentElement.lang).toBe('en')",
    "expect(style('.title').color).toBe('rgb(10, 20, 30)')",
    "expect(style('form').display).toBe('flex'); expect(style('.title').marginLeft).toBe('8px')",
    "type('#thing', 'Milk'); submit('#form'); expect(doc.querySelectorAll('li').length).toBe(1)",
    "await wait(1000); expect(doc.querySelector('#message').textContent).toBe('1 things')",
    "click('li button'); expect(doc.querySelectorAll('li').length).toBe(0)",
    "expect(typeof add).toBe('function'); expect([1, { a: 2 }]).toEqual([1, { a: 2 }])",
)
FILES = {"index.html": PAGE, "style.css": STYLE, "script.js": SCRIPT}


def task() -> Task:
    """The challenge."""
    tests = (
        TestCase(f"t{n}", f"test {n}", Decimal(1), True, {"test": t}) for n, t in enumerate(TESTS)
    )
    return Task("web", "assert", "index.html", tuple(tests), Limits())


async def measure(
    grader: Grader, count: int, clients: int, pause: float = 0.0
) -> tuple[Times, float, list[Result]]:
    """Durations, seconds for all of them, and the results.

    Args:
        grader: warm.
        count: evaluations.
        clients: how many are asked for at the same time.
        pause: seconds before each, as between people who hand in.
    """
    waiting = iter(range(count))
    seconds: list[float] = []
    results: list[Result] = []

    async def client() -> None:
        for _ in waiting:
            await asyncio.sleep(pause)
            begin = time.perf_counter()
            result = await grader.grade(task(), FILES)
            seconds.append(time.perf_counter() - begin)
            assert result.status == "passed", result.tests
            results.append(result)

    begin = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return Times(tuple(seconds)), time.perf_counter() - begin, results


def proportional_kb(pids: list[int]) -> int:
    """Memory of processes, each shared page counted by its share (PSS), KiB."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total


def descendants(parent: int) -> list[int]:
    """The processes below one, by the kernel's list."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(stat[1]) == parent:
                found += [int(entry.name), *descendants(int(entry.name))]
    return found


async def main(count: int) -> None:
    """Measure and print."""
    begin = time.perf_counter()
    async with Grader() as grader:
        await grader.grade(task(), FILES)
        started = time.perf_counter() - begin
        await measure(grader, 20, 1)
        rows = []
        for words, clients, pause in (
            ("now and then", 1, 0.05),
            ("one after the other", 1, 0.0),
            ("two at a time", 2, 0.0),
        ):
            times, seconds, results = await measure(grader, count, clients, pause)
            cpu = sum(result.cpu_ms for result in results) / len(results)
            peak = max(result.peak_kb for result in results)
            rows.append(
                [
                    words,
                    f"{times.p50:.1f}",
                    f"{times.p99:.1f}",
                    "" if pause else f"{len(results) / seconds:.0f}",
                    f"{cpu:.1f}",
                    f"{peak / 1024:.1f}",
                ]
            )
            if pause:
                goal = "reached" if times.p50 < GOAL_MS else "MISSED"
                word = f"Goal: median under {GOAL_MS:.0f} ms warm: {goal}, {times.p50:.1f} ms."
        idle = proportional_kb(descendants(os.getpid()))
    print(f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}.")
    print(table(["nine tests", "p50 ms", "p99 ms", "per s", "cpu ms", "peak MiB"], rows))
    print(f"First evaluation, the warm process's start included: {1000 * started:.0f} ms.")
    print(f"Idle, with two processes forked ahead: {idle / 1024:.0f} MiB.")
    print(word)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300, help="evaluations per row")
    asyncio.run(main(parser.parse_args().count))
