"""Learners on a loopback Discord, in a process of their own (see `benchmarks.pressing`).

    python -m benchmarks.discord_load LEARNERS

A press is acknowledged by the first answer to its interaction, and answered when the message has
been redrawn.
"""

import argparse
import asyncio

import uvloop

from benchmarks.pressing import PAGES, Crowd, Figures, serve
from tests.platforms.discord.components import BUTTON, everything
from tests.platforms.discord.errors import Json
from tests.platforms.discord.limiter import Rate
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.discord.typing import slash
from tests.platforms.discord.world import COMPONENT, SLASH, Interaction, Message

NO_LIMIT = Rate(1_000_000, 1.0)


class Learners(Crowd):
    """People in direct conversations with the bot."""

    def __init__(self, platform: LoopbackDiscord, number: int) -> None:
        users = [platform.world.add_user(f"Learner {n}") for n in range(number)]
        super().__init__([user.id for user in users])
        self._platform = platform
        self._open: dict[int, Message] = {}
        self._last: dict[int, Interaction] = {}
        platform.world.on_answer, platform.world.on_show = self._answered, self._shown

    def _answered(self, one: Interaction) -> None:
        if one.kind == COMPONENT:
            self.acknowledged(one.user.id)

    def _shown(self, message: Message) -> None:
        learner = message.channel.people[0].id
        if message.components:
            self._open[learner] = message
        self.redrawn(learner)

    async def ready(self) -> bool:
        """Its commands are there, and it is connected."""
        return bool(self._platform.world.commands and self._platform.gateway.live)

    async def say(self, learner: int, line: str) -> None:
        """Use a slash command."""
        self._open.pop(learner, None)
        await self._interact(learner, SLASH, slash(self._platform.world.commands, line))

    def sees_pages(self, learner: int) -> bool:
        """A message with buttons has come."""
        return learner in self._open

    async def turn(self, learner: int) -> None:
        """Press a button of the newest message."""
        message = self._open[learner]
        custom_id = next(
            one["custom_id"]
            for one in everything(message.components)
            if one["type"] == BUTTON and one.get("label") in PAGES
        )
        data: Json = {"component_type": BUTTON, "custom_id": custom_id}
        await self._interact(learner, COMPONENT, data, message)

    async def _interact(
        self, learner: int, kind: int, data: Json, message: Message | None = None
    ) -> None:
        world = self._platform.world
        if before := self._last.pop(learner, None):
            world.interactions.pop(before.token, None)
        user = world.users[learner]
        self._last[learner] = await self._platform.interact(
            kind, user, world.dm_with(user), data, message=message
        )

    def faults(self) -> Figures:
        """What the loopback refused."""
        refused = len(self._platform.limiter.refused) + len(self._platform.api.refusals)
        return {"refused": refused, "violations": sorted(set(self._platform.violations))[:5]}


async def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.discord_load", description="Learners on a loopback Discord."
    )
    parser.add_argument("learners", type=int)
    chosen = parser.parse_args()
    async with LoopbackDiscord(usual=NO_LIMIT) as platform:
        platform.api.judges = platform.api.keeps_calls = False
        learners = Learners(platform, chosen.learners)
        await serve(learners, platform.url, platform.world.token)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
