"""The tutor's models in a process, and the questions that a killed process left."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from domain.clock import Clock
from domain.database import Database
from domain.settings import Settings
from domain.tutoring import log
from domain.tutoring.destinations import destinations
from tutor.writing import Streams


@asynccontextmanager
async def models_of(settings: Settings) -> AsyncIterator[Streams | None]:
    """The configured models, closed at the end; None where none is configured."""
    if not destinations(settings):
        yield None
        return
    from tutor.models.router import Models  # its libraries take a quarter of a second

    models = Models.from_settings(settings)
    try:
        yield models
    finally:
        await models.close()


async def close_question(database: Database, clock: Clock, question: UUID) -> bool:
    """Log that a question has failed when its lease ended; whether it had."""
    async with database.worker_unit_of_work() as conn:
        return await log.abandon(conn, question, clock.now())
