"""Telegram as one bot meets it: people, chats, messages, files."""

import asyncio
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Literal

from tests.platforms.telegram.wire import Object, bad

ChatType = Literal["private", "group", "supergroup"]
_serials = count()  # worlds of one process share no ids, because their bots may share a database

GENERAL = 0  # the thread of messages that are in none


@dataclass(slots=True)
class User:
    """Somebody, or the bot."""

    id: int
    name: str
    language: str | None = None
    username: str = ""
    is_bot: bool = False
    started: bool = False
    blocked: bool = False

    def seen(self) -> Object:
        """As the API shows them."""
        shown: Object = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.username:
            shown["username"] = self.username
        if self.language:
            shown["language_code"] = self.language
        return shown


@dataclass(slots=True)
class Message:
    """One message as it stands now. `body` holds text or caption, entities, and what is attached.

    Args:
        number: its message_id.
        markup: the inline keyboard, or a forced reply.
        frozen: Telegram refuses to edit it.
        lost: Telegram cannot find it for the bot any more [API InaccessibleMessage].
    """

    chat: "Chat"
    number: int
    sender: User
    date: int
    body: Object
    thread: int = GENERAL
    answers: "Message | None" = None
    markup: Object = field(default_factory=dict)
    protected: bool = False
    edited: int = 0
    deleted: bool = False
    frozen: bool = False
    lost: bool = False

    @property
    def text(self) -> str:
        """Its words."""
        return str(self.body.get("text", self.body.get("caption", "")))

    @property
    def rows(self) -> list[list[Object]]:
        """The buttons under it."""
        rows: list[list[Object]] = self.markup.get("inline_keyboard", [])
        return rows

    def seen(self, *, deep: bool = True) -> Object:
        """As the API shows it; `deep`: with the message it answers."""
        shown: Object = {
            "message_id": self.number,
            "date": self.date,
            "chat": self.chat.seen(),
            "from": self.sender.seen(),
            **self.body,
        }
        if self.thread:
            shown |= {"message_thread_id": self.thread, "is_topic_message": True}
        if self.rows:
            shown["reply_markup"] = {"inline_keyboard": self.rows}
        if self.protected:
            shown["has_protected_content"] = True
        if self.edited:
            shown["edit_date"] = self.edited
        if deep and self.answers is not None and not self.answers.deleted:
            shown["reply_to_message"] = self.answers.seen(deep=False)
        return shown


@dataclass(slots=True)
class Chat:
    """A private chat, a group, or a supergroup with or without topics.

    Args:
        topics: names by thread; None without topics.
        members: by user id: "member", "administrator", "creator".
        moved: the supergroup it became.
        present: the bot is in it.
        closed: the bot may not write.
    """

    id: int
    type: ChatType
    title: str
    members: dict[int, str]
    topics: dict[int, str] | None = None
    moved: "Chat | None" = None
    present: bool = True
    closed: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    last: int = 0

    def seen(self) -> Object:
        """As the API shows it."""
        shown: Object = {"id": self.id, "type": self.type}
        shown["first_name" if self.type == "private" else "title"] = self.title
        if self.topics is not None:
            shown["is_forum"] = True
        return shown


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that changed on somebody's screen.

    Args:
        kind: "new", "edit", "gone", "toast", "alert".
        reader: the only one who sees it; 0 for everybody in the chat.
        url: that a toast opens.
    """

    kind: str
    chat: Chat
    message: Message | None = None
    text: str = ""
    reader: int = 0
    url: str = ""


class World:
    """Everything the server remembers.

    Args:
        now: the platform's time of day.
        serial: worlds of one number share ids of people, groups and updates.
        seed: of ids.
    """

    def __init__(
        self, now: Callable[[], datetime], serial: int | None = None, seed: int = 0
    ) -> None:
        self.serial = next(_serials) if serial is None else serial
        self.random = random.Random(seed)  # noqa: S311
        self._now = now
        self.bot = User(7_000_000_001, "Stoa", None, "stoa_loopback_bot", is_bot=True, started=True)
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.commands: dict[str, list[Object]] = {}
        self.happened: list[Happening] = []
        self.keeps_history = True
        self.observer: Callable[[Happening], None] = lambda _: None
        self._changed = asyncio.Event()
        self._next = 0

    def date(self) -> int:
        """The time of day as Telegram writes it: whole seconds."""
        return int(self._now().timestamp())

    def fresh(self) -> int:
        """A number that was not used before."""
        self._next += 1
        return self._next

    def chat(self, number: object) -> Chat:
        """The chat of an id.

        Raises:
            ApiError: there is none.
        """
        try:
            found = self.chats.get(int(str(number)))
        except ValueError:
            found = None
        if found is None:
            raise bad("chat not found")
        return found

    def add(self, message: Message) -> Message:
        """Put a message into its chat, where it is seen."""
        message.chat.messages[message.number] = message
        self.tell(Happening("new", message.chat, message))
        return message

    def new_number(self, chat: Chat) -> int:
        """The id of the next message in a chat."""
        chat.last += 1
        return chat.last

    def keep_file(self, name: str, content: bytes) -> str:
        """Store a file; its file_id."""
        key = f"BQACAgIAAx{self.fresh():08d}{self.random.getrandbits(64):016x}"
        self.files[key] = (name, content)
        return key

    def tell(self, happening: Happening) -> None:
        """Let everybody who waits look again."""
        if self.keeps_history:
            self.happened.append(happening)
        self.observer(happening)
        self._changed.set()
        self._changed = asyncio.Event()

    async def change(self) -> None:
        """Wait for the next change on anybody's screen."""
        await self._changed.wait()

    def since(self, number: int, reader: User, chat: Chat) -> Iterator[Happening]:
        """What somebody has seen in a chat since that many things had happened."""
        for one in self.happened[number:]:
            if one.chat is chat and one.reader in {0, reader.id}:
                yield one
