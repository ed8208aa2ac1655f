"""Turns: so many inside at once, round robin by key, nothing lost when somebody gives up."""

import asyncio

from domain.grading.turns import Turns


async def visit(turns: Turns, key: str, order: list[str], inside: list[int]) -> None:
    async with turns.taken(key):
        order.append(key)
        inside.append(inside[-1] + 1)
        await asyncio.sleep(0)
        inside.append(inside[-1] - 1)


async def test_who_wants_one_does_not_wait_for_who_wants_many() -> None:
    turns, order, inside = Turns(2), list[str](), [0]
    many = [asyncio.create_task(visit(turns, "many", order, inside)) for _ in range(50)]
    await asyncio.sleep(0)
    one = asyncio.create_task(visit(turns, "one", order, inside))
    await asyncio.gather(*many, one)
    assert order.index("one") <= 6
    assert len(order) == 51
    assert max(inside) == 2


async def test_a_turn_that_nobody_waits_for_any_more_goes_to_the_next() -> None:
    turns, order, inside = Turns(1), list[str](), [0]
    async with turns.taken("first"):
        gone = asyncio.create_task(visit(turns, "gone", order, inside))
        passed = asyncio.create_task(visit(turns, "passed", order, inside))
        last = asyncio.create_task(visit(turns, "last", order, inside))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
    passed.cancel()  # its turn has come, and it is not told yet
    await asyncio.gather(gone, passed, last, return_exceptions=True)
    assert order == ["last"]
    async with asyncio.timeout(1), turns.taken("again"):
        pass
