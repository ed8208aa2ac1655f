"""How often the offline tutor finds the mistake, how exactly, how fast, and whether hints leak.

    python -m benchmarks.tutor [--written] [--refactory DIR] [--sample 100] [--seed 1] [--each]

First, known mistakes are put into the solutions of the course "Python from zero". Then, if wanted,
the sets of programs that were written by hand (`benchmarks/tutor_written.py`). Then, if given,
real programs: DIR has the layout of the Refactory data set (Hu, Ahmed, Mechtaev, Leong,
Roychoudhury, ASE 2019), `question_N/` with `description.txt`, `reference.py`, `wrong/`, `correct/`,
and `ans/` with a call in each `input_NNN.txt` and its value in `output_NNN.txt`. Each question
becomes a challenge folder in a temporary place; programs that pass (they exist among `wrong/`) are
left out. Nothing of it is kept. Exit 1 when an aim is missed on DIR: a change that passes all tests
for 60 % of failing programs, a median under 0.3 s, no leak on rungs 0 to 2.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.tutor_cases import Exercise, borrowed, exercises
from benchmarks.tutor_figures import HEAD, Figures, by_changes, row
from benchmarks.tutor_injected import programs
from benchmarks.tutor_written import SETS, written
from domain.authoring.folder import read_challenge_folder
from domain.authoring.trial import task_of
from domain.grading import Grader, Result, Task
from tutor.diagnosis.diagnose import diagnose
from tutor.diagnosis.model import Diagnosis
from tutor.diagnosis.nearest import nearest
from tutor.diagnosis.program import Program
from tutor.guard.guard import Guard
from tutor.ladder import ladder
from tutor.told import text_of

COVERED_AIM = 0.60
MEDIAN_AIM_S = 0.3
ROOT = Path(__file__).resolve().parent.parent
_INJECTED = 6  # mistakes in each solution
VISIBLE = 6  # tests that are shown to measure how many validated changes hold on the others
_GOLD_LINES = 2  # a peer's program that differs in more lines says nothing about the place


@dataclass
class Counted:
    """A grader that adds up the processor time of what it runs."""

    grader: Grader
    cpu_ms: float = 0.0

    async def grade(self, task: Task, files: Mapping[str, str]) -> Result:
        """Grade, and count."""
        result = await self.grader.grade(task, files)
        self.cpu_ms += result.cpu_ms
        return result


async def held_out(grader: Grader, exercise: Exercise, paths: Sequence[Path]) -> Counter[str]:
    """How many changes that pass `VISIBLE` tests, drawn at random, pass the others, too."""
    every = exercise.task.tests
    chosen = sorted(random.Random(len(every)).sample(range(len(every)), min(VISIBLE, len(every))))
    shown = replace(exercise.task, tests=tuple(every[number] for number in chosen))
    found: Counter[str] = Counter()
    if len(shown.tests) == len(exercise.task.tests):
        return found
    for path in paths:
        files = {exercise.task.main: exercise.text(path)}
        diagnosis = await diagnose(grader, shown, files, show_hidden=True)
        if diagnosis.repaired is not None:
            found["validated"] += 1
            files = {exercise.task.main: diagnosis.repaired}
            found["hold"] += (await grader.grade(exercise.task, files)).status == "passed"
    return found


async def measure(
    grader: Grader, exercise: Exercise, paths: Sequence[Path], *, each: bool = False
) -> Figures:
    """Diagnose programs of one exercise, one after the other; `each` prints a line for each."""
    figures = Figures()
    accepted = [exercise.text(path) for path in exercise.correct]
    guard = Guard(grader, exercise.task, solutions=accepted[:5])
    for number, path in enumerate(paths, 1):
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{exercise.name}: {number} of {len(paths)}")
        text = exercise.text(path)
        found = await _timed(figures, grader, exercise.task, text)
        if found.confidence == "none":
            continue
        if found.cause is not None:
            figures.causes[found.cause.key] += 1
        if each:
            causes = "+".join(f"{edit.cause}@{edit.line}" for edit in found.edits)
            took = f"{figures.seconds[-1]:.2f} s, {figures.cpu_s[-1]:.2f} s of CPU"
            print(f"  {path.stem:<20} {found.confidence:<10} {causes:<40} {found.tried} {took}")
        _place(figures, found, exercise.gold.get(path) or _gold(text, accepted))
        await _leaks(figures, found, text, guard, path)
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    return figures


async def _timed(figures: Figures, grader: Grader, task: Task, text: str) -> Diagnosis:
    """Diagnose one program and count how sure it was and how long it took, if it fails."""
    counted = Counted(grader)
    begin, own = time.perf_counter(), time.process_time()
    found = await diagnose(counted, task, {task.main: text}, show_hidden=True)
    if found.confidence != "none":
        figures.seconds.append(time.perf_counter() - begin)
        figures.cpu_s.append(time.process_time() - own + counted.cpu_ms / 1000)
        figures.confidence[found.confidence] += 1
        if found.confidence == "validated":
            figures.changes[len(found.edits)] += 1
    return found


def _gold(text: str, accepted: Sequence[str]) -> tuple[int, ...]:
    """Where the nearest accepted program of a peer differs, when that is a line or two."""
    try:
        gold = nearest(Program.read(text), accepted)
    except SyntaxError:
        return ()
    return gold if len(gold) <= _GOLD_LINES else ()


def _place(figures: Figures, found: Diagnosis, gold: Sequence[int]) -> None:
    """Compare the most suspicious line with the lines that should be mended, where known."""
    if not gold or not found.lines:
        return
    figures.gold += 1
    figures.exact += found.lines[0] in gold
    figures.near += any(abs(found.lines[0] - line) <= 1 for line in gold)


async def _leaks(figures: Figures, found: Diagnosis, text: str, guard: Guard, path: Path) -> None:
    """Ask the guard about the first three rungs, and an independent rule about their code."""
    rungs = [text_of(rung) for rung in ladder(found)[:3]]
    foreign = [code for rung in rungs for code in borrowed(rung, text, found)]
    if foreign:
        figures.borrowed += 1
        figures.examples.append(f"{path.name}: code of its own: {foreign[0]}")
    for rung in rungs:
        verdict = await guard.check(rung, text)
        if verdict.gives_away:
            figures.leaks += 1
            figures.examples.append(f"{path.name}: {verdict.why}: {rung}")
            break


async def course(grader: Grader, seed: int) -> Figures:
    """Diagnose mistakes that were put into the course's solutions; their lines are known."""
    figures = Figures()
    for path in sorted((ROOT / "courses" / "python-from-zero").rglob("challenge.yaml")):
        task = task_of(read_challenge_folder(path.parent)[0])
        solution = (path.parent / "solution" / task.main).read_text("utf-8")
        for text, line in programs(solution, _INJECTED, seed):
            found = await _timed(figures, grader, task, text)
            if found.confidence == "none":
                continue
            if found.lines:
                figures.gold += 1
                figures.exact += found.lines[0] == line
                figures.near += abs(found.lines[0] - line) <= 1
    return figures


