"""Hints at their price, solutions when they may be seen, and giving up."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.challenges import queries, service
from domain.errors import Refusal
from tests.domain.challenges.course import GOOD, WRONG
from tests.domain.challenges.solving import PROGRESS, Solver


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
    assert (await solver.row(PROGRESS)).best_score == 75
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
    row = await solver.row(PROGRESS)
    assert (row.status, row.best_score) == ("completed", 0)
    assert await solver.ledger() == []
    await solver.opens("square")  # what needs it is open now
