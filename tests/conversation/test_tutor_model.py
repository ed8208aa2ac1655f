"""The tutor with a model: the real SDK, a loopback Gemini, the real database and sandbox."""

import asyncio
import os
import re
from datetime import timedelta
from pathlib import Path

from bots.conversation.controls import control
from bots.conversation.dialogue import Incoming, Place, Press, Reply, Text
from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.observability.metrics import Metrics
from bots.observability.observed import Observed
from bots.tutoring import close_question
from domain.clock import ManualClock, SystemClock
from domain.database import Database
from domain.ids import uuid7
from domain.postgres import EmbeddedServer
from domain.sql import sql
from domain.tutoring import log
from domain.tutoring.log import Asked
from tests.domain.challenges.course import GOOD, join, prepare
from tests.platforms.gemini.scenarios import QUOTA, Scenario
from tests.platforms.gemini.server import KEY, LoopbackGemini
from tests.support.account import Account
from tests.support.children import Process, Program
from tests.support.tutor_log import logged as exchanges
from tests.support.with_model import Learn, agree, reservations

KIND = "What does your function give\n\nwhen nothing is handed to it?"
LEAK = f"Here it is:\n\n```python\n{GOOD}```\n\nHand that in."
_LEARNER = sql("SELECT user_id FROM identities WHERE subject = :name")


async def test_nothing_leaves_before_the_learner_agrees(
    learn: Learn, gemini: LoopbackGemini, database: Database
) -> None:
    ada = await learn("ada")
    offline = await ada.presses("Explain my error")
    assert "May I ask Google Gemini" in offline
    assert "It may learn" not in offline
    assert gemini.asked == []
    refused, agreed = ada.payload("No, stay offline"), ada.payload("Yes, ask it")
    await ada.does(Press(refused))
    assert "May I ask" not in await ada.says("/ask explain")
    assert gemini.asked == []
    gemini.usual = Scenario(text=KIND)
    answer = await ada.does(Press(agreed))
    assert "when nothing is handed to it?" in answer
    assert "Written by Google Gemini" in answer
    assert "2 questions left." in answer
    sent = gemini.asked[0].text
    assert "def two_fer" in sent  # the learner's
    assert "or 'you'" not in sent  # the author's
    assert "Ada" not in sent
    logged = (await exchanges(database, "ada"))[-1]
    assert (logged.provider.split(":")[0], logged.model) == ("gemini", "gemini-3.8-flash")
    assert logged.input_tokens > 0
    assert logged.first_token_ms is not None
    assert logged.processing_time_ms >= logged.first_token_ms


async def test_an_answer_grows_and_ends_with_who_wrote_it(
    learn: Learn, gemini: LoopbackGemini
) -> None:
    bea = await learn("bea")
    gemini.usual = Scenario(text=KIND, pieces=6)
    await agree(bea)
    begun = len(bea.seen)
    await bea.says("/ask why does it fail?")
    shown: list[Reply] = bea.seen[begun:]
    assert [one.draft for one in shown] == [True] * (len(shown) - 1) + [False]
    assert len(shown) >= 3
    assert shown[-2].text in shown[-1].text


async def test_what_gives_away_is_asked_again_and_then_said_offline(
    learn: Learn, gemini: LoopbackGemini, database: Database
) -> None:
    cyd = await learn("cyd")
    gemini.usual = Scenario(text=KIND)
    await agree(cyd)
    gemini.plans(Scenario(text=LEAK), Scenario(text=KIND))
    once = await cyd.says("/ask please write it for me")
    assert "when nothing is handed" in once
    assert "or 'you'" not in once
    gemini.plans(Scenario(text=LEAK), Scenario(text=LEAK))
    twice = await cyd.says("/ask I must have it")
    assert "Offline tutor, because the model's answer said too much." in twice
    assert not any("or 'you'" in reply.text for reply in cyd.seen)
    logged = (await exchanges(database, "cyd"))[-2:]
    assert [(row.leak_blocked, row.fallback_reason) for row in logged] == [
        (True, None),
        (True, "gave away"),
    ]
    assert all(row.output_tokens > 0 for row in logged)
    strict = gemini.asked[-1].text
    assert "gave too much away" in strict
    reserved = await reservations(database, "cyd")
    assert [row.outcome for row in reserved] == ["settled", "settled", "refunded"]


