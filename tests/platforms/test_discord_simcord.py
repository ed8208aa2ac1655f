"""The main job on a Discord that others wrote."""

from dataclasses import replace

from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from tests.platforms import main_job
from tests.platforms.discord import second
from tests.platforms.state import state_of
from tests.platforms.terminal import main_job_state


async def test_the_main_job_passes_there_too(
    services: Services, clock: ManualClock, database: Database
):
    clocked = replace(services, clock=second.SimClock(clock.now()))
    async with second.door(clocked) as env:
        ada = second.SimPerson(env, "ada")
        await main_job.play(ada)
        assert env.errors == []
        clock.set(env.now())
    assert await state_of(database, "discord", ada.subject) == await main_job_state(services, clock)
