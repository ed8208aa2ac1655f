"""A whole Stoa behind the doors: the real database, the real sandbox, the doors' course."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bots.conversation.router import Router
from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import Settings
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.discord.world import TEXT, Channel
from tests.platforms.main_job import COURSE
from tests.support.courses import teach


@pytest.fixture
async def services(
    database: Database, clock: ManualClock, settings: Settings, grader: Grader
) -> Services:
    """What lives as long as a bot's process, with the doors' course published."""
    await teach(database, COURSE)
    return Services(database, clock, settings, grader)


@pytest.fixture
def router(services: Services) -> Router:
    """Who answers."""
    return Router(services)


@pytest.fixture
async def platform(clock: ManualClock) -> AsyncIterator[LoopbackDiscord]:
    """A Discord whose time is the product's time, and whose rules were all kept in the end."""
    async with LoopbackDiscord(lambda: clock.now().timestamp()) as running:
        yield running
    assert running.violations == []


@pytest.fixture
def ada(platform: LoopbackDiscord, clock: ManualClock) -> DiscordPerson:
    """Somebody on Discord who does one thing a second."""
    person = DiscordPerson(platform, "Ada")
    person.before = lambda: clock.advance(timedelta(seconds=1))
    return person


@pytest.fixture
def room(platform: LoopbackDiscord, ada: DiscordPerson) -> Channel:
    """A channel of a server."""
    return platform.world.add_channel(TEXT, "room", platform.world.add_guild("School", ada.user))
