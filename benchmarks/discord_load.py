"""Learners on a loopback Discord, in a process of their own, told what to do line by line.

    python -m benchmarks.discord_load LEARNERS

Reads one JSON order from each line of standard input and answers each with one line of JSON:

    {"do": "begin", "lines": ["/start", "/learn web-pages"]}    every learner uses these
    {"do": "together", "presses": 2000, "at_once": 64}          as fast as the bot answers
    {"do": "steadily", "rate": 200, "seconds": 20}              at given instants, answered or not

A press is one of the two buttons that turn a page. It is acknowledged by the first answer to its
interaction, and answered when the message has been redrawn. A learner presses again only then, as
people do; the others do not wait for them.
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

from tests.platforms.discord.components import BUTTON, everything
from tests.platforms.discord.errors import Json
from tests.platforms.discord.limiter import Rate
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.discord.typing import slash
from tests.platforms.discord.world import COMPONENT, SLASH, Interaction, Message, User

PAGES = frozenset({"Back", "Next", "Next page"})  # our lesson's buttons, and the echo bot's
PATIENCE = 60.0  # seconds without any answer until the bot counts as dead
TICK = 0.002  # seconds between looks at the timetable of an open loop
AT_ONCE = 32  # learners who begin together
NO_LIMIT = Rate(1_000_000, 1.0)


class BotStopped(Exception):
    """The bot has not answered for a long time."""


@dataclass(slots=True)
class Press:
    """One press and when it was acknowledged and answered, in seconds of this process."""

    began: float
    interaction: Interaction | None = None
    acknowledged: float = 0.0
    answered: float = 0.0


@dataclass(slots=True)
class Crowd:
    """Learners, their open message, and the presses under way.

    Args:
        platform: the Discord they use.
        users: all of them.
        open: the newest message of each that has buttons.
        idle: those who wait for nothing.
        flying: the press that each waits for.
        done: finished presses, not reported yet.
    """

    platform: LoopbackDiscord
    users: list[User]
    open: dict[int, Message] = field(default_factory=dict)
    idle: deque[User] = field(default_factory=deque)
    flying: dict[int, Press] = field(default_factory=dict)
    done: list[Press] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def answered(self, interaction: Interaction) -> None:
        """Take note of a first answer."""
        press = self.flying.get(interaction.user.id)
        if press is not None and press.interaction is interaction:
            press.acknowledged = time.perf_counter()

    def shown(self, message: Message) -> None:
        """Take note of what was drawn."""
        user = message.channel.people[0]
        if message.components:
            self.open[user.id] = message
        press = self.flying.get(user.id)
        if press is not None and press.acknowledged:
            press.answered = time.perf_counter()
            self.done.append(self.flying.pop(user.id))
            self.idle.append(user)
            if press.interaction is not None:
                del self.platform.world.interactions[press.interaction.token]
        self.changed.set()

    async def press(self, user: User) -> None:
        """Let somebody turn a page."""
        message = self.open[user.id]
        custom_id = next(
            one["custom_id"]
            for one in everything(message.components)
            if one["type"] == BUTTON and one.get("label") in PAGES
        )
        press = self.flying[user.id] = Press(time.perf_counter())
        data: Json = {"component_type": BUTTON, "custom_id": custom_id}
        world = self.platform.world
        press.interaction = await self.platform.interact(
            COMPONENT, user, world.dm_with(user), data, message=message
        )

    async def until_done(self, enough: int) -> None:
        """Wait until so many presses are done.

        Raises:
            BotStopped: nothing happened for a long time.
        """
        while len(self.done) < enough:
            self.changed.clear()
            try:
                await asyncio.wait_for(self.changed.wait(), PATIENCE)
            except TimeoutError:
                raise BotStopped(f"{len(self.done)} of {enough} presses were answered") from None


async def begin(crowd: Crowd, lines: Sequence[str]) -> Json:
    """Every learner uses each command and waits for the message that it brings."""
    platform, began = crowd.platform, time.perf_counter()
    while not (platform.world.commands and platform.gateway.live):  # the bot is starting
        if time.perf_counter() - began > PATIENCE:
            raise BotStopped("the bot did not connect")
        await asyncio.sleep(0.1)
    for line in lines:
        for start in range(0, len(crowd.users), AT_ONCE):
            some = crowd.users[start : start + AT_ONCE]
            for user in some:
                crowd.open.pop(user.id, None)
                data = slash(platform.world.commands, line)
                await platform.interact(SLASH, user, platform.world.dm_with(user), data)
            end = time.perf_counter() + PATIENCE
            while any(user.id not in crowd.open for user in some):
                crowd.changed.clear()
                if time.perf_counter() > end:
                    raise BotStopped(f"{line}: no answer with buttons")
                try:
                    await asyncio.wait_for(crowd.changed.wait(), 1.0)
                except TimeoutError:
                    continue
            platform.world.interactions.clear()
    crowd.idle = deque(crowd.users)
    return {"seconds": time.perf_counter() - began, "messages": len(lines) * len(crowd.users)}


async def together(crowd: Crowd, presses: int, at_once: int) -> Json:
    """So many presses, always the same number of them under way."""
    crowd.done, sent, began = [], 0, time.perf_counter()
    while len(crowd.done) < presses:
        while crowd.idle and sent < presses and len(crowd.flying) < at_once:
            await crowd.press(crowd.idle.popleft())
            sent += 1
        await crowd.until_done(len(crowd.done) + 1)
    return report(crowd, began, 0)


async def steadily(crowd: Crowd, rate: float, seconds: float) -> Json:
    """Presses at given instants. One that finds every learner waiting is left out and counted."""
    crowd.done, sent, left_out, began = [], 0, 0, time.perf_counter()
    total = round(rate * seconds)
    while sent + left_out < total:
        due = min(total, int((time.perf_counter() - began) * rate) + 1)
        while sent + left_out < due:
            if crowd.idle:
                await crowd.press(crowd.idle.popleft())
                sent += 1
            else:
                left_out += 1
        await asyncio.sleep(TICK)
    await crowd.until_done(sent)
    return report(crowd, began, left_out)


def report(crowd: Crowd, began: float, left_out: int) -> Json:
    """The presses of one order."""
    done, crowd.done = crowd.done, []
    return {
        "seconds": max(one.answered for one in done) - began,
        "left_out": left_out,
        "acknowledged": [one.acknowledged - one.began for one in done],
        "answered": [one.answered - one.began for one in done],
        "refused": len(crowd.platform.limiter.refused) + len(crowd.platform.api.refusals),
        "violations": [],
    }


async def obey(crowd: Crowd, order: Mapping[str, object]) -> Json:
    """Do what one line of standard input says."""
    values = {name: value for name, value in order.items() if name != "do"}
    deeds: Mapping[str, Callable[..., Awaitable[Json]]] = {
        "begin": begin,
        "together": together,
        "steadily": steadily,
    }
    return await deeds[str(order["do"])](crowd, **values)


async def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.discord_load", description="Learners on a loopback Discord."
    )
    parser.add_argument("learners", type=int)
    chosen = parser.parse_args()
    async with LoopbackDiscord(usual=NO_LIMIT) as platform:
        platform.api.judges = platform.api.keeps_calls = False
        users = [platform.world.add_user(f"Learner {n}") for n in range(chosen.learners)]
        crowd = Crowd(platform, users)
        platform.world.on_answer, platform.world.on_show = crowd.answered, crowd.shown
        where = {"url": platform.url, "token": platform.world.token}
        sys.stdout.write(json.dumps(where) + "\n")
        sys.stdout.flush()
        while line := await asyncio.to_thread(sys.stdin.readline):
            answer = await obey(crowd, json.loads(line))
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
