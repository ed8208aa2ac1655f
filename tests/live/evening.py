"""An evening of live quizzes, decided by its seed: who plays where, and what everybody answers.

Each room plays one round: in a Telegram group, in a Discord channel, or in both with one board.
What everybody answers is known beforehand, and so are the totals: whoever chose the right option
has the point, whatever was killed between the press and the board.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Protocol

from sqlalchemy import ARRAY, Text

from domain.database import Database
from domain.sql import sql
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.discord.world import Interaction
from tests.platforms.person import Person, Screen, sees
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram
from tests.support.eventually import until

SLOW_S = 180.0  # each restart takes its time, and the machine may be busy
AGAIN_S = 1.5  # until people press once more what Discord says nothing of
LOOK_S = 0.04
QUESTIONS = {
    "Which is a prime?": ("7", "8", "9"),
    "Which is even?": ("4", "5", "9"),
    "Which is a square?": ("16", "17", "18"),
}
GIFT = "\n\n".join(
    f"{asked} {{={right} ~{one} ~{two}}}" for asked, (right, one, two) in QUESTIONS.items()
)
_TOTALS = sql("""
    SELECT p.name, coalesce(sum(a.right_parts), 0) AS right, count(a.player_id) AS answers
    FROM live_players p JOIN live_rounds r ON r.id = p.round_id
    LEFT JOIN live_answers a ON a.player_id = p.id
    WHERE r.phase = 'finished' GROUP BY p.name
""")
_IN = sql("SELECT count(*) FROM live_players WHERE name = ANY(:names)", names=ARRAY(Text()))
_LINK = sql("""
    INSERT INTO identities (user_id, provider, subject)
    SELECT user_id, 'telegram', :telegram FROM identities
    WHERE provider = 'discord' AND subject = :discord
