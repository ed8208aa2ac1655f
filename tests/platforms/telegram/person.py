"""A person with Telegram in hand: a scripted one, for `tests.platforms.person`."""

from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from tests.platforms.person import Screen, Seen, joined
from tests.platforms.telegram.server import LoopbackTelegram
from tests.platforms.telegram.wire import Object
from tests.platforms.telegram.world import Chat, Happening, Message, User


class TelegramPerson:
    """Somebody in one chat, their private one if none is named.

    Args:
        server: the Telegram they use.
        user: who they are.
        chat: where they look and write.
        thread: the topic they are in.
    """

    platform = "telegram"

    def __init__(
        self, server: LoopbackTelegram, user: User, chat: Chat | None = None, thread: int = 0
    ) -> None:
        self.user = user
        self.chat = chat or server.world.chats[user.id]
        self.thread = thread
        self.opened: list[str] = []
        self._server = server
        self._since = 0

    @property
    def subject(self) -> str:
        """Their account's id."""
        return str(self.user.id)

    @property
    def screen(self) -> Screen:
        """What appeared or changed in the chat since they last did something."""
        parts = [self._shown(message) for message in self.messages]
        parts += [Screen(_read(one.text)) for one in self.notices if one.text]
        return joined(parts)

    @property
    def messages(self) -> list[Message]:
        """The bot's messages that appeared or changed since, those that changed last at the end."""
        found: dict[int, Message] = {}
        for one in self._seen():
            if one.message is not None and one.message.sender is self._server.world.bot:
                found.pop(one.message.number, None)
                found[one.message.number] = one.message
        return [message for message in found.values() if not message.deleted]

    @property
    def notices(self) -> list[Happening]:
        """The toasts and alerts since; one without words ends the waiting sign on the button."""
        return [one for one in self._seen() if one.kind in {"toast", "alert"}]

    async def command(self, line: str) -> None:
        """Give a command; in a group it is addressed to the bot, as the app does it."""
        if self.chat.type != "private":
            verb, space, rest = line.partition(" ")
            line = f"{verb}@{self._server.world.bot.username}{space}{rest}"
        await self.says(line)

    async def press(self, label: str) -> None:
        """Press the newest button of that label in the chat; a link is followed.

        Raises:
            AssertionError: no message in the chat has it.
        """
        message, button = self.button(label)
        self.look_away()
        if "url" in button:
            await self.open(button["url"])
        else:
            self._server.people.press(self.user, message, button["callback_data"])

    def found(self, *words: str) -> Screen | None:
        """The bot's newest message in the chat that says all these words, as it is now."""
        message = self._saying(words)
        return None if message is None else self._shown(message)

    async def press_under(self, words: str, label: str) -> None:
        """Press a button of the newest message that says these words.

        Raises:
            AssertionError: there is none.
        """
        message = self._saying((words,))
        assert message is not None, f"nothing says {words!r}; there is {self.screen}"
        buttons = [one for row in message.rows for one in row if one["text"] == label]
        assert buttons, f"no {label!r} under {self._shown(message)}"
        self.look_away()
        self._server.people.press(self.user, message, buttons[0]["callback_data"])

    def _saying(self, words: Sequence[str]) -> Message | None:
        bot = self._server.world.bot
        for message in self._here():
            if message.sender is bot and all(word in _read(message.text) for word in words):
                return message
        return None

    async def types(self, text: str) -> None:
        """Reply to what asks for a reply, if the newest message does; else just write."""
        asking = self._newest()
        if asking is None or not asking.markup.get("force_reply"):
            asking = None
        self.look_away()
        self._server.people.say(self.user, self.chat, text, answers=asking, thread=self.thread)

    async def says(self, text: str) -> None:
        """Write, and answer nothing in particular."""
        self.look_away()
        self.write(text)

    def write(self, text: str) -> None:
        """Write, and keep looking at what was there before."""
        self._server.people.say(self.user, self.chat, text, thread=self.thread)

    async def sends_file(self, name: str, content: bytes, text: str = "") -> None:
        """Send a document; in a group as an answer to the bot, or it would not be told."""
        asking = self._newest() if self.chat.type != "private" else None
        self.look_away()
        self._server.people.upload(
            self.user, self.chat, name, content, text, answers=asking, thread=self.thread
        )

    async def open(self, url: str) -> None:
        """Open a link; one to the bot opens the private chat and sends what the link carries."""
        self.opened.append(url)
        parts = urlsplit(url)
        world = self._server.world
        if parts.hostname == "t.me" and parts.path.strip("/") == world.bot.username:
            payload = parse_qs(parts.query).get("start", [""])[0]
            mine = world.chats[self.user.id]
            self._server.people.say(self.user, mine, f"/start {payload}".strip())

    def look_away(self) -> None:
        """Forget what was on the screen: only what is new is looked at."""
        self._since = len(self._server.world.happened)

    def button(self, label: str) -> tuple[Message, Object]:
        """The newest message with a button of that label, and the button.

        Raises:
            AssertionError: there is none.
        """
        for message in self._here():
            for button in (one for row in message.rows for one in row):
                if button["text"] == label:
                    return message, button
        raise AssertionError(f"no button {label!r} in the chat; there is {self.screen}")

    def _here(self) -> list[Message]:
        """Messages of the chat or topic that are still there, newest first."""
        kept = reversed(self.chat.messages.values())
        return [one for one in kept if not one.deleted and one.thread == self.thread]

    def _newest(self) -> Message | None:
        """The bot's newest message."""
        bot = self._server.world.bot
        return next((message for message in self._here() if message.sender is bot), None)

    def _seen(self) -> list[Happening]:
        happened = self._server.world.since(self._since, self.user, self.chat)
        return [one for one in happened if not one.message or one.message.thread == self.thread]

    def _shown(self, message: Message) -> Screen:
        labels = tuple(button["text"] for row in message.rows for button in row)
        files: tuple[Seen, ...] = ()
        if document := message.body.get("document"):
            files = (Seen(*self._server.world.files[document["file_id"]], _read(message.text)),)
        elif photo := message.body.get("photo"):
            files = (Seen(*self._server.world.files[photo[0]["file_id"]], _read(message.text)),)
        return Screen(_read(message.text), labels, files)


def _read(text: str) -> str:
    """Text as eyes read it: a word joiner shows as nothing."""
    return text.replace("\N{WORD JOINER}", "")
