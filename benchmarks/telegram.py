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

import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from benchmarks.doors import (
    Goals,
    Side,
    measure,
    postmaster,
    report,
    running,
    say,
    shape_from_arguments,
    times_of,
)
from benchmarks.timing import Times, machine

GOALS = Goals(ratio=1.0)
REAL_RATE = 20.0  # presses a second under Telegram's limits: 30 messages a second are allowed
REAL_LEARNERS = 100
LINES = {"stoa": ["/start", "/learn web-pages"], "echo": ["/start"]}
STOA = ["-c", "import sys; from bots.cli import main; sys.exit(main())", "telegram"]
BOTS = {True: STOA, False: ["-m", "benchmarks.telegram_bot"]}  # by whether the limits are real


@asynccontextmanager
async def side(
    folder: Path, learners: int, name: str, *, real: bool = False
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
        await made.order("begin", lines=LINES[name][:1], most=1)  # the database is made by then
        made.postgres = postmaster(folder)
        yield made


async def really(folder: Path, seconds: float) -> str:
    """A run under Telegram's own limits, in words."""
    async with side(folder, REAL_LEARNERS, "stoa", real=True) as stoa:
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


async def main() -> int:
    """Run from the command line."""
    shape = shape_from_arguments("telegram", "Telegram", at_once=64)
    folder = Path(tempfile.mkdtemp(prefix="stoa-bench-"))
    try:
        opens = partial(side, folder, shape.learners)
        sides, memory = await measure(opens, LINES, shape)
        words = await really(folder, shape.seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text, reached = report(sides, GOALS, shape.learners, memory)
    sys.stdout.write(f"{machine()}\n\n{text}\n\n{words}\n")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
