"""The router's breakers, over real requests, with the clock in hand."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.platforms.gemini.scenarios import OVERLOADED, Scenario
from tests.platforms.gemini.server import LoopbackGemini
from tests.support.eventually import until
from tests.tutor.models.asking import PATIENCE, REQUEST, SHORT, hear, models
from tutor.models.breaker import OPEN_S
from tutor.models.prompt import guessed
from tutor.models.protocol import Delta, Finish, ModelError, NoModel, Part, TutorRequest
from tutor.models.router import Models
from tutor.models.trying import Patience

ALONE = {"tutor_fallback_model": "none"}


class Hands:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_a_service_that_keeps_failing_is_left_alone_then_tried_by_one(
    gemini: LoopbackGemini,
) -> None:
    hands = Hands()
    gemini.usual = OVERLOADED
    async with asyncio.timeout(60), models(gemini, ALONE, now=hands) as made:
        for _ in range(3):  # two requests each, the fifth failure opens it
            assert isinstance((await hear(made)).error, NoModel)
        asked = len(gemini.asked)
        assert asked == 5
        heard = await hear(made)
        assert "rests" in str(heard.error)
        assert len(gemini.asked) == asked
        assert made.available  # it rests, it is not broken
        hands.now += OPEN_S
        gemini.usual = Scenario(pause_s=0.2)
        probe = asyncio.create_task(hear(made))
        await until(lambda: len(gemini.asked) == asked + 1)
        assert "rests" in str((await hear(made)).error)  # while the probe is on its way
        assert (await probe).text == Scenario().text
        crowd = await asyncio.gather(*(hear(made) for _ in range(5)))
        assert {one.text for one in crowd} == {Scenario().text}


async def test_a_probe_that_nobody_waits_for_leaves_room_for_the_next(
    gemini: LoopbackGemini,
) -> None:
    hands = Hands()
    gemini.usual = OVERLOADED
    async with asyncio.timeout(60), models(gemini, ALONE, now=hands) as made:
        for _ in range(3):
            await hear(made)
        hands.now += OPEN_S
        gemini.plans(Scenario("hang"))
        probe = asyncio.create_task(hear(made))
        await until(lambda: len(gemini.asked) == 6)
        probe.cancel()
        await asyncio.gather(probe, return_exceptions=True)
        gemini.usual = Scenario()
        assert (await hear(made)).text == Scenario().text


async def test_many_at_once_are_answered_side_by_side(gemini: LoopbackGemini) -> None:
    gemini.usual = Scenario(pieces=5, pause_s=0.02)
    async with asyncio.timeout(60), models(gemini, ALONE) as made:
        heard = await asyncio.gather(*(hear(made) for _ in range(20)))
    assert {one.text for one in heard} == {Scenario().text}


class Odd:
    """A provider with a fault of its own."""

    name, model = "odd", "odd-1"

    def __init__(self, *parts: Part | Exception) -> None:
        self._parts = parts

    async def stream(self, request: TutorRequest, *, timeout_s: float) -> AsyncIterator[Part]:
        for part in self._parts:
            if isinstance(part, Exception):
                raise part
            yield part

    async def ask_name(self, *, timeout_s: float) -> str:
        return self.model

    async def close(self) -> None:
        return None


@pytest.mark.parametrize(
    "parts",
    [(), (RuntimeError("a fault of ours"),), (Delta(" \n"), Finish("stop")), (Delta(""),)],
)
async def test_whatever_a_provider_does_ends_in_a_model_error(
    parts: tuple[Part | Exception, ...],
) -> None:
    heard = await hear(Models([Odd(*parts)], PATIENCE))
    assert isinstance(heard.error, NoModel)


async def test_a_fault_of_a_provider_in_the_middle_ends_in_a_model_error() -> None:
    heard = await hear(Models([Odd(Delta("So "), RuntimeError())], PATIENCE))
    assert heard.text == "So "
    assert isinstance(heard.error, ModelError)
    assert not isinstance(heard.error, NoModel)


@pytest.mark.parametrize(
    ("scenario", "patience", "said"),
    [
        (OVERLOADED, PATIENCE, None),  # refused before it began to work
        (Scenario("html"), PATIENCE, None),
        (Scenario("hang"), SHORT, 0),
        (Scenario("cut", text="What does"), PATIENCE, 9),
        (Scenario("tool_call"), PATIENCE, 0),
    ],
)
async def test_a_try_whose_bill_never_comes_is_estimated(
    gemini: LoopbackGemini, scenario: Scenario, patience: Patience, said: int | None
) -> None:
    gemini.usual = scenario
    async with asyncio.timeout(60), models(gemini, ALONE, patience) as made:
        heard = await hear(made)
    assert isinstance(heard.error, ModelError)
    assert heard.usage == (guessed(REQUEST, said) if said is not None else None)


async def test_what_a_service_counted_of_a_blocked_question_is_booked(
    gemini: LoopbackGemini,
) -> None:
    gemini.usual = Scenario("blocked_prompt")
    async with asyncio.timeout(60), models(gemini, ALONE) as made:
        heard = await hear(made)
    assert isinstance(heard.error, NoModel)
    assert heard.usage is not None
    assert heard.usage.prompt > 0
    assert heard.usage != guessed(REQUEST, 0)


def test_what_a_turn_may_take_is_estimated() -> None:
    assert 1000 < Models.estimate(REQUEST) < 4000
