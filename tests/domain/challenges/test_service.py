"""Handing in, grading and hints on a real database and the real sandbox."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, TextClause
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.challenges import attempts, grading, queries, rules, running, service
from domain.challenges.grading import Graded
from domain.clock import ManualClock, SystemClock
from domain.database import Database
from domain.errors import NotFound, Refusal
from domain.grading import Grader, Result, SandboxError
from domain.identity.rules import Learner
from domain.postgres import EmbeddedServer
from domain.sql import sql
from tests.domain.challenges.course import GOOD, HALF, WRONG, join, prepare
from tests.support.children import Process, Program

_PROGRESS = sql("""
    SELECT status, best_score, latest_score, total_attempts, first_completed_at, last_attempt_at
    FROM user_progress WHERE user_id = :learner AND component_id = :challenge
""")
_COUNT = sql("""
    SELECT count(*) FROM challenge_attempts WHERE user_id = :learner AND component_id = :challenge
""")
_LEDGER = sql("SELECT source, xp FROM activity_ledger WHERE user_id = :learner")
_STATUS = sql("SELECT status, fence FROM challenge_attempts WHERE id = :attempt")


@pytest.fixture
async def grader() -> AsyncIterator[Grader]:
    async with Grader() as running:
        yield running


class Solver:
    """One learner who takes steps, each in a unit of work of its own."""

    def __init__(
        self,
        database: Database,
        clock: ManualClock,
        grader: Grader,
        learner: Learner,
        known: Mapping[str, UUID],
    ) -> None:
        self.database, self.clock, self.grader = database, clock, grader
        self.learner, self.known = learner, known
        self.events = 0

    @property
    def user(self) -> UUID:
        return self.learner.user_id

    def work(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self.database.unit_of_work(self.user)

    async def opens(self, slug: str = "two-fer") -> queries.Challenge:
        async with self.work() as conn:
            return await service.open_challenge(
                conn, self.learner, self.known[slug], "terminal", self.clock.now()
            )

    async def hands_in(
        self, code: str, slug: str = "two-fer", *, event: str | None = None
    ) -> service.Submitted:
        self.events += 1
        name = event or f"{self.learner.name}-{self.events}"
        attempt = ids.event_uuid7(self.clock.now(), "terminal", name)
        async with self.work() as conn:
            found = await queries.challenge(conn, self.user, self.known[slug])
            return await service.submit(
                conn, self.learner, found, {found.main: code}, attempt, self.clock.now(), "here"
            )

    async def solves(self, code: str, slug: str = "two-fer") -> attempts.Attempt:
        submitted = await self.hands_in(code, slug)
        await self.graded(submitted.attempt)
        return await self.attempt(submitted.attempt)

    async def graded(self, attempt: UUID) -> Graded | None:
        return await running.grade(self.database, self.grader, self.clock, attempt, self.user)

    async def attempt(self, attempt: UUID) -> attempts.Attempt:
        async with self.work() as conn:
            return await attempts.attempt(conn, self.user, attempt)

    async def row(self, statement: TextClause, **values: object) -> Row[Any]:
        async with self.work() as conn:
            values = {"learner": self.user, "challenge": self.known["two-fer"], **values}
            wanted = {name: values[name] for name in statement._bindparams}
            return (await conn.execute(statement, wanted)).one()

    async def ledger(self) -> list[tuple[str, int]]:
        async with self.work() as conn:
            rows = await conn.execute(_LEDGER, {"learner": self.user})
            return [tuple(row) for row in rows.all()]

    async def takes(self, position: int) -> rules.Hint:
        async with self.work() as conn:
            _, hint = await service.take_hint(
                conn, self.user, self.known["two-fer"], position, self.clock.now()
            )
            return hint


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


async def test_a_challenge_is_opened_by_one_query(solver: Solver) -> None:
    found = await solver.opens()
    assert (found.title, found.tests, found.most) == ("Two Fer", 3, Decimal(100))
    assert [sample.name for sample in found.samples] == ["no name given", "a name given"]
    assert [hint.taken for hint in found.hints] == [False] * 3
    assert found.starter == {"two_fer.py": "def two_fer(name):\n    pass\n"}
    async with solver.work() as conn:
        assert await queries.opened_last(conn, solver.user) == found.id


async def test_closed_challenges_are_refused(solver: Solver, database: Database) -> None:
    with pytest.raises(Refusal, match="opens when you have finished: Two Fer"):
        await solver.opens("square")
    stranger = await join(database, solver.clock, "stranger", solver.known["course"])
    async with database.worker_unit_of_work() as conn:
        await conn.execute(sql("DELETE FROM enrollments WHERE user_id = :learner"),
                           {"learner": stranger.user_id})  # fmt: skip
    other = Solver(database, solver.clock, solver.grader, stranger, solver.known)
    with pytest.raises(Refusal, match="Join the course"):
        await other.opens()
    with pytest.raises(NotFound):
        await Solver(
            database,
            solver.clock,
            solver.grader,
            stranger,
            {"two-fer": ids.uuid7(other.clock.now())},
        ).opens()


async def test_a_pass_is_scored_completed_and_rewarded_once(solver: Solver) -> None:
    await solver.opens()
    half = await solver.solves(HALF)
    assert (half.status, half.score, half.percentage) == (
        "partial",
        Decimal(60),
        Decimal("60.00"),
    )
    before = await solver.row(_PROGRESS)
    assert (before.status, before.best_score, before.total_attempts) == ("in_progress", 60, 1)
    solver.clock.advance(timedelta(minutes=1))
    good = await solver.solves(GOOD)
    assert (good.status, good.score, good.most, good.percentage) == (
        "passed",
        Decimal(100),
        Decimal(100),
        Decimal(100),
    )
    assert good.wall_ms is not None
    assert good.wall_ms > 0
    solver.clock.advance(timedelta(minutes=1))
    wrong = await solver.solves(WRONG)
    assert wrong.status == "failed"
    solver.clock.advance(timedelta(minutes=1))
    await solver.solves(GOOD)
    after = await solver.row(_PROGRESS)
    assert (after.status, after.best_score, after.latest_score) == ("completed", 100, 100)
    assert after.total_attempts == 4
    assert await solver.ledger() == [(f"challenge:{solver.known['two-fer']}", 100)]


async def test_the_latest_score_is_that_of_the_newest_attempt(solver: Solver) -> None:
    await solver.opens()
    first = await solver.hands_in(GOOD)
    solver.clock.advance(timedelta(seconds=1))
    second = await solver.hands_in(WRONG)
    await solver.graded(second.attempt)
    await solver.graded(first.attempt)
    row = await solver.row(_PROGRESS)
    assert (row.best_score, row.latest_score) == (100, 0)


async def test_every_status_is_stored(solver: Solver) -> None:
    await solver.opens()
    seen = {}
    for name, code in {
        "failed": WRONG,
        "partial": HALF,
        "timeout": "def two_fer(name=''):\n    while True: pass\n",
        "error": "def two_fer(",
        "passed": GOOD,
    }.items():
        solver.clock.advance(timedelta(seconds=1))
        seen[name] = (await solver.solves(code)).status
    assert seen == {name: name for name in seen}


async def test_one_event_delivered_twice_is_one_attempt(solver: Solver) -> None:
    await solver.opens()
    first = await solver.hands_in(GOOD, event="the same")
    again = await solver.hands_in(GOOD, event="the same")
    assert first.attempt == again.attempt
    assert (first.number, again.number) == (1, None)
    done = await asyncio.gather(*(solver.graded(first.attempt) for _ in range(5)))
    assert sum(one is not None for one in done) == 1
    assert (await solver.row(_PROGRESS)).total_attempts == 1
    assert (await solver.row(_COUNT))[0] == 1


async def test_somebody_elses_attempt_is_not_found(solver: Solver, database: Database) -> None:
    await solver.opens()
    mine = await solver.solves(GOOD)
    other = await join(database, solver.clock, "somebody else", solver.known["course"])
    async with database.unit_of_work(other.user_id) as conn:
        with pytest.raises(NotFound):
            await attempts.attempt(conn, other.user_id, mine.id)
        with pytest.raises(NotFound):
            await attempts.attempt(conn, solver.user, mine.id)  # row-level security, too
        assert await attempts.history(conn, other.user_id, None, 0) == ([], 0)


async def test_the_history_keeps_everything(solver: Solver) -> None:
    await solver.opens()
    for number in range(10):
        solver.clock.advance(timedelta(seconds=1))
        await solver.hands_in(f"x = {number}")
    async with solver.work() as conn:
        newest, total = await attempts.history(conn, solver.user, None, 0)
        oldest, _ = await attempts.history(conn, solver.user, solver.known["two-fer"], 8)
    assert total == 10
    assert len(newest) == 8
    assert len(oldest) == 2
    assert newest[0].submitted_at > newest[-1].submitted_at > oldest[0].submitted_at


async def test_hints_in_order_by_condition_and_at_their_price(solver: Solver) -> None:
    await solver.opens()
    with pytest.raises(Refusal, match="Hint 2 comes after hint 1"):
        await solver.takes(1)
    async with solver.work() as conn:
        _, asked = await service.ask_hint(
            conn, solver.user, solver.known["two-fer"], solver.clock.now()
        )
    assert (asked.cost, asked.taken) == (Decimal(10), False)
    assert (await solver.takes(0)).text == "What is false besides None?"
    assert (await solver.takes(0)).taken  # again: shown, not paid
    with pytest.raises(Refusal, match="Hint 2 opens after one more try"):
        await solver.takes(1)
    await solver.solves(WRONG)
    await solver.takes(1)
    with pytest.raises(Refusal, match="4 more tries, or in 10 min"):
        await solver.takes(2)
    good = await solver.solves(GOOD)
    assert (good.score, good.hints_used, good.hint_cost) == (Decimal(75), 2, Decimal(25))
    assert (await solver.row(_PROGRESS)).best_score == 75
    assert await solver.ledger() == [(f"challenge:{solver.known['two-fer']}", 75)]


async def test_hints_open_by_the_clock(solver: Solver) -> None:
    await solver.opens()
    await solver.takes(0)
    await solver.solves(WRONG)
    await solver.takes(1)
    solver.clock.advance(timedelta(minutes=10))
    assert (await solver.takes(2)).text == "Use or."
    async with solver.work() as conn:
        with pytest.raises(Refusal, match="no more hints"):
            await service.ask_hint(conn, solver.user, solver.known["two-fer"], solver.clock.now())


async def test_a_hint_pressed_twice_at_once_is_paid_once(solver: Solver) -> None:
    await solver.opens()
    await asyncio.gather(*(solver.takes(0) for _ in range(5)))
    assert (await solver.opens()).paid == 10


async def test_solutions_are_closed_until_passed_or_given_up(solver: Solver) -> None:
    await solver.opens()

    async def solution() -> queries.Challenge:
        async with solver.work() as conn:
            return await service.solution(conn, solver.user, solver.known["two-fer"])

    with pytest.raises(Refusal, match="The solution opens when"):
        await solution()
    await solver.solves(GOOD)
    assert (await solution()).solution == {"two_fer.py": GOOD}


async def test_giving_up_completes_with_no_points(solver: Solver) -> None:
    await solver.opens()
    async with solver.work() as conn:
        gave = await service.give_up(conn, solver.user, solver.known["two-fer"], solver.clock.now())
    assert gave.challenge.is_done
    assert gave.challenge.given_up
    assert gave.progress is not None
    assert gave.progress.done == 1
    copied = await solver.solves(GOOD)
    assert (copied.status, copied.score) == ("passed", Decimal(0))
    row = await solver.row(_PROGRESS)
    assert (row.status, row.best_score) == ("completed", 0)
    assert await solver.ledger() == []
    await solver.opens("square")  # what needs it is open now


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
    assert (await solver.row(_PROGRESS)).total_attempts == 1
    assert len(await solver.ledger()) == 1


async def test_a_broken_sandbox_keeps_the_submission(solver: Solver) -> None:
    class Broken(Grader):
        async def grade(self, *_: object) -> Result:
            raise SandboxError("out of order")

    await solver.opens()
    submitted = await solver.hands_in(GOOD)
    with pytest.raises(SandboxError):
        await running.grade(solver.database, Broken(), solver.clock, submitted.attempt, solver.user)
    assert (await solver.row(_STATUS, attempt=submitted.attempt)).status == "queued"
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
    before = await solver.row(_STATUS, attempt=attempt)
    assert before.status == ("queued" if when == "queued" else "running")
    assert await solver.ledger() == []

    later = ManualClock(clock.now() + grading.LEASE + timedelta(seconds=1))
    done = await asyncio.gather(
        *(running.regrade_stale(solver.database, solver.grader, later) for _ in range(3))
    )
    assert [one.attempt for some in done for one in some if one.user_id == solver.user] == [attempt]
    after = await solver.attempt(attempt)
    assert (after.status, after.score) == ("passed", Decimal(100))
    row = await solver.row(_PROGRESS)
    assert (row.total_attempts, row.status) == (1, "completed")
    assert (await solver.row(_COUNT))[0] == 1
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
    row = await solver.row(_PROGRESS)
    assert row.total_attempts == (await solver.row(_COUNT))[0] == 300
    assert (row.best_score, row.latest_score) == (100, 100)
    assert await solver.ledger() == [(f"challenge:{solver.known['two-fer']}", 100)]
