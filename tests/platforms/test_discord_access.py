"""Who may write where on Discord: closed chats, servers with other people, missing permissions."""

import asyncio

from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from domain.notifications.outbox import post
from domain.notifications.rules import Message as News
from domain.sql import sql
from tests.platforms import main_job
from tests.platforms.discord import limits
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.house import door
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.discord.world import Channel
from tests.platforms.person import sees
from tests.support.eventually import until

_USER = sql("SELECT user_id FROM identities WHERE provider = 'discord' AND subject = :subject")
_BLOCKED = sql("""
    SELECT count(*) FROM delivery_channels WHERE address = :subject AND blocked_at IS NOT NULL
""")


async def test_a_closed_chat_is_left_alone_until_somebody_writes_again(
    platform: LoopbackDiscord, services: Services, clock: ManualClock, ada: DiscordPerson
):
    async with door(platform, services):
        await ada.command("/start")
        await sees(ada, "What do you want to learn?")
        async with services.database.worker_unit_of_work() as conn:
            user = (await conn.execute(_USER, {"subject": ada.subject})).scalar_one()
        ada.user.closed = True
        await tell(services.database, News("one", "news", "The first.", {}, clock.now(), user))
        async with asyncio.timeout(30):
            await until(lambda: is_blocked(services.database, ada))
        before = len(platform.api.refusals)
        await tell(services.database, News("two", "news", "The second.", {}, clock.now(), user))
        await asyncio.sleep(1.2)  # a look into the outbox
        assert len(platform.api.refusals) == before  # not tried: the chat is closed
        ada.user.closed = False
        await ada.says("/help")
        await sees(ada, "You can do everything with buttons.")
        await tell(services.database, News("three", "news", "The third.", {}, clock.now(), user))
        await sees(ada, "The third.")


async def is_blocked(database: Database, person: DiscordPerson) -> bool:
    async with database.worker_unit_of_work() as conn:
        found = await conn.execute(_BLOCKED, {"subject": person.subject})
        return bool(found.scalar_one())


async def tell(database: Database, message: News) -> None:
    async with database.worker_unit_of_work() as conn:
        await post(conn, message)


async def test_in_a_server_only_the_learner_sees_and_a_challenge_gets_a_thread(
    platform: LoopbackDiscord,
    services: Services,
    clock: ManualClock,
    ada: DiscordPerson,
    room: Channel,
):
    ada.place = room
    bob = DiscordPerson(platform, "Bob", room)
    async with door(platform, services):
        await ada.command("/learn doors")
        await sees(ada, "page 1 of 2")
        assert bob.messages() == []
        await ada.command("/code doors-double")
        await sees(ada, "Double doors · level 1")
        thread = ada.messages()[-1].channel
        assert thread.is_thread
        assert ada.user in thread.people
        assert bob.messages() == []
        ada.place = thread
        opener = next(one for one in ada.screen.labels if one.endswith("…"))
        right = ("double.py", main_job.RIGHT.encode())
        await ada.submits(await ada.opens(opener), files=(right,))
        await sees(ada, "3 of 3 tests passed")
        assert bob.messages() == []


async def test_without_permission_it_says_what_is_missing_and_goes_on(
    platform: LoopbackDiscord,
    services: Services,
    clock: ManualClock,
    ada: DiscordPerson,
    room: Channel,
):
    ada.place = room
    room.allowed &= ~limits.PRIVATE_THREADS
    async with door(platform, services):
        await ada.command("/learn doors")
        await sees(ada, "page 1 of 2")
        await ada.command("/code doors-double")
        await sees(ada, "Double doors · level 1", "Create Private Threads")
        assert ada.messages()[-1].only is ada.user
        room.allowed = 0  # not even to be seen: interactions are answered all the same
        await ada.press("Hint 1 of 2, −10 %")
        await sees(ada, "Hint 1 costs 10 of 100 points")
