"""What learners read when the model may answer no more, and when it may again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bots.conversation.dialogue import Command, Incoming, Place
from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import Settings
from tests.platforms.gemini.scenarios import Scenario
from tests.platforms.gemini.server import LoopbackGemini
from tests.support.with_model import Learn, agree, learners, reservations, with_model

DAYS = 3
SAID = "What does your function give when nothing is handed to it?"


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    """Closes what a test opens."""
    async with AsyncExitStack() as opened:
        yield opened


@pytest.fixture
def plain(database: Database, clock: ManualClock, settings: Settings, grader: Grader) -> Services:
    """What lives as long as a process, without a model."""
    return Services(database, clock, settings, grader)


async def test_a_day_that_is_used_up_ends_at_midnight_in_the_learners_zone(
    plain: Services,
    stack: AsyncExitStack,
    gemini: LoopbackGemini,
    clock: ManualClock,
    tmp_path: Path,
) -> None:
    gemini.usual = Scenario(text=SAID)
    services = await stack.enter_async_context(
        with_model(plain, gemini, tutor_day_tokens=2_200)  # for one answer, and not for two
    )
    ann = await (await learners(services, services.database, tmp_path))("ann")
    await ann.says("/settings time Asia/Tokyo")
    clock.set(datetime(2026, 3, 27, 23, 40, tzinfo=UTC))
    await ann.says("/code two-fer")
    await ann.says("/ask explain")
    await ann.presses("Yes, ask it")
    assert ann.seen[-1].text.endswith("2 questions left.*")
    told = await ann.says("/ask why?")
    assert "The model has answered enough for today. The offline tutor still helps." in told
    assert "More at 09:00." in told  # midnight of UTC in Tokyo
    assert len(gemini.asked) == 1
    clock.set(datetime(2026, 3, 28, 0, 1, tzinfo=UTC))
    assert SAID in await ann.says("/ask and now?")


async def test_a_heart_comes_back_after_a_restart_and_in_another_process(
    plain: Services,
    stack: AsyncExitStack,
    gemini: LoopbackGemini,
    clock: ManualClock,
    tmp_path: Path,
) -> None:
    gemini.usual = Scenario(text=SAID)
    one = with_model(plain, gemini, tutor_hearts=1, tutor_heart_minutes=DAYS * 24 * 60)
    services = await stack.enter_async_context(one)
    ben = await (await learners(services, services.database, tmp_path))("ben")
    await agree(ben)
    at = clock.now()
    assert ben.seen[-1].text.endswith("0 questions left.*")
    again = await stack.enter_async_context(
        with_model(plain, gemini, tutor_hearts=1, tutor_heart_minutes=DAYS * 24 * 60)
    )
    ben.router = type(ben.router)(again, receipts=True)  # type: ignore[call-arg]
    assert "used up for now" in await ben.says("/ask why?")
    assert f"More on {(at + timedelta(days=DAYS)).day} " in ben.seen[-1].text
    clock.set(at + timedelta(days=DAYS, minutes=-1))
    assert "used up for now" in await ben.says("/ask why so?")
    assert "More at " in ben.seen[-1].text
    clock.set(at + timedelta(days=DAYS))
    assert SAID in await ben.says("/ask and now?")


async def test_of_two_questions_at_once_from_two_chats_one_is_answered_and_one_costs_nothing(
    learn: Learn, gemini: LoopbackGemini, clock: ManualClock, database: Database
) -> None:
    gemini.usual = Scenario(text=SAID)
    cat = await learn("cat")
    await agree(cat)
    gemini.usual = Scenario(text=SAID, pieces=5, pause_s=0.2)

    async def asks(event: str, place: Place) -> str:
        asked = Incoming(event, clock.now(), cat.actor, place, Command("ask", f"why {event}?"))
        return [reply async for reply in cat.router.answer(asked)][-1].text

    said = await asyncio.gather(
        asks("here", Place("private", "cat")), asks("there", Place("thread", "thread-1"))
    )
    assert sorted("I am still answering your last question." in text for text in said) == [
        False,
        True,
    ]
    assert sum("1 question left." in text for text in said) == 1
    assert len(await reservations(database, "cat")) == 2
    gemini.usual = Scenario(text=SAID)
    assert "0 questions left." in await cat.says("/ask and now?")
