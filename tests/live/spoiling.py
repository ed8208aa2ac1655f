"""What goes wrong in an evening: processes die, platforms are away, lose answers, or hold back.

What happens, and after which deed of the players, is decided by a seed. On a slow machine the same
happens as on a quick one: faults follow what people do, not the time of day.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from tests.live.nursery import Child, Nursery
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.telegram.server import LoopbackTelegram

Fault = Literal["kill", "away", "lost", "held"]
FAULTS: tuple[Fault, ...] = ("kill", "kill", "away", "lost", "held")
TELEGRAM_CALLS = ("answerCallbackQuery", "editMessageText", "sendMessage")
DISCORD_CALLS = ("/callback$", "/messages$", r"/messages/\d+$")
LONGEST_AWAY_S = 1.0
HELD_S = 2.0


@dataclass
class House:
    """One platform and the processes that serve it; of two, each is killed and comes back."""

    platform: LoopbackDiscord | LoopbackTelegram
    nursery: Nursery
    processes: int
    children: list[Child] = field(default_factory=list)

    async def open(self) -> None:
        """Begin its processes."""
        for _ in range(self.processes):
            self.children.append(await self.nursery.begin(self.platform))
        for child in self.children:
            await child.opened()

    async def close(self) -> None:
        """End them."""
        for child in self.children:
            await child.kill()
        self.children.clear()

    async def suffer(self, fault: Fault, chance: Random) -> None:
        """Let something go wrong, and return when it is over."""
        platform = self.platform
        match fault:
            case "kill":
                place = chance.randrange(len(self.children))
                await self.children[place].kill()
                self.children[place] = await self.nursery.begin(platform)
                await self.children[place].opened()
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
