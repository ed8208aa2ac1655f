"""Opening, handing in and grading, on a real database and in the real sandbox."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from domain import ids
from domain.challenges import attempts, queries
from domain.database import Database
from domain.errors import NotFound, Refusal
from domain.sql import sql
from tests.domain.challenges.course import GOOD, HALF, WRONG, join
from tests.domain.challenges.solving import COUNT, PROGRESS, Solver


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
    before = await solver.row(PROGRESS)
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
    after = await solver.row(PROGRESS)
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
    row = await solver.row(PROGRESS)
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
    assert (await solver.row(PROGRESS)).total_attempts == 1
    assert (await solver.row(COUNT))[0] == 1


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
