"""`stoa worker`: what a killed process left is finished and told; a stop is graceful."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from bots.delivery import render
from bots.worker import GRADE, Worker, describe
from domain import ids
from domain.challenges import queries, service
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.identity.rules import Learner
from domain.jobs.port import Job
from domain.jobs.posting import enqueue
from domain.notifications import claims
from domain.postgres import EmbeddedServer
from domain.sql import sql
from tests.domain.challenges.course import GOOD, HALF, join, prepare

ROOT = Path(__file__).parents[2]
RUN = "import sys; from bots.cli import main; sys.exit(main(sys.argv[1:]))"
_STATUS = sql("SELECT status FROM challenge_attempts WHERE id = :attempt")


@pytest.fixture
async def worker(empty_database: Database, clock: ManualClock) -> AsyncIterator[Worker]:
    async with Grader() as grader:
        yield Worker(empty_database, clock, grader)


@pytest.fixture
async def known(empty_database: Database, tmp_path: Path) -> dict[str, UUID]:
    return await prepare(empty_database, tmp_path)


async def hand_in(
    database: Database, clock: ManualClock, learner: Learner, challenge: UUID, code: str
) -> UUID:
    """What a process does before it is killed: the submission is stored, nobody grades it."""
    attempt = ids.event_uuid7(clock.now(), "terminal", code)
    async with database.unit_of_work(learner.user_id) as conn:
        found = await queries.challenge(conn, learner.user_id, challenge)
        files = {found.main: code}
        await service.submit(conn, learner, found, files, attempt, clock.now(), "terminal:ana")
    return attempt


async def status(database: Database, attempt: UUID) -> str:
    async with database.worker_unit_of_work() as conn:
        return str((await conn.execute(_STATUS, {"attempt": attempt})).scalar_one())


async def told(database: Database, clock: ManualClock) -> list[str]:
    """What the senders of the terminal would say now."""
    async with database.worker_unit_of_work() as conn:
        claimed = await claims.claim(
            conn, "terminal", limit=10, lease=timedelta(minutes=1), now=clock.now()
        )
    return [render(message).text for message in claimed]


async def test_attempts_left_by_a_killed_process_are_graded_and_told_once(
    empty_database: Database, clock: ManualClock, worker: Worker, known: dict[str, UUID]
) -> None:
    ana = await join(empty_database, clock, "ana", known["course"])
    half = await hand_in(empty_database, clock, ana, known["two-fer"], HALF)
    good = await hand_in(empty_database, clock, ana, known["two-fer"], GOOD)
    first = await worker.run_once()
    assert "attempts: graded 0" in map(describe, first)  # somebody may still be about to grade
    clock.advance(timedelta(minutes=1))
    assert "attempts: graded 2" in map(describe, await worker.run_once())
    assert [await status(empty_database, one) for one in (half, good)] == ["partial", "passed"]
    half_told, good_told = await told(empty_database, clock)
    assert half_told.startswith("Your code for “Two Fer” is checked: ")
    assert good_told.startswith("Your code for “Two Fer” passed all its tests.")
    clock.advance(timedelta(minutes=1))
    await worker.run_once()
    async with empty_database.worker_unit_of_work() as conn:
        assert (await conn.execute(sql("SELECT count(*) FROM outbox"))).scalar_one() == 2


async def test_a_grading_job_grades(
    empty_database: Database, clock: ManualClock, worker: Worker, known: dict[str, UUID]
) -> None:
    ana = await join(empty_database, clock, "ana", known["course"])
    attempt = await hand_in(empty_database, clock, ana, known["two-fer"], GOOD)
    async with empty_database.unit_of_work(ana.user_id) as conn:
        await enqueue(conn, Job(GRADE, {"attempt": str(attempt)}, key=f"grade:{attempt}"))
    await worker.run_once()
    assert await status(empty_database, attempt) == "passed"


async def test_a_tick_that_was_done_in_its_slot_is_not_done_again(worker: Worker) -> None:
    assert {one.name for one in await worker.run_once()} == {one.name for one in worker.ticks()}
    assert await worker.run_once() == []


async def start(
    server: EmbeddedServer, name: str, tmp_path: Path, *options: str
) -> asyncio.subprocess.Process:
    address = f"postgresql://postgres@/{name}?host={server.socket_folder}&port=5432"
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        RUN,
        "worker",
        *options,
        cwd=ROOT,
        env={"STOA_DATABASE_URL": address, "STOA_DATA_DIR": str(tmp_path), "PATH": ""},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_once_says_what_was_done_and_exits(
    server: EmbeddedServer, database_name: str, tmp_path: Path
) -> None:
    process = await start(server, database_name, tmp_path, "--once")
    out, _ = await process.communicate()
    assert process.returncode == 0
    assert "outbox: returned 0" in out.decode().splitlines()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
async def test_a_signal_stops_it_in_order(
    server: EmbeddedServer, database_name: str, tmp_path: Path, name: str
) -> None:
    process = await start(server, database_name, tmp_path)
    assert process.stderr is not None
    assert await process.stderr.readline() == b"Working. Ctrl-C stops me.\n"
    process.send_signal(signal.Signals[name])
    _, rest = await process.communicate()
    assert process.returncode == 0
    assert rest == b"Stopped; nothing was left half done.\n"


async def test_help_says_it_in_words(
    server: EmbeddedServer, database_name: str, tmp_path: Path
) -> None:
    process = await start(server, database_name, tmp_path, "--help")
    out, _ = await process.communicate()
    assert process.returncode == 0
    assert "each piece of work is done once" in " ".join(out.decode().split())