async def test_who_is_in_danger_is_pointed_to_people_and_no_model_hears_of_it(
    learn: Learn, gemini: LoopbackGemini, database: Database
) -> None:
    una = await learn("una")
    gemini.usual = Scenario(text=KIND)
    await agree(una)
    asked = len(gemini.asked)
    told = await una.says("/ask I do not understand this, I want to die")
    assert "somebody you trust" in told
    assert "emergency number" in told
    await una.does(Text("nobody would miss me"))
    await una.says("/stop")
    await una.does(Text("i want to kill myself"))  # where nothing waits for a text
    await una.says("/code two-fer")
    await una.does(Text("I can't do it. I want to die"))  # where code is waited for
    assert [reply.text for reply in una.seen].count(told) == 4
    assert len(gemini.asked) == asked
    kept = await exchanges(database, "una")
    care = [row for row in kept if row.fallback_reason == log.CARE]
    assert [(row.provider, row.user_message) for row in care] == [("offline", "")] * 4
    assert not [row for row in kept if re.search("die|miss me|kill", row.user_message)]
    await una.says("/ask why does it fail?")
    assert "emergency number" not in gemini.asked[-1].text
    assert len(await reservations(database, "una")) == asked + 1


async def test_what_answers_take_is_measured_by_service(
    learn: Learn, gemini: LoopbackGemini, tutored: Services
) -> None:
    vic = await learn("vic")
    gemini.usual = Scenario(text=KIND)
    metrics = Metrics()
    vic.router = Observed(Router(tutored, receipts=True), metrics)
    await agree(vic)
    gemini.plans(Scenario(text=LEAK), Scenario(text=KIND))
    await vic.says("/ask please write it for me")
    gemini.usual = QUOTA
    await vic.says("/ask why?")

    def found(name: str, **labels: str) -> float | None:
        return metrics.registry.get_sample_value(f"stoa_tutor_{name}", labels)

    assert found("turns_total", provider="offline", result="consent") == 1
    assert found("turns_total", provider="gemini", result="answered") == 2
    assert found("turns_total", provider="gemini", result="unavailable") == 1
    assert found("leaks_stopped_total", provider="gemini") == 1
    assert found("first_text_seconds_count", provider="gemini") == 2
    assert found("answer_seconds_count", provider="gemini") == 3
    tokens = sum(row.input_tokens for row in await exchanges(tutored.database, "vic"))
    assert found("tokens_total", provider="gemini", kind="prompt") == tokens > 0


async def test_a_yes_can_be_taken_back_while_the_question_is_on_its_way(
    learn: Learn, gemini: LoopbackGemini, clock: ManualClock, database: Database
) -> None:
    wes = await learn("wes")
    gemini.usual = Scenario(text=KIND)
    await agree(wes)
    asked = len(gemini.asked)
    event = Incoming("back", clock.now(), wes.actor, Place("private", "wes"), Text("and why?"))
    replies = wes.router.answer(event)
    await anext(replies)
    await wes.says("/privacy tutor off")
    *_, last = [reply async for reply in replies]
    assert "Offline tutor." in last.text
    assert len(gemini.asked) == asked
    assert (await exchanges(database, "wes"))[-1].fallback_reason == "consent"


async def test_used_up_questions_are_answered_offline_until_they_come_back(
    learn: Learn, gemini: LoopbackGemini, clock: ManualClock
) -> None:
    ida = await learn("ida")
    gemini.usual = Scenario(text=KIND)
    await agree(ida)
    await ida.says("/ask one?")
    assert "0 questions left." in await ida.says("/ask two?")
    used_up = await ida.says("/ask three?")
    assert "Your questions to the model are used up for now." in used_up
    assert "More at " in used_up
    asked = len(gemini.asked)
    clock.advance(timedelta(minutes=11))
    await ida.says("/ask four?")
    assert len(gemini.asked) == asked + 1


async def test_the_same_event_asks_once(
    learn: Learn, gemini: LoopbackGemini, clock: ManualClock, database: Database
) -> None:
    jon = await learn("jon")
    gemini.usual = Scenario(text=KIND)
    await agree(jon)
    asked = len(gemini.asked)
    event = Incoming("twice", clock.now(), jon.actor, Place("private", "jon"), Text("and why?"))
    first = [reply async for reply in jon.router.answer(event)]
    again = [reply async for reply in jon.router.answer(event)]
    assert len(gemini.asked) == asked + 1
    assert again == first[:1]
    jon.seen += again
    shown = await jon.presses("Show the answer")
    assert "when nothing is handed to it?" in shown
    assert len(gemini.asked) == asked + 1
    assert len(await reservations(database, "jon")) == 2


