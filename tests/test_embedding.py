"""The worker turns passages into vectors: in batches, again after faults, and when it is killed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from pydantic import SecretStr

from bots.embedding import VectorKeeper, embeddings_of
from domain.clock import ManualClock
from domain.database import Database
from domain.postgres import EmbeddedServer
from domain.settings import Settings
from domain.sql import sql
from domain.tutoring.vectors_foreign import FOREIGN
from tests.domain.tutoring.reading import publish
from tests.platforms.gemini.scenarios import OVERLOADED, QUOTA, Scenario
from tests.platforms.gemini.server import KEY, LoopbackGemini
from tests.support.children import ROOT, STOA, Process, Program
from tests.support.eventually import until
from tests.support.processes import KEY as SECRET
from tests.support.processes import address_of
from tutor.models import embedding
from tutor.models.embedding import Embeddings

TEXTS = len(FOREIGN) + 4  # the course has four passages
RANDOM = Random(6)  # noqa: S311 - repeatable
REFUSED = Scenario("error", status=400, reason="INVALID_ARGUMENT", message="I do not take that.")
_MADE = sql("SELECT model, task, digest FROM passage_vectors")


@pytest.fixture
async def gemini() -> AsyncIterator[LoopbackGemini]:
    """A model service on a port of this machine."""
    async with LoopbackGemini() as server:
        yield server


def connected(settings: Settings, gemini: LoopbackGemini) -> Settings:
    changes = {"gemini_api_key": SecretStr(KEY), "gemini_api_url": gemini.url}
    return settings.model_copy(update=changes)


@pytest.fixture
async def keeper(
    empty_database: Database, clock: ManualClock, settings: Settings, gemini: LoopbackGemini
) -> AsyncIterator[VectorKeeper]:
    """Of a process that has the course and the service."""
    async with embeddings_of(connected(settings, gemini)) as embeddings:
        assert embeddings is not None
        yield VectorKeeper(empty_database, clock, embeddings)


async def made(database: Database) -> int:
    async with database.worker_unit_of_work() as conn:
        return len((await conn.execute(_MADE)).all())


def sent(gemini: LoopbackGemini) -> list[int]:
    """How many texts each request held."""
    return [len(request.body["requests"]) for request in gemini.embedded]


async def test_what_is_missing_is_made_a_minute_s_worth_at_a_time(
    keeper: VectorKeeper, empty_database: Database, gemini: LoopbackGemini, tmp_path: Path
) -> None:
    await publish(empty_database, tmp_path)
    keeper._in_a_minute = 20
    assert await keeper.fill() == {"vectors": 20, "unready": 4}
    assert await keeper.fill() == {"vectors": 16}
    assert await keeper.fill() == {"vectors": 0}
    assert sent(gemini) == [20, 12, 4]
    await publish(empty_database, tmp_path, ovens="## Cold\n\nThe refrigerator hums.\n")
    assert await keeper.fill() == {"vectors": 1}
    assert "refrigerator" in gemini.embedded[-1].text


async def test_another_model_gets_vectors_of_its_own(
    empty_database: Database,
    clock: ManualClock,
    settings: Settings,
    gemini: LoopbackGemini,
    tmp_path: Path,
) -> None:
    await publish(empty_database, tmp_path)
    for model in ("gemini-embedding-001", "gemini-embedding-2"):
        chosen = connected(settings, gemini).model_copy(update={"tutor_embedding_model": model})
        async with embeddings_of(chosen) as embeddings:
            assert embeddings is not None
            assert await VectorKeeper(empty_database, clock, embeddings).fill() == {
                "vectors": TEXTS
            }
    assert await made(empty_database) == 2 * TEXTS


@pytest.mark.parametrize(
    "fault",
    [QUOTA, OVERLOADED, Scenario("short_vectors")],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
async def test_a_fault_ends_the_run_and_the_next_one_goes_on(
    keeper: VectorKeeper,
    empty_database: Database,
    gemini: LoopbackGemini,
    tmp_path: Path,
    fault: Scenario,
) -> None:
    await publish(empty_database, tmp_path)
    gemini.vectors.plans(Scenario(), fault)
    assert await keeper.fill() == {"vectors": 30, "unready": 4}
    assert await made(empty_database) == 30
    assert await keeper.fill() == {"vectors": TEXTS - 30}


async def test_the_service_is_left_alone_as_long_as_it_asks(
    empty_database: Database,
    clock: ManualClock,
    settings: Settings,
    gemini: LoopbackGemini,
    tmp_path: Path,
) -> None:
    await publish(empty_database, tmp_path)
    at = ManualClock(clock.now())
    embeddings = Embeddings.from_settings(
        connected(settings, gemini), now=lambda: at.now().timestamp()
    )
    assert embeddings is not None
    keeper = VectorKeeper(empty_database, clock, embeddings)
    gemini.vectors.plans(Scenario("error", status=429, retry_s=70))
    for _ in range(2):
        assert await keeper.fill() == {"vectors": 0, "unready": 4}
        at.advance(timedelta(seconds=60))
    assert len(gemini.embedded) == 1
    assert await keeper.fill() == {"vectors": TEXTS}
    await embeddings.close()


async def test_a_text_that_the_service_refuses_does_not_hold_up_the_others(
    keeper: VectorKeeper, empty_database: Database, gemini: LoopbackGemini, tmp_path: Path
) -> None:
    await publish(empty_database, tmp_path)
    gemini.vectors.plans(Scenario(), Scenario(), REFUSED, Scenario(), REFUSED)
    keeper._in_a_minute = 100
    assert await keeper.fill() == {"vectors": TEXTS - 1, "unready": 1}
    assert sent(gemini) == [30, 2, 4, 1, 1, 1, 1]
    assert await keeper.fill() == {"vectors": 0}


async def test_a_slow_service_gets_fewer_texts_at_once(
    keeper: VectorKeeper,
    empty_database: Database,
    gemini: LoopbackGemini,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await publish(empty_database, tmp_path)
    await keeper._embeddings.passages(["opens the client"], "passage")
    monkeypatch.setattr(embedding, "PASSAGES_S", 0.5)
    gemini.vectors.plans(Scenario("hang"))
    assert (await keeper.fill())["vectors"] == 0
    monkeypatch.undo()
    await keeper.fill()
    assert sent(gemini) == [1, 30, 15, 15, 2, 4]


async def test_a_killed_worker_loses_one_request(
    database: Database,
    database_name: str,
    server: EmbeddedServer,
    clock: ManualClock,
    settings: Settings,
    gemini: LoopbackGemini,
    tmp_path: Path,
) -> None:
    await publish(database, tmp_path)
    gemini.vectors.usual = Scenario(pause_s=0.3)
    environment = {
        "STOA_DATABASE_URL": address_of(server, database_name),
        **SECRET,
        "STOA_DATA_DIR": str(tmp_path),
        "STOA_GEMINI_API_KEY": KEY,
        "STOA_GEMINI_API_URL": gemini.url,
        "PATH": "",
    }
    process = await Process.begin(Program(STOA, ["worker"], environment, ROOT), errors=True)
    begun = RANDOM.randint(1, 3)
    async with asyncio.timeout(60):
        await until(lambda: len(gemini.embedded) >= begun)
    await asyncio.sleep(RANDOM.random() * 0.5)
    process.kill()
    await process.wait()
    there = await made(database)
    gemini.vectors.usual = Scenario()
    async with embeddings_of(connected(settings, gemini)) as embeddings:
        assert embeddings is not None
        assert (await VectorKeeper(database, clock, embeddings).fill())["vectors"] == TEXTS - there
    assert await made(database) == TEXTS
    assert sum(sent(gemini)) <= TEXTS + 30
