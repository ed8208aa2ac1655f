"""What the Telegram door costs, beside a stock python-telegram-bot echo bot in the same run.

    python -m benchmarks.telegram [--learners 1000] [--presses 2000] [--rounds 3] [--seconds 20]

`stoa telegram`, as it is installed, talks to a loopback Bot API server in a process of its own, and
so does the echo bot, with the library's default transport. Learners turn the pages of a lesson:
each press is stored, answered in the database, acknowledged, and the message is redrawn. The echo
bot acknowledges and redraws, without a database. Rounds of both take turns.

The loopback server keeps no rate limits in these runs, and the door's own are raised; a last run
keeps Telegram's real ones on both sides. Goals: no more processor time for a press than the echo
bot; 99 of 100 acknowledged within 100 ms at 200 presses a second; 500 presses a second on one core.
Exit code 1 when one is missed. Linux only: what the programs cost is read from /proc.
"""

import argparse
import asyncio
import json
import os
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.processes import family_seconds, memory_mib, processor_seconds
from benchmarks.timing import Times, machine, table

GOAL_RATIO = 1.0  # times the processor time of the echo bot
GOAL_P99_MS = 100.0
GOAL_PER_SECOND = 500.0
RATE = 200.0  # presses a second in the open loop
REAL_RATE = 20.0  # presses a second under Telegram's limits: 30 messages a second are allowed
REAL_LEARNERS = 100
LINES = {"stoa": ["/start", "/learn web-pages"], "echo": ["/start"]}
STOA = ["-c", "import sys; from bots.cli import main; sys.exit(main())", "telegram"]
BOTS = {True: STOA, False: ["-m", "benchmarks.telegram_bot"]}  # by whether the limits are real


def say(text: str) -> None:
    """Tell how far it is, apart from the results."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


@dataclass(slots=True)
class Side:
    """One bot and the learners who use it.

    Args:
        name: "stoa" or "echo".
        bot: its process.
        load: the process of the learners and their Telegram.
        postgres: the database server's process; 0 without one.
    """

    name: str
    bot: Process
    load: Process
    postgres: int = 0
    presses: int = 0
    seconds: float = 0.0
    processor: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)

    async def order(self, do: str, **values: object) -> Mapping[str, object]:
        """Let the learners do something; what came of it.

        Raises:
            RuntimeError: the bot or the learners' process ended.
        """
        assert self.load.stdin is not None
        assert self.load.stdout is not None
        self.load.stdin.write(json.dumps({"do": do, **values}).encode() + b"\n")
        line = await self.load.stdout.readline()
        if not line or self.bot.returncode is not None:
            raise RuntimeError(f"{self.name} ended at {do}")
        read = json.loads(line)
        assert isinstance(read, dict)
        return read

    async def round(self, do: str, **values: object) -> Mapping[str, object]:
        """The same, with what it cost."""
        before, base = processor_seconds(self.bot.pid), self._postgres_seconds()
        found = await self.order(do, **values)
        answered = found["answered"]
        assert isinstance(answered, list)
        self.processor.append((processor_seconds(self.bot.pid) - before) / len(answered))
        self.database.append((self._postgres_seconds() - base) / len(answered))
        say(
            f"  {len(answered) / float(str(found['seconds'])):.0f} presses/s, "
            f"{1000 * self.processor[-1]:.2f} ms of processor each"
        )
        return found

    def _postgres_seconds(self) -> float:
        return family_seconds(self.postgres) if self.postgres else 0.0


@asynccontextmanager
async def running(arguments: Sequence[str], **more: str) -> AsyncIterator[Process]:
    """A program of ours with pipes, ended at the end."""
    environment = {name: one for name, one in os.environ.items() if not name.startswith("STOA_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdin=PIPE, stdout=PIPE, limit=1 << 24,
        env={**environment, **more},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


@asynccontextmanager
async def side(
    name: str, folder: Path, learners: int, *, real: bool = False
) -> AsyncIterator[Side]:
    """A bot and its learners."""
    async with AsyncExitStack() as stack:
        load = [
            "-m",
            "benchmarks.telegram_load",
            str(learners),
            *(["--real", "--serial", "1"] if real else []),
        ]
        people = await stack.enter_async_context(running(load))
        assert people.stdout is not None
        where = json.loads(await people.stdout.readline())
        if name == "echo":
            echo = ["-m", "tests.platforms.telegram.echo_bot", where["url"], where["token"]]
            bot = await stack.enter_async_context(running(echo))
            yield Side(name, bot, people)
            return
        settings = {
            "STOA_DATA_DIR": str(folder),
            "STOA_TELEGRAM_TOKEN": where["token"],
            "STOA_TELEGRAM_API_URL": where["url"],
        }
        bot = await stack.enter_async_context(running(BOTS[real], **settings))
        made = Side(name, bot, people)
        await made.order("begin", lines=LINES[name][:1])  # the database has been made by then
        made.postgres = postmaster(folder)
        yield made


def postmaster(folder: Path) -> int:
    """The process of the embedded server under a data folder."""
    return int(next(folder.rglob("postmaster.pid")).read_text(encoding="utf-8").split()[0])


@dataclass(frozen=True, slots=True)
class Shape:
    """How much is measured."""

    learners: int
    presses: int
    rounds: int
    seconds: float
    at_once: int


async def measure(folder: Path, shape: Shape) -> tuple[list[Side], dict[str, float]]:
    """Both sides in turn; and what the product needs of memory."""
    async with AsyncExitStack() as stack:
        stoa = await stack.enter_async_context(side("stoa", folder, shape.learners))
        echo = await stack.enter_async_context(side("echo", folder, shape.learners))
        sides = [stoa, echo]
        bare = memory_mib(stoa.bot.pid)
        for one in sides:
            say(f"{one.name}: {shape.learners} learners open a page ...")
            await one.order("begin", lines=LINES[one.name])
            await one.order("together", presses=300, at_once=16)  # warm
        for number in range(shape.rounds):
            for one in sides:
                say(f"{one.name}: round {number + 1} of {shape.rounds} ...")
                found = await one.round("together", presses=shape.presses, at_once=shape.at_once)
                one.presses += shape.presses
                one.seconds += float(str(found["seconds"]))
        memory = {"bare": bare, "full": memory_mib(stoa.bot.pid)}
        for one in sides:
            say(f"{one.name}: {RATE:.0f} presses a second for {shape.seconds:.0f} s ...")
            found = await one.order("steadily", rate=RATE, seconds=shape.seconds)
            one.acknowledged, one.answered = times_of(found)
        return sides, memory


def times_of(found: Mapping[str, object]) -> tuple[list[float], list[float]]:
    """Seconds to the acknowledgement and to the answer, of each press."""
    acknowledged, answered = found["acknowledged"], found["answered"]
    assert isinstance(acknowledged, list)
    assert isinstance(answered, list)
    return acknowledged, answered


async def really(folder: Path, seconds: float) -> str:
    """A run under Telegram's own limits, in words."""
    async with side("stoa", folder, REAL_LEARNERS, real=True) as stoa:
        say(f"stoa under Telegram's limits: {REAL_RATE:.0f} presses a second ...")
        await stoa.order("begin", lines=LINES["stoa"][1:])
        found = await stoa.order("steadily", rate=REAL_RATE, seconds=seconds)
    acknowledged, answered = (Times(tuple(one)) for one in times_of(found))
    return (
        f"Under Telegram's limits, {REAL_LEARNERS} learners, {REAL_RATE:.0f} presses a second for "
        f"{seconds:.0f} s: acknowledged after {acknowledged.p50:.1f} ms (p50; p99 "
        f"{acknowledged.p99:.0f} ms), answered after {answered.p50:.1f} ms (p99 "
        f"{answered.p99:.0f} ms); refused for flooding: {found['refused']}; "
        f"rules broken: {found['violations'] or 'none'}."
    )


