"""What the Discord door costs, beside a stock discord.py echo bot in the same run.

    python -m benchmarks.discord [--learners 1000] [--presses 2000] [--rounds 3] [--seconds 20]

`stoa discord`, as it is installed, talks to a loopback Discord in a process of its own, over the
gateway (one compressed stream) and REST; so does the echo bot. Learners turn the pages of a lesson:
each press is answered in the database and the message is redrawn. The echo bot redraws it without a
database. Rounds of both take turns.

The loopback has no limits on routes in these runs; answers to interactions have none over all.
Goals: at most 4 times the echo bot's processor time for a press; 99 of 100 acknowledged within
100 ms at 200 presses a second; 500 presses a second on one core. Exit code 1 when one is missed.
Linux only: what the programs cost is read from /proc.
"""

import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from benchmarks.doors import Goals, Side, measure, postmaster, report, running, shape_from_arguments
from benchmarks.timing import machine

GOALS = Goals(ratio=4.0)
STOA = ["-c", "from bots.cli import main; raise SystemExit(main())", "discord"]  # `stoa discord`
LINES = {"stoa": ["/start", "/learn web-pages"], "echo": ["/echo hello"]}


@asynccontextmanager
async def side(folder: Path, learners: int, name: str) -> AsyncIterator[Side]:
    """A bot and its learners."""
    async with AsyncExitStack() as stack:
        load = ["-m", "benchmarks.discord_load", str(learners)]
        people = await stack.enter_async_context(running(load))
        assert people.stdout is not None
        where = json.loads(await people.stdout.readline())
        if name == "echo":
            echo = ["-m", "benchmarks.discord_echo", where["url"], where["token"]]
            yield Side(name, await stack.enter_async_context(running(echo)), people)
            return
        settings = {
            "STOA_DATA_DIR": str(folder),
            "STOA_DISCORD_TOKEN": where["token"],
            "STOA_DISCORD_API_URL": where["url"],
        }
        bot = await stack.enter_async_context(running(STOA, **settings))
        made = Side(name, bot, people)
        await made.order("begin", lines=LINES[name][:1], most=1)  # the database is made by then
        made.postgres = postmaster(folder)
        yield made


async def main() -> int:
    """Run from the command line."""
    shape = shape_from_arguments("discord", "Discord", at_once=16)
    folder = Path(tempfile.mkdtemp(prefix="stoa-bench-"))
    try:
        sides, memory = await measure(partial(side, folder, shape.learners), LINES, shape)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text, reached = report(sides, GOALS, shape.learners, memory)
    sys.stdout.write(f"{machine()}\n\n{text}\n")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
