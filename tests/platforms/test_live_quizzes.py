"""A study group plays live quizzes through the real doors, in one chat and in two."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from domain.sql import sql
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.house import door as discord_door
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.discord.world import Channel
from tests.platforms.person import Person, sees, sees_label
from tests.platforms.telegram.house import door as telegram_door
from tests.platforms.telegram.limits import UNLIMITED
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram
from tests.platforms.telegram.world import Happening

SECRETS = ("Seven has two divisors.", "Four is twice two.")
GIFT = (
    f"Which is a prime? {{=7 ~8 ~9####{SECRETS[0]}}}\n\n"
    f"Which is even? {{=4 ~5 ~7####{SECRETS[1]}}}\n"
)
RIGHT = ("7", "4")
_BOARD = sql("""
    SELECT p.name, sum(a.right_parts) AS right FROM live_answers a
    JOIN live_players p ON p.id = a.player_id GROUP BY p.name ORDER BY p.name
""")


_LINK = sql("""
    INSERT INTO identities (user_id, provider, subject)
    SELECT user_id, 'telegram', :telegram FROM identities
    WHERE provider = 'discord' AND subject = :discord
""")


@pytest.fixture
async def alone(database: Database) -> None:
    """No round is left over from another test: a director takes what it finds."""
    async with database.worker_unit_of_work() as conn:
        await conn.execute(sql("DELETE FROM live_rounds"))


@pytest.fixture
async def quick(clock: ManualClock) -> AsyncIterator[None]:
    """Time passes ten times as fast as on the wall."""

    async def run() -> None:
        while True:
            await asyncio.sleep(0.02)
            clock.advance(timedelta(milliseconds=200))

    running = asyncio.create_task(run())
    yield
    running.cancel()


@pytest.fixture
async def discord(
    services: Services, clock: ManualClock, alone: None, quick: None
) -> AsyncIterator[LoopbackDiscord]:
    async with (
        LoopbackDiscord(lambda: clock.now().timestamp()) as running,
        discord_door(running, services),
    ):
        yield running
        assert running.violations == []


@pytest.fixture
async def telegram(
    services: Services, clock: ManualClock, alone: None, quick: None
) -> AsyncIterator[LoopbackTelegram]:
    async with LoopbackTelegram(UNLIMITED, clock.now) as running, telegram_door(running, services):
        yield running
    assert running.violations == []


def in_discord(platform: LoopbackDiscord, *names: str) -> list[DiscordPerson]:
    """People in one channel of a server; the first one owns it."""
    first = DiscordPerson(platform, names[0])
    school = platform.world.add_guild("School", first.user)
    room: Channel = platform.world.add_channel(0, "room", school)
    first.place = room
    return [first, *(DiscordPerson(platform, name, room) for name in names[1:])]


def in_telegram(platform: LoopbackTelegram, *names: str) -> list[TelegramPerson]:
    """People in one group; all have written to the bot before."""
    users = [platform.people.user(name, started=True) for name in names]
    group = platform.people.group("School", *users)
    return [TelegramPerson(platform, user, group) for user in users]


async def hosts(person: Person) -> None:
    """Open a lobby with a list of one's own."""
    await person.command("/host list")
    await sees(person, "Send the list")
    await person.types(GIFT)
    await sees_label(person, "Join")


async def plays(people: Sequence[Person], host: Person) -> None:
    """Everybody joins and answers two questions; the first person always right, the others not."""
    for person in people:
        await person.press("Join")
    await sees(host, f"Joined ({len(people)})")
    await host.press("Start (host)")
    for number, right in enumerate(RIGHT, start=1):
        screen = await sees(people[-1], f"Question {number} of 2", "Answered: 0")
        letter = screen.letters[right]
        wrong = next(one for one in "ABC" if one != letter)
        for place, person in enumerate(people):
            await sees(person, f"Question {number} of 2")
            await person.press(letter if place == 0 else wrong)
        await sees(people[-1], f"The answer: {letter}. {right}", f"{letter} 1")
    await sees(people[-1], "final board", "1. Ada 2")


def keeps_secrets(said: Sequence[str]) -> None:
    """What explains an answer is in nothing the bot sent before it revealed that answer."""
    for secret in SECRETS:
        first = next(text for text in said if secret in text)
        assert "The answer" in first


async def board(database: Database) -> list[tuple[str, int]]:
    async with database.worker_unit_of_work() as conn:
        return [(row.name, int(row.right)) for row in await conn.execute(_BOARD)]


async def test_administrators_of_a_telegram_group_lead_by_the_buttons_too(
    telegram: LoopbackTelegram,
):
    owner, ada, bob = in_telegram(telegram, "Owner", "Ada", "Bob")
    await hosts(ada)
    await bob.press("Start (host)")
    await sees(bob, "Only the host can do that")
    await owner.press("Start (host)")
    screen = await sees(bob, "Question 1 of 2")
    asked = telegram.calls["getChatMember"]
    await bob.press(screen.letters[RIGHT[0]])
    await ada.press(screen.letters[RIGHT[0]])
    await sees(ada, "The answer")
    await ada.press_under("Question 1 of 2", "Go on (host)")
    await sees(ada, "Question 2 of 2")
    assert telegram.calls["getChatMember"] == asked  # not for answers, nor for the host
    await owner.press_under("Question 2 of 2", "Pause (host)")
    await sees(bob, "Paused.")


async def test_one_round_in_a_channel_and_a_group_has_one_board(
    discord: LoopbackDiscord, telegram: LoopbackTelegram, database: Database
):
    ada, bob = in_discord(discord, "Ada", "Bob")
    ada_too, cyd = in_telegram(telegram, "Ada", "Cyd")
    said: list[tuple[str, str]] = []

    def hear(one: Happening) -> None:
        if one.chat is cyd.chat and (one.message is None or one.message.sender.is_bot):
            said.append((one.kind, f"{one.text} {one.message and one.message.seen()}"))

    telegram.world.observer = hear
    await hosts(ada)
    async with database.worker_unit_of_work() as conn:  # one learner with two accounts
        await conn.execute(_LINK, {"discord": ada.subject, "telegram": ada_too.subject})
    await ada_too.command("/host here")
    await sees(ada_too, "played here too")
    await sees_label(cyd, "Join")
    await plays([ada, bob, cyd], ada)
    await sees(bob, "final board", "1. Ada 2")
    assert await board(database) == [("Ada", 2), ("Bob", 0), ("Cyd", 0)]
    keeps_secrets([str(call.body) for call in discord.api.calls])
    keeps_secrets([text for _, text in said])
    messages = [kind for kind, _ in said if kind in {"new", "edit"}]
    private = TelegramPerson(telegram, cyd.user)
    for person in (bob, private):  # told in private, half a minute later
        told = await sees(person, "is over. Players: 3", "You: place 2", "(1) Ada: 2")
        assert {"Review mine", "My misses as cards", "Report"} <= set(told.labels)
    # Four a question; the lobby, the word that it is played here too, and the final board.
    assert len(messages) <= 4 * len(RIGHT) + 5
