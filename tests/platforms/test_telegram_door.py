"""The Telegram door under the real library: the main job, repeats, restarts, and how it closes."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bots.conversation.turn import Services
from bots.telegram.pace import Limits
from domain.clock import ManualClock
from domain.database import Database
from tests.platforms import main_job
from tests.platforms.person import sees, sees_label
from tests.platforms.state import state_of
from tests.platforms.telegram.house import door
from tests.platforms.telegram.limits import REAL, UNLIMITED
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram
from tests.support.eventually import until


@pytest.fixture
async def telegram(clock: ManualClock) -> AsyncIterator[LoopbackTelegram]:
    async with LoopbackTelegram(UNLIMITED, clock.now) as running:
        yield running
    assert running.violations == []


@pytest.fixture
def ada(telegram: LoopbackTelegram) -> TelegramPerson:
    return TelegramPerson(telegram, telegram.people.user("Ada", started=True))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def settled(telegram: LoopbackTelegram) -> None:
    """Wait until the bot has confirmed all that was done."""
    async with asyncio.timeout(30):
        await until(lambda: not telegram.updates.pending)


async def test_the_main_job_by_webhook_with_every_update_twice(
    telegram: LoopbackTelegram, services: Services, database: Database, ada: TelegramPerson
):
    telegram.updates.twice = True
    address = f"127.0.0.1:{free_port()}"
    hook = {
        "telegram_webhook_url": f"http://{address}/telegram",
        "telegram_webhook_listen": address,
        "telegram_webhook_secret": SecretStr("owl-42"),
    }
    async with door(telegram, services, changes=hook):
        await main_job.play(ada)
    assert telegram.calls["getUpdates"] == 0
    state = await state_of(database, "telegram", ada.subject)
    assert {row["score"] for row in state["challenge_attempts"]} == {"40", "90"}
    assert len(state["challenge_attempts"]) == 2
    assert len(state["assessment_answers"]) == 2 * main_job.QUESTIONS
    assert len(state["activity_ledger"]) == 3


async def test_every_update_polled_twice_counts_once(
    telegram: LoopbackTelegram, services: Services, database: Database, ada: TelegramPerson
):
    telegram.updates.twice = True
    async with door(telegram, services):
        await main_job.onboarding(ada)
        await main_job.lesson(ada)
        await main_job.quiz_by_buttons(ada)
        await settled(telegram)
    state = await state_of(database, "telegram", ada.subject)
    (attempt,) = state["assessment_attempts"]
    assert attempt["score"] == "11.6"
    assert telegram.calls["answerCallbackQuery"] == len(telegram.writing.pressed)
    shown = telegram.calls["sendMessage"] + telegram.calls["editMessageText"]
    assert shown <= telegram.updates.confirmed, "nothing was answered twice"


async def test_a_restart_between_question_and_answer(
    telegram: LoopbackTelegram, services: Services, ada: TelegramPerson
):
    async with door(telegram, services):
        await ada.command("/learn doors")
        await sees(ada, "page 1 of 2")
        await ada.command("/quiz doors-quiz")
        await sees_label(ada, "Start")
        await ada.press("Start")
        await sees(ada, "Question 1 of 8")
    letter = ada.screen.letters["Walking through"]
    await ada.press(letter)  # while nobody is there
    async with door(telegram, services):
        await sees(ada, main_job.SAVED)
        await ada.press("Next")
        await sees(ada, "Question 2 of 8")
        await ada.press("True")
        await sees(ada, main_job.SAVED)
        await ada.press("Next")
        await sees(ada, "Question 3 of 8")
        await ada.press("Skip")
        await sees(ada, "Question 4 of 8")
    async with door(telegram, services):
        await ada.types("a key")
        await sees(ada, main_job.SAVED)


async def test_closing_finishes_what_has_begun(telegram: LoopbackTelegram, services: Services):
    people = [
        TelegramPerson(telegram, telegram.people.user(f"P{number}", started=True))
        for number in range(12)
    ]
    async with door(telegram, services) as stop:
        for person in people:
            await person.command("/start")
        async with asyncio.timeout(30):
            await until(lambda: telegram.calls["sendMessage"] > 0)
        stop.set()
    answered = [person for person in people if person.screen.text]
    waiting = len(telegram.updates.pending)
    assert len(answered) + waiting >= len(people), "what was taken was answered"
    async with door(telegram, services):
        for person in people:
            await sees(person, "What do you want to learn?")
    for person in people:
        assert person.screen.text.count("What do you want to learn?") == 1


async def test_the_door_keeps_telegrams_limits_by_itself(services: Services, clock: ManualClock):
    async with LoopbackTelegram(REAL, clock.now) as telegram:
        people = [
            TelegramPerson(telegram, telegram.people.user(f"P{number}", started=True))
            for number in range(35)
        ]
        group = telegram.people.group("Owls", people[0].user)
        here = TelegramPerson(telegram, people[0].user, group)
        async with door(telegram, services, Limits()):
            for person in people:
                await person.command("/start")
            for _ in range(6):
                await here.command("/help")
            await people[1].command("/learn doors")
            await sees(people[1], "page 1 of 2")
            for _ in range(4):
                await people[1].press("Next page")
            for person in people[2:]:
                await sees(person, "What do you want to learn?")
            await sees(people[1], "page 2 of 2")
        assert telegram.flood.told == []
        assert telegram.violations == []
