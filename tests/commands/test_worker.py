"""`stoa worker`: what a killed process left is finished and told; a stop is graceful."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from bots.delivery import render
from bots.told import describe
from bots.worker import Worker
from domain import ids
from domain.challenges import grading, queries, running, service
from domain.clock import ManualClock, SystemClock
from domain.database import Database
from domain.grading import Grader
from domain.identity.rules import Learner
from domain.jobs.ticks import Fired
from domain.motivation.goals import Aim, add_goal
from domain.notifications import claims
from domain.postgres import EmbeddedServer
from domain.sql import sql
from tests.domain.challenges.course import GOOD, HALF, WRONG, join, prepare
from tests.support.children import ROOT, STOA, Process, Program
from tests.support.eventually import until
from tests.support.processes import KEY, address_of

_STATUS = sql("SELECT status FROM challenge_attempts WHERE id = :attempt")
_FENCES = sql("SELECT status, fence FROM challenge_attempts")
_UNFINISHED = sql("SELECT count(*) FROM challenge_attempts WHERE finished_at IS NULL")
_JOB = sql("""
    SELECT dedupe_key, extract(epoch FROM execute_after - now()) AS seconds
    FROM jobs.pgqueuer WHERE entrypoint = 'grade'
""")
_BADGE = sql("""
    INSERT INTO achievements (code, achievement_type, name, criteria)
    VALUES ('first', 'challenges', 'First', '{"metric": "challenges", "target": 1}')
