"""Telegram's numbers, each with the document that names it.

[API] core.telegram.org/bots/api, [FAQ] core.telegram.org/bots/faq, [FEATURES]
core.telegram.org/bots/features, [SERVER] github.com/tdlib/telegram-bot-api, [PTB] the constants
that python-telegram-bot collects from Telegram's clients and documents.
"""

from dataclasses import dataclass, replace
from typing import Self

TEXT = 4096  # UTF-16 units after entities were parsed [API sendMessage]
CAPTION = 1024  # the same [API sendDocument]
ENTITIES = 100  # further ones are ignored [PTB MessageLimit.MESSAGE_ENTITIES]
CALLBACK_DATA = 64  # bytes [API InlineKeyboardButton]
BUTTONS_PER_ROW = 8  # [PTB InlineKeyboardMarkupLimit]
BUTTONS = 100  # [PTB InlineKeyboardMarkupLimit]
PLACEHOLDER = 64  # characters [API ForceReply]
NOTICE = 200  # characters [API answerCallbackQuery]
CALLBACK_LIFE = 150.0  # seconds until a press that nobody fetched is forgotten [SERVER Client.cpp]
POLL_LIMIT = 100  # updates in one answer [API getUpdates]
POLL_TIMEOUT = 50  # seconds of a long poll [SERVER Client.h]
DOWNLOAD = 20 * 1024 * 1024  # bytes [FAQ: How do I download files?]
UPLOAD = 50 * 1024 * 1024  # bytes [FAQ: How do I upload a large file?]
PHOTO = 10 * 1024 * 1024  # bytes [API sendPhoto]
COMMANDS = 100  # in one list [API setMyCommands]
SECRET = 256  # characters of a webhook's secret token [API setWebhook]
DELETABLE = 48 * 3600  # seconds of age [API deleteMessage]


@dataclass(frozen=True, slots=True)
class Rates:
    """How much may be sent [FAQ: My bot is hitting limits].

    Telegram speaks of short bursts without a number: `burst` is this server's reading.

    Args:
        chat: messages a second into one chat.
        burst: messages at once into one chat that was quiet.
        group: messages a minute into one group.
        overall: messages a second into all chats together.
        speed: how many seconds of Telegram pass in one second here.
    """

    chat: float = 1.0
    burst: int = 5
    group: float = 20.0
    overall: float = 30.0
    speed: float = 1.0

    def faster(self, speed: float) -> Self:
        """The same limits in a world whose time runs faster."""
        return replace(self, speed=speed)


REAL = Rates()
UNLIMITED = Rates(chat=1e9, burst=1_000_000, group=1e9, overall=1e9)