""")


class Onlooker(Person, Protocol):
    """A person who finds a message again and uses what is under it."""

    def found(self, *words: str) -> Screen | None:
        """The newest message that says all this."""

    async def press_under(self, words: str, label: str) -> None:
        """Press a button of the newest message that says this."""


@dataclass
class Chat:
    """People in one chat; the first of them leads, or watches."""

    people: list[Onlooker]
    names: list[str]
    patience: float

    async def shows(self, *words: str) -> Screen:
        """Wait until a message says all this."""
        end = asyncio.get_running_loop().time() + self.patience
        while (found := self.people[0].found(*words)) is None:
            if asyncio.get_running_loop().time() > end:
                raise AssertionError(f"waited for {words}; there is:\n{self.people[0].screen}")
            await asyncio.sleep(LOOK_S)
        return found


@dataclass
class Evening:
    """The rooms of one evening.

    Args:
        seed: decides everything.
        database: linked accounts are written there.
        patience: seconds to wait for anything.
        limit: the time of a question.
        again: seconds until somebody presses once more.
        telegram, discord: the platforms.
        did: told of each deed, before it is done.
    """

    seed: int
    database: Database
    telegram: LoopbackTelegram
    discord: LoopbackDiscord
    did: Callable[[], None]
    patience: float = SLOW_S
    limit: str = "time:300"
    again: float = AGAIN_S
    rooms: list[list[Chat]] = field(default_factory=list)
    choices: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311

    def gather(self, players: int) -> None:
        """Put so many players into three rooms: Telegram, Discord, both.

        The host of the last one is in two chats and plays in one.
        """
        share, more = divmod(players + 1, 4)
        rooms = (("Owls", (share + more, 0)), ("Larks", (0, share)), ("Wrens", (share, share)))
        for name, sizes in rooms:
            chats = [
                self._chat(f"{name}-{self.seed}-{platform}", size, platform == "d")
                for platform, size in zip("td", sizes, strict=True)
                if size
            ]
            self.rooms.append(chats[::-1])  # a round of both begins in Discord

    def room_in_telegram(self, title: str, size: int) -> Chat:
        """A room that is not among `rooms`."""
        return self._chat(title, size, is_discord=False)

    def _chat(self, title: str, size: int, is_discord: bool) -> Chat:
        names = [f"{title}-{number}" for number in range(size)]
        for one in names:
            for asked, options in QUESTIONS.items():
                self.choices[one, asked] = self.chance.choice(options)
        people: list[Onlooker] = []
        if is_discord:
            first = DiscordPerson(self.discord, names[0])
            school = self.discord.world.add_guild(title, first.user)
            first.place = self.discord.world.add_channel(0, "room", school)
            people = [first, *(DiscordPerson(self.discord, one, first.place) for one in names[1:])]
        else:
            users = [self.telegram.people.user(one, started=True) for one in names]
            group = self.telegram.people.group(title, *users)
            people = [TelegramPerson(self.telegram, user, group) for user in users]
        return Chat(people, names, self.patience)

    @property
    def expected(self) -> dict[str, tuple[int, int]]:
        """Right answers and answers of everybody."""
        found = Counter(dict.fromkeys((name for name, _ in self.choices), 0))
        for (name, asked), chosen in self.choices.items():
            found[name] += chosen == QUESTIONS[asked][0]
        return {name: (right, len(QUESTIONS)) for name, right in found.items()}

    async def found(self) -> dict[str, tuple[int, int]]:
        """Right answers and answers of everybody in rounds that were finished, from the rows."""
        async with self.database.worker_unit_of_work() as conn:
            rows = (await conn.execute(_TOTALS)).all()
        names = {name for name, _ in self.choices}
        return {row.name: (int(row.right), row.answers) for row in rows if row.name in names}

    async def open(self) -> None:
        """Open the lobbies; this is done before anything goes wrong."""
        await asyncio.gather(*(self.lobby(room) for room in self.rooms))

    async def lobby(self, room: Sequence[Chat]) -> None:
        """Open the lobby of one room, in all its chats."""
        host = room[0].people[0]
        await self._insists(lambda: _sends_list(host), lambda: host.found("Joined") is not None)
        await self._insists(
            lambda: host.command(f"/host {self.limit}"),
            lambda: "The options are changed" in host.screen.text,
        )
        for other in room[1:]:
            guest = other.people[0]
            async with self.database.worker_unit_of_work() as conn:  # one learner, two accounts
                await conn.execute(_LINK, {"discord": host.subject, "telegram": guest.subject})
            await self._insists(
                partial(guest.command, "/host here"),
                partial(guest.found, "Joined"),
            )
            # The host answers in the first chat, and only watches in the second one.
            for asked in QUESTIONS:
                del self.choices[other.names[0], asked]

    async def joined(self, names: Sequence[str]) -> None:
        """Wait until all these are in; the lobby tells it only when its chat has room for that."""
        async with asyncio.timeout(self.patience):
            while True:
                async with self.database.worker_unit_of_work() as conn:
                    found = (await conn.execute(_IN, {"names": list(names)})).scalar_one()
                if found == len(names):
                    return
                await asyncio.sleep(10 * LOOK_S)

    async def _insists(
        self, act: Callable[[], Awaitable[None]], happened: Callable[[], object]
    ) -> None:
        """Do something again until it has worked: a busy machine answers Discord too late."""
        async with asyncio.timeout(self.patience):
            while not happened():
                with suppress(AssertionError, TimeoutError):
                    await act()
                    async with asyncio.timeout(10 * self.again):
                        await until(lambda: bool(happened()), every=LOOK_S)

    async def play(self) -> None:
        """All rounds, at the same time."""
        await asyncio.gather(*(self._round(room) for room in self.rooms))

    async def _round(self, room: Sequence[Chat]) -> None:
        leading = room[0]
        host = leading.people[0]
        players = [
            (chat, who, name)
            for chat in room
            for who, name in zip(chat.people, chat.names, strict=True)
            if (name, next(iter(QUESTIONS))) in self.choices
        ]
        joining = [self._presses(who, "Joined", "Join", "You are in") for _, who, _ in players]
        await asyncio.gather(*joining)
        await self.joined([name for _, _, name in players])
        await self._leads(leading, "Joined", "Start (host)", "Question 1 of 3")
        for number, asked in enumerate(QUESTIONS, start=1):
            heading = f"Question {number} of 3"
            screens = {id(chat): await chat.shows(heading) for chat in room}
            letters = {key: screen.letters for key, screen in screens.items()}
            deeds = [
                self._presses(
                    who, heading, letters[id(chat)][self.choices[name, asked]], "Locked in"
                )
                for chat, who, name in players
            ]
            self.chance.shuffle(deeds)
            await asyncio.gather(*deeds)
            for chat in room:
                await chat.shows("The answer", heading)
            following = f"Question {number + 1} of 3" if number < len(QUESTIONS) else "final board"
            await self._leads(leading, heading, "Go on (host)", following)
        for chat in room:
            await chat.shows("final board")
            for number in range(1, len(QUESTIONS) + 1):
                await chat.shows(f"Question {number} of 3", "The answer")
        assert host.found("final board") is not None

    async def _presses(self, who: Onlooker, words: str, label: str, told: str) -> None:
        """Press once; on Discord again until it is told that it counts.

        Telegram keeps a press for a process that was killed. Discord says at once that the
        interaction failed, or later that nothing came of it.
        """
        await asyncio.sleep(self.chance.random() / 3)
        while True:
            self.did()
            try:
                await who.press_under(words, label)
            except AssertionError:  # the last answer has closed the question: it was taken
                return
            if not isinstance(who, DiscordPerson):
                return
            if await self._soon(partial(_is_told, who, who.done[-1], told)):
                return

    async def _leads(self, chat: Chat, words: str, label: str, following: str) -> None:
        """Press a button of the host's until what it brings about is there."""
        host = chat.people[0]
        while host.found(following) is None:
            self.did()
            await host.press_under(words, label)
            await self._soon(lambda: host.found(following) is not None)

    async def _soon(self, happened: Callable[[], bool]) -> bool:
        """Whether it happens before people lose their patience."""
        try:
            async with asyncio.timeout(self.again):
                await until(happened, every=LOOK_S)
        except TimeoutError:
            return False
        return True


def _is_told(who: DiscordPerson, pressed: Interaction, words: str) -> bool:
    """Whether this press was answered with these words; an earlier one does not count."""
    return pressed.answer is not None and words in who.answer_to(pressed).text


async def _sends_list(host: Onlooker) -> None:
    await host.command("/host list")
    await sees(host, "Send the list", patience=10 * AGAIN_S)
    await host.types(GIFT)
