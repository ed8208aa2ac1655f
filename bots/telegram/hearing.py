"""An update of Telegram -> what somebody did, and where the answer belongs. Pure.

In a group the bot hears what is meant for it and nothing else: commands, answers to its messages,
messages that name it. That is also all that Telegram delivers while privacy mode is on.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update, User

from bots.conversation.dialogue import Action, Actor, Command, Place, Press, Text
from bots.telegram.typed import as_typed

KINDS = ("message", "callback_query", "my_chat_member")
GROUP_VERBS = frozenset({"host", "group", "top"})  # what these do belongs to the group
# These refuse what must not be overheard, so they must know that they are in a group.
KNOW_THEIR_PLACE = GROUP_VERBS | {"start", "link", "unlink", "privacy"}
LONGEST_PAYLOAD = 64  # bytes of a button
_COMMAND = re.compile(r"/([A-Za-z_][A-Za-z0-9_]*)(?:@([A-Za-z0-9_]+))?(?=\s|$)")
_OF_ANSWERED = frozenset({"message_id", "date", "chat", "from"})
_OF_PRESSED = frozenset({
    "message_id", "date", "chat", "message_thread_id", "is_topic_message", "has_protected_content",
})  # fmt: skip
_GONE = frozenset({ChatMember.BANNED, ChatMember.LEFT})


@dataclass(frozen=True, slots=True)
class Me:
    """The bot: its id, its name without the @, and whether groups let it hear everything."""

    id: int
    username: str
    overhears: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """Where an answer belongs.

    Args:
        chat: id of the chat; negative for groups.
        thread: the topic in it, if any.
        user: id of the person, which is also their private chat's.
        name: of the person.
        locale: the language of their client.
        message: what they wrote, for an answer to it.
        pressed: the message whose button they pressed, while it can be redrawn.
        is_protected: that message cannot be forwarded.
        callback: the press itself, which waits for an answer.
        title: of the group.
    """

    chat: int
    thread: int | None
    user: int
    name: str
    locale: str | None = None
    message: int | None = None
    pressed: int | None = None
    is_protected: bool = False
    callback: str | None = None
    title: str = ""

    @property
    def is_group(self) -> bool:
        """Whether others read along."""
        return self.chat < 0

    @property
    def place(self) -> Place:
        """The same for the conversation."""
        if not self.is_group:
            return Place("private", str(self.user))
        group = str(self.chat)
        if self.thread is not None:
            return Place("thread", f"{group}:{self.thread}", group, self.title)
        return Place("group", group, group, self.title)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that waits at Telegram."""

    file_id: str
    name: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody did something.

    `action` is None when they sent files (`sent`, with `text` beside them), or only something
    that the bot cannot read.
    """

    scene: Scene
    actor: Actor
    place: Place
    at: datetime
    action: Action | None = None
    sent: tuple[Sent, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A group got another id."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Membership:
    """The bot was added, removed, blocked or unblocked."""

    scene: Scene
    is_in: bool
    was_in: bool


Happening = Heard | Moved | Membership


def lane_of(raw: dict[str, Any]) -> str:
    """The chat an update belongs to, read without trusting its shape; updates of one keep order."""
    for kind in KINDS:
        body = raw.get(kind)
        if not isinstance(body, dict):
            continue
        for holder in (body, body.get("message")):
            chat = holder.get("chat") if isinstance(holder, dict) else None
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                return str(chat["id"])
        sender = body.get("from")
        if isinstance(sender, dict) and isinstance(sender.get("id"), int):
            return str(sender["id"])
    return ""


def album_of(payload: Mapping[str, Any]) -> str:
    """What the files of one album have in common: they come as updates of their own."""
    message = payload.get("message")
    album = message.get("media_group_id") if isinstance(message, dict) else None
    return album if isinstance(album, str) else ""


def joined(parts: Sequence[Heard]) -> Heard:
    """The files of an album as one deed, with all their words."""
    first = parts[0]
    if len(parts) == 1:
        return first
    words = "\n".join(part.text for part in parts if part.text)
    return replace(first, sent=tuple(one for part in parts for one in part.sent), text=words)


def trimmed(raw: Mapping[str, Any]) -> dict[str, Any]:
    """An update without what nobody looks at, such as the whole message that a button hangs on.

    The library makes objects of everything it is given, and that costs more than the answer.
    """
    update = dict(raw)
    query, message = update.get("callback_query"), update.get("message")
    if isinstance(query, dict) and isinstance(query.get("message"), dict):
        update["callback_query"] = {**query, "message": _only(query["message"], _OF_PRESSED)}
    if isinstance(message, dict) and isinstance(message.get("reply_to_message"), dict):
        answered = _only(message["reply_to_message"], _OF_ANSWERED)
        update["message"] = {**message, "reply_to_message": answered}
    return update


def _only(body: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name in names}


def hear(update: Update, received_at: datetime, me: Me) -> Happening | None:
    """What an update means; None: nothing for this bot.

    Args:
        update: as the library reads it.
        received_at: stands in for the time of a press, which carries none.
        me: the bot.
    """
    if update.callback_query is not None:
        return _press(update.callback_query, received_at)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    message = update.message
    if message is None or message.chat.type == Chat.CHANNEL:
        return None
    if message.migrate_to_chat_id is not None:
        return Moved(message.chat.id, message.migrate_to_chat_id)
    if message.from_user is None or message.from_user.id == me.id:
        return None
    return _said(message, message.from_user, me)


def _press(query: CallbackQuery, at: datetime) -> Heard | None:
    message, user = query.message, query.from_user
    if message is None:
        return None
    whole = message if isinstance(message, Message) and message.is_accessible else None
    scene = Scene(
        chat=message.chat.id,
        thread=_thread(whole) if whole else None,
        user=user.id,
        name=user.full_name,
        locale=user.language_code,
        pressed=message.message_id if whole else None,
        is_protected=bool(whole and whole.has_protected_content),
        callback=query.id,
        title=message.chat.title or "",
    )
    action = Press(query.data or "")
    return Heard(scene, _actor(user), scene.place, at, action)


def _membership(change: ChatMemberUpdated) -> Membership | None:
    if change.chat.type == Chat.CHANNEL:
        return None
    user = change.from_user
    scene = Scene(change.chat.id, None, user.id, user.full_name, user.language_code)
    was_in = change.old_chat_member.status not in _GONE
    return Membership(scene, change.new_chat_member.status not in _GONE, was_in)


def _said(message: Message, user: User, me: Me) -> Heard | None:
    scene = Scene(
        chat=message.chat.id,
        thread=_thread(message),
        user=user.id,
        name=user.full_name,
        locale=user.language_code,
        message=message.message_id,
        title=message.chat.title or "",
    )
    body = message.text if message.text is not None else message.caption or ""
    entities = message.entities if message.text is not None else message.caption_entities
    text = as_typed(body, entities)
    match = _COMMAND.match(text) if message.text is not None else None
    named = match[2].lower() == me.username.lower() if match and match[2] else None
    if named is False and scene.is_group:
        return None
    if scene.is_group and not match:
        answers_us = message.reply_to_message is not None and (
            message.reply_to_message.from_user is not None
            and message.reply_to_message.from_user.id == me.id
        )
        mention = re.compile(rf"@{re.escape(me.username)}\b", re.IGNORECASE)
        if not answers_us and not mention.search(text):
            return None
        text = mention.sub("", text, count=1).strip() if not answers_us else text
    heard = Heard(scene, _actor(user), scene.place, message.date)
    if match:
        return _command(heard, match[1], text[match.end() :].strip())
    if sent := _files(message):
        return replace(heard, sent=sent, text=text)
    if message.text is not None:
        return replace(heard, action=Text(text))
    return heard if message.effective_attachment is not None else None


def _command(heard: Heard, verb: str, arguments: str) -> Heard:
    """A command; in a group, most are about the person and continue in their private chat."""
    place = heard.place
    if heard.scene.is_group and verb.lower() not in KNOW_THEIR_PLACE:
        place = Place("private", str(heard.scene.user))
    return replace(heard, action=Command(verb, arguments), place=place)


def _files(message: Message) -> tuple[Sent, ...]:
    if message.document is not None:
        document = message.document
        return (Sent(document.file_id, document.file_name or "file", document.file_size),)
    if message.photo:
        largest = message.photo[-1]
        name = f"photo-{message.message_id}.jpg"
        return (Sent(largest.file_id, name, largest.file_size),)
    return ()


def _thread(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None


def _actor(user: User) -> Actor:
    name = user.full_name.strip() or str(user.id)
    return Actor("telegram", str(user.id), name, user.language_code, user.is_bot)
