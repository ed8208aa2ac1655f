"""Texts as vectors, for finding passages by meaning: one model, its breaker and its deadlines.

Nothing waits for it long. A question that is not a vector in a second and a half is searched by its
words alone; passages become vectors in the background, and until then they are found by words.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Self

from domain.settings import Settings
from domain.tutoring.destinations import searcher
from domain.tutoring.vectors import Asked, Task, normalised
from tutor.models.breaker import Breaker
from tutor.models.embedder import Embedder
from tutor.models.protocol import Retryable
from tutor.redaction import redact

QUESTION_S = 1.5  # a learner waits for it
PASSAGES_S = 20.0
LONGEST = 6_000  # characters of one text; Gemini reads 2,048 tokens of it
_CHARACTERS_A_TOKEN = 4


class TooSlow(Retryable):
    """The service took longer than it may; with fewer texts at once it might not."""


class Embeddings:
    """The configured model behind one door. It lives as long as the process."""

    def __init__(
        self,
        embedder: Embedder,
        *,
        question_s: float = QUESTION_S,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is opened yet.

        Args:
            embedder: the model.
            question_s: how long a question may take.
            now: seconds of a monotonic clock, for the breaker.
        """
        self._embedder = embedder
        self._question_s = question_s
        self._now = now
        self._breaker = Breaker()

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        *,
        question_s: float = QUESTION_S,
        now: Callable[[], float] = time.monotonic,
    ) -> Self | None:
        """The model that the settings name; None where passages are found by words alone."""
        from tutor.models.configured import embedder  # here: its libraries are slow to import

        destination = searcher(settings)
        if destination is None:
            return None
        return cls(embedder(settings, destination), question_s=question_s, now=now)

    @property
    def name(self) -> str:
        """The key of the service; a learner's words go there only with their consent."""
        return self._embedder.name

    @property
    def model(self) -> str:
        """What vectors are known by; those of another model cannot be compared with them."""
        return self._embedder.model

    @property
    def most(self) -> int:
        """How many passages `passages` takes at once."""
        return self._embedder.most

    @property
    def broken(self) -> str:
        """Why it is not asked again until the restart; "" when it is."""
        return self._breaker.broken

    @staticmethod
    def tokens(text: str) -> int:
        """About how many tokens a question takes; services do not tell."""
        return -(-len(text[:LONGEST]) // _CHARACTERS_A_TOKEN)

    async def question(self, text: str) -> Asked:
        """A learner's question as a vector. Keys and addresses are taken out before it leaves.

        Raises:
            ModelError: it did not become one in time; the message is for the log and holds nothing
                of the learner.
        """
        sent = redact(text).text
        (vector,) = await self._tried([sent], "question", self._question_s)
        return Asked(self.model, vector)

    async def passages(self, texts: Sequence[str], task: Task) -> list[tuple[float, ...]]:
        """Texts of the course, or of Stoa's own, as vectors: at most `most`.

        Raises:
            ModelError: they did not become vectors.
        """
        return await self._tried(texts, task, PASSAGES_S)

    async def close(self) -> None:
        """Close all connections."""
        await self._embedder.close()

    async def _tried(
        self, texts: Sequence[str], task: Task, whole_s: float
    ) -> list[tuple[float, ...]]:
        """Ask; once more, at once, where the service said that this may help."""
        end = asyncio.get_running_loop().time() + whole_s
        try:
            return await self._asked(texts, task, end)
        except Retryable as error:
            if error.after is None or error.after:
                raise
        return await self._asked(texts, task, end)

    async def _asked(self, texts: Sequence[str], task: Task, end: float) -> list[tuple[float, ...]]:
        if not self._breaker.admit(self._now()):
            raise Retryable(f"{self.model} rests: {self._breaker.broken or 'fault'}")
        left = end - asyncio.get_running_loop().time()
        sent = [text[:LONGEST] for text in texts]
        with self._breaker.watching(self._now):
            try:
                async with asyncio.timeout_at(end):
                    found = await self._embedder.embed(sent, task, timeout_s=left)
            except TimeoutError:
                raise TooSlow("no answer in time") from None
            return _checked(found, len(texts))


def _checked(vectors: Sequence[Sequence[float]], number: int) -> list[tuple[float, ...]]:
    """Vectors of length 1, as many as asked for and all of one size.

    Raises:
        Retryable: they are not.
    """
    sizes = {len(vector) for vector in vectors}
    if len(vectors) != number or len(sizes) != 1:
        raise Retryable(f"unreadable answer: {len(vectors)} vectors of sizes {sorted(sizes)}")
    try:
        return [normalised(vector) for vector in vectors]
    except (ValueError, TypeError, OverflowError):
        raise Retryable("unreadable answer: not a vector") from None
