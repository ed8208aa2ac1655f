"""A Gemini for tests, on a port of this machine: the real SDK talks to it unmodified.

It speaks the wire format of the Gemini API (`:generateContent`, `:streamGenerateContent?alt=sse`,
`:countTokens`, `:batchEmbedContents`, `GET /models/...`) and, under `/openai/v1`, OpenAI's chat
completions and embeddings. What it answers is chosen by the test (`scenarios`), and every request
is kept with its body and headers.
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from tests.platforms.gemini import answers
from tests.platforms.gemini.embedding import EMBEDDINGS, VectorService
from tests.platforms.gemini.scenarios import BAD_KEY, Scenario

KEY = "AIzaLoopback-loopback-loopback-loopback0"
MODEL = "gemini-3.8-flash"
SMALL = "gemini-3.5-flash-lite"
ALIAS = "gemini-flash-latest"  # of the older version of the API only
Object = dict[str, Any]


@dataclass(slots=True)
class Recorded:
    """One request as it came.

    Args:
        method: the word after the model's name, such as "streamGenerateContent".
        model: its name.
        body: of the request.
        headers: of the request, with lower-case names.
        version: of Gemini's API; "" in OpenAI's form.
        is_closed: whether the client went away before the answer was whole.
    """

    method: str
    model: str
    body: Object
    headers: dict[str, str]
    version: str
    is_closed: bool = field(default=False)

    @property
    def text(self) -> str:
        """Everything that was sent, in one string."""
        return json.dumps(self.body, ensure_ascii=False)


class LoopbackGemini:
    """One service with two models.

    Args:
        port: 0 for a free one.
    """

    def __init__(self, port: int = 0) -> None:
        self.usual = Scenario()
        self.plan: deque[Scenario] = deque()
        self.vectors = VectorService()
        self.requests: list[Recorded] = []
        self.models = {MODEL, SMALL, ALIAS, *EMBEDDINGS}
        self._port = port
        self._runner: web.AppRunner | None = None
        self._closing = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**24)
        app.router.add_get(r"/{version:v1|v1beta}/models/{model}", self._describe)
        app.router.add_post(r"/{version:v1|v1beta}/models/{model}:{method}", self._call)
        app.router.add_post("/openai/v1/chat/completions", self._chat)
        app.router.add_post("/openai/v1/embeddings", self._openai_embed)
        app.router.add_get("/openai/v1/models", self._list)
        app.router.add_post("/_plan", self._take_plan)
        app.router.add_get("/_requests", self._tell_requests)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """What STOA_GEMINI_API_URL is set to."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def openai_url(self) -> str:
        """What STOA_TUTOR_SERVER_URL is set to."""
        return f"{self.url}/openai/v1"

    @property
    def asked(self) -> list[Recorded]:
        """The requests for an answer, in order."""
        wanted = {"generateContent", "streamGenerateContent", "chat"}
        return [request for request in self.requests if request.method in wanted]

    @property
    def embedded(self) -> list[Recorded]:
        """The requests for vectors, in order."""
        return [one for one in self.requests if one.method in {"batchEmbedContents", "embeddings"}]

    def plans(self, *scenarios: Scenario) -> None:
        """What the next requests get, one each; after them the usual answer."""
        self.plan.extend(scenarios)

    async def _take_plan(self, request: web.Request) -> web.Response:
        self.plan.extend(Scenario(**one) for one in await request.json())
        return web.json_response({"planned": len(self.plan)})

    async def _tell_requests(self, request: web.Request) -> web.Response:
        told = [
            {"method": r.method, "model": r.model, "body": r.body, "is_closed": r.is_closed}
            for r in self.requests
        ]
        return web.json_response(told)

    def _recorded(self, request: web.Request, method: str, model: str, body: Object) -> Recorded:
        headers = {name.lower(): value for name, value in request.headers.items()}
        version = request.match_info.get("version", "")
        found = Recorded(method, model, body, headers, version)
        self.requests.append(found)
        return found

    async def _describe(self, request: web.Request) -> web.Response:
        model = request.match_info["model"]
        self._recorded(request, "get", model, {})
        if (refusal := self._refusal(request, model)) is not None:
            return refusal
        return web.json_response({"name": f"models/{model}", "displayName": f"The {model}"})

    def _refusal(self, request: web.Request, model: str) -> web.Response | None:
        key = request.headers.get("x-goog-api-key")
        if key is None:
            return answers.google_error(403, "PERMISSION_DENIED", "Unregistered callers.")
        if key != KEY:
            return answers.google_error(
                BAD_KEY.status, BAD_KEY.reason, BAD_KEY.message, info="API_KEY_INVALID"
            )
        version = request.match_info["version"]
        if model not in self.models or (version == "v1" and model.endswith("-latest")):
            words = f"models/{model} is not found for API version {version}."
            return answers.google_error(404, "NOT_FOUND", words)
        return None

    async def _call(self, request: web.Request) -> web.StreamResponse:
        model, method = request.match_info["model"], request.match_info["method"]
        body = await request.json()
        kept = self._recorded(request, method, model, body)
        if (refusal := self._refusal(request, model)) is not None:
            return refusal
        match method:
            case "countTokens":
                return web.json_response({"totalTokens": tokens_of(body.get("contents", []))})
            case "batchEmbedContents":
                return await self._silenced(kept, self.vectors.google(model, body))
            case "generateContent" | "streamGenerateContent":
                if (fault := fault_of(body)) is not None:
                    return answers.google_error(400, "INVALID_ARGUMENT", fault)
                form = answers.Google(body, is_streamed=method == "streamGenerateContent")
                return await self._answer(request, kept, form)
        return answers.google_error(404, "NOT_FOUND", f"no method {method}")

    async def _openai_embed(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        kept = self._recorded(request, "embeddings", str(body.get("model")), body)
        if (refusal := self._openai_refusal(request, body.get("model"))) is not None:
            return refusal
        return await self._silenced(kept, self.vectors.openai(body))

    async def _silenced(
        self, kept: Recorded, answer: Awaitable[web.Response | None]
    ) -> web.StreamResponse:
        """An answer; None stands for silence until the client goes away."""
        try:
            found = await answer
            if found is None:
                await self._silence()
            return found or web.Response()
        except (ConnectionResetError, asyncio.CancelledError):
            kept.is_closed = True
            raise

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        kept = self._recorded(request, "chat", str(body.get("model")), body)
        if (refusal := self._openai_refusal(request, body.get("model"))) is not None:
            return refusal
        return await self._answer(request, kept, answers.OpenAI(body))

    def _openai_refusal(self, request: web.Request, model: object) -> web.Response | None:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return answers.openai_error(401, "Incorrect API key provided.")
        if model not in self.models:
            return answers.openai_error(404, f"model '{model}' not found")
        return None

    async def _list(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return answers.openai_error(401, "Incorrect API key provided.")
        return web.json_response({"data": [{"id": model} for model in sorted(self.models)]})

    async def _answer(
        self, request: web.Request, kept: Recorded, form: answers.Form
    ) -> web.StreamResponse:
        scenario = self.plan.popleft() if self.plan else self.usual
        try:
            if scenario.kind == "hang":
                await self._silence()
            if scenario.kind == "error":
                return form.error(scenario)
            if scenario.kind == "html":
                page = "<!doctype html>\n<html><h1>Proxy</h1>{ }</html>"
                return web.Response(text=page, status=scenario.status, content_type="text/html")
            if scenario.kind == "redirect":
                return web.Response(status=307, headers={"Location": scenario.location})
            if not form.is_streamed:
                return web.json_response(form.whole(scenario))
            return await self._stream(request, scenario, form)
        except (ConnectionResetError, asyncio.CancelledError):
            kept.is_closed = True
            raise

    async def _stream(
        self, request: web.Request, scenario: Scenario, form: answers.Form
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for number, event in enumerate(form.events(scenario)):
            if number and scenario.pause_s:
                await asyncio.sleep(scenario.pause_s)
            await response.write(event)
        if scenario.kind == "stall":
            await self._silence(response)
        if scenario.kind == "cut" and request.transport is not None:
            request.transport.abort()
        return response

    async def _silence(self, response: web.StreamResponse | None = None) -> None:
        """Say nothing until the client goes away or the server stops."""
        await self._closing.wait()
        raise ConnectionResetError


def tokens_of(contents: object) -> int:
    """About a token for every four characters of text."""
    return len(json.dumps(contents)) // 4


def fault_of(body: Object) -> str | None:
    """What the real service would find wrong with a request for an answer."""
    known = {"contents", "systemInstruction", "generationConfig", "safetySettings", "tools"}
    if strange := set(body) - known:
        return f"Unknown name {min(strange)!r}"
    contents = body.get("contents")
    if not isinstance(contents, list) or not contents:
        return "contents is not specified"
    for content in contents:
        if content.get("role") not in {"user", "model"} or not content.get("parts"):
            return "Please use a valid role: user, model."
        if any(not part.get("text") for part in content["parts"]):
            return "parts must have text here"
    thinking = body.get("generationConfig", {}).get("thinkingConfig", {})
    if len(thinking) > 1:  # the API takes camel and snake case, and the SDK sends both
        return "Only one of thinkingBudget and thinkingLevel may be set."
    return None
