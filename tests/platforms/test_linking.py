"""Accounts are linked through both doors at once: a code here, a press there, a message back."""

import asyncio
import re
from datetime import datetime, timedelta

from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from domain.notifications.outbox import post
from domain.notifications.rules import Message
from domain.sql import sql
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.house import door as discord_door
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.person import sees, sees_label
from tests.platforms.telegram.house import door as telegram_door
from tests.platforms.telegram.limits import UNLIMITED
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram

_ACCOUNT = sql("SELECT id, user_id FROM identities WHERE subject = :subject")
_OWNERS = sql("SELECT DISTINCT user_id FROM identities WHERE subject IN (:one, :other)")


async def owners(database: Database, one: str, other: str) -> int:
    """How many learners two accounts belong to."""
    async with database.worker_unit_of_work() as conn:
        return len((await conn.execute(_OWNERS, {"one": one, "other": other})).all())


async def tell(database: Database, address: str, now: datetime, number: str = "one") -> None:
    """Post a message that prefers the account on Telegram."""
    async with database.worker_unit_of_work() as conn:
        account = (await conn.execute(_ACCOUNT, {"subject": address})).one()
        news = Message(
            number, "news", "Number {n}.", {"n": number}, now, account.user_id, account.id
        )
        assert await post(conn, news)


async def test_a_person_on_discord_and_telegram_becomes_one_learner_and_two_again(
    services: Services, database: Database, clock: ManualClock
):
    def passing() -> datetime:
        clock.advance(timedelta(seconds=1))
        return clock.now()

    async with (
        LoopbackTelegram(UNLIMITED, passing) as phones,
        LoopbackDiscord(lambda: clock.now().timestamp()) as desks,
        telegram_door(phones, services),
        discord_door(desks, services),
    ):
        ada = DiscordPerson(desks, "Ada")
        phone = TelegramPerson(phones, phones.people.user("Phone", started=True))
        await phone.command("/learn doors")
        await sees(phone, "page 1 of 2")
        await ada.command("/link")
        screen = await sees_label(ada, "Open Telegram")
        code = re.search(r"/link ([0-9A-Z]{4}-[0-9A-Z]{4})", screen.text)
        assert code is not None
        await phone.command(f"/link {code[1]}")
        await sees(phone, "Ada on Discord asks to join")
        await phone.press("Yes, that is me")
        await sees(phone, "Now agree on Discord")
        await sees(ada, "Phone on Telegram has entered your code")
        assert await owners(database, ada.subject, phone.subject) == 2
        await ada.press("Yes, that is me")
        await sees(ada, "are one learner now")
        await sees(phone, "This account and yours on Discord are one learner now.")
        assert await owners(database, ada.subject, phone.subject) == 1
        await ada.command("/learn")
        await sees(ada, "page 1 of 2")
        # Blocked without a word to us: the message finds the other chat.
        await tell(database, phone.subject, clock.now())
        await sees(phone, "Number one.")
        phone.user.blocked = True
        await tell(database, phone.subject, clock.now(), "two")
        await sees(ada, "Number two.")
        phone.user.blocked = False
        await phone.command("/unlink")
        await sees(phone, "Parting them means")
        await phone.press("Part them")
        await asyncio.gather(sees(phone, "are parted"), sees(ada, "are parted"))
        assert await owners(database, ada.subject, phone.subject) == 2
        assert phones.violations == []
        assert desks.violations == []
