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
from tests.conversation.coding import Coder
from tests.domain.challenges.course import join, prepare
from tests.platforms.gemini.server import LoopbackGemini
from tests.support.conversation import Person
from tests.support.courses import teach
from tests.support.with_model import Learn, learners, with_model


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


@pytest.fixture
async def coder(
    database: Database,
    clock: ManualClock,
    settings: Settings,
    grader: Grader,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Coder:
    known = await prepare(database, tmp_path)
    name = request.node.name
    await join(database, clock, name, known["course"])
    router = Router(Services(database, clock, settings, grader))
    return Coder(Door(router, clock, name, tmp_path / "files"))


@pytest.fixture
async def gemini() -> AsyncIterator[LoopbackGemini]:
    """A model service on a port of this machine."""
    async with LoopbackGemini() as server:
        yield server


@pytest.fixture
async def tutored(
    database: Database,
    clock: ManualClock,
    settings: Settings,
    grader: Grader,
    gemini: LoopbackGemini,
) -> AsyncIterator[Services]:
    """What lives as long as a process, with that model."""
    async with with_model(Services(database, clock, settings, grader), gemini) as found:
        yield found


@pytest.fixture
async def learn(tutored: Services, database: Database, tmp_path: Path) -> Learn:
    """Learners by name, each with a program that fails."""
    return await learners(tutored, database, tmp_path)
