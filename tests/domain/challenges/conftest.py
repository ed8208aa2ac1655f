"""Somebody who may solve the challenges of a course."""

from pathlib import Path

import pytest

from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from tests.domain.challenges.course import join, prepare
from tests.domain.challenges.solving import Solver


@pytest.fixture
async def solver(
    database: Database,
    clock: ManualClock,
    grader: Grader,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Solver:
    known = await prepare(database, tmp_path)
    learner = await join(database, clock, request.node.name, known["course"])
    return Solver(database, clock, grader, learner, known)
