"""Groups that play on a real database, each with a wall and a director of its own."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.live.director import Director
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import Settings
from domain.sql import sql
from tests.live.table import Group, Wall


@pytest.fixture
async def group(
    database: Database, clock: ManualClock, settings: Settings, grader: Grader
) -> Callable[..., Group]:
    router = Router(Services(database, clock, settings, grader), receipts=True)
    async with database.worker_unit_of_work() as conn:  # a director takes whatever is left over
        await conn.execute(sql("DELETE FROM live_rounds"))

    def make(chat: str = "", wall: Wall | None = None) -> Group:
        kept = wall or Wall()
        director = Director(database, clock, {"terminal": kept})
        return Group(router, database, clock, kept, director, chat or f"chat-{uuid4().hex[:8]}")

    return make


@pytest.fixture
async def grader() -> Grader:
    """Nothing is graded here, so none is started."""
    return Grader()
