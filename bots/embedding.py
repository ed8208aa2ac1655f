"""Turns passages of published courses into vectors, a few each minute, so that meaning finds them.

What is missing is read from the database, turned into vectors, and kept, request by request. A
process that is killed loses one request; the next minute goes on where it was. Nothing waits for
this: until a passage has its vector, its words find it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from domain.clock import Clock
from domain.database import Database
from domain.settings import Settings
from domain.tutoring import vectors_kept
from domain.tutoring.destinations import searcher
from domain.tutoring.vectors_kept import Missing
from tutor.models.embedding import Embeddings, TooSlow
from tutor.models.protocol import ModelError, Rejected

log = logging.getLogger(__name__)

# A free key of Gemini may ask for 100 texts in a minute; learners' questions need some of them.
IN_A_MINUTE = 60
RUN_S = 35.0  # then a request is not begun any more, so that runs of two minutes do not meet


@asynccontextmanager
async def embeddings_of(settings: Settings) -> AsyncIterator[Embeddings | None]:
    """The configured model for vectors, closed at the end; None where none is configured."""
    found = Embeddings.from_settings(settings) if searcher(settings) is not None else None
    try:
        yield found
    finally:
        if found is not None:
            await found.close()


class VectorKeeper:
    """Fills what is missing.

    Args:
        database: shared with all other workers.
        clock: says when a vector was made.
        embeddings: the model.
        in_a_minute: texts of one run.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        embeddings: Embeddings,
        *,
        in_a_minute: int = IN_A_MINUTE,
    ) -> None:
        self._database = database
        self._clock = clock
        self._embeddings = embeddings
        self._in_a_minute = in_a_minute
        self._refused: set[str] = set()  # digests of texts that the service does not take
        self._most = embeddings.most  # texts of one request; fewer for a service that is slow
        self._singly = 0  # so many texts are asked for one by one, to find the one that it refuses
        self._told = ""

    async def fill(self) -> Mapping[str, object]:
        """One run; how many vectors were made, and how many passages still wait for theirs."""
        end = asyncio.get_running_loop().time() + RUN_S
        tried, made, fault = 0, 0, ""
        while tried < self._in_a_minute and asyncio.get_running_loop().time() < end:
            texts = await self._missing(min(self._most, self._in_a_minute - tried))
            if not texts:
                break
            tried += len(texts)
            try:
                made += await self._make(texts)
            except Rejected as error:
                self._refuse(texts, error)
            except ModelError as error:
                if isinstance(error, TooSlow):
                    self._most = max(self._most // 2, 1)
                fault = str(error)
                break
        return await self._tell(made, fault)

    async def prune(self) -> int:
        """Delete vectors that nothing needs any more; how many."""
        async with self._database.worker_unit_of_work() as conn:
            return await vectors_kept.prune(conn, self._embeddings.model, self._clock.now())

    async def _missing(self, most: int) -> list[Missing]:
        limit = 1 if self._singly else most
        async with self._database.worker_unit_of_work() as conn:
            return await vectors_kept.missing(
                conn, self._embeddings.model, limit, sorted(self._refused)
            )

    async def _make(self, texts: list[Missing]) -> int:
        vectors = await self._embeddings.passages([one.text for one in texts], texts[0].task)
        async with self._database.worker_unit_of_work() as conn:
            await vectors_kept.keep(conn, self._embeddings.model, texts, vectors, self._clock.now())
        self._singly = max(self._singly - 1, 0)
        return len(texts)

    def _refuse(self, texts: list[Missing], error: Rejected) -> None:
        """Leave out the text that the service does not take, so that the others get through."""
        if len(texts) > 1:
            self._singly = len(texts)
            return
        self._singly = max(self._singly - 1, 0)
        self._refused.add(texts[0].digest)
        log.warning("%s refuses a passage, which words find: %s", self._embeddings.model, error)

    async def _tell(self, made: int, fault: str) -> Mapping[str, object]:
        model = self._embeddings.model
        async with self._database.worker_unit_of_work() as conn:
            now = await vectors_kept.progress(conn, model)
        if made:
            log.info(
                "%d of %d passages can be found by meaning (%s)", now.ready, now.passages, model
            )
        if fault and fault != self._told:
            log.warning("passages get no vectors at the moment: %s", fault)
        self._told = fault
        left = now.passages - now.ready
        return {"vectors": made, **({"unready": left} if left and (made or fault) else {})}
