"""Updates that Telegram brings by itself: an HTTP listener that stores before it says 200.

Telegram brings an update again until it hears 200, so nothing is lost when this process is.
https://core.telegram.org/bots/api#setwebhook names the header and the ports (443, 80, 88, 8443 at
the public address; behind a proxy any port will do here).
"""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from telegram.error import TelegramError

from bots.listening import listening_on
from bots.telegram.client import StoaBot
from bots.telegram.raw import KINDS
from bots.telegram.receiving import Store
from domain.settings import ConfigurationError, Settings

log = logging.getLogger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 2 * 1024 * 1024  # bytes of one update; real ones have a few kilobytes
CONNECTIONS = 40  # that Telegram opens at the same time


class Batches:
    """Stores what several calls bring in one transaction: those that came during the last one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[dict[str, Any], asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def put(self, raw: dict[str, Any]) -> None:
        """Return once the update is committed.

        Raises:
            Exception: the database did not take it.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((raw, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        await done

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            error: Exception | None = None
            try:
                await self._store.put([raw for raw, _ in batch])
            except Exception as raised:  # noqa: BLE001 - each caller gets it
                error = raised
            for _, done in batch:
                if done.done():  # Telegram hung up
                    continue
                if error is None:
                    done.set_result(None)
                else:
                    done.set_exception(error)


def secret_of(settings: Settings) -> str:
    """The word that each call must carry: the configured one, or one made from the bot's token.

    The same in every process, and nobody can tell it without the token.
    """
    if settings.telegram_webhook_secret is not None:
        return settings.telegram_webhook_secret.get_secret_value()
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    return hmac.new(token.encode(), b"stoa telegram webhook", hashlib.sha256).hexdigest()


@asynccontextmanager
async def listening(settings: Settings, store: Store) -> AsyncIterator[None]:
    """Take calls on the configured address while the block runs.

    Raises:
        ConfigurationError: the address cannot be listened on.
    """
    secret = secret_of(settings).encode()
    batches = Batches(store)

    async def take(request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, secret):
            return web.Response(status=403)
        try:
            raw = json.loads(await request.read())
        except ValueError:
            return web.Response(status=400)
        if not isinstance(raw, dict):
            return web.Response(status=400)
        try:
            await batches.put(raw)
        except Exception:
            log.exception("an update could not be stored; Telegram brings it again")
            return web.Response(status=503)
        return web.Response()

    app = web.Application(client_max_size=LARGEST)
    path = urlsplit(settings.telegram_webhook_url or "").path or "/"
    app.router.add_post(path, take)
    address = settings.telegram_webhook_listen
    async with listening_on(app, address, "STOA_TELEGRAM_WEBHOOK_LISTEN"):
        yield


async def announce(bot: StoaBot, settings: Settings) -> None:
    """Tell Telegram where to bring updates.

    Raises:
        ConfigurationError: Telegram refuses the address.
        TelegramError: Telegram cannot be reached.
    """
    url = settings.telegram_webhook_url
    try:
        await bot.set_webhook(
            url or "",
            allowed_updates=list(KINDS),
            secret_token=secret_of(settings),
            max_connections=CONNECTIONS,
        )
    except TelegramError as error:
        if "webhook" not in error.message.lower():
            raise
        raise ConfigurationError(
            f"STOA_TELEGRAM_WEBHOOK_URL: Telegram refuses {url}: {error.message}"
        ) from error
