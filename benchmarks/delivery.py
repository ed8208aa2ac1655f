"""Messages of the outbox through a platform: how many a second, and fairly at its real limits.

    python -m benchmarks.delivery [--messages 6000] [--at-once 64] [--people 300] [--json]

The product's delivery claims, sends and settles through the product's Telegram client and
its queues to a loopback Bot API server in a process of its own. First with the server's and our
limits raised together, as fast as it goes (goal: 1,000 a second). Then at Telegram's real limits on
both sides: one chat and one group have many messages, which are due before everybody else's one.
None may be refused, nobody's one message may wait longer than the rate of the whole bot makes it,
and the full chats get what their own limit allows. Exit code 1 when a goal is missed.
"""

import argparse
import asyncio
import gc
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import uvloop
from pydantic import SecretStr

from benchmarks.doors import running, say
from benchmarks.home import Home, default_folder, open_home
from benchmarks.processes import processor_seconds
from benchmarks.timing import machine, table
from bots.cli import COLLECT_AFTER
from bots.delivery import AT_ONCE, Delivery
from bots.telegram.client import bot_for
from bots.telegram.outlets import Outlets
from bots.telegram.pace import Limits, Pace
from bots.telegram.sender import TelegramSender
from domain.clock import SystemClock
from domain.settings import load_settings

NAME = "delivery"
PER_SECOND = 1_000.0
FULL = 30  # messages for the chat and the group that have many
TELL_EVERY_S = 5.0
LATE = 1.5  # times as long as the bot's whole rate takes for everybody's one message
RAISED = Limits(
    overall=1e6, overall_burst=10_000, private=1e6, private_burst=10_000, group=1_000_000
)
_FILL = """
    WITH person AS (
        INSERT INTO users DEFAULT VALUES RETURNING id)
    INSERT INTO outbox (user_id, platform, address, kind, payload, idempotency_key, policy, run_at)
    SELECT person.id, 'telegram', m.address, 'reminder',
           '{"text": "Today is still open. One lesson makes it count.", "values": {},
             "choices": ["/learn", "/remind later"]}',
           'message ' || m.n, 'at_most_once', now() - interval '1 hour' + m.n * interval '1 ms'
    FROM unnest($1::text[]) WITH ORDINALITY AS m (address, n), person
"""
_LEFT = "SELECT count(*) FROM outbox WHERE state <> 'done'"


@dataclass(slots=True)
class Found:
    """What was measured; times in seconds."""

    messages: int = 0
    seconds: float = 0.0
    cpu_ms: float = 0.0
    doubled: int = 0
    real_people: int = 0
    real_last: float = 0.0
    real_least: float = 0.0
    real_refused: int = 0
    chat_last: float = 0.0
    group_last: float = 0.0

    @property
    def per_second(self) -> float:
        """Messages a second with raised limits."""
        return self.messages / self.seconds

    @property
    def goals(self) -> dict[str, bool]:
        """What was promised, and whether it holds."""
        return {
            f"{self.per_second:,.0f} a second with raised limits (goal {PER_SECOND:,.0f}), "
            f"{self.doubled} doubled": self.per_second >= PER_SECOND and not self.doubled,
            f"{self.real_refused} refused at the real limits (goal 0)": not self.real_refused,
            f"the last of {self.real_people} people with one message had it after "
            f"{self.real_last:.1f} s (at the bot's rate {self.real_least:.1f} s; goal {LATE} times "
            "that)": self.real_last <= LATE * self.real_least,
            f"a chat with {FULL} messages had them after {self.chat_last:.0f} s (one a second "
            f"goes; goal {2 * FULL})": self.chat_last <= 2 * FULL,
        }


