"""An evening of live quizzes while processes die and platforms fail: the totals stay the same.

Three rooms play a round each at the same time: in a Telegram group, in a Discord channel, and in
both. The doors are processes of their own, ended by SIGKILL at random moments; Telegram's door is
two processes, so that another one takes over what the killed one did.
"""

import asyncio
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from domain.database import Database
from domain.live import phases
from domain.postgres import EmbeddedServer
from tests.live.evening import QUESTIONS, SLOW_S, Evening
from tests.live.spoiling import FAULTS, Ground, House, Trouble
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.person import sees
from tests.platforms.telegram.limits import UNLIMITED
from tests.platforms.telegram.server import LoopbackTelegram


@pytest.fixture
def ground(server: EmbeddedServer, database_name: str, tmp_path: Path) -> Ground:
    return Ground(server, database_name, tmp_path)


async def spend(
    database: Database,
    ground: Ground,
    seeds: range,
    players: int,
    faults: int,
    **changes: Any,
) -> tuple[Trouble, list[Evening]]:
    """Spend the evenings of these seeds at the same time, in the same processes."""
    first = seeds[0]
    async with (
        LoopbackTelegram(UNLIMITED, serial=first) as telegram,
        LoopbackDiscord() as discord,
    ):
        houses = [House(telegram, ground, 2), House(discord, ground, 1)]
        deeds = len(seeds) * players * (len(QUESTIONS) + 1)
        trouble = Trouble(first, houses, deeds, faults)
        evenings = [
            Evening(one, database, telegram, discord, trouble.did, **changes) for one in seeds
        ]
        for evening in evenings:
            evening.gather(players)
        await asyncio.gather(*(house.open() for house in houses))
        try:
            await asyncio.gather(*(one.open() for one in evenings))
            async with asyncio.TaskGroup() as group:
                group.create_task(trouble.run())
                for evening in evenings:
                    group.create_task(evening.play())
        finally:
            await asyncio.gather(*(house.close() for house in houses))
        for evening in evenings:
            assert await evening.found() == evening.expected, f"seed {evening.seed}"
        assert telegram.violations == []
        assert discord.violations == []
    return trouble, evenings


async def test_an_evening_with_kills_and_faults_has_the_same_totals(
    database: Database, ground: Ground
):
    trouble, _ = await spend(database, ground, range(1, 2), players=8, faults=8)
    assert trouble.suffered == {"kill": 2, "lost": 2, "away": 2, "held": 2}


async def test_a_killed_process_costs_no_answer_and_no_time(database: Database, ground: Ground):
    async with LoopbackTelegram(UNLIMITED, serial=900) as telegram:
        evening = Evening(900, database, telegram, LoopbackDiscord(), lambda: None)
        chat = evening.room_in_telegram("Wrens", 2)
        ada, bob = chat.people
        house = House(telegram, ground, 1)
        await house.open()
        try:
            await evening.lobby([chat])
            await bob.press_under("Joined", "Join")
            await evening.joined(chat.names)
            await ada.press_under("Joined", "Start (host)")
            await chat.shows("Question 1 of 3")
            await ada.press_under("Question 1 of 3", "A")
            await sees(ada, "Locked in")
            await house.close()
            await asyncio.sleep(phases.UNNOTICED.total_seconds() + 0.5)
            await house.open()
            await chat.shows("by a restart; time added", "Answered: 1 of 2")
            await bob.press_under("Question 1 of 3", "A")
            await chat.shows("Question 1 of 3", "The answer")
        finally:
            await house.close()
        assert telegram.violations == []


TOGETHER = 4  # evenings in the same processes
SPENT: Counter[str] = Counter()
MACHINE_MAY_BE_BUSY: dict[str, Any] = {
    "patience": 20 * SLOW_S,
    "limit": "time:no",
    "again": 6.0,
}


@pytest.mark.soak
@pytest.mark.parametrize("first", range(2, 202, TOGETHER))
async def test_two_hundred_evenings(database: Database, ground: Ground, first: int):
    """Whatever goes wrong: what a difference says names its seed, and that seed repeats it."""
    began = time.monotonic()
    seeds = range(first, first + TOGETHER)
    trouble, evenings = await spend(
        database, ground, seeds, players=50, faults=4 * TOGETHER, **MACHINE_MAY_BE_BUSY
    )
    SPENT.update(trouble.suffered)
    answers = sum(count for evening in evenings for _, count in evening.expected.values())
    SPENT.update(evenings=TOGETHER, answers=answers, deeds=trouble.done)
    told = ", ".join(
        f"{SPENT[one]} {one}" for one in ("evenings", "answers", "deeds", *sorted(set(FAULTS)))
    )
    print(
        f"\nseeds {seeds[0]} to {seeds[-1]}: no difference in {time.monotonic() - began:.0f} s; "
        f"so far {told}",
        file=sys.stderr,  # which processes of pytest-xdist show, too
        flush=True,
    )
