"""The whole main job ends in the same database state, whichever door a learner came through."""

from datetime import datetime, timedelta

from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from tests.platforms import main_job
from tests.platforms.discord import house as discord
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.state import State, state_of
from tests.platforms.telegram import house as telegram
from tests.platforms.telegram.limits import UNLIMITED
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram


async def through_telegram(services: Services, database: Database, clock: ManualClock) -> State:
    def passing() -> datetime:
        """Telegram tells whole seconds, and which attempt is the latest depends on them."""
        clock.advance(timedelta(seconds=1))
        return clock.now()

    async with LoopbackTelegram(UNLIMITED, passing) as server:
        person = TelegramPerson(server, server.people.user("Ada"))
        async with telegram.door(server, services):
            await main_job.play(person)
        assert server.violations == []
        assert not server.updates.pending
    return await state_of(database, "telegram", person.subject)


async def through_discord(services: Services, database: Database) -> State:
    async with LoopbackDiscord() as server:
        person = DiscordPerson(server, "Ada")
        async with discord.door(server, services):
            await main_job.play(person)
        assert server.violations == []
    return await state_of(database, "discord", person.subject)


async def test_both_doors_lead_to_the_same_state(
    services: Services, database: Database, clock: ManualClock
):
    telegram = await through_telegram(services, database, clock)
    assert sorted(str(row["score"]) for row in telegram["challenge_attempts"]) == ["40", "90"]
    discord = await through_discord(services, database)
    assert discord.keys() == telegram.keys()
    for table, rows in telegram.items():
        for ours, theirs in zip(rows, discord[table], strict=True):
            assert ours == theirs, table
