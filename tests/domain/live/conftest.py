"""A table for each test."""

import pytest

from domain.clock import ManualClock
from domain.database import Database
from tests.domain.live.seated import Table
from tests.domain.quizzes.seeding import make_course


@pytest.fixture
async def table(database: Database, clock: ManualClock) -> Table:
    return Table(database, await make_course(database), clock)