""")
_DUE_NOW = sql("UPDATE jobs.pgqueuer SET execute_after = now()")


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


async def told(database: Database, clock: ManualClock, limit: int = 10) -> list[str]:
    """What the senders of the terminal would say now."""
    async with database.worker_unit_of_work() as conn:
        claimed = await claims.claim(
            conn, "terminal", limit=limit, lease=timedelta(minutes=1), now=clock.now()
        )
    return [render(message).text for message in claimed]


async def test_attempts_left_by_a_killed_process_are_graded_and_told_once(
    empty_database: Database, clock: ManualClock, worker: Worker, known: dict[str, UUID]
) -> None:
    ana = await join(empty_database, clock, "ana", known["course"])
    half = await hand_in(empty_database, clock, ana, known["two-fer"], HALF)
    good = await hand_in(empty_database, clock, ana, known["two-fer"], GOOD)
    first = await worker.run_once()
    assert "attempts: nothing to do" in map(describe, first)  # somebody may still be about to grade
    clock.advance(timedelta(minutes=1))
    assert "attempts: 2 graded" in map(describe, await worker.run_once())
    assert [await status(empty_database, one) for one in (half, good)] == ["partial", "passed"]
    half_told, good_told = sorted(await told(empty_database, clock))
    assert half_told == "Your code for “Two Fer” is checked: 2 of 3 tests passed, 60 %."
    assert good_told == "Your code for “Two Fer” passed all its tests."
    clock.advance(timedelta(minutes=1))
    await worker.run_once()
    async with empty_database.worker_unit_of_work() as conn:
        assert (await conn.execute(sql("SELECT count(*) FROM outbox"))).scalar_one() == 2


async def test_what_the_work_won_is_told_with_the_result(
    empty_database: Database, clock: ManualClock, worker: Worker, known: dict[str, UUID]
) -> None:
    ana = await join(empty_database, clock, "ana", known["course"])
    async with empty_database.worker_unit_of_work() as conn:
        await conn.execute(_BADGE)
        day = clock.now().date()
        await add_goal(conn, ana.user_id, ids.uuid7(clock.now()), Aim("One", "challenges", 1), day)
    await hand_in(empty_database, clock, ana, known["two-fer"], GOOD)
    clock.advance(timedelta(minutes=1))
    await worker.run_once()
    (text,) = await told(empty_database, clock)
    assert text.split("\n\n")[1:] == [
        "New badges: First. See all: /badges",
        "Goals reached: “One”.",
    ]


async def test_handing_in_adds_a_job_in_its_transaction_and_the_job_grades(
    empty_database: Database, clock: ManualClock, worker: Worker, known: dict[str, UUID]
) -> None:
    ana = await join(empty_database, clock, "ana", known["course"])
    attempt = await hand_in(empty_database, clock, ana, known["two-fer"], GOOD)
    async with empty_database.worker_unit_of_work() as conn:
        due = (await conn.execute(_JOB)).one()
        assert due.dedupe_key == f"grade:{attempt}"
        assert 1 < due.seconds < 4, "the process that stored it grades it first"
        await conn.execute(_DUE_NOW)
    clock.advance(timedelta(seconds=3))
    await worker._jobs.drain()
    assert await status(empty_database, attempt) == "passed"


async def test_a_learners_hundred_submissions_do_not_make_another_wait(
    empty_database: Database, clock: ManualClock, known: dict[str, UUID]
) -> None:
    ana = await join(empty_database, clock, "ana", known["course"])
    for number in range(30):
        code = f"{WRONG}# {number}"
        await hand_in(empty_database, clock, ana, known["two-fer"], code)
        clock.advance(timedelta(milliseconds=1))
    ben = await join(empty_database, clock, "ben", known["course"])
    await hand_in(empty_database, clock, ben, known["two-fer"], GOOD)
    clock.advance(timedelta(seconds=3))
    async with Grader() as grader:

        async def next_one() -> UUID | None:
            graded = await running.grade_next(empty_database, grader, clock)
            return graded.user_id if graded else None

        served = [await next_one() for _ in range(4)]
        assert served.index(ben.user_id) <= 1
        late = await hand_in(empty_database, clock, ben, known["two-fer"], HALF)
        clock.advance(timedelta(seconds=3))
        assert await next_one() == ben.user_id
        assert await status(empty_database, late) == "partial"
        for _ in range(40):
            if await next_one() is None:
                break
    async with empty_database.worker_unit_of_work() as conn:
        assert (await conn.execute(_UNFINISHED)).scalar_one() == 0


async def test_several_workers_grade_each_attempt_once(
    empty_database: Database, clock: ManualClock, known: dict[str, UUID]
) -> None:
    people = [await join(empty_database, clock, name, known["course"]) for name in "abc"]
    for number in range(12):
        code = f"{GOOD}# {number}"
        await hand_in(empty_database, clock, people[number % 3], known["two-fer"], code)
    clock.advance(timedelta(seconds=3))
    async with Grader() as one, Grader() as two:
        workers = [Worker(empty_database, clock, grader) for grader in (one, two)]
        await asyncio.gather(*(worker._grade({}) for worker in workers for _ in range(8)))
    async with empty_database.worker_unit_of_work() as conn:
        rows = (await conn.execute(_FENCES)).all()
    assert [(row.status, row.fence) for row in rows] == [("passed", 1)] * 12
    assert len(await told(empty_database, clock, limit=50)) == 12


async def test_a_worker_killed_in_the_middle_loses_nothing_and_grades_once(
    server: EmbeddedServer, database_name: str, database: Database, tmp_path: Path
) -> None:
    known = await prepare(database, tmp_path)
    now = ManualClock(SystemClock().now())
    ana = await join(database, now, "ana", known["course"])
    attempt = await hand_in(database, now, ana, known["two-fer"], "while True:\n    pass\n")
    process = await start(server, database_name, tmp_path, "--grade")

    async def is_running() -> bool:
        return await status(database, attempt) == "running"

    async with asyncio.timeout(30):
        await until(is_running, every=0.02)
    process.kill()
    await process.communicate()
    assert await status(database, attempt) == "running"
    later = ManualClock(SystemClock().now() + grading.LEASE + timedelta(seconds=1))
    async with Grader() as grader:
        graded = await asyncio.gather(
            *(Worker(database, later, grader)._grade({}) for _ in range(3)),
            Worker(database, later, grader, only_grading=True).run_once(),
        )
    assert len(graded) == 4
    assert await status(database, attempt) == "timeout"
    (message,) = await told(database, later)
    assert message == "Your code for “Two Fer” is checked: 0 of 3 tests passed, 0 %."


async def test_a_grading_worker_does_nothing_else(
    empty_database: Database, clock: ManualClock, worker: Worker
) -> None:
    async with Grader() as grader:
        only = Worker(empty_database, clock, grader, only_grading=True)
        assert [tick.name for tick in only.ticks()] == ["attempts"]
        assert [one.name for one in await only.run_once()] == ["attempts"]
    assert "attempts" not in {one.name for one in await worker.run_once()}


async def test_a_tick_that_was_done_in_its_slot_is_not_done_again(worker: Worker) -> None:
    assert {one.name for one in await worker.run_once()} == {one.name for one in worker.ticks()}
    assert await worker.run_once() == []


async def start(server: EmbeddedServer, name: str, tmp_path: Path, *options: str) -> Process:
    environment = {
        "STOA_DATABASE_URL": address_of(server, name),
        **KEY,
        "STOA_DATA_DIR": str(tmp_path),
        "PATH": "",
    }
    return await Process.begin(Program(STOA, ["worker", *options], environment, ROOT), errors=True)


async def test_the_page_about_the_worker_has_every_tick(worker: Worker) -> None:
    page = (ROOT / "docs" / "worker.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(.+?)` \| (\d.*?) \|", page, re.MULTILINE)
    units = {"s": "seconds", "min": "minutes", "h": "hours", "day": "days"}
    times = {
        name: timedelta(**{units[unit]: int(number)})
        for name, every in rows
        for number, unit in [every.split()]
    }
    assert times == {tick.name: tick.every for tick in worker.ticks()}


def test_what_a_tick_did_is_said_in_words() -> None:
    judged = {"sent": 3, "spared": 1, "late": 0}
    assert describe(Fired("reminders", failed=False, details=judged)) == (
        "reminders: 3 messages written, 1 left out, since the latest were ignored"
    )
    assert describe(Fired("measures", failed=False, details={"jobs.failed": 2})) == (
        "measures: jobs.failed 2"
    )
    one = Fired("roll-ups", failed=False, details={"days": 1, "questions": 2})
    assert describe(one) == "roll-ups: 1 day of components derived, 2 questions counted"
    broken = Fired("outbox", failed=True, details={"error": "OSError"})
    assert describe(broken) == "outbox: failed: OSError"


async def test_once_says_what_was_done_and_exits(
    server: EmbeddedServer, database_name: str, tmp_path: Path
) -> None:
    process = await start(server, database_name, tmp_path, "--once")
    out, _ = await process.communicate()
    assert process.returncode == 0
    assert "outbox: nothing to do" in out.decode().splitlines()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
async def test_a_signal_stops_it_in_order(
    server: EmbeddedServer, database_name: str, tmp_path: Path, name: str
) -> None:
    process = await start(server, database_name, tmp_path)
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