def report(sides: Sequence[Side], learners: int, memory: Mapping[str, float]) -> tuple[str, bool]:
    """The figures as a table and sentences, and whether every goal was reached."""
    head = ["bot", "presses/s", "CPU ms", "PostgreSQL CPU ms"]
    head += ["ack p50 ms", "p99 ms", "answer p50 ms", "p99 ms"]
    rows = []
    for one in sides:
        acknowledged, answered = Times(tuple(one.acknowledged)), Times(tuple(one.answered))
        cells = [one.presses / one.seconds, 1000 * median(one.processor)]
        cells += [1000 * median(one.database), acknowledged.p50, acknowledged.p99]
        cells += [answered.p50, answered.p99]
        rows.append([one.name, *(f"{cell:.2f}" for cell in cells)])
    stoa, echo = sides
    ratio = median(stoa.processor) / median(echo.processor)
    p99 = Times(tuple(stoa.acknowledged)).p99
    per_core = 1 / median(stoa.processor)
    goals = [
        (f"processor time of a press is {ratio:.2f} times the echo bot's", ratio <= GOAL_RATIO),
        (f"p99 to the acknowledgement at {RATE:.0f}/s is {p99:.0f} ms", p99 < GOAL_P99_MS),
        (f"a core of the bot's is worth {per_core:.0f} presses a second",
         per_core >= GOAL_PER_SECOND),
    ]  # fmt: skip
    growth = (memory["full"] - memory["bare"]) / learners * 1000
    lines = [f"{'ok   ' if reached else 'MISS '} {words}" for words, reached in goals]
    lines.append(
        f"Memory of the bot's process: {memory['full']:.0f} MiB with {learners} active learners, "
        f"{growth:.1f} MiB for each 1,000 of them."
    )
    return table(head, rows) + "\n\n" + "\n".join(lines), all(reached for _, reached in goals)


async def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.telegram",
        description="Measure the Telegram door beside a stock echo bot.",
    )
    parser.add_argument("--learners", type=int, default=1000)
    parser.add_argument("--presses", type=int, default=2000, help="in one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each run at a fixed rate")
    parser.add_argument("--at-once", type=int, default=64)
    chosen = parser.parse_args()
    shape = Shape(chosen.learners, chosen.presses, chosen.rounds, chosen.seconds, chosen.at_once)
    folder = Path(tempfile.mkdtemp(prefix="stoa-bench-"))
    try:
        sides, memory = await measure(folder, shape)
        words = await really(folder, chosen.seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text, reached = report(sides, shape.learners, memory)
    sys.stdout.write(f"{machine()}\n\n{text}\n\n{words}\n")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
