"""What goes wrong on Telegram, and that the door ends in a helpful state each time."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

import pytest

from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from domain.notifications.outbox import post
from domain.notifications.rules import Message
from domain.sql import sql
from tests.platforms.person import sees
from tests.platforms.telegram.house import door
from tests.platforms.telegram.limits import UNLIMITED
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram
from tests.support.eventually import until

_SET_ASIDE = sql("""
    SELECT count(*) FROM inbound_updates WHERE error LIKE 'KeyError%' AND lane = ANY(:lanes)
""")
_USER = sql("SELECT user_id FROM identities WHERE subject = :subject")


@pytest.fixture
async def telegram(clock: ManualClock) -> AsyncIterator[LoopbackTelegram]:
    async with LoopbackTelegram(UNLIMITED.faster(30), clock.now) as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def people(
    telegram: LoopbackTelegram, services: Services
) -> AsyncIterator[tuple[TelegramPerson, TelegramPerson]]:
    """Ada and Bob, on page 1 of the same lesson, and the door open."""
    both = tuple(TelegramPerson(telegram, telegram.people.user(name)) for name in ("Ada", "Bob"))
    async with door(telegram, services):
        for person in both:
            await person.command("/start")
            await sees(person, "What do you want to learn?")
            await person.command("/learn doors")
            await sees(person, "page 1 of 2")
        yield both[0], both[1]


async def test_a_poison_update_is_set_aside_and_others_go_on(
    telegram: LoopbackTelegram, services: Services, database: Database, people
):
    ada, bob = people
    telegram.poison(ada.chat.id)
    telegram.poison(bob.chat.id)
    await ada.press("Next page")
    await sees(ada, "page 2 of 2")

    async def both_are_aside() -> bool:
        async with database.worker_unit_of_work() as conn:
            found = await conn.execute(_SET_ASIDE, {"lanes": [ada.subject, bob.subject]})
            return bool(found.scalar_one() == 2)

    async with asyncio.timeout(30):
        await until(both_are_aside)


async def test_half_a_minute_without_telegram(telegram: LoopbackTelegram, people):
    ada, bob = people
    outage = asyncio.create_task(telegram.outage(30))
    await asyncio.sleep(0)
    await ada.press("Next page")
    await bob.says("/save while nobody was there")
    await outage
    await sees(ada, "page 2 of 2")
    await sees(bob, "while nobody was there")


async def test_a_flooded_chat_does_not_stop_the_others(telegram: LoopbackTelegram, people):
    ada, bob = people
    telegram.flood.close(ada.chat.id, 90)
    await ada.press("Next page")
    for _ in range(3):
        await bob.press("Next page")
        await sees(bob, "page 2 of 2")
        await bob.press("Back")
        await sees(bob, "page 1 of 2")
    await sees(ada, "page 2 of 2")
    assert {chat for chat, _ in telegram.flood.told} == {ada.chat.id}
    assert len(telegram.flood.told) <= 2


async def test_an_answer_that_was_lost_on_the_way(telegram: LoopbackTelegram, people):
    ada, _ = people
    telegram.lost_answers["editMessageText"] = 1
    await ada.press("Next page")
    await sees(ada, "page 2 of 2")
    await ada.press("Finish lesson")
    await sees(ada, "Doors is finished")


async def test_who_blocked_the_bot_is_welcome_again(telegram: LoopbackTelegram, people):
    ada, bob = people
    telegram.people.block(ada.user)
    message, button = ada.button("Next page")
    telegram.people.press(ada.user, message, button["callback_data"])  # was on its way already
    await bob.press("Next page")
    await sees(bob, "page 2 of 2")
    telegram.people.unblock(ada.user)
    await ada.command("/start")
    await sees(ada, "Welcome back")
    await ada.command("/learn")
    await sees(ada, "page 2 of 2")


@pytest.mark.parametrize("what", ["deleted", "lost", "not to be edited"])
async def test_a_message_that_cannot_be_redrawn_is_sent_anew(
    telegram: LoopbackTelegram, people, what: str
):
    ada, _ = people
    message, button = ada.button("Next page")
    sent = message.number
    message.lost = what == "lost"
    message.frozen = what == "not to be edited"
    ada.look_away()
    telegram.people.press(ada.user, message, button["callback_data"])
    if what == "deleted":
        telegram.writing.vanish(message)
    await sees(ada, "page 2 of 2")
    assert ada.messages[-1].number > sent


async def test_nothing_is_posted_to_a_blocked_chat_until_its_person_writes_again(
    telegram: LoopbackTelegram, services: Services, database: Database, clock: ManualClock, people
):
    ada, _ = people

    async def tell(key: str) -> bool:
        async with database.worker_unit_of_work() as conn:
            user = (await conn.execute(_USER, {"subject": ada.subject})).scalar_one()
            message = Message(key, "news", "Number {n}.", {"n": key}, clock.now(), user)
            return await post(conn, message)

    numbers = count()

    async def is_given_up() -> bool:
        return not await tell(f"more {next(numbers)}")

    ada.look_away()
    assert await tell("one")
    await sees(ada, "Number one.")
    telegram.people.block(ada.user)
    await tell("two")  # written, unless the door has heard of the block already
    async with asyncio.timeout(30):
        await until(is_given_up)
    telegram.people.unblock(ada.user)
    await ada.command("/start")
    await sees(ada, "Welcome back")
    async with asyncio.timeout(30):
        await until(lambda: tell("three"))
    await sees(ada, "Number three.")
