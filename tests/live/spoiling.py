"""What goes wrong in an evening: processes die, platforms are away, lose answers, or hold back.

What happens, and after which deed of the players, is decided by a seed. On a slow machine the same
happens as on a quick one: faults follow what people do, not the time of day.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal

from domain.postgres import EmbeddedServer
from tests.platforms.discord import house as discord
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.telegram import house as telegram
from tests.platforms.telegram.server import LoopbackTelegram
from tests.support.processes import Process, kill

Fault = Literal["kill", "away", "lost", "held"]
FAULTS: tuple[Fault, ...] = ("kill", "kill", "away", "lost", "held")
TELEGRAM_CALLS = ("answerCallbackQuery", "editMessageText", "sendMessage")
DISCORD_CALLS = ("/callback$", "/messages$", r"/messages/\d+$")
LONGEST_AWAY_S = 1.0
HELD_S = 2.0
STARTS = 5


@dataclass(frozen=True, slots=True)
class Ground:
    """What processes stand on: the database server, the database, and a folder."""

    postgres: EmbeddedServer
    name: str
    folder: Path


@dataclass
class House:
    """One platform and the processes that serve it; of several, any is killed and comes back."""

    platform: LoopbackDiscord | LoopbackTelegram
    ground: Ground
    processes: int
    running: list[Process] = field(default_factory=list)

    async def open(self) -> None:
        """Begin its processes."""
        self.running += await asyncio.gather(*(self._begin() for _ in range(self.processes)))

    async def close(self) -> None:
        """End them."""
        while self.running:
            await kill(self.running.pop())

    async def _begin(self) -> Process:
        """A new process; one that cannot open its door is begun again, as supervisors do it."""
        ground, platform = self.ground, self.platform
        for tries_left in reversed(range(STARTS)):
            try:
                if isinstance(platform, LoopbackDiscord):
                    start = discord.start_process(
                        platform, ground.postgres, ground.name, ground.folder
                    )
                else:
                    start = telegram.start_process(
                        platform, ground.postgres, ground.name, ground.folder
                    )
                return await start
            except (AssertionError, TimeoutError):
                if not tries_left:
                    raise
        raise AssertionError

    async def suffer(self, fault: Fault, chance: Random) -> None:
        """Let something go wrong, and return when it is over."""
        platform = self.platform
        match fault:
            case "kill":
                place = chance.randrange(len(self.running))
                await kill(self.running[place])
                self.running[place] = await self._begin()
            case "away" if isinstance(platform, LoopbackTelegram):
                await platform.outage(LONGEST_AWAY_S * chance.random())
            case "away" if isinstance(platform, LoopbackDiscord):
                platform.go_down()
                await asyncio.sleep(LONGEST_AWAY_S * chance.random())
                platform.come_back()
            case "lost" if isinstance(platform, LoopbackTelegram):
                platform.lost_answers[chance.choice(TELEGRAM_CALLS)] += 2
            case "lost" if isinstance(platform, LoopbackDiscord):
                platform.trouble(chance.choice(DISCORD_CALLS), 502, 2, after=chance.random() < 0.5)
            case "held" if isinstance(platform, LoopbackTelegram):
                groups = sorted(chat for chat in platform.world.chats if chat < 0)
                platform.flood.close(chance.choice(groups), HELD_S)
            case "held" if isinstance(platform, LoopbackDiscord):
                platform.gateway.drop()  # the connection alone; RESUME brings what was missed


@dataclass
class Trouble:
    """The faults of one or more evenings at the same time.

    Args:
        seed: decides what goes wrong, where and when.
        houses: where.
        deeds: how many the players will do, about.
        faults: how many things go wrong.
    """

    seed: int
    houses: list[House]
    deeds: int
    faults: int
    done: int = 0
    suffered: Counter[str] = field(default_factory=Counter)
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    def did(self) -> None:
        """Somebody does something."""
        self.done += 1
        self._more.set()

    async def run(self) -> None:
        """Let everything go wrong that is to; return after the last fault."""
        chance = Random(f"faults {self.seed}")  # noqa: S311
        moments = sorted(chance.randrange(self.deeds) for _ in range(self.faults))
        # Each fault happens to each house at least once, if there are as many.
        plan: list[tuple[House, Fault]] = [
            (house, fault) for fault in sorted(set(FAULTS)) for house in self.houses
        ]
        plan = plan[: self.faults]
        while len(plan) < self.faults:
            plan.append((chance.choice(self.houses), chance.choice(FAULTS)))
        chance.shuffle(plan)
        for moment, (house, fault) in zip(moments, plan, strict=True):
            while self.done < moment:
                self._more.clear()
                await self._more.wait()
            await asyncio.sleep(chance.random() / 10)
            self.suffered[fault] += 1
            await house.suffer(fault, chance)
