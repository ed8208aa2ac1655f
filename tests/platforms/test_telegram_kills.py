"""The bot's process dies at random moments while many people write; nothing is lost or doubled.

Everybody writes a stream of notes without waiting for answers, then answers a quiz question whose
presses must each count once and in their order. The short form has few people and kills.
"""

import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from domain.database import Database
from domain.postgres import EmbeddedServer
from domain.sql import sql
from tests.platforms import main_job
from tests.platforms.main_job import COURSE
from tests.platforms.person import sees, sees_label
from tests.platforms.state import state_of
from tests.platforms.telegram.house import start_process
from tests.platforms.telegram.limits import UNLIMITED
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram
from tests.support.courses import teach
from tests.support.eventually import until
from tests.support.processes import kill

NOTES = 5
SLOW = 300.0  # seconds; each restart takes its time
_ANSWERED = sql("""
    SELECT count(*) AS answers, count(DISTINCT r.event_id) AS events
    FROM receipts r JOIN identities i ON i.id = r.identity_id WHERE i.subject = ANY(:people)
""")

_ASIDE = sql("SELECT update_id, tries, error FROM inbound_updates WHERE error IS NOT NULL")


async def life(person: TelegramPerson, chance: Random) -> None:
    """Somebody's stream of messages and presses."""
    await person.command("/start")
    await sees(person, "What do you want to learn?", patience=SLOW)
    await person.command("/learn doors")
    await sees(person, "page 1 of 2", patience=SLOW)
    person.look_away()
    for number in range(NOTES):
        person.write(f"/save note number {number}")
        await asyncio.sleep(chance.random() / 4)
    await sees(person, *(f"note number {number}" for number in range(NOTES)), patience=SLOW)
    lines = person.screen.text.splitlines()
    notes = list(dict.fromkeys(line for line in lines if "note number" in line))
    # An answer may be shown again after a kill, but none is shown before an earlier one was.
    assert notes == sorted(notes), "answered in the order they were written"
    await person.command("/quiz doors-quiz")
    await sees_label(person, "Start", patience=SLOW)
    await person.press("Start")
    await sees(person, "Question 1 of 8", patience=SLOW)
    for number in range(2, 7):
        await person.press("Skip")
        await sees(person, f"Question {number} of 8", patience=SLOW)
    screen = person.screen
    for left, right in main_job.PAIRS.items():
        await sees(person, f"of 3: {left}", patience=SLOW)
        await person.press(screen.letters[right])
    await sees(person, main_job.SAVED, patience=SLOW)
    await person.press("Next")
    numbers = (await sees(person, "Question 7 of 8", patience=SLOW)).numbers
    for step in main_job.STEPS:
        await person.press(numbers[step])
        await sees_label(person, f"{numbers[step]} placed", patience=SLOW)
    await person.press("Submit answer")
    await sees(person, main_job.SAVED, patience=SLOW)


async def set_aside(database: Database) -> list[str]:
    """Why updates were given up."""
    async with database.worker_unit_of_work() as conn:
        return [str(row) for row in await conn.execute(_ASIDE)]


async def some_work(
    telegram: LoopbackTelegram, lives: Sequence[asyncio.Task[None]], chance: Random
) -> None:
    """Return at a random moment after a random number of messages, however busy the machine is."""

    def shown() -> int:
        return telegram.calls["sendMessage"] + telegram.calls["editMessageText"]

    enough = shown() + chance.randint(1, 3 * len(lives))
    async with asyncio.timeout(SLOW):
        await until(lambda: shown() >= enough or all(one.done() for one in lives), every=0.005)
    await asyncio.sleep(chance.random() / 10)


async def lives_and_kills(
    database: Database, postgres: EmbeddedServer, name: str, folder: Path, *,
    people: int, kills: int, seed: int,
) -> None:  # fmt: skip
    """Everybody lives while the bot is killed so often."""
    chance = Random(seed)  # noqa: S311
    await teach(database, COURSE)
    async with LoopbackTelegram(UNLIMITED) as telegram:
        everybody = [
            TelegramPerson(telegram, telegram.people.user(f"P{number}")) for number in range(people)
        ]
        lives = [asyncio.create_task(life(one, chance)) for one in everybody]
        first = telegram.updates.next_id
        process = await start_process(telegram, postgres, name, folder)
        try:
            for number in range(kills):
                await some_work(telegram, lives, chance)
                await kill(process)
                sys.stderr.write(f"killed {number + 1} of {kills}\n")
                process = await start_process(telegram, postgres, name, folder)
            await asyncio.gather(*lives, return_exceptions=True)
            assert await set_aside(database) == []
            await asyncio.gather(*lives)
            async with asyncio.timeout(SLOW):
                await until(lambda: not telegram.updates.pending)
        finally:
            for task in lives:
                task.cancel()
            await kill(process)
        assert telegram.violations == []
        updates = telegram.updates.next_id - first
    answers = set()
    for one in everybody:
        state = await state_of(database, "telegram", one.subject)
        (attempt,) = state["assessment_attempts"]
        assert [row["note"] for row in state["bookmarks"]] == [f"note number {NOTES - 1}"]
        assert attempt["score"] is None
        answers.add(repr(state["assessment_answers"]))
    assert len(answers) == 1, "each press counted once, and in its order"
    async with database.worker_unit_of_work() as conn:
        values = {"people": [one.subject for one in everybody]}
        (counted,) = (await conn.execute(_ANSWERED, values)).all()
    assert counted.answers == counted.events == updates


async def test_killed_now_and_then(
    database: Database, server: EmbeddedServer, database_name: str, tmp_path: Path
):
    await lives_and_kills(database, server, database_name, tmp_path, people=6, kills=2, seed=11)


async def test_a_stalled_process_is_replaced_and_finds_out(
    database: Database, server: EmbeddedServer, database_name: str, tmp_path: Path
):
    await teach(database, COURSE)
    async with LoopbackTelegram(UNLIMITED) as telegram:
        ada = TelegramPerson(telegram, telegram.people.user("Ada", started=True))
        first = await start_process(telegram, server, database_name, tmp_path)
        second = None
        try:
            await ada.command("/start")
            await sees(ada, "What do you want to learn?", patience=SLOW)
            first.send_signal(signal.SIGSTOP)
            second = await start_process(telegram, server, database_name, tmp_path)
            await ada.command("/learn doors")
            await sees(ada, "page 1 of 2", patience=SLOW)
            first.send_signal(signal.SIGCONT)
            for label, page in (("Next page", 2), ("Back", 1), ("Next page", 2)):
                await ada.press(label)
                await sees(ada, f"page {page} of 2", patience=SLOW)
            polls = telegram.updates.polls
            await asyncio.sleep(1.0)
            assert telegram.updates.polls - polls <= 2, "the two do not fight over the updates"
        finally:
            for process in filter(None, (first, second)):
                await kill(process)
        assert telegram.violations == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
async def test_killed_over_and_over(
    database: Database, server: EmbeddedServer, database_name: str, tmp_path: Path, seed: int
):
    await lives_and_kills(database, server, database_name, tmp_path, people=12, kills=12, seed=seed)
