"""What people do on Telegram, and which of it the bot is told."""

import time
from dataclasses import dataclass

from tests.platforms.telegram import text
from tests.platforms.telegram.updates import Updates
from tests.platforms.telegram.wire import Object
from tests.platforms.telegram.world import Chat, ChatType, Message, User, World
from tests.platforms.telegram.writing import Pressed, Writing

FIRST_USER = 600_000_000
FIRST_GROUP = -400_000_000
FIRST_SUPERGROUP = -1_002_000_000_000


@dataclass(slots=True)
class People:
    """The deeds of everybody but the bot. Ids are given in order, so that they repeat."""

    world: World
    updates: Updates
    writing: Writing

    def user(self, name: str, language: str | None = "en", *, started: bool = False) -> User:
        """Somebody new; `started`: their private chat with the bot was opened before."""
        number = FIRST_USER + 10_000 * self.world.serial + self.world.fresh()
        user = User(number, name, language, started=started)
        self.world.users[number] = user
        self.world.chats[number] = Chat(number, "private", name, {number: "member"})
        return user

    def group(
        self,
        title: str,
        *members: User,
        kind: ChatType = "supergroup",
        topics: tuple[str, ...] = (),
    ) -> Chat:
        """A group with the bot in it; its creator is the first member."""
        first = FIRST_SUPERGROUP if kind == "supergroup" else FIRST_GROUP
        number = first - 10_000 * self.world.serial - self.world.fresh()
        chat = Chat(number, kind, title, {self.world.bot.id: "member"})
        for user in members:
            chat.members[user.id] = "member" if len(chat.members) > 1 else "creator"
        if topics:
            chat.topics = {self.world.new_number(chat): name for name in topics}
        self.world.chats[chat.id] = chat
        if members:
            self._membership(chat, members[0], "left", "member")
        return chat

    def say(
        self, user: User, chat: Chat, words: str, *, answers: Message | None = None, thread: int = 0
    ) -> Message:
        """Write a message."""
        written, entities = text.typed(words)
        body: Object = {"text": written}
        if entities:
            body["entities"] = entities
        return self._write(user, chat, body, answers, thread)

    def upload(
        self, user: User, chat: Chat, name: str, content: bytes, words: str = "", *,
        answers: Message | None = None, thread: int = 0,
    ) -> Message:  # fmt: skip
        """Send a file with words beside it."""
        key = self.world.keep_file(name, content)
        body: Object = {"document": self.writing.document(key, name, content)}
        if words:
            caption, entities = text.typed(words)
            body["caption"] = caption
            if entities:
                body["caption_entities"] = entities
        return self._write(user, chat, body, answers, thread)

    def press(self, user: User, message: Message, data: str) -> str:
        """Press a button; the callback query's id."""
        assert not message.deleted, "nobody can press what is gone"
        key = str(1 + self.world.random.getrandbits(62))
        self.writing.pressed[key] = Pressed(user, message.chat, time.monotonic())
        inaccessible = {"chat": message.chat.seen(), "message_id": message.number, "date": 0}
        query: Object = {
            "id": key,
            "from": user.seen(),
            "chat_instance": str(message.chat.id),
            "message": inaccessible if message.lost else message.seen(),
            "data": data,
        }
        self.updates.emit("callback_query", query, f"user {user.id}")
        return key

    def change(self, message: Message, words: str) -> None:
        """Edit one's own message."""
        message.body, entities = {"text": words}, text.typed(words)[1]
        if entities:
            message.body["entities"] = entities
        message.edited = self.world.date()
        if self.is_told(message):
            self.updates.emit("edited_message", message.seen(), f"chat {message.chat.id}")

    def block(self, user: User) -> None:
        """Block the bot: it may not write any more."""
        user.blocked = True
        self._membership(self.world.chats[user.id], user, "member", "kicked")

    def unblock(self, user: User) -> None:
        """Take the block back."""
        user.blocked = False
        self._membership(self.world.chats[user.id], user, "kicked", "member")

    def remove_bot(self, user: User, chat: Chat) -> None:
        """Take the bot out of a group."""
        chat.present = False
        chat.members.pop(self.world.bot.id, None)
        self._membership(chat, user, "member", "left")

    def migrate(self, chat: Chat) -> Chat:
        """Turn a group into a supergroup: another id, and two service messages that say so."""
        members = dict(chat.members)
        number = FIRST_SUPERGROUP - 10_000 * self.world.serial - self.world.fresh()
        new = Chat(number, "supergroup", chat.title, members)
        self.world.chats[new.id] = chat.moved = new
        owner = next(self.world.users[one] for one in members if one in self.world.users)
        for place, body in (
            (chat, {"migrate_to_chat_id": new.id}),
            (new, {"migrate_from_chat_id": chat.id}),
        ):
            self._write(owner, place, body, None, 0)
        return new

    def is_told(self, message: Message) -> bool:
        """Whether the bot hears of it, privacy mode being on [FEATURES privacy mode]."""
        chat, bot = message.chat, self.world.bot
        if chat.type == "private" or chat.members.get(bot.id) == "administrator":
            return True
        if not chat.present:
            return False
        if message.answers is not None and message.answers.sender is bot:
            return True
        words = message.text
        if not words:
            return "document" not in message.body  # service messages
        if not words.startswith("/"):
            return False
        name, at, whom = words.split(maxsplit=1)[0].partition("@")
        return bool(name) and (not at or whom.lower() == bot.username.lower())

    def _write(
        self, user: User, chat: Chat, body: Object, answers: Message | None, thread: int
    ) -> Message:
        assert chat.type != "private" or not user.blocked, "unblock first, as the app demands"
        if chat.type == "private" and not user.started:
            assert str(body.get("text", "")).startswith("/start"), "the app offers only START"
            user.started = True
        number = self.world.new_number(chat)
        message = Message(chat, number, user, self.world.date(), body, thread, answers)
        self.world.add(message)
        if self.is_told(message):
            self.updates.emit("message", message.seen(), f"chat {chat.id}")
        return message

    def _membership(self, chat: Chat, user: User, old: str, new: str) -> None:
        bot = self.world.bot.seen()
        states: list[Object] = [{"status": status, "user": bot} for status in (old, new)]
        for state in states:
            if state["status"] == "kicked":
                state["until_date"] = 0
        changed: Object = {
            "chat": chat.seen(),
            "from": user.seen(),
            "date": self.world.date(),
            "old_chat_member": states[0],
            "new_chat_member": states[1],
        }
        self.updates.emit("my_chat_member", changed, f"chat {chat.id}")
