"""An answer of the tutor grows in one message, on both platforms, at a pace they take."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
from pydantic import SecretStr

from bots.conversation.turn import Services
from bots.discord.run import run_discord
from domain.clock import SystemClock
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.server import TOKEN, LoopbackDiscord
from tests.platforms.gemini.scenarios import Scenario
from tests.platforms.gemini.server import KEY, LoopbackGemini
from tests.platforms.main_job import TITLE, WRONG
from tests.platforms.person import Person, sees
from tests.platforms.telegram import house
from tests.platforms.telegram.limits import UNLIMITED
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram
from tests.support.eventually import until
from tutor.models.router import Models

PARAGRAPHS = [
    f"Thought {number}: what does your function do with its value?" for number in range(12)
]
LONG_ENOUGH_S = 3.0  # that twelve paragraphs take


@pytest.fixture
async def gemini() -> AsyncIterator[LoopbackGemini]:
    """A model that thinks aloud, slowly."""
    async with LoopbackGemini() as running:
        text = "\n\n".join(PARAGRAPHS)
        running.usual = Scenario(text=text, pieces=24, pause_s=LONG_ENOUGH_S / 24)
        yield running


@pytest.fixture
async def taught(services: Services, gemini: LoopbackGemini) -> AsyncIterator[Services]:
    """With that model."""
    settings = services.settings.model_copy(
        update={
            "gemini_api_key": SecretStr(KEY),
            "gemini_api_url": gemini.url,
            "gemini_trains_on_content": False,
        }
    )
    models = Models.from_settings(settings)
    yield replace(services, settings=settings, models=models, clock=SystemClock())
    await models.close()


async def ask(person: Person, drawn: Callable[[], int]) -> int:
    """From a wrong try to a model's answer; how often something was sent or drawn for it."""
    await person.command("/start")
    await sees(person, TITLE)
    await person.press(TITLE)
    await sees(person, "page 1 of 2")
    await person.command("/code doors-double")
    await sees(person, "Double doors")
    await person.types(f"```python\n{WRONG}```")
    await sees(person, "1 of 3 tests passed")
    await person.press("Explain my error")
    await sees(person, "Offline tutor.", "May I ask Google Gemini")
    before = drawn()
    await person.press("Yes, ask it")
    await sees(person, PARAGRAPHS[0])
    assert PARAGRAPHS[-1] not in person.screen.text
    screen = await sees(person, *PARAGRAPHS, "Written by Google Gemini", "9 questions left.")
    assert screen.text.count(PARAGRAPHS[0]) == 1
    assert "4 good" in screen.labels
    await person.press("4 good")
    await sees(person, "You rated this answer: 4 good.")
    draws = drawn() - before
    if person.platform == "telegram":  # on Discord the button opens the field that is typed into
        await person.press("Ask more")
        await sees(person, "What do you want to know about “Double doors”?")
    await person.types("And why is that?")
    await sees(person, *PARAGRAPHS, "8 questions left.")
    return draws


async def test_on_telegram(taught: Services) -> None:
    async with LoopbackTelegram(UNLIMITED) as server:

        def drawn() -> int:
            return server.calls["sendMessage"] + server.calls["editMessageText"]

        person = TelegramPerson(server, server.people.user("Ada"))
        async with house.door(server, taught):
            draws = await ask(person, drawn)
        assert server.violations == []
    assert 3 <= draws <= 6  # one message, and an edit each 1.5 s at most


async def test_in_a_group_nothing_is_asked_for_somebody_who_cannot_be_answered(
    taught: Services, gemini: LoopbackGemini
) -> None:
    gemini.usual = Scenario(text="What does your function do with its value?")
    async with LoopbackTelegram(UNLIMITED) as server, house.door(server, taught):
        user = server.people.user("Ada")
        private = TelegramPerson(server, user)
        here = TelegramPerson(server, user, server.people.group("Owls", user))
        await private.command("/start")
        await sees(private, TITLE)
        await private.press(TITLE)
        await sees(private, "page 1 of 2")
        await private.command("/ask what is a value?")
        await sees(private, "May I ask Google Gemini")
        await private.press("Yes, ask it")
        await sees(private, "Written by Google Gemini", "9 questions left.")
        server.people.block(user)
        asked = len(gemini.asked)
        await here.command("/ask what is a name?")
        await sees(here, "open our private chat and press Start")
        server.people.unblock(user)
        await here.command("/ask what is a loop?")
        await sees(private, "Written by Google Gemini", "8 questions left.")
        assert "what is a name?" not in "".join(one.text for one in gemini.asked[asked:])


async def test_on_discord(taught: Services) -> None:
    async with LoopbackDiscord() as server:
        person = DiscordPerson(server, "Ada")
        changes = {"discord_api_url": server.url, "discord_token": SecretStr(TOKEN)}
        configured = taught.settings.model_copy(update=changes)
        app = house.app_over(replace(taught, settings=configured), "", "")
        stop = asyncio.Event()
        running = asyncio.create_task(run_discord(app, stop))
        try:
            async with asyncio.timeout(60):
                await until(
                    lambda: bool(server.world.commands) and app.health.part("discord").state == "up"
                )
            draws = await ask(person, lambda: server.world.shown)
        finally:
            stop.set()
            await running
        assert server.violations == []
    assert 3 <= draws <= 7
