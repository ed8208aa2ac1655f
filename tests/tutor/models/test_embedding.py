"""Texts become vectors: the real SDK and a loopback service, in both forms, with all its faults."""

import asyncio
import math
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType

import pytest

from domain.settings import load_settings
from domain.tutoring.destinations import searcher
from domain.tutoring.vectors import nearness, packed
from tests.platforms.gemini.embedding import MOST
from tests.platforms.gemini.scenarios import OVERLOADED, QUOTA, Scenario
from tests.platforms.gemini.server import KEY, LoopbackGemini
from tests.support.eventually import until
from tests.tutor.models.asking import own_server
from tutor.models.configured import embedder
from tutor.models.embedder import framed
from tutor.models.embedding import LONGEST, Embeddings
from tutor.models.protocol import Exhausted, Misconfigured, ModelError, Rejected, Retryable

PATIENT, SHORT = 20.0, 0.7
QUESTION = "What does the loop do? Ask jan.nowak@poczta.pl"


@asynccontextmanager
async def embeddings(
    gemini: LoopbackGemini,
    settings: Mapping[str, object] = MappingProxyType({}),
    question_s: float = PATIENT,
) -> AsyncIterator[Embeddings]:
    chosen = {"gemini_api_key": KEY, "gemini_api_url": gemini.url, **settings}
    made = Embeddings.from_settings(load_settings(**chosen), question_s=question_s)
    assert made is not None
    try:
        yield made
    finally:
        await made.close()


def server(gemini: LoopbackGemini) -> dict[str, object]:
    return own_server(gemini, tutor_server_embedding_model="gemini-embedding-001")


async def test_gemini_is_told_what_a_text_is_for_and_how_long_its_vector_is(
    gemini: LoopbackGemini,
) -> None:
    async with embeddings(gemini) as made:
        asked = await made.question(QUESTION)
        kept = await made.passages(["A loop repeats.", "Bread needs an oven."], "passage")
    assert (asked.model, len(asked.vector)) == ("gemini-embedding-001", 768)
    assert math.isclose(math.hypot(*asked.vector), 1.0)
    one, two = gemini.embedded
    (wish,) = one.body["requests"]
    assert (wish["taskType"], wish["outputDimensionality"]) == ("RETRIEVAL_QUERY", 768)
    assert [each["taskType"] for each in two.body["requests"]] == ["RETRIEVAL_DOCUMENT"] * 2
    assert "jan.nowak" not in one.text
    assert "[removed: e-mail]" in one.text
    near, far = nearness(b"".join(map(packed, kept)), asked.vector, b"").cosines
    assert near > far


async def test_newer_models_are_told_in_words(gemini: LoopbackGemini) -> None:
    async with embeddings(gemini, {"tutor_embedding_model": "gemini-embedding-2"}) as made:
        await made.question("Why?")
        await made.passages(["Because."], "passage")
    sent = [request.body["requests"][0]["content"]["parts"][0] for request in gemini.embedded]
    assert sent == [
        {"text": "task: search result | query: Why?"},
        {"text": "title: none | text: Because."},
    ]
    assert framed("intfloat/multilingual-e5-small", "Why?", "question") == "query: Why?"
    assert framed("bge-m3", "Why? {}", "question") == "Why? {}"


async def test_a_server_of_ones_own_is_asked_before_gemini(gemini: LoopbackGemini) -> None:
    gemini.vectors.size = 64
    async with embeddings(gemini, server(gemini) | {"gemini_api_key": KEY}) as made:
        kept = await made.passages(["bread oven", "knife", "wine"], "passage")
        asked = await made.question("knife")
        assert made.name.startswith("server:")
    cosines = nearness(b"".join(map(packed, kept)), asked.vector, b"").cosines
    assert [round(one, 2) for one in cosines] == [
        0,
        1,
        0,
    ]  # in order, though they came turned round
    assert {request.method for request in gemini.embedded} == {"embeddings"}


async def test_a_model_that_one_version_does_not_know_is_asked_for_by_the_other(
    gemini: LoopbackGemini,
) -> None:
    gemini.vectors.plans(Scenario("error", status=404, reason="NOT_FOUND", message="No such model"))
    async with embeddings(gemini) as made:
        await made.question(QUESTION)
    assert [request.version for request in gemini.embedded] == ["v1", "v1beta"]


async def test_a_long_text_is_cut_and_a_service_never_gets_too_many(gemini: LoopbackGemini) -> None:
    async with embeddings(gemini) as made:
        await made.passages(["a " * 4_000, "b"], "passage")
        assert made.most <= MOST
    texts = [one["content"]["parts"][0]["text"] for one in gemini.embedded[0].body["requests"]]
    assert [len(text) for text in texts] == [LONGEST, 1]


FAULTS: list[tuple[Scenario, type[ModelError]]] = [
    (QUOTA, Exhausted),
    (OVERLOADED, Retryable),
    (Scenario("html"), Retryable),
    (Scenario("garbage"), Retryable),
    (Scenario("few_vectors"), Retryable),
    (Scenario("zero_vectors"), Retryable),
    (Scenario("error", status=400, reason="INVALID_ARGUMENT", message="No."), Rejected),
    (Scenario("error", status=403, reason="DENIED", message="No."), Misconfigured),
]


@pytest.mark.parametrize("form", ["gemini", "server"])
async def test_each_fault_is_told_apart_and_nothing_else_is_raised(
    gemini: LoopbackGemini, form: str
) -> None:
    chosen = {"gemini_api_key": KEY, "gemini_api_url": gemini.url}
    settings = load_settings(**(server(gemini) if form == "server" else chosen))
    destination = searcher(settings)
    assert destination is not None
    model = embedder(settings, destination)
    for fault, meant in FAULTS:
        gemini.vectors.plans(fault)
        with pytest.raises(meant) as raised:
            await Embeddings(model, question_s=PATIENT).question(QUESTION)
        assert "loop" not in str(raised.value)
    await model.close()


async def test_vectors_of_another_size_are_none_of_geminis(gemini: LoopbackGemini) -> None:
    gemini.vectors.plans(Scenario("short_vectors"))
    async with embeddings(gemini) as made:
        with pytest.raises(Retryable, match="sizes"):
            await made.question(QUESTION)


async def test_silence_ends_in_time_and_closes_the_connection(gemini: LoopbackGemini) -> None:
    settings = load_settings(gemini_api_key=KEY, gemini_api_url=gemini.url)
    destination = searcher(settings)
    assert destination is not None
    model = embedder(settings, destination)
    await Embeddings(model, question_s=PATIENT).question(QUESTION)  # opens the client
    gemini.vectors.plans(Scenario("hang"))
    with pytest.raises(Retryable, match="no answer in time"):
        await Embeddings(model, question_s=SHORT).question(QUESTION)
    async with asyncio.timeout(20):
        await until(lambda: len(gemini.embedded) == 2 and gemini.embedded[1].is_closed)
    await model.close()


async def test_a_service_that_keeps_failing_is_left_alone(gemini: LoopbackGemini) -> None:
    gemini.vectors.usual = OVERLOADED
    async with embeddings(gemini) as made:
        for _ in range(7):
            with pytest.raises(Retryable):
                await made.question(QUESTION)
        assert len(gemini.embedded) == 5
    gemini.vectors.usual = Scenario("error", status=401, message="Who?")
    async with embeddings(gemini, server(gemini)) as made:
        for _ in range(2):
            with pytest.raises(ModelError):
                await made.question(QUESTION)
        assert len(gemini.embedded) == 6
        assert "Who?" in made.broken
