"""Submissions are graded once, whoever dies or comes second."""

import asyncio
import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from domain import ids
from domain.challenges import grading, queries, running, service
from domain.clock import ManualClock, SystemClock
from domain.grading import Grader, Result, SandboxError
from domain.postgres import EmbeddedServer
from tests.domain.challenges.course import GOOD
from tests.domain.challenges.solving import COUNT, PROGRESS, STATUS, Solver
from tests.support.children import Process, Program


async def test_a_lost_claim_writes_nothing(solver: Solver) -> None:
    await solver.opens()
    submitted = await solver.hands_in(GOOD)
    async with solver.work() as conn:
        slow = await grading.claim(conn, submitted.attempt, solver.clock.now())
        assert slow is not None
        assert await grading.claim(conn, submitted.attempt, solver.clock.now()) is None
    solver.clock.advance(grading.LEASE + timedelta(seconds=1))
    result = await solver.grader.grade(slow.task, slow.files)
    assert await solver.graded(submitted.attempt) is not None
    async with solver.work() as conn:
        assert await grading.finish(conn, slow, result, solver.clock.now()) is None
    assert (await solver.row(PROGRESS)).total_attempts == 1
    assert len(await solver.ledger()) == 1


async def test_a_broken_sandbox_keeps_the_submission(solver: Solver) -> None:
    class Broken(Grader):
        async def grade(self, *_: object) -> Result:
            raise SandboxError("out of order")

    await solver.opens()
    submitted = await solver.hands_in(GOOD)
    with pytest.raises(SandboxError):
        await running.grade(solver.database, Broken(), solver.clock, submitted.attempt, solver.user)
    assert (await solver.row(STATUS, attempt=submitted.attempt)).status == "queued"
    solver.clock.advance(timedelta(minutes=1))
    done = await running.regrade_stale(solver.database, solver.grader, solver.clock)
    assert submitted.attempt in [one.attempt for one in done]


@pytest.mark.parametrize("when", ["queued", "running", "finishing"])
async def test_a_killed_process_loses_and_doubles_nothing(
    solver: Solver, server: EmbeddedServer, database_name: str, tmp_path: Path, when: str
) -> None:
    clock = SystemClock()
    attempt = ids.event_uuid7(clock.now(), "terminal", when)
    arguments = server.connect_arguments()
    given = [str(arguments["host"]), str(arguments["port"]), database_name, str(tmp_path)]
    given += [str(solver.user), str(solver.learner.identity_id), str(solver.known["two-fer"])]
    script = Path(__file__).parent / "submitting.py"
    program = Program("", [*given, str(attempt), when], os.environ, tmp_path, script)
    process = await Process.begin(program)
    said, _ = await process.communicate()
    assert process.returncode == -9
    assert said == b"handed in\n"
    before = await solver.row(STATUS, attempt=attempt)
    assert before.status == ("queued" if when == "queued" else "running")
    assert await solver.ledger() == []

    later = ManualClock(clock.now() + grading.LEASE + timedelta(seconds=1))
    done = await asyncio.gather(
        *(running.regrade_stale(solver.database, solver.grader, later) for _ in range(3))
    )
    assert [one.attempt for some in done for one in some if one.user_id == solver.user] == [attempt]
    after = await solver.attempt(attempt)
    assert (after.status, after.score) == ("passed", Decimal(100))
    row = await solver.row(PROGRESS)
    assert (row.total_attempts, row.status) == (1, "completed")
    assert (await solver.row(COUNT))[0] == 1
    assert await solver.ledger() == [(f"challenge:{solver.known['two-fer']}", 100)]


async def test_hundreds_of_submissions_at_once_are_counted_exactly(solver: Solver) -> None:
    await solver.opens()
    clock, work = solver.clock, solver.work
    async with work() as conn:
        found = await queries.challenge(conn, solver.user, solver.known["two-fer"])
    first = await solver.hands_in(GOOD)
    async with work() as conn:
        held = await grading.claim(conn, first.attempt, clock.now())
    assert held is not None
    result = await solver.grader.grade(held.task, held.files)
    async with work() as conn:
        await grading.finish(conn, held, result, clock.now())

    under_way = asyncio.Semaphore(100)  # many more than connections, and none waits for minutes

    async def once(number: int) -> None:
        async with under_way:
            await one(number)

    async def one(number: int) -> None:
        attempt = ids.event_uuid7(clock.now(), "terminal", f"many-{number}")
        for _ in range(1 + number % 2):  # every other event is delivered twice
            async with work() as conn:
                await service.submit(
                    conn, solver.learner, found, {"two_fer.py": GOOD}, attempt, clock.now()
                )
        async with work() as conn:
            claimed = await grading.claim(conn, attempt, clock.now())
            assert claimed is not None
            assert await grading.finish(conn, claimed, result, clock.now()) is not None

    await asyncio.gather(*(once(number) for number in range(299)))
    row = await solver.row(PROGRESS)
    assert row.total_attempts == (await solver.row(COUNT))[0] == 300
    assert (row.best_score, row.latest_score) == (100, 100)
    assert await solver.ledger() == [(f"challenge:{solver.known['two-fer']}", 100)]
