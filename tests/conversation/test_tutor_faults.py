"""Whatever a model's service does, the learner gets words of use and the log says what happened."""

from dataclasses import replace

from bots.conversation.turn import Services
from domain.database import Database
from tests.platforms.gemini.scenarios import BAD_KEY, OVERLOADED, QUOTA, Scenario
from tests.platforms.gemini.server import LoopbackGemini
from tests.support.tutor_log import logged
from tests.support.with_model import Learn, agree, reservations
from tutor.models.breaker import Breaker
from tutor.models.router import Models

KIND = "What does your function give\n\nwhen nothing is handed to it?"


def forget(services: Services) -> None:
    """Let each fault be the first one."""
    assert isinstance(services.models, Models)
    for line in services.models._lines:
        line.breaker = Breaker()


NONE, BROKE = "because no model answered", "because the model's answer broke off"
PART = "A first part.\n\nAnd"
FAULTS = [  # what the learner reads, what the log says, whether the service had begun to work
    (replace(QUOTA, retry_s=3600), NONE, "429", False),
    (OVERLOADED, NONE, "503", False),
    (Scenario("redirect", location="http://elsewhere.invalid/"), NONE, "307", False),
    (Scenario("cut", text=PART), BROKE, "no connection", True),
    (Scenario("error_inside", text=PART), BROKE, "503", True),  # all of it was said
    (Scenario("not_utf8", text=PART), BROKE, "unreadable", True),
    (Scenario(text=PART, finish="SAFETY"), BROKE, "SAFETY", True),
    (Scenario(text=PART, finish="MALFORMED_FUNCTION_CALL"), BROKE, "MALFORMED", True),
    (Scenario(text="word " * 10_000), BROKE, "without an end", True),
    (Scenario("no_candidates"), NONE, "cut off", True),
    (Scenario("blocked_prompt"), NONE, "blocked", True),
    (replace(BAD_KEY, status=403, reason="PERMISSION_DENIED"), NONE, "403", False),
    (Scenario("error", status=404, reason="NOT_FOUND"), NONE, "404", False),
]


async def test_every_fault_of_a_model_ends_in_the_offline_tutors_words_and_costs_no_heart(
    learn: Learn, gemini: LoopbackGemini, tutored: Services, database: Database
) -> None:
    dan = await learn("dan")
    gemini.usual = Scenario(text=KIND)
    await agree(dan)
    for number, (scenario, words, reason, is_begun) in enumerate(FAULTS, start=1):
        forget(tutored)
        gemini.usual = scenario
        answer = await dan.says("/ask explain")
        assert words in answer, scenario
        assert "`two_fer()` should give" in answer
        row = (await logged(database, "dan"))[-1]
        assert (row.status, row.provider) == ("answered", "offline")
        assert reason in row.fallback_reason, scenario
        reserved = await reservations(database, "dan")
        assert [one.outcome for one in reserved] == ["settled", *["refunded"] * number]
        assert (reserved[-1].spent > 0) is is_begun, scenario
    gemini.usual = Scenario(text=KIND, finish="MAX_TOKENS")
    forget(tutored)
    answer = await dan.says("/ask explain")
    assert "when nothing is handed to it?" in answer
    assert "The answer grew too long and ends here." in answer
    assert "1 question left." in answer


async def test_after_a_wrong_key_nothing_is_asked_and_nothing_set_aside(
    learn: Learn, gemini: LoopbackGemini, database: Database
) -> None:
    fay = await learn("fay")
    gemini.usual = Scenario(text=KIND)
    await agree(fay)
    gemini.plans(BAD_KEY)
    assert NONE in await fay.says("/ask why?")
    assert "Offline tutor." in await fay.says("/ask and why?")
    assert len(gemini.asked) == 2
    assert len(await reservations(database, "fay")) == 2
