"""The whole main job through the Discord door, with the real library, on a strict Discord."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from tests.platforms import main_job
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.house import door
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.state import state_of
from tests.platforms.terminal import main_job_state


@pytest.fixture
async def platform(clock: ManualClock) -> AsyncIterator[LoopbackDiscord]:
    """A Discord whose time is the product's time."""
    async with LoopbackDiscord(lambda: clock.now().timestamp()) as running:
        yield running


async def test_the_main_job_ends_in_the_same_state_as_at_the_terminal(
    platform: LoopbackDiscord, services: Services, clock: ManualClock, database: Database
):
    ada = DiscordPerson(platform, "Ada")
    ada.before = lambda: clock.advance(timedelta(seconds=1))
    async with door(platform, services):
        await main_job.play(ada)
    assert platform.violations == []
    assert platform.api.refusals == []
    assert [one for one in ada.done if one.answer is None] == []
    here = await state_of(database, "discord", ada.subject)
    assert here == await main_job_state(services, clock)
