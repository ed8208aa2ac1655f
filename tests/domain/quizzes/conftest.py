"""A course with quizzes, and somebody who takes them."""

import pytest

from domain.clock import ManualClock
from domain.database import Database
from tests.domain.quizzes.seeding import Course, make_course
from tests.domain.quizzes.taking import Taker


@pytest.fixture
async def course(database: Database) -> Course:
    return await make_course(database)


@pytest.fixture
async def taker(course: Course, clock: ManualClock) -> Taker:
    return Taker(course.database, await course.learner(f"ada-{course.slug}"), clock)
