"""Models that turn texts into vectors: Gemini's, and those of an OpenAI-compatible server.

Facts about the Gemini API: a request holds at most 100 texts, and each text counts as one request
towards the quota of a minute; vectors shorter than a model's own have to be brought to length 1;
models after `gemini-embedding-001` know no task types and want the task in words; several texts
stay apart only when each is a content of its own.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.tutoring.vectors import Task
from tutor.models.embedder import framed
from tutor.models.gemini import Gemini
from tutor.models.openai_compatible import OpenAICompatible, meant, refuse_errors
from tutor.models.protocol import Retryable
from tutor.models.transport import translated

if TYPE_CHECKING:
    from google.genai import types

DIMENSIONS = 768
_MOST = 30  # of the 100 that a free key may ask for in a minute
_TASKS: dict[Task, str] = {"passage": "RETRIEVAL_DOCUMENT", "question": "RETRIEVAL_QUERY"}
_WITH_TASKS = "gemini-embedding-001"


class GeminiEmbedder(Gemini):
    """One of Gemini's models; a `tutor.models.embedder.Embedder`."""

    most = _MOST

    async def embed(
        self, texts: Sequence[str], task: Task, *, timeout_s: float
    ) -> list[Sequence[float]]:
        """One vector of 768 values for each text; see `tutor.models.embedder.Embedder`."""
        from google.genai import types

        contents = [
            types.Content(parts=[types.Part(text=framed(self.model, text, task))]) for text in texts
        ]
        with translated(self._meant):
            client = await self._opened()
            answer = await client.aio.models.embed_content(
                model=self.model, contents=list(contents), config=self._wish(task, timeout_s)
            )
            vectors = [one.values or [] for one in answer.embeddings or []]
        if any(len(vector) != DIMENSIONS for vector in vectors):
            sizes = sorted({len(vector) for vector in vectors})
            raise Retryable(f"unreadable answer: vectors of sizes {sizes}, not {DIMENSIONS}")
        return list(vectors)

    def _wish(self, task: Task, timeout_s: float) -> "types.EmbedContentConfig":
        from google.genai import types

        return types.EmbedContentConfig(
            task_type=_TASKS[task] if self.model == _WITH_TASKS else None,
            output_dimensionality=DIMENSIONS,
            http_options=self._options(timeout_s),
        )


class ServerEmbedder(OpenAICompatible):
    """A model of an OpenAI-compatible server; a `tutor.models.embedder.Embedder`."""

    most = _MOST

    async def embed(
        self, texts: Sequence[str], task: Task, *, timeout_s: float
    ) -> list[Sequence[float]]:
        """One vector for each text, as long as the model makes them."""
        body = {
            "model": self.model,
            "input": [framed(self.model, text, task) for text in texts],
            "encoding_format": "float",
        }
        with translated(meant):
            async with (
                asyncio.timeout(timeout_s),
                self._opened().post(f"{self._url}/embeddings", json=body) as response,
            ):
                await refuse_errors(response)
                return _vectors(await response.json(content_type=None))


def _vectors(answer: object) -> list[Sequence[float]]:
    """In the order of the texts, which the server numbers.

    Raises:
        ValueError: the answer is of another form.
    """
    listed = answer.get("data") if isinstance(answer, dict) else None
    found: dict[int, Sequence[float]] = {}
    for place, entry in enumerate(listed if isinstance(listed, list) else []):
        vector = entry.get("embedding") if isinstance(entry, dict) else None
        index = entry.get("index", place) if isinstance(entry, dict) else place
        if not isinstance(vector, list) or not isinstance(index, int):
            raise ValueError("not a vector")
        found[index] = vector
    return [found[index] for index in sorted(found)]
