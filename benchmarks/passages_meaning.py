"""Vectors for the benchmark of passages: of all passages and all questions, from a real service.

A free key may ask for 100 texts in a minute, so that this takes minutes. Refusals are waited for.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from statistics import median

from bots.embedding import VectorKeeper
from domain.clock import SystemClock
from domain.database import Database
from domain.tutoring import vectors_kept
from domain.tutoring.vectors import Asked
from tutor.models.embedding import Embeddings
from tutor.models.protocol import Misconfigured, ModelError

PAUSE_S = 15.0
PATIENCE_S = 60.0  # for one question; learners have 1.5 s
AT_ONCE = 500

Say = Callable[[str], None]


async def fill(database: Database, embeddings: Embeddings, say: Say) -> None:
    """Make the vectors of all passages, however long the service takes.

    Raises:
        ModelError: the service will not answer, whatever is waited.
    """
    keeper = VectorKeeper(database, SystemClock(), embeddings, in_a_minute=AT_ONCE)
    while True:
        made = (await keeper.fill())["vectors"]
        async with database.worker_unit_of_work() as conn:
            now = await vectors_kept.progress(conn, embeddings.model)
        say(f"{now.ready} of {now.passages} passages have their vector")
        if embeddings.broken:
            raise Misconfigured(embeddings.broken)
        if now.ready == now.passages:
            return
        if not made:
            await asyncio.sleep(PAUSE_S)


async def ask_all(embeddings: Embeddings, texts: Sequence[str], say: Say) -> dict[str, Asked]:
    """Make the vectors of all questions.

    Raises:
        ModelError: the service will not answer, whatever is waited.
    """
    found: dict[str, Asked] = {}
    seconds: list[float] = []
    while len(found) < len(texts):
        text = texts[len(found)]
        begin = time.perf_counter()
        try:
            found[text] = await embeddings.question(text)
        except ModelError:
            if embeddings.broken:
                raise
            say(f"{len(found)} of {len(texts)} questions; the service wants to rest")
            await asyncio.sleep(PAUSE_S)
        else:
            seconds.append(time.perf_counter() - begin)
    say(f"a question became a vector in {1000 * median(seconds):.0f} ms (median)")
    return found
