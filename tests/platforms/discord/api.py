"""The REST side of the loopback: who may ask, how often, in which form, and what is answered."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from tests.platforms.discord import errors, limits, spec
from tests.platforms.discord.errors import ApiError, Json
from tests.platforms.discord.limiter import Limiter
from tests.platforms.discord.messages import Files, mentions_everyone
from tests.platforms.discord.world import World

PREFIX = "/api/v10"
_AGENT = re.compile(r"DiscordBot \(\S+?,? \S+\)")  # reference: User Agent
_INTERACTION = re.compile(r"/(interactions|webhooks)/")
_MAJOR = re.compile(r"/(channels|guilds|webhooks|interactions)/(\d+)(?:/([^/]+))?")


@dataclass(slots=True)
class Call:
    """One request that was let through."""

    method: str
    path: str
    query: dict[str, str]
    body: Json
    files: Files
    tree: list[Json] = field(default_factory=list)  # a body that is a list
    parts: dict[str, str] = field(default_factory=dict)  # of the path

    def number(self, name: str) -> int:
        """An id of the path.

        Raises:
            ApiError: it is none.
        """
        if not self.parts[name].isdecimal():
            raise ApiError(400, 50035, "Invalid Form Body")
        return int(self.parts[name])


Answer = tuple[int, object]  # status and JSON (None for 204)
Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(slots=True)
class Trouble:
    """What a test makes go wrong: answers by status for requests whose path matches."""

    pattern: re.Pattern[str]
    status: int
    left: int  # times; -1: always
    after: bool = False  # the request takes effect, and only its answer is lost
    method: str = ""


class Api:
    """Answers requests.

    Args:
        world: what there is.
        limiter: how often.
    """

    def __init__(self, world: World, limiter: Limiter) -> None:
        self.world, self.limiter = world, limiter
        self.calls: list[Call] = []
        self.keeps_calls = True
        self.judges = True
        self.violations: list[str] = []
        self.refusals: list[ApiError] = []
        self.troubles: list[Trouble] = []
        self.is_down = False
        self._routes: list[tuple[str, re.Pattern[str], str, Handler]] = []

    def route(self, method: str, template: str, handler: Handler) -> None:
        """Let a handler answer a method and a path such as "/channels/{channel}"."""
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))
        self._routes.append((method, pattern, template, handler))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One request, from whoever comes."""
        if self.is_down:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=503)
        path = request.path.removeprefix(PREFIX)
        trouble = self._trouble(request.method, path)
        if trouble is not None and not trouble.after:
            return web.Response(status=trouble.status, text="upstream connect error")
        found = self._find(request.method, path)
        if found is None:
            self.violations.append(f"{request.method} {path}: the loopback has no such route")
            return _answer(404, {"message": "404: Not Found", "code": 0}, {})
        template, handler, parts = found
        is_exempt = bool(_INTERACTION.match(path))
        verdict = self.limiter.count(
            f"{request.method} {template}", _major(path), is_exempt=is_exempt
        )
        if verdict.retry_after:
            return _answer(429, verdict.body, verdict.headers)
        try:
            self._know(request, is_exempt=is_exempt)
            call = await self._read(request, path)
            call.parts = parts
            status, body = await handler(call)
        except ApiError as error:
            self.refusals.append(error)
            status, body = error.status, error.body
        if self.judges and (wrong := spec.judge_answer(request.method, path, status, body)):
            self.violations.append(f"the loopback itself: {wrong}")
        if trouble is not None:
            return web.Response(status=trouble.status, text="upstream connect error")
        return _answer(status, body, verdict.headers)

    def _find(self, method: str, path: str) -> tuple[str, Handler, dict[str, str]] | None:
        for known, pattern, template, handler in self._routes:
            if known == method and (match := pattern.fullmatch(path)):
                return template, handler, match.groupdict()
        return None

    def _trouble(self, method: str, path: str) -> Trouble | None:
        for one in self.troubles:
            if one.left and one.pattern.search(path) and one.method in ("", method):
                one.left -= one.left > 0
                return one
        return None

    def _know(self, request: web.Request, *, is_exempt: bool) -> None:
        if is_exempt:  # their token is in the path
            return
        if not _AGENT.match(request.headers.get("User-Agent", "")):
            raise ApiError(403, 40333, "internal network error")
        if request.headers.get("Authorization") != f"Bot {self.world.token}":
            raise errors.unauthorized()

    async def _read(self, request: web.Request, path: str) -> Call:
        body: object = None
        files: Files = {}
        is_form = request.content_type.startswith("multipart/")
        if (request.content_length or 0) > limits.REQUEST_BYTES:
            raise errors.too_large()
        if is_form:
            body, files = await _form(request)
        elif request.can_read_body:
            if request.content_type != "application/json":
                raise ApiError(400, 50035, f"Not JSON but {request.content_type}")
            body = await request.json()
        if self.judges:
            wrong = spec.judge_request(request.method, path, body, multipart=is_form)
            if wrong:
                self.violations.append(wrong)
        given = body if isinstance(body, dict) else {}
        tree = body if isinstance(body, list) else []
        for one in (given, given.get("data") or {}):
            if isinstance(one, dict) and mentions_everyone(one):
                self.violations.append(f"{request.method} {path}: @everyone would be pinged")
        call = Call(request.method, path, dict(request.query), given, files, tree)
        if self.keeps_calls:
            self.calls.append(call)
        return call


async def _form(request: web.Request) -> tuple[object, Files]:
    body: object = None
    files: Files = {}
    reader = await request.multipart()
    async for part in reader:
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "payload_json":
            body = json.loads(await part.text())
        elif part.name and (match := re.fullmatch(r"files\[(\d+)\]", part.name)):
            files[int(match[1])] = (part.filename or "unknown", bytes(await part.read()))
        else:
            raise ApiError(400, 50035, f"Not a part of a form: {part.name}")
    return body, files


def _major(path: str) -> str:
    found = _MAJOR.match(path)
    return "" if found is None else ":".join(part or "" for part in found.groups())


def _answer(status: int, body: object, headers: dict[str, str]) -> web.Response:
    if body is None:
        return web.Response(status=status, headers=headers)
    # Exactly this type, without a charset, as Discord writes it and as clients compare it.
    return web.Response(
        status=status,
        body=json.dumps(body, separators=(",", ":")).encode(),
        headers={**headers, "Content-Type": "application/json"},
    )
