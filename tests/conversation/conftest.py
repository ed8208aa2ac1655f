"""A whole conversation over a real database: the router, a grader, and somebody who types."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.terminal.door import Door
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import Settings
from tests.support.conversation import Person
from tests.support.courses import teach


@pytest.fixture
async def grader() -> AsyncIterator[Grader]:
    """The real sandbox."""
    async with Grader() as running:
        yield running


@pytest.fixture
async def router(
    database: Database, clock: ManualClock, settings: Settings, grader: Grader
) -> Router:
    """A router over the module's database, with the sample course published."""
    await teach(database)
    return Router(Services(database, clock, settings, grader))


@pytest.fixture
def person(router: Router, clock: ManualClock, tmp_path: Path) -> Callable[[str], Person]:
    """Somebody at a terminal, by name."""
    return lambda name: Person(Door(router, clock, name, tmp_path / name))
