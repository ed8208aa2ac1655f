"""A live quiz under a crowd: a thousand answers within one second, through the real doors.

    python -m benchmarks.live [--door discord|telegram] [--players 1000]

`stoa discord` (or `stoa telegram`), as it is installed, talks to a loopback platform in this
process; the bot and PostgreSQL are processes of their own. Everybody joins, the host starts, and
then all answers are pressed evenly within one second: once by 1,000 players in one round, once by
50 in each of 20 rounds. A press is acknowledged by its first answer on Discord, and by the answer
to its callback on Telegram. Afterwards the rows are compared with what was pressed: nothing may be
lost or doubled, and every total must be the sum of its rows. Messages sent and changed in the
chats are counted. The loopback keeps no limits on messages here, so that the door's own pace shows.

Exit code 1 when an answer was lost, doubled, or acknowledged after more than 3 s (Discord's limit).
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import asyncpg
import uvloop

from benchmarks.crowds import DiscordCrowd, TelegramCrowd
from benchmarks.doors import postmaster, running, say
from benchmarks.processes import family_seconds, processor_seconds
from benchmarks.timing import Times, machine, table
from domain.postgres import EmbeddedServer
from domain.settings import load_settings

LIST = "Which is a prime? {=7 ~8 ~9 ~10}\n\nWhich is even? {=4 ~5 ~7 ~9}\n"
WITHIN_S = 1.0
LATEST_S = 3.0  # Discord's limit for the first answer to an interaction
SHAPES = ((1, 1000), (20, 50))  # rounds, and players in each


class Crowd(Protocol):
    """People of one platform in several chats, and what they see and do."""

    environment: dict[str, str]
    acknowledged: dict[object, float]
    sent: Counter[str]

    async def gather(self, rooms: int, players: int) -> None:
        """Put people into chats."""
        ...

    async def host(self, room: int, questions: str) -> None:
        """Let the first person of a chat open a lobby."""
        ...

    async def press(self, room: int, player: int, label: str) -> object:
        """Press the newest button of that label in the chat; a name for the press."""
        ...

    def text(self, room: int) -> str:
        """What the newest message of the chat's quiz says."""
        ...

    def labels(self, room: int) -> Sequence[str]:
        """The labels of its buttons."""
        ...


@dataclass(slots=True)
class Figures:
    """One run."""

    rounds: int
    players: int
    waits: list[float] = field(default_factory=list)
    lost: int = 0
    wrong: int = 0
    messages: Counter[str] = field(default_factory=Counter)
    bot_cpu: float = 0.0
    database_cpu: float = 0.0
    seconds: float = 0.0


async def until(what: str, done: Callable[[], bool], patience: float = 120.0) -> None:
    """Wait for something to be seen.

    Raises:
        RuntimeError: it did not come.
    """
    end = time.perf_counter() + patience
    while not done():
        if time.perf_counter() > end:
            raise RuntimeError(f"waited for: {what}")
        await asyncio.sleep(0.02)


