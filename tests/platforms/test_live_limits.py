"""Many groups play at once under Telegram's real limits: none is exceeded, and no group starves."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bots.conversation.turn import Services
from bots.telegram.pace import Limits
from bots.telegram.stage import KEPT
from domain.clock import ManualClock
from domain.database import Database
from domain.sql import sql
from tests.live.evening import Chat
from tests.platforms.person import sees, sees_label
from tests.platforms.telegram.house import door
from tests.platforms.telegram.limits import REAL
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram
from tests.platforms.telegram.world import Happening

SPEED = 20.0  # Telegram and the round live so much faster than the wall
GROUPS, QUESTIONS = 5, 9
GIFT = "\n\n".join(f"Is {number} even? {{{'TF'[number % 2]}}}" for number in range(QUESTIONS))
USUAL = Limits()
LIMITS = Limits(
    overall=USUAL.overall * SPEED,
    private=USUAL.private * SPEED,
    group_window=USUAL.group_window / SPEED,
    flood_window=USUAL.flood_window / SPEED,
)


@pytest.fixture
async def telegram(
    services: Services, database: Database, clock: ManualClock
) -> AsyncIterator[LoopbackTelegram]:
    async with database.worker_unit_of_work() as conn:
        await conn.execute(sql("DELETE FROM live_rounds"))

    async def run() -> None:
        while True:
            await asyncio.sleep(0.02)
            clock.advance(timedelta(seconds=0.02 * SPEED))

    passing = asyncio.create_task(run())
    rates = REAL.faster(SPEED)
    async with LoopbackTelegram(rates, clock.now) as server, door(server, services, LIMITS):
        yield server
    passing.cancel()
    assert server.violations == []


async def plays(chat: Chat) -> None:
    """A quick group: everybody answers and the host goes on at once, again and again."""
    host, other = chat.people
    await host.command("/host list time:60")
    await sees(host, "Send the list")
    await host.types(GIFT)
    await sees_label(host, "Join")
    await other.press("Join")
    await chat.shows("Joined (2)")
    await host.press_under("Joined", "Start (host)")
    for number in range(1, QUESTIONS + 1):
        heading = f"Question {number} of {QUESTIONS}"
        await chat.shows(heading)
        await other.press_under(heading, "A")
        if number == 1:  # slowly, while the group has room for a count
            await chat.shows(heading, "Answered: 1 of 2")
        await host.press_under(heading, "A")
        await chat.shows(heading, "The answer")
        await host.press_under(heading, "Go on (host)")
    await chat.shows("final board")


async def test_many_groups_keep_to_the_limits_and_none_starves(telegram: LoopbackTelegram):
    chats = []
    for name in "VWXYZ"[:GROUPS]:
        users = [telegram.people.user(f"{who} {name}", started=True) for who in ("Ada", "Bob")]
        group = telegram.people.group(name, *users)
        people = [TelegramPerson(telegram, user, group) for user in users]
        chats.append(Chat([*people], [user.name for user in users], 600.0))
    counts: Counter[str] = Counter()
    crowded: list[str] = []
    ended: list[int] = []

    def hear(one: Happening) -> None:
        if one.message is None or one.kind not in {"new", "edit"}:
            return
        if "final board" in one.message.text:
            ended.append(one.chat.id)
        if one.kind == "edit" and "Answered: 1 of 2" in one.message.text:
            counts[f"{one.chat.title} {one.message.number}"] += 1
            sent = [at for chat, at in telegram.flood.sent if chat == one.chat.id]
            if sum(at > sent[-1] - 60 for at in sent) > REAL.group - KEPT + 3:
                crowded.append(one.message.text)

    telegram.world.observer = hear
    await asyncio.gather(*(plays(chat) for chat in chats))
    assert telegram.flood.told == []
    assert counts, "no count was shown at all"
    assert max(counts.values()) <= 2
    assert crowded == []  # counts go first, long before anything must wait
    sent = Counter(chat for chat, _ in telegram.flood.sent)
    assert max(sent.values()) > REAL.group  # they were too quick for one minute
    assert max(sent.values()) <= 4 * QUESTIONS + 8
    assert len(set(ended)) == GROUPS
    first = [chat for chat, _ in telegram.flood.sent]
    until = len(first) - 1 - first[::-1].index(ended[0])
    then = Counter(first[:until])
    assert min(then[chat] for chat in sent) > max(then.values()) / 2
