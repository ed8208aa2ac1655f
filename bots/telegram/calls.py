"""Single calls to the Bot API, each with what Telegram may answer to it."""

import io
from dataclasses import dataclass

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram import Message as SentMessage
from telegram.error import BadRequest

from bots.telegram.drawing import Attachment, Message, Part

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
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


async def send(bot: Bot, target: Target, part: Part) -> int:
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


async def edit(bot: Bot, chat: int, message: int, part: Message) -> bool:
    """Redraw a message; False: it cannot be redrawn, and a new one is needed.

    Raises:
        TelegramError: something else is wrong.
    """
    try:
        await bot.edit_message_text(
            part.words.text,
            chat_id=chat,
            message_id=message,
            entities=part.entities,
            reply_markup=part.keyboard,
            link_preview_options=NO_PREVIEW,
        )
    except BadRequest as error:
        return NOT_MODIFIED in error.message.lower()
    return True


async def take_buttons(bot: Bot, chat: int, message: int) -> None:
    """Take the buttons off a message that another one has replaced, if that is still possible."""
    try:
        await bot.edit_message_reply_markup(chat, message, reply_markup=InlineKeyboardMarkup([]))
    except BadRequest:
        return


async def answer_press(
    bot: Bot, callback: str, text: str = "", *, alert: bool = False, url: str | None = None
) -> bool:
    """End the waiting of a press, with a line that only the presser sees.

    Returns:
        False when the press is too old to be answered; its effect stands.

    Raises:
        TelegramError: something else is wrong.
    """
    try:
        await bot.answer_callback_query(callback, text or None, show_alert=alert or None, url=url)
    except BadRequest as error:
        if any(words in error.message.lower() for words in _TOO_LATE):
            return False
        raise
    return True


async def _send(bot: Bot, target: Target, part: Part) -> int:
    answers = None
    if target.answers is not None:
        answers = ReplyParameters(target.answers, allow_sending_without_reply=True)
    sent: SentMessage
    if isinstance(part, Message):
        sent = await bot.send_message(
            target.chat,
            part.words.text,
            entities=part.entities,
            reply_markup=part.keyboard or part.prompt,
            protect_content=part.protect or None,
            message_thread_id=target.thread,
            link_preview_options=NO_PREVIEW,
            reply_parameters=answers,
        )
        return sent.message_id
    content = io.BytesIO(part.file.content or b"\n")  # Telegram refuses an empty file
    if part.is_picture:
        sent = await bot.send_photo(
            target.chat,
            content,
            caption=part.caption or None,
            filename=part.file.name,
            protect_content=part.protect or None,
            message_thread_id=target.thread,
            reply_parameters=answers,
        )
    else:
        sent = await bot.send_document(
            target.chat,
            content,
            caption=part.caption or None,
            filename=part.file.name,
            protect_content=part.protect or None,
            message_thread_id=target.thread,
            reply_parameters=answers,
            disable_content_type_detection=True,
        )
    return sent.message_id
