"""Single calls to the Bot API, each with what Telegram may answer to it."""

import io
from dataclasses import dataclass
from typing import Any

from telegram import Message as SentMessage
from telegram.error import BadRequest

from bots.telegram.client import StoaBot
from bots.telegram.drawing import Attachment, Message, Part

NO_PREVIEW = {"is_disabled": True}
NOT_MODIFIED = "message is not modified"
_NO_PICTURE = ("photo_invalid", "image_process", "photo should be", "file is too big")
_NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted")
_TOO_LATE = ("query is too old", "query id is invalid", "query_id_invalid")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes: a chat, a topic in it, and the message it answers."""

    chat: int
    thread: int | None = None
    answers: int | None = None


async def send(bot: StoaBot, target: Target, part: Part) -> int:
    """Send one message; its id.

    A topic that is gone, or a picture that Telegram cannot show, is no reason to say nothing.

    Raises:
        TelegramError: Telegram refused it, or could not be reached.
    """
    try:
        return await _send(bot, target, part)
    except BadRequest as error:
        reason = error.message.lower()
        if target.thread is not None and any(words in reason for words in _NO_TOPIC):
            return await _send(bot, Target(target.chat, None, target.answers), part)
        if (
            isinstance(part, Attachment)
            and part.is_picture
            and any(words in reason for words in _NO_PICTURE)
        ):
            document = Attachment(part.file, part.caption, is_picture=False, protect=part.protect)
            return await _send(bot, target, document)
        raise


async def edit(bot: StoaBot, chat: int, message: int, part: Message) -> bool:
    """Redraw a message; False: it cannot be redrawn, and a new one is needed.

    Raises:
        TelegramError: something else is wrong.
    """
    values = {
        "chat_id": chat,
        "message_id": message,
        "text": part.words.text,
        "entities": part.entities,
        "reply_markup": part.keyboard,
        "link_preview_options": NO_PREVIEW,
    }
    try:
        await bot.call("editMessageText", values)
    except BadRequest as error:
        return NOT_MODIFIED in error.message.lower()
    return True


async def take_buttons(bot: StoaBot, chat: int, message: int) -> None:
    """Take the buttons off a message that another one has replaced, if that is still possible."""
    try:
        await bot.call("editMessageReplyMarkup", {"chat_id": chat, "message_id": message})
    except BadRequest:
        return


async def answer_press(
    bot: StoaBot, callback: str, text: str = "", *, alert: bool = False, url: str | None = None
) -> bool:
    """End the waiting of a press, with a line that only the presser sees.

    Returns:
        False when the press is too old to be answered; its effect stands.

    Raises:
        TelegramError: something else is wrong.
    """
    try:
        await bot.call(
            "answerCallbackQuery",
            {
                "callback_query_id": callback,
                "text": text or None,
                "show_alert": alert or None,
                "url": url,
            },
        )
    except BadRequest as error:
        if any(words in error.message.lower() for words in _TOO_LATE):
            return False
        raise
    return True


async def _send(bot: StoaBot, target: Target, part: Part) -> int:
    if isinstance(part, Message):
        answers = None
        if target.answers is not None:
            answers = {"message_id": target.answers, "allow_sending_without_reply": True}
        sent = await bot.call(
            "sendMessage",
            {
                "chat_id": target.chat,
                "text": part.words.text,
                "entities": part.entities,
                "reply_markup": part.keyboard or part.prompt,
                "protect_content": part.protect or None,
                "message_thread_id": target.thread,
                "link_preview_options": NO_PREVIEW,
                "reply_parameters": answers,
            },
        )
        return int(sent["message_id"])
    content = io.BytesIO(part.file.content or b"\n")  # Telegram refuses an empty file
    options: dict[str, Any] = {
        "caption": part.caption or None,
        "filename": part.file.name,
        "protect_content": part.protect or None,
        "message_thread_id": target.thread,
    }
    if target.answers is not None:
        options["reply_to_message_id"] = target.answers
        options["allow_sending_without_reply"] = True
    found: SentMessage
    if part.is_picture:
        found = await bot.send_photo(target.chat, content, **options)
    else:
        options["disable_content_type_detection"] = True
        found = await bot.send_document(target.chat, content, **options)
    return found.message_id
