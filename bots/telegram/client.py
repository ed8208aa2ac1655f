"""The library's bot over our transport, with the one call that must not parse what it gets."""

import logging
from collections.abc import Mapping
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken

from bots.telegram.transport import AiohttpRequest
from domain.settings import ConfigurationError, Settings

API = "https://api.telegram.org"
MOST_UPDATES = 100  # what getUpdates gives at once
WRONG = (
    "STOA_TELEGRAM_TOKEN: Telegram does not know this token. Ask @BotFather for it with /mybots, "
    "API Token, and set it whole, such as 123456:ABC-DEF."
)


class StoaBot(Bot):
    """A bot that can give updates as they came, so that one that cannot be read harms no other.

    Args:
        token: the bot's.
        api: address of the Bot API, without a slash at its end.
        calls: makes the requests, except those that wait for updates.
    """

    def __init__(self, token: str, api: str = API, calls: AiohttpRequest | None = None) -> None:
        self._calls = calls or AiohttpRequest()
        super().__init__(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._calls,
            get_updates_request=AiohttpRequest(connections=2),
        )

    def __repr__(self) -> str:
        """The bot's number; the library would show the token."""
        return f"StoaBot[{self.token.partition(':')[0]}]"

    async def raw_updates(
        self, offset: int | None, kinds: tuple[str, ...], wait: int
    ) -> list[dict[str, Any]]:
        """Wait for updates, and let Telegram forget those below the offset.

        Args:
            offset: the number after the last update that is stored; None: whatever waits.
            kinds: the only kinds wanted.
            wait: seconds Telegram may wait for the first one.

        Raises:
            TelegramError: Telegram could not be reached, or refused.
        """
        wish: dict[str, Any] = {
            "timeout": wait,
            "limit": MOST_UPDATES,
            "allowed_updates": list(kinds),
        }
        if offset is not None:
            wish["offset"] = offset
        found = await self._post("getUpdates", wish, read_timeout=wait + 10.0)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    async def call(self, method: str, values: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
        """Call a method whose answer need not be read as objects, which takes longer than sending.

        Args:
            method: its name in the Bot API.
            values: its parameters, JSON; None stands for one that is left out.

        Raises:
            TelegramError: Telegram could not be reached, or refused.
        """
        return await self._calls.call(f"{self.base_url}/{method}", values)


def bot_for(settings: Settings) -> StoaBot:
    """The bot of these settings, not connected yet.

    Raises:
        ConfigurationError: there is no token, or it cannot be one.
    """
    if settings.telegram_token is None:
        raise ConfigurationError(
            "STOA_TELEGRAM_TOKEN is not set. @BotFather gives a token with /newbot."
        )
    logging.getLogger("telegram.Bot").setLevel(logging.INFO)  # below, it logs the token
    base = (settings.telegram_api_url or API).rstrip("/")
    try:
        return StoaBot(settings.telegram_token.get_secret_value(), base)
    except InvalidToken as error:
        raise ConfigurationError(WRONG) from error