@dataclass(frozen=True)
class Plan:
    """What is measured: `refactory` a folder in that layout, `sample` of 0 means every program."""

    refactory: Path | None
    sets: tuple[str, ...]
    sample: int
    seed: int
    held: int
    each: bool
    course: bool


async def run(plan: Plan) -> Figures:
    """Measure all that is planned, and print a table; the figures of the given folder."""
    total = Figures()
    print(f"load average at the start: {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="stoa-tutor-") as place:
        async with Grader(concurrency=2) as grader:
            await grader.layers()
            if plan.course:
                print(row("injected", await course(grader, plan.seed)), flush=True)
            for name in plan.sets:
                every = Figures()
                for exercise in written(name, Path(place) / name):
                    every.add(await _told(grader, exercise, exercise.wrong, plan))
                print(row(f"all of {name} set", every), by_changes(every), sep="\n", flush=True)
            given = Path(place) / "given"
            for exercise in exercises(plan.refactory, given) if plan.refactory else ():
                paths = list(exercise.wrong)
                random.Random(plan.seed).shuffle(paths)
                total.add(await _told(grader, exercise, paths[: plan.sample or None], plan))
                total.holds += await held_out(grader, exercise, paths[: plan.held])
    if plan.refactory is not None:
        print(row("all given", total), by_changes(total), sep="\n")
    return total


async def _told(grader: Grader, exercise: Exercise, paths: Sequence[Path], plan: Plan) -> Figures:
    """Measure one exercise, and print its row."""
    figures = await measure(grader, exercise, paths, each=plan.each)
    print(row(exercise.name, figures), flush=True)
    return figures


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tutor", description=__doc__)
    parser.add_argument("--refactory", type=Path, metavar="DIR", help="folder with question_N/")
    parser.add_argument("--written", nargs="*", choices=SETS, help="sets written by hand; all")
    parser.add_argument("--no-course", action="store_true", help="no mistakes put into solutions")
    parser.add_argument("--sample", type=int, default=0, help="programs of each exercise; 0 is all")
    parser.add_argument("--seed", type=int, default=1, help="which programs are taken")
    parser.add_argument("--held", type=int, default=40, help="programs diagnosed with fewer tests")
    parser.add_argument("--each", action="store_true", help="a line for each program, too")
    given = parser.parse_args()
    if given.refactory is not None and not any(given.refactory.glob("question_*/ans")):
        print(f"{given.refactory} holds no question_N/ans: give the data set's folder.")
        return 2
    sets = () if given.written is None else tuple(given.written) or SETS
    plan = Plan(
        given.refactory, sets, given.sample, given.seed, given.held, given.each, not given.no_course
    )
    total = asyncio.run(run(plan))
    if given.refactory is None:
        return 0
    validated = total.confidence["validated"] / max(1, total.programs)
    print(
        f"validated place and cause: {100 * validated:.1f} % by all tests "
        f"(aim {100 * COVERED_AIM:.0f} %), {100 * total.covered():.1f} % with `partly`"
    )
    print(f"leaks on rungs 0 to 2: {total.leaks} by the guard, {total.borrowed} by borrowed code")
    print(
        f"validated with {VISIBLE} tests: {total.holds['validated']}, "
        f"of these {total.holds['hold']} pass all tests"
    )
    print("commonest causes:", ", ".join(f"{key} {n}" for key, n in total.causes.most_common(12)))
    for example in total.examples[:5]:
        print("leak:", example)
    median = statistics.median(total.seconds) if total.seconds else 0.0
    met = validated >= COVERED_AIM and median < MEDIAN_AIM_S
    return 0 if met and not total.leaks and not total.borrowed else 1


if __name__ == "__main__":
    sys.exit(main())