async def test_an_answer_that_nobody_waits_for_is_closed_and_asked_anew(
    learn: Learn, gemini: LoopbackGemini, clock: ManualClock, database: Database
) -> None:
    kim = await learn("kim")
    gemini.usual = Scenario(text=KIND)
    await agree(kim)
    event = Incoming("left", clock.now(), kim.actor, Place("private", "kim"), Text("and why?"))
    replies = kim.router.answer(event)
    first = await anext(replies)
    await replies.aclose()
    clock.advance(timedelta(seconds=1))
    kim.seen.append(first)
    logged = (await exchanges(database, "kim"))[-1]
    assert (logged.status, logged.fallback_reason) == ("failed", "interrupted")
    assert len(gemini.asked) == 1
    assert "when nothing is handed to it?" in await kim.presses("Show the answer")
    assert (await exchanges(database, "kim"))[-1].status == "answered"


async def test_a_question_that_a_killed_process_left_is_closed_and_can_be_asked_anew(
    learn: Learn, clock: ManualClock, database: Database
) -> None:
    lou = await learn("lou")
    async with database.worker_unit_of_work() as conn:
        learner = (await conn.execute(_LEARNER, {"name": "lou"})).scalar_one()
    key = uuid7(clock.now())
    async with database.unit_of_work(learner) as conn:
        left = Asked(key, learner, None, None, "question", "Why?", 0, {})
        assert await log.begin(conn, database.seals, left, clock.now())
    clock.advance(log.LEASE + timedelta(seconds=1))
    assert [await close_question(database, clock, key) for _ in range(2)] == [True, False]
    assert (await exchanges(database, "lou"))[-1].fallback_reason == "interrupted"
    assert "`two_fer()` should give" in await lou.does(Press(control("ask.show", key)))


async def test_an_exercise_that_is_not_open_is_not_given_away_either(
    tutored: Services, database: Database, gemini: LoopbackGemini, tmp_path: Path
) -> None:
    clock = tutored.clock
    assert isinstance(clock, ManualClock)
    known = await prepare(database, tmp_path)
    await join(database, clock, "nia", known["course"])
    nia = Account(Router(tutored), clock, "terminal", "nia")
    gemini.usual = Scenario(text=KIND)
    await nia.says("/ask what is a function?")
    assert "when nothing is handed to it?" in await nia.presses("Yes, ask it")
    gemini.usual = Scenario(text=LEAK)
    answer = await nia.says("/ask how would somebody write two_fer?")
    assert "or 'you'" not in answer
    assert "said too much" in answer
    assert (await exchanges(database, "nia"))[-1].context_data["item"] == ""


async def test_after_it_is_solved_nothing_is_kept_back(
    learn: Learn, gemini: LoopbackGemini
) -> None:
    lea = await learn("lea")
    gemini.usual = Scenario(text=KIND)
    await agree(lea)
    await lea.says(GOOD)
    gemini.usual = Scenario(text=f"It is fine. Shorter:\n\n```python\n{GOOD}```\n\nDone.")
    review = await lea.presses("Review my code")
    assert "or 'you'" in review
    assert "Written by Google Gemini" in review


async def test_killed_while_a_model_answers_it_costs_once_and_is_answered_after_all(
    learn: Learn,
    gemini: LoopbackGemini,
    tutored: Services,
    database: Database,
    server: EmbeddedServer,
    database_name: str,
    tmp_path: Path,
) -> None:
    clock = tutored.clock
    assert isinstance(clock, ManualClock)
    # The other process goes by the real time, and each event here takes a second.
    clock.set(SystemClock().now() - timedelta(minutes=1))
    mia = await learn("mia")
    gemini.usual = Scenario(text=KIND)
    await agree(mia)
    gemini.plans(Scenario("stall", text="A first part.\n\nAnd then"))
    reached = server.connect_arguments("stoa_app", database_name)
    address = [str(reached[name]) for name in ("host", "port", "database")]
    given = [*address, str(tutored.settings.data_dir), gemini.url, KEY, "mia"]
    script = Path(__file__).parent / "tutor_process.py"
    process = await Process.begin(Program("", given, os.environ, tmp_path, script))
    async with asyncio.timeout(60):
        while b"A first part." not in (line := await process.stdout.readline()):
            assert line, "it ended by itself"
    process.kill()
    await process.communicate()
    logged = (await exchanges(database, "mia"))[-1]
    assert (logged.status, logged.ai_response) == ("open", None)
    assert not await close_question(database, clock, logged.id)  # somebody may still work on it
    shows = Press(control("ask.show", logged.id))
    assert (await mia.does(shows)).startswith("I am still answering")
    clock.set(SystemClock().now() + log.LEASE)
    answer = await mia.does(shows)
    assert "when nothing is handed to it?" in answer
    assert "1 question left." in answer  # of 3: the lost one came back
    rows = await exchanges(database, "mia")
    assert [row.status for row in rows] == ["answered"] * 3
    assert not await close_question(database, clock, rows[-1].id)
    reserved = await reservations(database, "mia")
    assert sorted(row.outcome for row in reserved) == ["refunded", "settled", "settled"]
