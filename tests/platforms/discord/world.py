"""Everything that Discord remembers: people, servers, channels, messages, interactions."""

import itertools
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.platforms.discord import errors, limits
from tests.platforms.discord.errors import Json

TEXT, DM, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 11, 12
SLASH, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5

_YEAR_S = 365 * 86_400.0  # accounts are so old


@dataclass(eq=False, slots=True)
class User:
    """An account; `closed` ones take no direct messages from the bot."""

    id: int
    name: str
    locale: str = "en-US"
    bot: bool = False
    closed: bool = False


@dataclass(eq=False, slots=True)
class Guild:
    """A server; `installed` says whether the bot is a member of it."""

    id: int
    name: str
    owner: User
    installed: bool = True


@dataclass(eq=False, slots=True)
class Channel:
    """A channel, a thread or a direct conversation; `allowed` is what the bot may do there."""

    id: int
    kind: int
    name: str = ""
    guild: Guild | None = None
    people: list[User] = field(default_factory=list)
    parent: "Channel | None" = None
    allowed: int = limits.EVERYTHING_USUAL
    archived: bool = False
    archive_minutes: int = 1440
    messages: dict[int, "Message"] = field(default_factory=dict)

    @property
    def is_thread(self) -> bool:
        """Whether it is a thread of a channel."""
        return self.kind in (PUBLIC_THREAD, PRIVATE_THREAD)

    def demand(self, permission: int) -> None:
        """Let the bot do something here only when it may.

        Raises:
            ApiError: 50001 when it does not see the channel, 50013 when it may not.
        """
        if self.kind == DM:
            return
        allowed = self.parent.allowed & self.allowed if self.parent else self.allowed
        if not allowed & limits.VIEW_CHANNEL:
            raise errors.missing_access()
        if permission & ~allowed:
            raise errors.missing_permissions()


@dataclass(eq=False, slots=True)
class Message:
    """One message; `only` is who alone sees it, `shown` grows whenever it is drawn anew."""

    id: int
    channel: Channel
    author: User
    sent: datetime
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    flags: int = 0
    nonce: str | int | None = None
    edited: datetime | None = None
    only: User | None = None
    shown: int = 0
    interaction: "Interaction | None" = None
    mentions: list[User] = field(default_factory=list)

    @property
    def is_loading(self) -> bool:
        """Whether it is only "… is thinking"."""
        return bool(self.flags & limits.LOADING)


@dataclass(eq=False, slots=True)
class Interaction:
    """One thing a person did that the bot must answer; `created` in seconds since 1970."""

    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    created: float
    data: Json
    message: Message | None = None
    answer: int | None = None  # the type of the first answer
    original: Message | None = None
    modal: Json | None = None
    choices: list[Json] | None = None
    followups: int = 0


class World:
    """All of it.

    Args:
        now: seconds since 1970.
        token: of the one bot.
    """

    def __init__(self, now: Callable[[], float], token: str) -> None:
        self.now, self.token = now, token
        self._last_id = 0
        self._salt = secrets.randbelow(1 << 21)  # two worlds at one moment make different ids
        self._shown = itertools.count(1)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self._chats: dict[int, Channel] = {}
        self.interactions: dict[str, Interaction] = {}
        self.files: dict[str, bytes] = {}
        self.commands: list[Json] = []
        self.command_writes = 0
        self.bot = self.add_user("Stoa", bot=True)
        self.shown = 0
        self.on_answer: Callable[[Interaction], object] = lambda _: None  # its first answer
        self.on_show: Callable[[Message], object] = lambda _: None  # drawn, or drawn anew

    def new_id(self, created: float | None = None) -> int:
        """A snowflake of this moment (or of an earlier one)."""
        made = self.now() if created is None else created
        new = (int(made * 1000) - limits.DISCORD_EPOCH_MS) << 22
        if created is None:
            new = max(new | self._salt, self._last_id + 1)
            self._last_id = new
            return new
        return new | secrets.randbelow(1 << 22)

    def time(self) -> datetime:
        """This moment."""
        return datetime.fromtimestamp(self.now(), UTC)

    def show(self, message: Message) -> None:
        """Draw a message anew on the screens of those who see it."""
        self.shown = message.shown = next(self._shown)
        self.on_show(message)

    def add_user(self, name: str, *, locale: str = "en-US", bot: bool = False) -> User:
        """A new account."""
        user = User(self.new_id(self.now() - _YEAR_S), name, locale, bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, owner: User, *, installed: bool = True) -> Guild:
        """A new server without channels."""
        guild = Guild(self.new_id(), name, owner, installed)
        self.guilds[guild.id] = guild
        return guild

    def add_channel(self, kind: int, name: str, guild: Guild | None = None) -> Channel:
        """A new channel."""
        channel = Channel(self.new_id(), kind, name, guild)
        self.channels[channel.id] = channel
        return channel

    def dm_with(self, user: User) -> Channel:
        """The direct conversation of the bot and a person, which exists once."""
        if user.id not in self._chats:
            channel = self.add_channel(DM, "")
            channel.people = [user]
            self._chats[user.id] = channel
        return self._chats[user.id]

    def add_message(self, channel: Channel, author: User) -> Message:
        """A new message without content, not shown yet."""
        message = Message(self.new_id(), channel, author, self.time())
        channel.messages[message.id] = message
        return message

    def open_interaction(
        self, kind: int, user: User, channel: Channel, data: Json, *, ago: float = 0.0
    ) -> Interaction:
        """A person did something that the bot must answer, `ago` seconds before now."""
        created = self.now() - ago
        key = self.new_id(created) if ago else self.new_id()
        opened = Interaction(key, secrets.token_urlsafe(48), kind, user, channel, created, data)
        self.interactions[opened.token] = opened
        return opened

    def guild_channels(self, guild: Guild) -> Iterator[Channel]:
        """A server's channels, without threads."""
        return (one for one in self.channels.values() if one.guild is guild and not one.is_thread)

    def let_pass(self, seconds: float) -> None:
        """Make every interaction so much older."""
        for interaction in self.interactions.values():
            interaction.created -= seconds
