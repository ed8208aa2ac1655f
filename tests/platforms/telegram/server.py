"""A Bot API server for tests: the real client libraries talk to it unmodified.

It keeps Telegram's rules (`limits`), checks every request and every answer against Telegram's own
specification, and remembers in `violations` what a bot did wrong.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from aiohttp import web

from tests.platforms.telegram import limits, spec
from tests.platforms.telegram.flood import Flood
from tests.platforms.telegram.limits import Rates
from tests.platforms.telegram.people import People
from tests.platforms.telegram.reading import Reading
from tests.platforms.telegram.updates import Updates
from tests.platforms.telegram.webhook import Webhook
from tests.platforms.telegram.wire import ApiError, Object, bad, values_of
from tests.platforms.telegram.world import World
from tests.platforms.telegram.writing import Writing

TOKEN = "7000000001:AAloopback-loopback-loopback-loopba"
_SECRET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
Method = Callable[[Object], Any]


def _now() -> datetime:
    return datetime.now(UTC)


class LoopbackTelegram:
    """One bot's Telegram, on a port of this machine.

    Args:
        rates: how much the bot may send.
        now: the time of day on the platform.
        strict: check requests and answers against the specification, where it is kept.
        serial: see `World`; unset: of its own in this process.
        port: 0 for a free one.
    """

    def __init__(
        self,
        rates: Rates = limits.REAL,
        now: Callable[[], datetime] = _now,
        *,
        strict: bool = True,
        serial: int | None = None,
        port: int = 0,
    ) -> None:
        self.world = World(now, serial)
        self.violations: list[str] = []
        self.calls: Counter[str] = Counter()
        self.spec = spec.load() if strict else None
        self.flood = Flood(rates)
        self.updates = Updates(self._check_update, rates.speed)
        self.updates.next_id += 1_000_000 * self.world.serial
        self.writing = Writing(self.world, self.flood, rates.speed)
        self.people = People(self.world, self.updates, self.writing)
        self.webhook: Webhook | None = None
        self.is_down = False
        self.lost_answers: Counter[str] = Counter()
        self.token = TOKEN
        self._port = port
        self._chance = random.Random(0)  # noqa: S311
        self._reading = Reading(self.world)
        self._runner: web.AppRunner | None = None
        self._methods = self._table()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2 * limits.UPLOAD)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/documents/{key}/{name}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.webhook is not None:
            await self.webhook.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """What STOA_TELEGRAM_API_URL is set to."""
        return f"http://127.0.0.1:{self._port}"

    async def outage(self, seconds: float) -> None:
        """Be away for so many seconds of Telegram; people go on and what they do is kept."""
        self.is_down = True
        await asyncio.sleep(seconds / self.updates.speed)
        self.is_down = False

    def poison(self, chat: int) -> int:
        """Queue an update that no library can read: a message without its required fields."""
        checked, self.updates.check = self.updates.check, lambda _: None
        try:
            return self.updates.emit("message", {"chat": {"id": chat}}, f"chat {chat}")
        finally:
            self.updates.check = checked

    def _table(self) -> dict[str, Method]:
        reading, writing = self._reading, self.writing
        return {
            "getMe": lambda _: reading.me(),
            "getChat": reading.chat,
            "getChatMember": reading.member,
            "getChatAdministrators": reading.administrators,
            "getFile": reading.file,
            "setMyCommands": reading.set_commands,
            "getMyCommands": reading.commands,
            "deleteMyCommands": reading.delete_commands,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": lambda _: self._webhook_info(),
            "sendMessage": writing.send_message,
            "sendDocument": writing.send_document,
            "sendPhoto": writing.send_photo,
            "sendChatAction": writing.act,
            "editMessageText": writing.edit_text,
            "editMessageCaption": writing.edit_caption,
            "editMessageReplyMarkup": writing.edit_markup,
            "deleteMessage": writing.delete,
            "answerCallbackQuery": writing.answer_press,
        }

    async def _call(self, request: web.Request) -> web.Response:
        if self.is_down:
            return self._unreachable(request)
        method = self._name(request.match_info["method"])
        try:
            if request.match_info["token"] != self.token:
                raise ApiError(401, "Unauthorized")
            result = await self.call(method, await values_of(request))
        except ApiError as error:
            answer: Object = {
                "ok": False, "error_code": error.code, "description": error.description,
            }  # fmt: skip
            if error.parameters:
                answer["parameters"] = error.parameters
            return web.json_response(answer, status=error.code)
        if self.is_down or self.lost_answers[method] > 0:
            self.lost_answers[method] -= 1
            return self._unreachable(request)
        return web.json_response({"ok": True, "result": result})

    async def call(self, method: str, values: Object) -> object:
        """Do what a method does, and check both sides of it.

        Raises:
            ApiError: refused.
        """
        self.calls[method] += 1
        if method not in self._methods:
            self.violations.append(f"{method}: this server does not know it")
            raise ApiError(404, "Not Found: method not found")
        if self.spec is not None:
            self.violations += self.spec.faults_of_request(method, values)
        result = self._methods[method](values)
        if isinstance(result, Awaitable):
            result = await result
        if self.spec is not None and method != "getUpdates":
            self.violations += self.spec.faults_of_answer(method, result)
        if self.writing.ghosts:
            self.violations += [f"{method}: {fault}" for fault in self.writing.ghosts]
            self.writing.ghosts.clear()
        return result

    def _name(self, given: str) -> str:
        """Methods are called in any case [API: all methods are case-insensitive]."""
        lower = given.lower()
        return next((name for name in self._methods if name.lower() == lower), given)

    def _check_update(self, update: Object) -> None:
        if self.spec is not None:
            self.violations += [
                f"our own update: {fault}" for fault in self.spec.faults_of("Update", update)
            ]

    def _unreachable(self, request: web.Request) -> web.Response:
        """Half of the time nobody answers, half of the time a proxy before Telegram does."""
        if self._chance.random() < 0.5 and request.transport is not None:
            request.transport.close()
        return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>")

    async def _download(self, request: web.Request) -> web.Response:
        found = self.world.files.get(request.match_info["key"])
        if self.is_down:
            return self._unreachable(request)
        if request.match_info["token"] != self.token or found is None:
            return web.Response(status=404)
        assert unquote(request.match_info["name"]) == found[0]
        return web.Response(body=found[1], content_type="application/octet-stream")

    async def _get_updates(self, values: Object) -> list[Object]:
        if self.webhook is not None:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self.updates.allow(values.get("allowed_updates"))
        limit = min(limits.POLL_LIMIT, max(1, values.get("limit", limits.POLL_LIMIT)))
        timeout = min(limits.POLL_TIMEOUT, values.get("timeout", 0))
        return await self.updates.poll(values.get("offset", 0), limit, timeout)

    async def _set_webhook(self, values: Object) -> bool:
        url, secret = str(values["url"]), str(values.get("secret_token", ""))
        parts = urlsplit(url)
        # A Bot API server of one's own, in local mode, also takes http [SERVER README].
        if url and parts.scheme != "https" and parts.hostname != "127.0.0.1":
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if len(secret) > limits.SECRET or not _SECRET.issuperset(secret):
            raise bad("secret token contains unallowed characters")
        await self._delete_webhook(values)
        self.updates.allow(values.get("allowed_updates"))
        if url:
            self.webhook = Webhook(url, secret, values.get("max_connections", 40), self.updates)
            self.webhook.start()
        return True

    async def _delete_webhook(self, values: Object) -> bool:
        if self.webhook is not None:
            await self.webhook.stop()
            self.webhook = None
        if values.get("drop_pending_updates"):
            self.updates.pending.clear()
        return True

    def _webhook_info(self) -> Object:
        if self.webhook is not None:
            return self.webhook.seen()
        waiting = len(self.updates.pending)
        return {"url": "", "has_custom_certificate": False, "pending_update_count": waiting}
