"""Questions are searched by meaning: only with the learner's yes, and by words when that fails."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr

from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.embedding import VectorKeeper
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import Settings
from domain.sql import sql
from domain.tutoring.destinations import searcher
from tests.domain.tutoring.reading import learner, publish
from tests.platforms.gemini.scenarios import OVERLOADED, QUOTA, Scenario
from tests.platforms.gemini.server import LoopbackGemini
from tests.support.account import Account
from tests.support.with_model import with_model
from tutor.models.configured import embedder
from tutor.models.embedding import Embeddings

IN_OTHER_WORDS = "/ask Which blade is right for a loaf? Mail jan.nowak@poczta.pl"
IN_ITS_WORDS = "/ask How long does bread take to bake?"
PASSAGE = "A bread knife has teeth."
KIND = "Look at the teeth, as in [L1.1].\n\nWhat are they for?"
_LOGGED = sql("""
    SELECT a.context_data ->> 'search' AS search, a.context_data -> 'passages' AS passages
    FROM ai_interactions a JOIN identities i ON i.user_id = a.user_id
    WHERE i.subject = :name ORDER BY a.id DESC LIMIT 1
""")
_TOKENS = sql("SELECT coalesce(sum(tokens), 0) FROM tutor_usage")


@pytest.fixture
async def services(
    database: Database,
    clock: ManualClock,
    settings: Settings,
    grader: Grader,
    gemini: LoopbackGemini,
) -> AsyncIterator[Services]:
    """With that service for answers and for vectors."""
    plain = Services(database, clock, settings, grader)
    async with with_model(plain, gemini, tutor_hearts=50) as found:
        embeddings = Embeddings.from_settings(found.settings, question_s=10.0)
        assert embeddings is not None
        gemini.usual = Scenario(text=KIND)
        yield replace(found, embeddings=embeddings)
        await embeddings.close()


@pytest.fixture
async def course(database: Database, tmp_path: Path) -> UUID:
    """A course about bread and knives."""
    return (await publish(database, tmp_path))["course"]


async def joined(services: Services, course: UUID, name: str) -> Account:
    """Somebody in that course."""
    clock = services.clock
    assert isinstance(clock, ManualClock)
    await learner(services.database, clock, name, course)
    account = Account(Router(services, receipts=True), clock, "terminal", name)
    await account.says("/learn kitchen")
    return account


async def agreed(services: Services, course: UUID, name: str) -> Account:
    """Somebody who has agreed to the service."""
    account = await joined(services, course, name)
    await account.says("/privacy tutor on")
    await account.presses("Yes, ask it")
    return account


async def logged(database: Database, name: str) -> Any:
    async with database.worker_unit_of_work() as conn:
        return (await conn.execute(_LOGGED, {"name": name})).one()


async def make_vectors(services: Services) -> None:
    assert services.embeddings is not None
    await VectorKeeper(services.database, services.clock, services.embeddings).fill()


def questions(gemini: LoopbackGemini) -> list[str]:
    """What was sent of learners."""
    return [request.text for request in gemini.embedded if "RETRIEVAL_QUERY" in request.text]


async def test_no_question_leaves_before_the_learner_agrees_and_none_in_vain(
    services: Services, course: UUID, gemini: LoopbackGemini, database: Database
) -> None:
    ada = await agreed(services, course, "ada")
    await ada.says(IN_ITS_WORDS)
    assert (await logged(database, "ada")).search == "words: no vectors"
    assert gemini.embedded == []
    await make_vectors(services)
    gemini.requests.clear()
    ben = await joined(services, course, "ben")
    await ben.says(IN_OTHER_WORDS)
    assert (await logged(database, "ben")).search == "words: consent"
    await ada.says("/privacy tutor off")
    await ada.says(IN_OTHER_WORDS)
    assert (await logged(database, "ada")).search == "words: consent"
    assert gemini.embedded == []


async def test_meaning_finds_what_the_answer_is_made_from(
    services: Services, course: UUID, gemini: LoopbackGemini, database: Database
) -> None:
    await make_vectors(services)
    gemini.requests.clear()
    cal = await agreed(services, course, "cal")
    answer = await cal.says(IN_OTHER_WORDS)
    assert "Written by Google Gemini" in answer
    row = await logged(database, "cal")
    assert (row.search, row.passages[0]) == ("meaning", "L1.1")
    assert PASSAGE in gemini.asked[-1].text
    (sent,) = questions(gemini)
    assert "Which blade is right" in sent
    assert "jan.nowak" not in sent
    assert "cal" not in sent.lower().replace("removed: e-mail", "")
    assert any("L1.1" in label or "Knives" in label for label in cal.labels)


async def test_the_offline_tutor_quotes_what_meaning_found(
    services: Services, course: UUID, gemini: LoopbackGemini, database: Database
) -> None:
    await make_vectors(services)
    dan = await agreed(services, course, "dan")
    gemini.usual = OVERLOADED
    answer = await dan.says(IN_OTHER_WORDS)
    assert "Offline tutor" in answer
    assert PASSAGE in answer
    assert (await logged(database, "dan")).search == "meaning"
    nothing = await dan.says("/ask Who won the cup final?")
    assert "I found nothing about that in your course." in nothing


FAULTS = [
    (QUOTA, "429"),
    (OVERLOADED, "503"),
    (Scenario("hang"), "no answer in time"),
    (Scenario("short_vectors"), "unreadable"),
    (Scenario("garbage"), "unreadable"),
]


async def test_whatever_fails_words_answer(
    services: Services, course: UUID, gemini: LoopbackGemini, database: Database
) -> None:
    await make_vectors(services)
    destination = searcher(services.settings)
    assert destination is not None
    model = embedder(services.settings, destination)
    eve = await agreed(services, course, "eve")
    for fault, why in FAULTS:
        # With a breaker that knows of no other fault.
        soon = Embeddings(model, question_s=0.7 if "time" in why else 10.0)
        eve.router = Router(replace(services, embeddings=soon), receipts=True)
        gemini.vectors.plans(fault)
        assert "Written by Google Gemini" in await eve.says(IN_ITS_WORDS)
        row = await logged(database, "eve")
        assert row.search.startswith("words: ")
        assert why in row.search
        assert row.passages == ["L2.2"]
        assert "bread" not in row.search
    await model.close()


async def test_a_question_counts_towards_the_tokens_of_the_day(
    services: Services, course: UUID, gemini: LoopbackGemini, database: Database
) -> None:
    await make_vectors(services)
    gemini.requests.clear()
    gemini.usual = OVERLOADED  # which costs no tokens

    async def tokens() -> int:
        async with database.worker_unit_of_work() as conn:
            return int((await conn.execute(_TOKENS)).scalar_one())

    before = await tokens()
    fay = await agreed(services, course, "fay")
    await fay.says(IN_ITS_WORDS)
    assert await tokens() - before == Embeddings.tokens(IN_ITS_WORDS.removeprefix("/ask "))
    nothing_left = services.settings.model_copy(update={"tutor_day_tokens": 0})
    gus = await agreed(replace(services, settings=nothing_left), course, "gus")
    await gus.says(IN_ITS_WORDS)
    assert (await logged(database, "gus")).search == "words: budget"
    assert len(questions(gemini)) == 1


async def test_a_server_of_ones_own_needs_a_yes_of_its_own(
    services: Services, course: UUID, gemini: LoopbackGemini, database: Database
) -> None:
    changes = {
        "tutor_server_url": gemini.openai_url,
        "tutor_server_model": "gemini-3.8-flash",
        "tutor_server_key": services.settings.gemini_api_key or SecretStr(""),
        "tutor_server_embedding_model": "gemini-embedding-2",
    }
    settings = services.settings.model_copy(update=changes)
    embeddings = Embeddings.from_settings(settings, question_s=10.0)
    assert embeddings is not None
    hal = await agreed(services, course, "hal")  # to Gemini
    hal.router = Router(replace(services, settings=settings, embeddings=embeddings), receipts=True)
    await hal.says(IN_OTHER_WORDS)
    assert (await logged(database, "hal")).search == "words: consent"
    await embeddings.close()
