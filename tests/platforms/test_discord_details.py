"""What Discord's own means add: dialogs with several fields, completion, languages, shards."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bots.conversation.turn import Services
from domain.clock import ManualClock
from tests.platforms.discord.driver import OPENS, DiscordPerson
from tests.platforms.discord.house import door, forget_turns
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.main_job import PAIRS, RIGHT, SAVED
from tests.platforms.person import sees
from tests.support.eventually import until

SHARDS = 2


@pytest.fixture
async def platform(clock: ManualClock) -> AsyncIterator[LoopbackDiscord]:
    """A Discord whose time is the product's time."""
    now = lambda: clock.now().timestamp()  # noqa: E731
    async with LoopbackDiscord(now, max_concurrency=SHARDS, shards=SHARDS) as running:
        yield running
        assert running.violations == []


def openers(person: DiscordPerson) -> list[str]:
    """The buttons on the screen that open a dialog."""
    return [label for label in person.screen.labels if label.endswith(OPENS)]


async def test_one_dialog_takes_all_gaps_and_all_pairs(
    platform: LoopbackDiscord, services: Services, ada: DiscordPerson
):
    async with door(platform, services):
        await ada.command("/learn doors")
        await sees(ada, "page 1 of 2")
        await ada.command("/quiz quiz:doors-quiz")
        await sees(ada, "attempt 1 of 2")
        await ada.press("Start")
        for number in range(1, 6):
            await sees(ada, f"Question {number} of 8")
            await ada.press("Skip")
        await sees(ada, "Match 1 of 3")
        dialog = await ada.opens(openers(ada)[-1])
        await ada.submits(dialog, *PAIRS.values())
        await sees(ada, SAVED)
        await ada.press("Next")
        await sees(ada, "Question 7 of 8")
        await ada.press("Skip")
        await sees(ada, "gap 1 of 2")
        dialog = await ada.opens(openers(ada)[-1])
        await ada.submits(dialog, "door", "sides")
        await sees(ada, SAVED)
        await ada.press("Hand in")
        await sees(ada, "Without an answer")
        await ada.press("Hand in")
        await sees(ada, "4 of 13 = 30.77 %")


async def test_names_are_completed_and_the_clients_language_is_spoken(
    platform: LoopbackDiscord, services: Services, ada: DiscordPerson
):
    ola = DiscordPerson(platform, "Ola", locale="pl")
    async with door(platform, services):
        assert await ada.suggestions("/learn do", "course") == ["Doors and rooms"]
        assert await ada.suggestions("/learn zzzzzz", "course") == []
        await ola.command("/start")
        await sees(ola, "Czego chcesz się nauczyć?")
        learn = next(one for one in platform.world.commands if one["name"] == "learn")
        assert learn["description_localizations"]["pl"] != learn["description"]


async def test_nobody_is_called_and_no_mark_is_obeyed(
    platform: LoopbackDiscord, services: Services, ada: DiscordPerson
):
    evil = "@everyone **bold** [x](https://example.org) <@1> `code` ||gone||"
    async with door(platform, services):
        await ada.command("/learn doors")
        await sees(ada, "page 1 of 2")
        await ada.command(f"/save {evil}")
        await sees(ada, "1 saved in all.")
        await ada.command("/saved")
        await sees(ada, evil)  # as it was typed, to the letter
    mentions = [call.body.get("data", call.body) for call in platform.api.calls]
    assert all(one["allowed_mentions"] == {"parse": []} for one in mentions if "content" in one)


async def test_a_file_can_come_with_the_command(
    platform: LoopbackDiscord, services: Services, ada: DiscordPerson
):
    async with door(platform, services):
        await ada.command("/learn doors")
        await sees(ada, "page 1 of 2")
        await ada.command("/code doors-double")
        await sees(ada, "Double doors")
        await ada.command_with_file("/code submit", "double.py", RIGHT.encode())
        await sees(ada, "3 of 3 tests passed")


async def test_a_session_that_is_gone_is_begun_anew(
    platform: LoopbackDiscord, services: Services, ada: DiscordPerson
):
    async with door(platform, services):
        await ada.command("/learn doors")
        await sees(ada, "page 1 of 2")
        await forget_turns(services.database)
        platform.gateway.forget_sessions()
        async with asyncio.timeout(30):
            await until(lambda: bool(platform.gateway.live))
        await ada.press("Next page")
        await sees(ada, "page 2 of 2")
        assert (platform.gateway.identified, platform.gateway.resumed) == (2 * SHARDS, 0)


async def test_processes_share_the_shards(
    platform: LoopbackDiscord, services: Services, clock: ManualClock, ada: DiscordPerson
):
    """A direct message belongs to the first shard, a server to the shard of its number."""
    while (platform.world.new_id() >> 22) % SHARDS != 1:  # which comes from the millisecond
        clock.advance(timedelta(milliseconds=1))
    school = platform.world.add_guild("School", ada.user)
    bob = DiscordPerson(platform, "Bob", platform.world.add_channel(0, "room", school))
    first = door(platform, services, discord_shards="0/2")
    async with first:
        await bob.command("/start")
        assert bob.done[-1].answer is None  # his shard is in nobody's hands
        async with door(platform, services, discord_shards="1/2"):
            async with asyncio.timeout(30):
                await until(lambda: len(platform.gateway.live) == SHARDS)
            await bob.command("/start")
            await sees(bob, "What do you want to learn?")
            await ada.command("/start")
            await sees(ada, "What do you want to learn?")
    assert sorted(one.shard for one in platform.gateway.sessions.values()) == []
    assert platform.api.refusals == []
