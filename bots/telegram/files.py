"""Files that people send: fetched with our own limit, which is below Telegram's."""

import logging

from telegram import Bot
from telegram.error import BadRequest

from bots.conversation.dialogue import File
from bots.telegram.hearing import Sent
from bots.telegram.outlets import GaveUp, Outlets
from domain.errors import N_, Refusal

log = logging.getLogger(__name__)

LARGEST = 10 * 1024 * 1024  # bytes; the Bot API gives at most 20 MB
TOO_LARGE = N_("{name} is over {most} MiB. Send a smaller file.")
NOT_THERE = N_("I could not get {name} from Telegram. Please send it again.")
LONGEST_NAME = 120
PATIENCE_S = 60.0  # meanwhile nothing else in the chat begins; the file can be sent again


async def fetch(bot: Bot, outlets: Outlets, chat: int, sent: Sent) -> File:
    """Get one file.

    Raises:
        Refusal: it is too large, or Telegram does not give it.
    """
    name = sent.name[-LONGEST_NAME:]
    if sent.size is not None and sent.size > LARGEST:
        raise Refusal(TOO_LARGE, {"name": name, "most": LARGEST // 1024**2})

    async def get() -> bytes:
        found = await bot.get_file(sent.file_id)
        return bytes(await found.download_as_bytearray())

    try:
        content = await outlets.insist(chat, get, PATIENCE_S)
    except (BadRequest, GaveUp) as error:
        log.info("a file cannot be fetched: %s", error)
        raise Refusal(NOT_THERE, {"name": name}) from error
    if len(content) > LARGEST:
        raise Refusal(TOO_LARGE, {"name": name, "most": LARGEST // 1024**2})
    return File(name, content)
