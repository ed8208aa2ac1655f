"""The Telegram door in groups: privacy mode, private answers, topics, a group that moves."""

from collections.abc import AsyncIterator

import pytest

from bots.conversation.turn import Services
from domain.clock import ManualClock
from tests.platforms.person import sees
from tests.platforms.telegram.house import door
from tests.platforms.telegram.limits import UNLIMITED
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram


@pytest.fixture
async def telegram(services: Services, clock: ManualClock) -> AsyncIterator[LoopbackTelegram]:
    """A Telegram with the door open."""
    async with LoopbackTelegram(UNLIMITED, clock.now) as running, door(running, services):
        yield running
    assert running.violations == []


async def test_a_private_answer_is_given_in_private(telegram: LoopbackTelegram):
    user = telegram.people.user("Ada")
    group = telegram.people.group("Owls", user, telegram.people.user("Bob"))
    here, private = TelegramPerson(telegram, user, group), TelegramPerson(telegram, user)
    await here.command("/progress")
    await sees(here, "private")
    assert not private.screen.text, "nobody may write there first"
    (message,) = here.messages
    link = next(button for row in message.rows for button in row if "url" in button)
    assert link["url"].startswith(f"https://t.me/{telegram.world.bot.username}?start=")
    await here.press(link["text"])
    await sees(private, "What do you want to learn?")
    await here.command("/progress")
    private.look_away()
    await sees(private, "You have not joined a course yet")
    await sees(here, "I answered in our private chat")


async def test_answers_stay_in_their_topic(telegram: LoopbackTelegram):
    user = telegram.people.user("Ada", started=True)
    group = telegram.people.group("Owls", user, topics=("Nests", "Food"))
    nests, food = (TelegramPerson(telegram, user, group, one) for one in group.topics or {})
    await food.command("/progress")
    await sees(food, "private")
    assert not nests.screen.text


async def test_a_group_that_became_a_supergroup(telegram: LoopbackTelegram):
    user = telegram.people.user("Ada", started=True)
    group = telegram.people.group("Owls", user, kind="group")
    await TelegramPerson(telegram, user, group).command("/progress")
    moved = telegram.people.migrate(group)
    here = TelegramPerson(telegram, user, moved)
    await here.command("/progress")
    await sees(here, "private")
