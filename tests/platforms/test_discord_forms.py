"""Dialogs on Discord: files only, and fields that were left open."""

from collections.abc import AsyncIterator

import pytest

from bots.conversation.turn import Services
from domain.clock import ManualClock
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.house import door
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.main_job import SAVED
from tests.platforms.person import sees


@pytest.fixture
async def platform(clock: ManualClock) -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord(lambda: clock.now().timestamp()) as running:
        yield running
    assert running.violations == []
    assert running.api.refusals == []


async def at_question(person: DiscordPerson, number: int) -> None:
    """Start the quiz and skip to a question."""
    await person.command("/learn doors")
    await sees(person, "page 1 of 2")
    await person.command("/quiz doors-quiz")
    await sees(person, "attempt 1 of 2")
    await person.press("Start")
    await sees(person, "Question 1 of 8")
    for following in range(2, number + 1):
        await person.press("Skip")
        await sees(person, f"Question {following} of 8")


async def test_a_field_left_open_answers_its_own_question(
    platform: LoopbackDiscord, services: Services, ada: DiscordPerson
):
    async with door(platform, services):
        await at_question(ada, 4)
        left_open = await ada.opens("Your answer…")
        await ada.press("Skip")
        await sees(ada, "Question 5 of 8", "How many sides has a door?")
        await ada.submits(left_open, "a key")
        await sees(ada, SAVED)
        await ada.press("Next")
        await sees(ada, "Question 5 of 8")  # its number was not taken for an answer
        await ada.says("/cards add")
        await sees(ada, "Type the card like this")
        card = await ada.opens("front | back…")
        await ada.says("/settings time")
        await sees(ada, "Where are you?")
        await ada.submits(card, "2 | 3")
        await sees(ada, "This button is from an older message.")


async def test_a_file_is_handed_in_where_nobody_can_write(
    platform: LoopbackDiscord, services: Services, ada: DiscordPerson
):
    ada.place = platform.world.add_channel(0, "room", platform.world.add_guild("Study", ada.user))
    async with door(platform, services):
        await ada.command("/cards import")
        await sees(ada, "Send the file")
        deck = await ada.opens("A deck file…")
        await ada.submits(deck, files=(("birds.csv", b"front,back\nrook,Corvus\n"),))
        await sees(ada, "birds", "1 new")
