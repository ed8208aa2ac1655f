"""Random trouble: whatever the services do and whenever people leave, each turn ends well."""

import asyncio
import time
from contextlib import aclosing
from dataclasses import replace
from random import Random

import pytest

from tests.platforms.gemini.scenarios import OVERLOADED, QUOTA, UNREADABLE, Scenario
from tests.platforms.gemini.server import LoopbackGemini
from tests.support.eventually import until
from tests.tutor.models.asking import REQUEST, Heard, models, own_server, take
from tutor.models.breaker import Breaker
from tutor.models.protocol import ModelError
from tutor.models.router import Models
from tutor.models.trying import Patience

PATIENCE = Patience(whole=3.0, first=0.8, pause=0.01, longest_pause=0.1)
TROUBLE = (
    Scenario(),
    Scenario(pieces=8, pause_s=0.01),
    OVERLOADED,
    QUOTA,
    replace(QUOTA, retry_s=0.05),
    UNREADABLE,
    Scenario("html", status=200),
    Scenario("html", status=502),
    Scenario("hang"),
    Scenario("stall"),
    Scenario("cut"),
    Scenario("cut", text=""),
    Scenario("unfinished"),
    Scenario("error_inside"),
    Scenario("blocked_prompt"),
    Scenario("tool_call"),
    Scenario("garbage"),
    Scenario(finish="SAFETY"),
    Scenario(text="", finish="MAX_TOKENS"),
)


async def turn(made: Models, leaves_after: float | None) -> str:
    """One turn of somebody who may stop listening; how it ended."""
    heard = Heard()
    try:
        async with asyncio.timeout(leaves_after):
            async with aclosing(made.stream(REQUEST)) as parts:  # type: ignore[type-var]
                async for part in parts:
                    take(heard, part)
    except TimeoutError:
        return "left"
    except ModelError as error:
        return type(error).__name__
    assert heard.finish is not None
    assert heard.source is not None
    return "answered"


@pytest.mark.parametrize(
    ("seed", "turns"),
    [(1, 10), *(pytest.param(seed, 400, marks=pytest.mark.soak) for seed in (2, 3, 4))],
)
async def test_each_turn_ends_well_and_nothing_stays_open(
    gemini: LoopbackGemini, seed: int, turns: int
) -> None:
    chance, ends, longest = Random(seed), dict[str, int](), 0.0  # noqa: S311
    chosen = own_server(gemini, gemini_api_key="AIzaLoopback-loopback-loopback-loopback0")
    async with models(gemini, chosen, PATIENCE, now=lambda: 0.0) as made:
        for done in range(0, turns, 10):
            gemini.plan.clear()
            gemini.plans(*chance.choices(TROUBLE, k=40))
            for line in made._lines:  # so that all of them are asked, whatever happened before
                line.breaker = Breaker()
            leaving = [chance.choice([None, None, chance.random()]) for _ in range(10)]
            began = time.monotonic()
            for end in await asyncio.gather(*(turn(made, after) for after in leaving)):
                ends[end] = ends.get(end, 0) + 1
            longest = max(longest, time.monotonic() - began)
            if turns > 100:
                print(f"seed {seed}: {done + 10} of {turns} turns, {ends}, longest {longest:.1f} s")
    assert sum(ends.values()) == turns
    assert ends["answered"] >= turns / 10
    async with asyncio.timeout(60):
        await until(lambda: not any("pumped" in repr(task) for task in asyncio.all_tasks()))
