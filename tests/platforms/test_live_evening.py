"""An evening of live quizzes while processes die and the platform fails: the totals stay the same.

Three groups play a round each at the same time. What everybody answers is decided by the seed, so
the totals are known beforehand: whoever chose the right option has the point, whatever was killed
between the press and the board. The bot is a process of its own, ended by SIGKILL at random
moments; the loopback Telegram is away for moments, and loses answers of its own.
"""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from domain.database import Database
from domain.postgres import EmbeddedServer
from domain.sql import sql
from tests.platforms.person import sees, sees_label
from tests.platforms.telegram.house import start_process
from tests.platforms.telegram.limits import UNLIMITED
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram
from tests.support.processes import kill

SLOW = 120.0  # seconds; each restart takes its time
QUESTIONS = {
    "Which is a prime?": ("7", "8", "9"),
    "Which is even?": ("4", "5", "9"),
    "Which is a square?": ("16", "17", "18"),
}
GIFT = "\n\n".join(
    f"{asked} {{={right} ~{one} ~{two}}}" for asked, (right, one, two) in QUESTIONS.items()
)
GROUPS = ("Owls", "Larks", "Wrens")
_TOTALS = sql("""
    SELECT p.name, coalesce(sum(a.right_parts), 0) AS right, count(a.player_id) AS answers
    FROM live_players p JOIN live_rounds r ON r.id = p.round_id
    LEFT JOIN live_answers a ON a.player_id = p.id
    WHERE r.phase = 'finished' GROUP BY p.name
""")
Choices = dict[tuple[str, str], str]


class Evening:
    """One evening, decided by its seed."""

    def __init__(self, server: LoopbackTelegram, seed: int, players: int) -> None:
        self.server = server
        self.chance = Random(seed)  # noqa: S311
        self.rooms: list[list[TelegramPerson]] = []
        self.choices: Choices = {}
        for group, name in enumerate(GROUPS):
            names = [f"{name}-{seed}-{number}" for number in range(group, players, len(GROUPS))]
            users = [server.people.user(one, started=True) for one in names]
            chat = server.people.group(f"{name}-{seed}", *users)
            self.rooms.append([TelegramPerson(server, user, chat) for user in users])
            for one in names:
                for asked, options in QUESTIONS.items():
                    self.choices[one, asked] = self.chance.choice(options)

    @property
    def expected(self) -> dict[str, int]:
        """The right answers of everybody."""
        found = Counter(dict.fromkeys((name for name, _ in self.choices), 0))
        for (name, asked), chosen in self.choices.items():
            found[name] += chosen == QUESTIONS[asked][0]
        return dict(found)

    async def play(self) -> None:
        """All rounds, at the same time."""
        await asyncio.gather(*(self._round(room) for room in self.rooms))

    async def _round(self, room: list[TelegramPerson]) -> None:
        host = room[0]
        await host.command("/host list time:300")
        await sees(host, "Send the list", patience=SLOW)
        await host.types(GIFT)
        await sees_label(host, "Join", patience=SLOW)
        for person in room:
            await person.press("Join")
        await sees(host, f"Joined ({len(room)})", patience=SLOW)
        await host.press("Start (host)")
        for number, asked in enumerate(QUESTIONS, start=1):
            screen = await sees(host, f"Question {number} of 3", patience=SLOW)
            for person in self.chance.sample(room, len(room)):
                letter = screen.letters[self.choices[person.user.name, asked]]
                with suppress(AssertionError):  # the last answer has closed the question
                    await person.press(letter)
                await asyncio.sleep(self.chance.random() / 30)
            await sees(host, "The answer", f"Question {number} of 3", patience=SLOW)
            if number < len(QUESTIONS):
                await host.press("Go on (host)")
        await sees(host, "final board", patience=SLOW)


async def spoils(
    server: LoopbackTelegram, postgres: EmbeddedServer, name: str, folder: Path, seed: int
) -> None:
    """Kill the bot, take the platform away, and lose its answers, again and again, until told."""
    chance = Random(f"faults {seed}")  # noqa: S311
    process = await start_process(server, postgres, name, folder)
    try:
        while True:
            await asyncio.sleep(0.5 + 2.5 * chance.random())
            match chance.randrange(4):
                case 0 | 1:
                    await kill(process)
                    process = await start_process(server, postgres, name, folder)
                case 2:
                    await server.outage(chance.random())
                case 3:
                    method = chance.choice(
                        ["answerCallbackQuery", "editMessageText", "sendMessage"]
                    )
                    server.lost_answers[method] += 2
    finally:
        await kill(process)


async def totals(database: Database, names: set[str]) -> dict[str, tuple[int, int]]:
    """Right answers and answers of everybody in rounds that were finished."""
    async with database.worker_unit_of_work() as conn:
        rows = (await conn.execute(_TOTALS)).all()
    return {row.name: (int(row.right), row.answers) for row in rows if row.name in names}


async def spend(
    database: Database, postgres: EmbeddedServer, name: str, folder: Path, seed: int, players: int
) -> None:
    async with LoopbackTelegram(UNLIMITED, serial=seed) as server:
        evening = Evening(server, seed, players)
        spoiling = asyncio.create_task(spoils(server, postgres, name, folder, seed))
        playing = asyncio.create_task(evening.play())
        done, _ = await asyncio.wait({spoiling, playing}, return_when=asyncio.FIRST_COMPLETED)
        for task in (spoiling, playing):
            task.cancel()
        await asyncio.gather(spoiling, playing, return_exceptions=True)
        for task in done:
            task.result()
        found = await totals(database, set(evening.expected))
        asked = len(QUESTIONS)
        assert found == {who: (right, asked) for who, right in evening.expected.items()}
        assert server.violations == []


async def test_an_evening_with_kills_and_faults_has_the_same_totals(
    database: Database, server: EmbeddedServer, database_name: str, tmp_path: Path
):
    await spend(database, server, database_name, tmp_path, seed=1, players=6)


@pytest.mark.soak
async def test_two_hundred_evenings(
    database: Database, server: EmbeddedServer, database_name: str, tmp_path: Path
):
    began = time.monotonic()
    for seed in range(2, 202):
        await spend(database, server, database_name, tmp_path, seed=seed, players=50)
        print(f"evening {seed - 1} of 200, {time.monotonic() - began:.0f} s", flush=True)
