"""Learners on a loopback Telegram, in a process of their own, told what to do line by line.

    python -m benchmarks.telegram_load LEARNERS [--real] [--serial N]

Reads one JSON order from each line of standard input and answers each with one line of JSON:

    {"do": "begin", "lines": ["/start", "/learn web-pages"]}    every learner writes these
    {"do": "together", "presses": 2000, "at_once": 64}          as fast as the bot answers
    {"do": "steadily", "rate": 200, "seconds": 20}              at given instants, answered or not

A press is one of the two buttons that turn a page. It is acknowledged when the bot answers the
callback query, and answered when it has redrawn the message. A learner presses again only then,
as people do; the others do not wait for them.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import uvloop

from tests.platforms.telegram.limits import REAL, UNLIMITED
from tests.platforms.telegram.server import LoopbackTelegram
from tests.platforms.telegram.world import Happening, Message, User

PAGES = frozenset({"Back", "Next", "Next page"})  # our lesson's buttons, and the echo bot's
PATIENCE = 120.0  # seconds without any answer until the bot counts as dead
TICK = 0.002  # seconds between looks at the timetable of an open loop


class BotStopped(Exception):
    """The bot has not answered for a long time."""


@dataclass(slots=True)
class Press:
    """One press and when it was acknowledged and answered, in seconds of this process."""

    began: float
    acknowledged: float = 0.0
    answered: float = 0.0


@dataclass(slots=True)
class Crowd:
    """Learners, their open message, and the presses under way.

    Args:
        server: the Telegram they use.
        users: all of them.
        open: the newest message of each that has buttons.
        idle: those who wait for nothing.
        flying: the press that each waits for.
        done: finished presses, not reported yet.
    """

    server: LoopbackTelegram
    users: list[User]
    open: dict[int, Message] = field(default_factory=dict)
    idle: deque[User] = field(default_factory=deque)
    flying: dict[int, Press] = field(default_factory=dict)
    done: list[Press] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def see(self, happening: Happening) -> None:
        """Take note of what a bot did."""
        now = time.perf_counter()
        number = happening.chat.id
        message = happening.message
        if message is not None and message.sender.is_bot and message.rows:
            self.open[number] = message
        press = self.flying.get(number)
        if press is None:
            self.changed.set()
            return
        if happening.kind in {"toast", "alert"}:
            press.acknowledged = now
        elif message is not None and message.sender.is_bot:
            press.answered = now
        if press.acknowledged and press.answered:
            self.done.append(self.flying.pop(number))
            self.idle.append(self.server.world.users[number])
            self.changed.set()

    def press(self, user: User) -> None:
        """Let somebody turn a page."""
        message = self.open[user.id]
        data = next(
            one["callback_data"] for row in message.rows for one in row if one["text"] in PAGES
        )
        self.flying[user.id] = Press(time.perf_counter())
        self.server.people.press(user, message, data)

    async def until(self, what: str, enough: int, of: Sequence[Press]) -> None:
        """Wait until so many presses are done.

        Raises:
            BotStopped: nothing happened for a long time.
        """
        while len(of) < enough:
            self.changed.clear()
            try:
                await asyncio.wait_for(self.changed.wait(), PATIENCE)
            except TimeoutError:
                raise BotStopped(f"{what}: {len(of)} of {enough}") from None


async def begin(crowd: Crowd, lines: Sequence[str]) -> dict[str, object]:
    """Every learner writes each line and waits for the message that it brings."""
    began = time.perf_counter()
    for line in lines:
        for start in range(0, len(crowd.users), 64):
            some = crowd.users[start : start + 64]
            seen = {user.id: crowd.server.world.chats[user.id].last for user in some}
            for user in some:
                crowd.server.people.say(user, crowd.server.world.chats[user.id], line)
            end = time.perf_counter() + PATIENCE
            while any(
                user.id not in crowd.open or crowd.open[user.id].number <= seen[user.id] + 1
                for user in some
            ):
                crowd.changed.clear()
                if time.perf_counter() > end:
                    raise BotStopped(f"{line}: no answer with buttons")
                try:
                    await asyncio.wait_for(crowd.changed.wait(), 1.0)
                except TimeoutError:
                    continue
    crowd.idle = deque(crowd.users)
    return {"seconds": time.perf_counter() - began, "messages": len(lines) * len(crowd.users)}


async def together(crowd: Crowd, presses: int, at_once: int) -> dict[str, object]:
    """So many presses, always the same number of them under way."""
    crowd.done, sent, began = [], 0, time.perf_counter()
    while len(crowd.done) < presses:
        while sent < presses and len(crowd.flying) < at_once:
            crowd.press(crowd.idle.popleft())
            sent += 1
        await crowd.until("together", len(crowd.done) + 1, crowd.done)
    return report(crowd, began, 0)


async def steadily(crowd: Crowd, rate: float, seconds: float) -> dict[str, object]:
    """Presses at given instants. One that finds every learner waiting is left out and counted."""
    crowd.done, sent, left_out, began = [], 0, 0, time.perf_counter()
    total = round(rate * seconds)
    while sent + left_out < total:
        due = min(total, int((time.perf_counter() - began) * rate) + 1)
        while sent + left_out < due:
            if crowd.idle:
                crowd.press(crowd.idle.popleft())
                sent += 1
            else:
                left_out += 1
        await asyncio.sleep(TICK)
    await crowd.until("steadily", sent, crowd.done)
    return report(crowd, began, left_out)


def report(crowd: Crowd, began: float, left_out: int) -> dict[str, object]:
    """The presses of one order."""
    done, crowd.done = crowd.done, []
    return {
        "seconds": max(one.answered for one in done) - began,
        "left_out": left_out,
        "acknowledged": [one.acknowledged - one.began for one in done],
        "answered": [one.answered - one.began for one in done],
        "refused": len(crowd.server.flood.told),
        "violations": sorted(set(crowd.server.violations))[:5],
    }


async def obey(crowd: Crowd, order: Mapping[str, object]) -> dict[str, object]:
    """Do what one line of standard input says."""
    values = {name: value for name, value in order.items() if name != "do"}
    deeds: Mapping[str, Callable[..., Awaitable[dict[str, object]]]] = {
        "begin": begin,
        "together": together,
        "steadily": steadily,
    }
    return await deeds[str(order["do"])](crowd, **values)


async def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.telegram_load", description="Learners on a loopback Telegram."
    )
    parser.add_argument("learners", type=int)
    parser.add_argument("--real", action="store_true", help="keep Telegram's limits")
    parser.add_argument("--serial", type=int, default=0, help="another one: other people")
    chosen = parser.parse_args()
    rates = REAL if chosen.real else UNLIMITED
    async with LoopbackTelegram(rates, strict=chosen.real, serial=chosen.serial) as server:
        server.world.keeps_history = False
        users = [
            server.people.user(f"Learner {number}", started=True)
            for number in range(chosen.learners)
        ]
        crowd = Crowd(server, users)
        server.world.observer = crowd.see
        sys.stdout.write(json.dumps({"url": server.url, "token": server.token}) + "\n")
        sys.stdout.flush()
        while line := await asyncio.to_thread(sys.stdin.readline):
            answer = await obey(crowd, json.loads(line))
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
