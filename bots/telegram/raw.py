"""An update as it came: what is read from it before the library does, trusting no shape. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KINDS = ("message", "callback_query", "my_chat_member")
_OF_ANSWERED = frozenset({"message_id", "date", "chat", "from"})


@dataclass(frozen=True, slots=True)
class Below:
    """The message that a pressed button hangs on, as far as anybody looks at it.

    `is_there` is false when it is too old for the bot to see and redraw.
    """

    chat: int
    title: str
    thread: int | None
    number: int
    is_there: bool
    is_protected: bool


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


def trimmed(raw: Mapping[str, Any]) -> dict[str, Any]:
    """An update without what nobody looks at, and without the message that a button hangs on.

    The library makes objects of everything it is given, and that costs more than the answer: see
    `below_of`.
    """
    update = dict(raw)
    query, message = update.get("callback_query"), update.get("message")
    if isinstance(query, dict):
        update["callback_query"] = {**query, "message": None}
    if isinstance(message, dict) and isinstance(message.get("reply_to_message"), dict):
        answered = _only(message["reply_to_message"], _OF_ANSWERED)
        update["message"] = {**message, "reply_to_message": answered}
    return update


def below_of(raw: Mapping[str, Any]) -> Below | None:
    """The message that a pressed button hangs on; None when the update is no press on one.

    Raises:
        ValueError: it is not as Telegram describes it.
    """
    query = raw.get("callback_query")
    message = query.get("message") if isinstance(query, dict) else None
    if message is None:
        return None
    try:
        chat, thread = message["chat"], message.get("message_thread_id")
        found = Below(
            chat=chat["id"],
            title=chat.get("title") or "",
            thread=thread if message.get("is_topic_message") else None,
            number=message["message_id"],
            is_there=message["date"] != 0,
            is_protected=bool(message.get("has_protected_content")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"a pressed message without {error}") from error
    if not (isinstance(found.chat, int) and isinstance(found.number, int)):
        raise ValueError("a pressed message whose numbers are none")
    return found


def _only(body: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name in names}