@dataclass(slots=True)
class Place:
    """Where messages go."""

    process: asyncio.subprocess.Process
    url: str
    token: str
    people: list[int]
    groups: list[int]

    async def told(self) -> dict[str, Any]:
        """Which messages came when, and what was refused."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(b"\n")
        found = json.loads(await self.process.stdout.readline())
        assert isinstance(found, dict)
        return found


@asynccontextmanager
async def chats(people: int, groups: int, *, real: bool) -> AsyncIterator[Place]:
    """A loopback Telegram in a process of its own."""
    arguments = ["-m", "benchmarks.delivery_chats", str(people), str(groups)]
    async with running([*arguments, *(["--real"] if real else [])]) as process:
        assert process.stdout is not None
        yield Place(process, **json.loads(await process.stdout.readline()))


async def deliver(
    home: Home, place: Place, addresses: Sequence[int], limits: Limits, at_once: int
) -> tuple[float, float]:
    """Send a message to each address in turn; the instant it began, and when all were done."""
    await home.make(NAME)
    async with home.owner(NAME) as owner:
        await owner.execute(_FILL, [str(one) for one in addresses])
        await owner.execute("ANALYZE outbox")
    settings = load_settings(
        data_dir=home.settings.data_dir,
        telegram_token=SecretStr(place.token),
        telegram_api_url=place.url,
    )
    database, bot = home.database(NAME), bot_for(settings)
    random = Random(1)
    outlets = Outlets(Pace(limits, asyncio.get_running_loop().time), random)
    sender = TelegramSender(bot, outlets)
    delivery = Delivery(database, SystemClock(), random, sender, at_once=at_once)
    try:
        await bot.initialize()
        stop = asyncio.Event()
        began = time.monotonic()
        work = asyncio.create_task(delivery.run(stop, poll=0.05))
        async with home.owner(NAME) as owner:
            told = began
            while left := await owner.fetchval(_LEFT):
                if time.monotonic() - told > TELL_EVERY_S:
                    told = time.monotonic()
                    say(f"  {left} left after {told - began:.0f} s")
                await asyncio.sleep(0.2)
        ended = time.monotonic()
        stop.set()
        await work
        return began, ended
    finally:
        await outlets.close(0.0)
        await bot.shutdown()
        await database.close()
        await home.drop(NAME)


async def fast(home: Home, found: Found, messages: int, at_once: int) -> None:
    """As fast as it goes."""
    say(f"{messages:,} messages, limits raised ...")
    async with chats(min(messages, 2_000), 0, real=False) as place:
        addresses = [place.people[n % len(place.people)] for n in range(messages)]
        before = time.process_time()
        began, ended = await deliver(home, place, addresses, RAISED, at_once)
        told = await place.told()
        server = processor_seconds(place.process.pid)
    found.messages, found.seconds = messages, ended - began
    found.cpu_ms = 1000 * (time.process_time() - before) / messages
    found.doubled = len(told["sent"]) - messages
    say(f"  the loopback took {server:.1f} s of processor time")


async def fair(home: Home, found: Found, people: int) -> None:
    """At Telegram's limits, on both sides, and with the product's own numbers."""
    say(f"A chat and a group with {FULL} messages, {people} people with one, real limits ...")
    async with chats(people + 1, 1, real=True) as place:
        full, group = place.people[0], place.groups[0]
        addresses = [full] * FULL + [group] * FULL + place.people[1:]
        began, _ = await deliver(home, place, addresses, Limits(), AT_ONCE)
        told = await place.told()
    times: dict[int, float] = {}
    for chat, at in told["sent"]:
        times[chat] = max(times.get(chat, 0.0), at - began)
    found.real_people = people
    found.real_refused = len(told["refused"])
    found.real_last = max(at for chat, at in times.items() if chat not in {full, group})
    found.real_least = people / Limits().overall
    found.chat_last, found.group_last = times[full], times[group]
    found.doubled += len(told["sent"]) - len(addresses)


def report(found: Found) -> str:
    """The figures as a table and sentences."""
    rows = [
        ["messages a second, limits raised", f"{found.per_second:,.0f}"],
        ["processor time of the sender for one, ms", f"{found.cpu_ms:.2f}"],
        [f"real limits: {found.real_people} people had their one after, s",
         f"{found.real_last:.1f}"],
        [f"real limits: {FULL} messages to one chat took, s", f"{found.chat_last:.0f}"],
        [f"real limits: {FULL} messages to one group took, s", f"{found.group_last:.0f}"],
    ]  # fmt: skip
    goals = [f"{'ok   ' if held else 'MISS '} {text}" for text, held in found.goals.items()]
    return "\n".join([table(["delivery", ""], rows), "", *goals])


async def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.delivery", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--folder", type=Path, default=default_folder(), help="the server's data")
    parser.add_argument("--messages", type=int, default=6_000, help="with raised limits")
    parser.add_argument("--at-once", type=int, default=64, help="in flight, with raised limits")
    parser.add_argument("--people", type=int, default=300, help="with one message at real limits")
    parser.add_argument("--json", action="store_true", help="print figures for programs")
    chosen = parser.parse_args(arguments)
    found = Found()
    async with open_home(chosen.folder) as home:
        await fast(home, found, chosen.messages, chosen.at_once)
        await fair(home, found, chosen.people)
    if chosen.json:
        figures = {**asdict(found), "per_second": found.per_second, "goals": found.goals}
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        sys.stdout.write(f"{machine()}\n\n{report(found)}\n")
    return 0 if all(found.goals.values()) else 1


if __name__ == "__main__":
    gc.set_threshold(*COLLECT_AFTER)  # as the program does, and its loop
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.exit(runner.run(main()))