async def run(crowd: Crowd, rounds: int, players: int, bot: int, folder: Path) -> Figures:
    """Fill the chats, let everybody answer within a second, and look at what became of it."""
    figures = Figures(rounds, players)
    await crowd.gather(rounds, players)
    say(f"{rounds} x {players}: opening lobbies ...")
    for room in range(rounds):
        await crowd.host(room, LIST)
        await until("the lobby", lambda room=room: "Join" in crowd.labels(room))  # type: ignore[misc]
    say(f"{rounds} x {players}: joining ...")
    await _all(crowd, rounds, players, "Join", at_once=32)
    for room in range(rounds):
        await crowd.press(room, 0, "Start (host)")
    for room in range(rounds):
        await until("the question", lambda room=room: "Question 1" in crowd.text(room))  # type: ignore[misc]
    say(f"{rounds} x {players}: answering ...")
    postgres = await _server(folder)
    crowd.sent.clear()
    cpu = processor_seconds(bot), family_seconds(postgres)
    began = time.perf_counter()
    pressed: list[tuple[object, float]] = []
    total = rounds * players
    for number in range(total):
        await asyncio.sleep(max(0.0, began + WITHIN_S * number / total - time.perf_counter()))
        label = "ABCD"[number % 4]
        pressed.append(
            (await crowd.press(number % rounds, number // rounds, label), time.perf_counter())
        )
    await until(
        "all acknowledgements", lambda: all(one in crowd.acknowledged for one, _ in pressed)
    )
    figures.seconds = time.perf_counter() - began
    figures.waits = [crowd.acknowledged[one] - at for one, at in pressed]
    for room in range(rounds):
        await until("the answer", lambda room=room: "The answer" in crowd.text(room))  # type: ignore[misc]
    figures.bot_cpu = processor_seconds(bot) - cpu[0]
    figures.database_cpu = family_seconds(postgres) - cpu[1]
    figures.messages = Counter(crowd.sent)
    return figures


async def _all(crowd: Crowd, rounds: int, players: int, label: str, at_once: int) -> None:
    """Everybody presses the same button, a few at a time."""
    waiting: list[object] = []
    for number in range(rounds * players):
        waiting.append(await crowd.press(number % rounds, number // rounds, label))
        if len(waiting) >= at_once:
            await until("a press", lambda first=waiting[0]: first in crowd.acknowledged)  # type: ignore[misc]
            waiting = [one for one in waiting if one not in crowd.acknowledged]
    await until("the last presses", lambda: all(one in crowd.acknowledged for one in waiting))


async def compare(folder: Path, figures: Figures) -> None:
    """Count what the database holds of the newest rounds."""
    server = EmbeddedServer(folder, load_settings().pg_bindir).start()
    try:
        connection = await asyncpg.connect(**server.connect_arguments(database="stoa"))
        try:
            rows = await connection.fetch(
                """
                WITH newest AS (SELECT id FROM live_rounds ORDER BY id DESC LIMIT $1)
                SELECT count(*) AS answers, count(DISTINCT a.player_id) AS people,
                       sum(a.right_parts) AS right
                FROM live_answers a WHERE a.round_id IN (SELECT id FROM newest) AND position = 0
                """,
                figures.rounds,
            )
        finally:
            await connection.close()
    finally:
        server.release()
    expected = figures.rounds * figures.players
    figures.lost = expected - rows[0]["people"]
    figures.wrong = rows[0]["answers"] - rows[0]["people"]


def report(all_: Sequence[Figures]) -> tuple[str, bool]:
    """The figures as a table, and whether nothing was lost, doubled or late."""
    head = ["rounds x players", "ack p50 ms", "p99 ms", "worst ms", "answers/s"]
    head += ["CPU ms", "PostgreSQL CPU ms", "lost", "doubled", "sent", "changed"]
    rows, good = [], True
    for one in all_:
        times, count = Times(tuple(one.waits)), one.rounds * one.players
        worst = 1000 * max(one.waits)
        cells = [
            f"{times.p50:.1f}",
            f"{times.p99:.1f}",
            f"{worst:.1f}",
            f"{count / one.seconds:.0f}",
        ]
        cells += [f"{1000 * one.bot_cpu / count:.2f}", f"{1000 * one.database_cpu / count:.2f}"]
        cells += [str(one.lost), str(one.wrong)]
        cells += [str(one.messages["sent"]), str(one.messages["changed"])]
        rows.append([f"{one.rounds} x {one.players}", *cells])
        good = good and not one.lost and not one.wrong and max(one.waits) < LATEST_S
    return table(head, rows), good


@asynccontextmanager
async def crowd_of(door: str) -> AsyncIterator[Crowd]:
    """The platform of a door, with nobody there yet."""
    made = DiscordCrowd() if door == "discord" else TelegramCrowd()
    async with made:
        yield made


async def measure(door: str, players: int) -> list[Figures]:
    """Both shapes, each with a bot and a database of its own."""
    found = []
    for rounds, each in SHAPES:
        folder = Path(tempfile.mkdtemp(prefix="stoa-live-"))
        try:
            async with crowd_of(door) as crowd:
                program = ["-c", "from bots.cli import main; raise SystemExit(main())", door]
                environment = {"STOA_DATA_DIR": str(folder), **crowd.environment}
                async with running(program, **environment) as bot:
                    scaled = each * players // 1000
                    await crowd.gather(0, 0)
                    figures = await run(crowd, rounds, max(2, scaled), bot.pid, folder)
                    await compare(folder, figures)
                    found.append(figures)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return found


async def _server(folder: Path) -> int:
    """The database server's process; while it is being made, its number is negative."""
    await until(
        "the database", lambda: any(folder.rglob("postmaster.pid")) and postmaster(folder) > 0
    )
    return postmaster(folder)


async def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.live",
        description="A thousand answers to a live quiz within one second.",
    )
    parser.add_argument("--door", choices=("discord", "telegram"), default="discord")
    parser.add_argument("--players", type=int, default=1000, help="in all, at one moment")
    chosen = parser.parse_args()
    text, good = report(await measure(chosen.door, chosen.players))
    sys.stdout.write(f"{machine()}\n\n{text}\n")
    return 0 if good else 1


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.exit(runner.run(main()))
