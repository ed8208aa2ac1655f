"""An answer ends in time and with words of use, whatever a model does: real SDK, real sandbox."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from domain.grading import Grader, Note
from domain.settings import load_settings
from tests.platforms.gemini.scenarios import Scenario
from tests.platforms.gemini.server import KEY, LoopbackGemini
from tests.tutor.programs import call_task
from tutor import offline
from tutor.answering import Tutor
from tutor.ladder import spoken
from tutor.models.router import Models
from tutor.question import Ended, Program, Question

TASK = call_task("largest", (([3, 9, 4],), 9), (([1],), 1), (([-5, -2],), -2), (([7, 7],), 7))
WRONG = """\
def largest(values):
    best = 0
    for one in values:
        if one > best:
            best = one
    return best
"""
LAYERS = ("seccomp", "landlock", "namespaces", "root", "processes")
SURE = 20.0  # seconds, on a busy machine, for what takes a second


@pytest.fixture
async def grader() -> AsyncIterator[Grader]:
    """The real sandbox."""
    async with Grader() as running:
        yield running


@pytest.fixture
async def gemini() -> AsyncIterator[LoopbackGemini]:
    """A model service on a port of this machine."""
    async with LoopbackGemini() as server:
        yield server


@pytest.fixture
async def models(gemini: LoopbackGemini) -> AsyncIterator[Models]:
    """One model."""
    settings = load_settings(
        gemini_api_key=SecretStr(KEY), gemini_api_url=gemini.url, tutor_fallback_model="none"
    )
    found = Models.from_settings(settings)
    yield found
    await found.close()


async def asked(tutor: Tutor, grader: Grader, models: Models, **changes: object) -> list[str]:
    """What is shown, the last one whole, with how it ended as the last word."""
    files = {"main.py": WRONG}
    graded = await grader.grade(TASK, files)
    program = Program(TASK, files, result=graded, level=2)
    allowed = {provider.name for provider in (line.provider for line in models._lines)}
    question = Question("explanation", 2, "", program=program, allowed=allowed)
    question = replace(question, **changes)  # type: ignore[arg-type]
    shown: list[str] = []
    ended: Ended | None = None
    async for progress in tutor.answer(question, tell):
        shown.append(progress.text)
        ended = progress.ended
    assert ended is not None
    return [*shown, ended.answered.reason.split(":")[0]]


def tell(note: Note) -> str:
    return spoken(note)


async def test_the_clock_ends_a_model_that_stalls_and_what_was_checked_stays(
    grader: Grader, gemini: LoopbackGemini, models: Models
) -> None:
    gemini.usual = Scenario("stall", text="What is the largest of numbers below zero?\n\nThen")
    begun = time.perf_counter()
    *_, last, reason = await asked(Tutor(grader, models, 6.0), grader, models)
    assert time.perf_counter() - begun < SURE
    assert reason == "late"
    assert "What is the largest of numbers below zero?" in last
    assert "The answer broke off here." in last
    assert "Look at line 2" in last
    assert last.count("should give") == 1  # what happened is said once


async def test_a_model_that_says_nothing_is_not_waited_for(
    grader: Grader, gemini: LoopbackGemini, models: Models
) -> None:
    gemini.usual = Scenario("hang")
    evidence, last, reason = await asked(Tutor(grader, models, 1.0), grader, models)
    assert reason == "late"
    assert last.startswith(evidence)
    assert "Look at line 2" in last


async def test_a_fault_of_the_diagnosis_does_not_cost_the_answer(
    grader: Grader,
    gemini: LoopbackGemini,
    models: Models,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise KeyError("an odd program")

    monkeypatch.setattr("tutor.answering.diagnose", fails)
    *_, last, reason = await asked(Tutor(grader, models), grader, models)
    assert (last, reason) == ("What does the loop do\n\nwhen the list is empty?", "")
    *_, last, reason = await asked(Tutor(grader), grader, models)
    assert last == offline.CANNOT_RUN
    assert caplog.messages.count("a program could not be diagnosed") == 2


async def test_what_cannot_be_checked_is_not_shown(
    grader: Grader, gemini: LoopbackGemini, models: Models
) -> None:
    gemini.usual = Scenario(text="A first part of words.\n\nA second part.")
    files = {"main.py": WRONG}
    program = Program(TASK, files, result=await grader.grade(TASK, files), level=2)
    question = Question("question", 2, "why?", program=program, allowed={"x"})
    allowed = {line.provider.name for line in models._lines}
    asked = replace(question, allowed=allowed)
    async with Grader(without=LAYERS) as open_to_attacks:  # so it runs nothing
        shown = [one async for one in Tutor(open_to_attacks, models).answer(asked, tell)]
    assert all("A first part" not in one.text for one in shown)
    assert shown[-1].ended is not None
    assert shown[-1].ended.answered.reason == "unchecked"


async def test_why_no_model_may_be_asked_is_logged_and_none_is(
    grader: Grader, gemini: LoopbackGemini, models: Models
) -> None:
    async def refuses(tokens: int) -> str:
        return "budget: hearts" if tokens > 100 else ""

    files = {"main.py": WRONG}
    program = Program(TASK, files, result=await grader.grade(TASK, files), level=1)
    allowed = {line.provider.name for line in models._lines}
    question = Question("hint_request", 1, "", program=program, allowed=allowed)
    (last,) = [one async for one in Tutor(grader, models).answer(question, tell, refuses)]
    assert last.ended is not None
    assert last.ended.answered.reason == "budget: hearts"
    assert gemini.asked == []
