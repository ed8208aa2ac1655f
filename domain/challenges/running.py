"""Runs waiting submissions: whoever can, does.

The process that asks, a worker that found the job, a worker that looks for what a killed process
left: the claim decides who grades, and its fence who may write the result.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.challenges import grading
from domain.challenges.grading import Claim, Graded, Told
from domain.clock import Clock
from domain.database import Database
from domain.grading import Grader, SandboxError

log = logging.getLogger(__name__)

RENEW_S = 8.0  # well inside the lease

Work = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


async def grade(
    database: Database,
    grader: Grader,
    clock: Clock,
    attempt: UUID,
    learner: UUID,
) -> Graded | None:
    """Claim, run and finish one's own attempt; None when somebody else has done or is doing it.

    It waits for a turn before it claims, so that an idle worker may be faster.

    Args:
        database: where it is.
        grader: the sandbox.
        clock: tells when it is claimed and finished.
        attempt: which.
        learner: whose it must be.

    Raises:
        SandboxError: the sandbox failed; the attempt is kept and may be tried again.
    """
    async with grader.turns.taken(learner):
        async with database.unit_of_work(learner) as conn:
            held = await grading.claim(conn, attempt, clock.now())
        if held is None:
            return None
        return await _graded(lambda: database.unit_of_work(learner), grader, clock, held, None)


async def grade_next(
    database: Database, grader: Grader, clock: Clock, told: Told | None = None
) -> Graded | None:
    """Grade the waiting attempt whose turn it is, anybody's; None when none waits. For workers.

    Args:
        database: where they are.
        grader: the sandbox.
        clock: tells what waits.
        told: writes the news to the learner, in the transaction of the result.

    Raises:
        SandboxError: the sandbox failed; the attempt is kept and may be tried again.
    """
    async with grader.turns.taken(None):
        async with database.worker_unit_of_work() as conn:
            held = await grading.claim_next(conn, clock.now())
        if held is None:
            return None
        return await _graded(database.worker_unit_of_work, grader, clock, held, told)


async def _graded(
    work: Work, grader: Grader, clock: Clock, held: Claim, told: Told | None
) -> Graded | None:
    try:
        async with _renewed(work, clock, held):
            result = await grader.grade(held.task, held.files)
    except SandboxError:
        async with work() as conn:
            await grading.release(conn, held, clock.now())
        raise
    async with work() as conn:
        graded = await grading.finish(conn, held, result, clock.now())
        if graded is not None and told is not None:
            await told(conn, graded)
        return graded


@contextlib.asynccontextmanager
async def _renewed(work: Work, clock: Clock, held: Claim) -> AsyncIterator[None]:
    """Keep the lease while the grading goes on."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(RENEW_S)
            try:
                async with work() as conn:
                    await grading.renew(conn, held, clock.now())
            except Exception:
                log.exception("the lease of attempt %s was not renewed", held.attempt)

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await renewing


async def regrade_stale(
    database: Database, grader: Grader, clock: Clock, most: int = 20, told: Told | None = None
) -> list[Graded]:
    """Grade attempts whose process was killed between handing in and result.

    For the worker, now and then; safe to run on several machines at once.

    Raises:
        SandboxError: the sandbox failed; what is left is kept.
    """
    done: list[Graded] = []
    while len(done) < most:
        graded = await grade_next(database, grader, clock, told)
        if graded is None:
            break
        done.append(graded)
    return done
