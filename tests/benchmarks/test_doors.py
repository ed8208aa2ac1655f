"""The benchmark of the doors in its short form: a stock bot pressed by a few learners."""

import asyncio
from pathlib import Path

import pytest

from benchmarks import discord
from benchmarks.doors import Goals, Side, report, times_of

PRESSES = 12


async def test_a_stock_bot_is_pressed_together_and_steadily(tmp_path: Path):
    async with discord.side(tmp_path, 3, "echo") as echo:
        await echo.order("begin", lines=discord.LINES["echo"])
        found = await echo.round("together", presses=PRESSES, at_once=2)
        acknowledged, answered = times_of(found)
        assert len(acknowledged) == len(answered) == PRESSES
        assert all(0 < first <= last for first, last in zip(acknowledged, answered, strict=True))
        steady = await echo.order("steadily", rate=50.0, seconds=0.2)
        left_out = steady["left_out"]
        assert isinstance(left_out, int)
        assert len(times_of(steady)[0]) + left_out == 10
        assert (found["refused"], found["violations"]) == (0, [])


@pytest.mark.parametrize(("cost", "reached"), [(0.0015, True), (0.0025, False)])
async def test_a_missed_goal_is_told(cost: float, reached: bool):
    async def side(name: str, cost: float) -> Side:
        nobody = await asyncio.create_subprocess_exec("true")
        await nobody.wait()
        waited = [0.05] * 10
        return Side(name, nobody, nobody, 0, 10, 1.0, [cost], [0.0], waited, waited)

    sides = [await side("stoa", cost), await side("echo", 0.0005)]
    text, all_reached = report(sides, Goals(ratio=4.0), 1000, {"bare": 50.0, "full": 60.0})
    assert all_reached is reached
    assert text.count("MISS") == 2 * (not reached)  # the ratio, and presses on one core
    assert "10.0 MiB for each 1,000" in text
