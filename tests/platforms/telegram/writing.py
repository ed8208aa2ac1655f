"""Methods that change what people see: messages sent, edited and deleted, presses answered."""

import time
from dataclasses import dataclass, field

from tests.platforms.telegram import limits, text
from tests.platforms.telegram.flood import Flood
from tests.platforms.telegram.wire import ApiError, Object, Upload, bad, forbidden
from tests.platforms.telegram.world import Chat, Happening, Message, User, World

_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(slots=True)
class Pressed:
    """A press that waits for its one answer."""

    user: User
    chat: Chat
    born: float
    answered: bool = False


@dataclass(slots=True)
class Writing:
    """What the bot does to chats.

    Args:
        pressed: by callback query id.
        speed: how many seconds of Telegram pass in one second here.
    """

    world: World
    flood: Flood
    speed: float = 1.0
    pressed: dict[str, Pressed] = field(default_factory=dict)
    ghosts: list[str] = field(default_factory=list)

    def send_message(self, values: Object) -> Object:
        """sendMessage."""
        chat = self._open(values)
        if not str(values.get("text", "")).strip():
            raise bad("message text is empty")
        return self._send(chat, values, self._words(values, "text"))

    def send_document(self, values: Object) -> Object:
        """sendDocument."""
        chat = self._open(values)
        key, name, content = self._file(values["document"], limits.UPLOAD)
        body: Object = {"document": self.document(key, name, content)}
        return self._send(chat, values, body | self._words(values, "caption"))

    def send_photo(self, values: Object) -> Object:
        """sendPhoto."""
        chat = self._open(values)
        key, _, content = self._file(values["photo"], limits.PHOTO)
        if not content.startswith((b"\x89PNG", b"\xff\xd8")):
            raise bad("IMAGE_PROCESS_FAILED")
        size: Object = {"file_id": key, "file_unique_id": key[-16:], "width": 640, "height": 480}
        return self._send(chat, values, {"photo": [size]} | self._words(values, "caption"))

    def edit_text(self, values: Object) -> Object:
        """editMessageText."""
        message = self._own(values)
        if "text" not in message.body:
            raise bad("there is no text in the message to edit")
        if not str(values.get("text", "")).strip():
            raise bad("message text is empty")
        return self._edit(message, values, self._words(values, "text"))

    def edit_caption(self, values: Object) -> Object:
        """editMessageCaption."""
        message = self._own(values)
        if "text" in message.body:
            raise bad("there is no caption in the message to edit")
        kept = {name: one for name, one in message.body.items() if not name.startswith("caption")}
        return self._edit(message, values, kept | self._words(values, "caption"))

    def edit_markup(self, values: Object) -> Object:
        """editMessageReplyMarkup."""
        message = self._own(values)
        return self._edit(message, values, message.body)

    def delete(self, values: Object) -> bool:
        """deleteMessage."""
        message = self._there(values, "delete")
        if self.world.date() - message.date > limits.DELETABLE or message.frozen:
            raise bad("message can't be deleted for everyone")
        self.vanish(message)
        return True

    def vanish(self, message: Message) -> None:
        """Take a message away, whoever does it."""
        message.deleted = True
        self.world.tell(Happening("gone", message.chat, message))

    def answer_press(self, values: Object) -> bool:
        """answerCallbackQuery."""
        press = self.pressed.get(values["callback_query_id"])
        old = limits.CALLBACK_LIFE / self.speed
        if press is None or press.answered or time.monotonic() - press.born > old:
            raise bad(_TOO_OLD)
        words = str(values.get("text", ""))
        if text.units(words) > limits.NOTICE:
            raise bad("MESSAGE_TOO_LONG")
        url = str(values.get("url", ""))
        if url and not url.startswith(f"https://t.me/{self.world.bot.username}?start="):
            raise bad("URL_INVALID")  # others are for games only
        press.answered = True
        kind = "alert" if values.get("show_alert") else "toast"
        self.world.tell(Happening(kind, press.chat, None, words, press.user.id, url))
        return True

    def act(self, values: Object) -> bool:
        """sendChatAction."""
        self._open(values, counts=False)
        return True

    def document(self, key: str, name: str, content: bytes) -> Object:
        """A document as the API shows it."""
        return {
            "file_id": key,
            "file_unique_id": key[-16:],
            "file_name": name,
            "file_size": len(content),
        }

    def _open(self, values: Object, *, counts: bool = True) -> Chat:
        """The chat that is written to, when the bot may write there now.

        Raises:
            ApiError: it may not; or too fast.
        """
        chat = self.world.chat(values["chat_id"])
        if chat.moved is not None:
            raise bad(
                "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved.id
            )
        if chat.type == "private":
            user = self.world.users[chat.id]
            if not user.started:
                raise forbidden("bot can't initiate conversation with a user")
            if user.blocked:
                raise forbidden("bot was blocked by the user")
        if not chat.present:
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if chat.closed:
            raise bad("not enough rights to send text messages to the chat")
        if counts:
            self.flood.count(chat.id, is_group=chat.type != "private")
        return chat

    def _words(self, values: Object, name: str) -> Object:
        """Text or caption with its entities, as Telegram keeps them.

        Raises:
            ApiError: too long, or the entities are wrong.
        """
        if "parse_mode" in values:
            raise bad("this server reads entities only: whoever sends parse_mode must escape")
        entities_name = "entities" if name == "text" else "caption_entities"
        most = limits.TEXT if name == "text" else limits.CAPTION
        what = "message" if name == "text" else "message caption"
        given = values.get(entities_name) or []
        kept, entities = text.checked(str(values.get(name, "")), given, most, what)
        self.ghosts += text.faults_of_entities(given)
        if not kept:
            return {}
        return {name: kept, entities_name: entities} if entities else {name: kept}

    def _file(self, given: object, most: int) -> tuple[str, str, bytes]:
        if isinstance(given, Upload):
            if len(given.content) > most:
                raise ApiError(413, "Request Entity Too Large")
            if not given.content:
                raise bad("file must be non-empty")
            return self.world.keep_file(given.name, given.content), given.name, given.content
        if str(given) not in self.world.files:
            raise bad("wrong file identifier/HTTP URL specified")
        return str(given), *self.world.files[str(given)]

    def _send(self, chat: Chat, values: Object, body: Object) -> Object:
        markup = values.get("reply_markup") or {}
        text.check_markup(markup)
        thread = values.get("message_thread_id", 0)
        if thread and thread not in (chat.topics or {}):
            raise bad("message thread not found")
        answers = None
        if wanted := values.get("reply_parameters"):
            answers = chat.messages.get(wanted["message_id"])
            if answers is None or answers.deleted:
                answers = None
                if not wanted.get("allow_sending_without_reply"):
                    raise bad("message to be replied not found")
        message = Message(
            chat,
            self.world.new_number(chat),
            self.world.bot,
            self.world.date(),
            body,
            thread,
            answers,
            markup,
            protected=bool(values.get("protect_content")),
        )
        return self.world.add(message).seen()

    def _there(self, values: Object, deed: str) -> Message:
        chat = self._open(values, counts=deed == "edit")
        message = chat.messages.get(values["message_id"])
        if message is None or message.deleted or message.lost:
            raise bad(f"message to {deed} not found")
        return message

    def _own(self, values: Object) -> Message:
        message = self._there(values, "edit")
        if message.sender is not self.world.bot or message.frozen:
            raise bad("message can't be edited")
        return message

    def _edit(self, message: Message, values: Object, body: Object) -> Object:
        markup = values.get("reply_markup") or {}
        if markup:
            text.check_markup(markup, edit=True)
        if (body, markup.get("inline_keyboard", [])) == (message.body, message.rows):
            raise bad(_SAME)
        message.body, message.markup = body, markup
        message.edited = self.world.date()
        self.world.tell(Happening("edit", message.chat, message))
        return message.seen()
