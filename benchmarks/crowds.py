"""People in chats on loopback platforms, for benchmarks of live quizzes."""

import time
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from tests.platforms.discord.components import BUTTON, everything
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.errors import Json
from tests.platforms.discord.limiter import Rate
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.discord.world import COMPONENT, Channel, Interaction, User
from tests.platforms.discord.world import Message as DiscordMessage
from tests.platforms.person import sees
from tests.platforms.telegram.limits import UNLIMITED
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram
from tests.platforms.telegram.world import Chat, Happening
from tests.platforms.telegram.world import Message as TelegramMessage
from tests.platforms.telegram.world import User as TelegramUser
from tests.support.eventually import until

NO_LIMIT = Rate(1_000_000, 1.0)
QUIZ = ("Question", "final board", "Joined", "Nobody has joined")  # what a round's message says


class DiscordCrowd:
    """Players in channels of servers of their own."""

    def __init__(self) -> None:
        self.platform = LoopbackDiscord(usual=NO_LIMIT)
        self.platform.api.judges = self.platform.api.keeps_calls = False
        self.acknowledged: dict[object, float] = {}
        self.sent: Counter[str] = Counter()
        self.environment: dict[str, str] = {}
        self._rooms: list[tuple[Channel, list[User]]] = []
        self._shown: dict[int, DiscordMessage] = {}
        self._known: set[int] = set()

    async def __aenter__(self) -> Self:
        await self.platform.start()
        self.platform.world.on_answer = self._answered
        self.platform.world.on_show = self._drawn
        self.environment = {
            "STOA_DISCORD_TOKEN": self.platform.world.token,
            "STOA_DISCORD_API_URL": self.platform.url,
        }
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.platform.stop()

    def _answered(self, interaction: Interaction) -> None:
        self.acknowledged[interaction.id] = time.perf_counter()

    def _drawn(self, message: DiscordMessage) -> None:
        if message.only is not None or not message.author.bot:
            return
        self.sent["changed" if message.id in self._known else "sent"] += 1
        self._known.add(message.id)
        if any(word in message.content for word in QUIZ):
            self._shown[message.channel.id] = message

    async def gather(self, rooms: int, players: int) -> None:
        """Put people into channels; waits until the bot is there."""
        world = self.platform.world
        await until(lambda: bool(world.commands) and bool(self.platform.gateway.live))
        for number in range(rooms):
            users = [world.add_user(f"Player {number}.{n}") for n in range(players)]
            school = world.add_guild(f"School {number}", users[0])
            self._rooms.append((world.add_channel(0, "room", school), users))

    async def host(self, room: int, questions: str) -> None:
        """Let the first person of a channel open a lobby."""
        channel, users = self._rooms[room]
        person = DiscordPerson(self.platform, "Host", channel)
        person.user = users[0]
        await person.command("/host list")
        await sees(person, "Send the list")
        await person.types(questions)

    async def press(self, room: int, player: int, label: str) -> object:
        """Press the newest button of that label in the channel; the interaction's id."""
        channel, users = self._rooms[room]
        message = self._shown[channel.id]
        custom_id = next(
            one["custom_id"]
            for one in everything(message.components)
            if one["type"] == BUTTON and one.get("label") == label
        )
        data: Json = {"component_type": BUTTON, "custom_id": custom_id}
        one = await self.platform.interact(COMPONENT, users[player], channel, data, message=message)
        return one.id

    def text(self, room: int) -> str:
        """What the newest message of the channel's quiz says."""
        message = self._shown.get(self._rooms[room][0].id)
        return message.content if message else ""

    def labels(self, room: int) -> Sequence[str]:
        """The labels of its buttons."""
        message = self._shown.get(self._rooms[room][0].id)
        return [one.get("label", "") for one in everything(message.components)] if message else []


class TelegramCrowd:
    """Players in groups."""

    def __init__(self) -> None:
        self.platform = LoopbackTelegram(UNLIMITED, strict=False)
        self.acknowledged: dict[object, float] = {}
        self.sent: Counter[str] = Counter()
        self.environment: dict[str, str] = {}
        self._rooms: list[tuple[Chat, list[TelegramUser]]] = []
        self._shown: dict[int, TelegramMessage] = {}
        self._waiting: dict[int, tuple[int, int]] = {}
        self._presses = 0

    async def __aenter__(self) -> Self:
        await self.platform.__aenter__()
        self.platform.world.observer = self._seen
        self.environment = {
            "STOA_TELEGRAM_TOKEN": self.platform.token,
            "STOA_TELEGRAM_API_URL": self.platform.url,
        }
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.platform.__aexit__(kind, error, trace)

    def _seen(self, happening: Happening) -> None:
        if happening.kind in {"toast", "alert"}:
            press = self._waiting.pop(happening.reader, None)
            if press is not None:
                self.acknowledged[press] = time.perf_counter()
            return
        message = happening.message
        if message is None or not message.sender.is_bot or message.chat.id > 0:
            return
        self.sent["sent" if happening.kind == "new" else "changed"] += 1
        if any(word in str(message.body.get("text", "")) for word in QUIZ):
            self._shown[message.chat.id] = message

    async def gather(self, rooms: int, players: int) -> None:
        """Put people into groups."""
        for number in range(rooms):
            users = [
                self.platform.people.user(f"Player {number}.{n}", started=True)
                for n in range(players)
            ]
            self._rooms.append((self.platform.people.group(f"School {number}", *users), users))

    async def host(self, room: int, questions: str) -> None:
        """Let the first person of a group open a lobby."""
        chat, users = self._rooms[room]
        person = TelegramPerson(self.platform, users[0], chat)
        await person.command("/host list")
        await sees(person, "Send the list", patience=120.0)
        await person.types(questions)

    async def press(self, room: int, player: int, label: str) -> object:
        """Press the newest button of that label in the group; a name for the press."""
        chat, users = self._rooms[room]
        message, user = self._shown[chat.id], users[player]
        data = next(
            one["callback_data"] for row in message.rows for one in row if one["text"] == label
        )
        self._presses += 1
        press = self._waiting[user.id] = (user.id, self._presses)
        self.platform.people.press(user, message, data)
        return press

    def text(self, room: int) -> str:
        """What the newest message of the group's quiz says."""
        message = self._shown.get(self._rooms[room][0].id)
        return str(message.body.get("text", "")) if message else ""

    def labels(self, room: int) -> Sequence[str]:
        """The labels of its buttons."""
        message = self._shown.get(self._rooms[room][0].id)
        return [one["text"] for row in message.rows for one in row] if message else []
