"""The loopback model's vectors, in Google's and in OpenAI's form, and what can go wrong."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from aiohttp import web

from tests.platforms.gemini import answers
from tests.platforms.gemini.answers import Object
from tests.platforms.gemini.scenarios import Scenario
from tests.platforms.gemini.vectors import vector_of

EMBEDDINGS = ("gemini-embedding-001", "gemini-embedding-2")
MOST = 100  # texts of one request
Vectors = list[list[float]]


class VectorService:
    """Answers requests for vectors.

    Attributes:
        usual: what happens.
        plan: what happens to the next requests, one each.
        size: of vectors in OpenAI's form; in Google's the request says it.
    """

    def __init__(self) -> None:
        self.usual = Scenario()
        self.plan: deque[Scenario] = deque()
        self.size = 512

    def plans(self, *scenarios: Scenario) -> None:
        """What the next requests get, one each; after them the usual."""
        self.plan.extend(scenarios)

    async def google(self, model: str, body: Object) -> web.Response | None:
        """Vectors in Google's form; None: silence."""
        wanted: list[Object] = body.get("requests", [])
        if (fault := fault_of(wanted, model)) is not None:
            return answers.google_error(400, "INVALID_ARGUMENT", fault)
        vectors = [
            vector_of(text_of(one), int(one.get("outputDimensionality") or 3072)) for one in wanted
        ]

        def whole(vectors: Vectors) -> Object:
            return {"embeddings": [{"values": vector} for vector in vectors]}

        return await self._answer(answers.Google(body), vectors, whole)

    async def openai(self, body: Object) -> web.Response | None:
        """Vectors in OpenAI's form, the last one first: they are numbered; None: silence."""

        def whole(vectors: Vectors) -> Object:
            listed = [{"index": n, "embedding": vector} for n, vector in enumerate(vectors)]
            return {"object": "list", "data": listed[::-1]}

        vectors = [vector_of(text, self.size) for text in body["input"]]
        return await self._answer(answers.OpenAI(body), vectors, whole)

    async def _answer(
        self, form: answers.Form, vectors: Vectors, whole: Callable[[Vectors], Object]
    ) -> web.Response | None:
        scenario = self.plan.popleft() if self.plan else self.usual
        await asyncio.sleep(scenario.pause_s)
        match scenario.kind:
            case "hang":
                return None
            case "error":
                return form.error(scenario)
            case "html":
                return web.Response(text="<html>Proxy</html>", content_type="text/html")
            case "garbage":
                return web.Response(text='{"embeddings": [{"val', content_type="application/json")
            case "short_vectors":
                vectors = [vector[:-1] for vector in vectors]
            case "few_vectors":
                vectors = vectors[:-1]
            case "zero_vectors":
                vectors = [[0.0] * len(vector) for vector in vectors]
        return web.json_response(whole(vectors))


def fault_of(requests: Sequence[Object], model: str) -> str | None:
    """What the real service would find wrong with a request for vectors."""
    if not 1 <= len(requests) <= MOST:
        return "BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch"
    known = {"model", "content", "taskType", "title", "outputDimensionality"}
    for one in requests:
        if strange := set(one) - known:
            return f"Unknown name {min(strange)!r}"
        if "taskType" in one and model != EMBEDDINGS[0]:
            return "This model takes no task type."
        if not text_of(one):
            return "content is required"
    return None


def text_of(request: Object) -> str:
    """The text of one request for a vector."""
    parts: Sequence[Object] = request.get("content", {}).get("parts", [])
    return " ".join(str(part.get("text", "")) for part in parts)
