"""One learner who takes steps in challenges, and what the database holds of them."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.challenges import attempts, queries, rules, running, service
from domain.challenges.grading import Graded
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.identity.rules import Learner
from domain.sql import sql

PROGRESS = sql("""
    SELECT status, best_score, latest_score, total_attempts, first_completed_at, last_attempt_at
    FROM user_progress WHERE user_id = :learner AND component_id = :challenge
""")
COUNT = sql("""
    SELECT count(*) FROM challenge_attempts WHERE user_id = :learner AND component_id = :challenge
""")
_LEDGER = sql("SELECT source, xp FROM activity_ledger WHERE user_id = :learner")
STATUS = sql("SELECT status, fence FROM challenge_attempts WHERE id = :attempt")


class Solver:
    """One learner who takes steps, each in a unit of work of its own."""

    def __init__(
        self,
        database: Database,
        clock: ManualClock,
        grader: Grader,
        learner: Learner,
        known: Mapping[str, UUID],
    ) -> None:
        self.database, self.clock, self.grader = database, clock, grader
        self.learner, self.known = learner, known
        self.events = 0

    @property
    def user(self) -> UUID:
        return self.learner.user_id

    def work(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self.database.unit_of_work(self.user)

    async def opens(self, slug: str = "two-fer") -> queries.Challenge:
        async with self.work() as conn:
            return await service.open_challenge(
                conn, self.learner, self.known[slug], "terminal", self.clock.now()
            )

    async def hands_in(
        self, code: str, slug: str = "two-fer", *, event: str | None = None
    ) -> service.Submitted:
        self.events += 1
        name = event or f"{self.learner.name}-{self.events}"
        attempt = ids.event_uuid7(self.clock.now(), "terminal", name)
        async with self.work() as conn:
            found = await queries.challenge(conn, self.user, self.known[slug])
            return await service.submit(
                conn, self.learner, found, {found.main: code}, attempt, self.clock.now(), "here"
            )

    async def solves(self, code: str, slug: str = "two-fer") -> attempts.Attempt:
        submitted = await self.hands_in(code, slug)
        await self.graded(submitted.attempt)
        return await self.attempt(submitted.attempt)

    async def graded(self, attempt: UUID) -> Graded | None:
        return await running.grade(self.database, self.grader, self.clock, attempt, self.user)

    async def attempt(self, attempt: UUID) -> attempts.Attempt:
        async with self.work() as conn:
            return await attempts.attempt(conn, self.user, attempt)

    async def row(self, statement: TextClause, **values: object) -> Row[Any]:
        async with self.work() as conn:
            values = {"learner": self.user, "challenge": self.known["two-fer"], **values}
            wanted = {name: values[name] for name in statement._bindparams}
            return (await conn.execute(statement, wanted)).one()

    async def ledger(self) -> list[tuple[str, int]]:
        async with self.work() as conn:
            rows = await conn.execute(_LEDGER, {"learner": self.user})
            return [tuple(row) for row in rows.all()]

    async def takes(self, position: int) -> rules.Hint:
        async with self.work() as conn:
            _, hint = await service.take_hint(
                conn, self.user, self.known["two-fer"], position, self.clock.now()
            )
            return hint
