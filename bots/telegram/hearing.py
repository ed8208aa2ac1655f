"""An update of Telegram -> what somebody did, and where the answer belongs. Pure.

In a group the bot hears what is meant for it and nothing else: commands, answers to its messages,
messages that name it. That is also all that Telegram delivers while privacy mode is on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update, User

from bots.conversation.dialogue import Action, Actor, Command, Place, Press, Text
from bots.telegram.raw import Below
from bots.telegram.typed import as_typed

GROUP_VERBS = frozenset({"host", "group", "top"})  # what these do belongs to the group
# These refuse what must not be overheard, so they must know that they are in a group.
KNOW_THEIR_PLACE = GROUP_VERBS | {"start", "link", "unlink", "privacy"}
_COMMAND = re.compile(r"/([A-Za-z_][A-Za-z0-9_]*)(?:@([A-Za-z0-9_]+))?(?=\s|$)")
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


def joined(parts: Sequence[Heard]) -> Heard:
    """The files of an album as one deed, with all their words."""
    first = parts[0]
    if len(parts) == 1:
        return first
    words = "\n".join(part.text for part in parts if part.text)
    return replace(first, sent=tuple(one for part in parts for one in part.sent), text=words)


def hear(
    update: Update, received_at: datetime, me: Me, below: Below | None = None
) -> Happening | None:
    """What an update means; None: nothing for this bot.

    Args:
        update: as the library reads it.
        received_at: stands in for the time of a press, which carries none.
        me: the bot.
        below: the message that was pressed, if one was.
    """
    if update.callback_query is not None:
        return _press(update.callback_query, below, received_at) if below else None
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


def _press(query: CallbackQuery, below: Below, at: datetime) -> Heard:
    user = query.from_user
    scene = Scene(
        chat=below.chat,
        thread=below.thread,
        user=user.id,
        name=user.full_name,
        locale=user.language_code,
        pressed=below.number if below.is_there else None,
        is_protected=below.is_protected,
        callback=query.id,
        title=below.title,
    )
    return Heard(scene, _actor(user), scene.place, at, Press(query.data or ""))


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
