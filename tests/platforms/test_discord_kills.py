"""The Discord door's process is killed while it answers; the learner goes on with the next one."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

import pytest

from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.postgres import EmbeddedServer
from tests.platforms import main_job
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.errors import Json
from tests.platforms.discord.house import start_process
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.discord.world import Interaction, Message
from tests.platforms.person import Screen, sees
from tests.platforms.state import state_of
from tests.support.processes import Process, kill

LONGEST_S = 0.03  # an answer takes about as long


class Insistent(DiscordPerson):
    """Somebody who repeats what got no answer, while the bot is killed at some of their presses.

    Args:
        restart: kills the bot after so many seconds, and starts it again.
        when: the numbers of those presses.
        random: how long the bot may work on them.
    """

    def __init__(
        self,
        platform: LoopbackDiscord,
        restart: Callable[[float], Awaitable[None]],
        when: set[int],
        random: Random,
    ) -> None:
        super().__init__(platform, "Ada")
        self._restart, self._when, self._random = restart, when, random
        self._presses = 0

    async def _interact(self, kind: int, data: Json, message: Message | None = None) -> Interaction:
        one = await super()._interact(kind, data, message)
        self._presses += 1
        if self._presses in self._when:
            await self._restart(self._random.random() * LONGEST_S)
            if one.answer is None or (one.original and one.original.is_loading):
                return await super()._interact(kind, data, message)
        return one


async def answer(person: DiscordPerson, screen: Screen, number: int) -> None:
    """The right answer to one of the first questions, by a press."""
    await person.press({1: screen.letters.get("Walking through", ""), 2: "True"}[number])


async def lesson_and_quiz(person: DiscordPerson) -> None:
    """16 presses that may be repeated without harm."""
    await person.command("/learn doors")
    await sees(person, "page 1 of 2")
    await person.press("Next page")
    await sees(person, "page 2 of 2")
    await person.press("Finish lesson")
    await sees(person, "Doors")
    await person.press("Take quiz")
    await sees(person, "attempt 1 of 2")
    await person.press("Start")
    for number in (1, 2):
        screen = await sees(person, f"Question {number} of {main_job.QUESTIONS}")
        await answer(person, screen, number)
        await sees(person, main_job.SAVED)
        await person.press("Next")
    await sees(person, "Question 3 of 8")
    await person.command("/quiz")
    await sees(person, "Question 3 of 8")
    await person.press("Skip")
    await sees(person, "Question 4 of 8")
    for _ in range(4):
        await person.press("Skip")
        await sees(person, "Question ")
    await person.press("Skip")
    await sees(person, "Without an answer")
    await person.press("Hand in")
    await sees(person, "3 of 13 = 23.08 %", "Attempt 1 of 2.")


async def killed_again_and_again(
    services: Services, server: EmbeddedServer, name: str, folder: Path, seed: int, kills: int
) -> None:
    random = Random(seed)  # noqa: S311
    async with LoopbackDiscord() as platform:
        processes: list[Process] = [await start_process(platform, server, name, folder)]

        async def restart(after: float) -> None:
            await asyncio.sleep(after)
            await kill(processes[-1])
            processes.append(await start_process(platform, server, name, folder))

        try:
            calm = DiscordPerson(platform, "Calm")
            await lesson_and_quiz(calm)
            presses = len(calm.done)
            when = set(random.sample(range(1, presses + 1), kills))
            ada = Insistent(platform, restart, when, random)
            await lesson_and_quiz(ada)
        finally:
            await kill(processes[-1])
        assert len(processes) == kills + 1
        assert platform.violations == []
        expected = await state_of(services.database, "discord", calm.subject)
        assert await state_of(services.database, "discord", ada.subject) == expected


async def test_killed_at_random_moments_it_ends_in_the_same_state(
    services: Services, server: EmbeddedServer, database_name: str, tmp_path: Path
):
    await killed_again_and_again(services, server, database_name, tmp_path, seed=7, kills=2)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(8))
async def test_killed_at_almost_every_press(
    services: Services,
    clock: ManualClock,
    server: EmbeddedServer,
    database_name: str,
    tmp_path: Path,
    seed: int,
):
    await killed_again_and_again(services, server, database_name, tmp_path, seed=seed, kills=12)
    print(f"seed {seed}: 12 kills, the same state")
