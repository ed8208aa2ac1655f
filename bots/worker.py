"""One worker process: the job engine and the clock ticks, and what each of them does."""

import asyncio
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from random import SystemRandom
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bots.embedding import VectorKeeper
from bots.graded import code_message, quiz_message
from bots.reminding import nudge_all, plan_all, remind_all
from bots.tutoring import close_question
from domain.adaptivity.items import learn_items
from domain.analytics import measures, reports, rollups
from domain.challenges import running
from domain.challenges.grading import Graded
from domain.challenges.service import GRADE
from domain.clock import Clock
from domain.database import Database
from domain.grading import Grader
from domain.jobs import upkeep
from domain.jobs.engine import PgQueuerJobs
from domain.jobs.rules import slot_start
from domain.jobs.ticks import Fired, Tick, Ticker
from domain.live import running as live
from domain.notifications import claims, facts, outbox, reminders_zones
from domain.quizzes.grading import grade_overdue
from domain.tutoring.log import CLOSE
from domain.tutoring.resealing import reseal
from tutor.models.embedding import Embeddings

OUTBOX_EVERY = timedelta(seconds=15)
REMINDERS_EVERY = timedelta(seconds=10)
NUDGES_EVERY = timedelta(minutes=1)
ATTEMPTS_EVERY = timedelta(seconds=10)
QUIZZES_EVERY = timedelta(minutes=1)
TASKS_EVERY = timedelta(seconds=15)
VECTORS_EVERY = timedelta(minutes=1)
HOURLY = timedelta(hours=1)
DAILY = timedelta(days=1)
LOOK_FOR_DAILY = timedelta(hours=1)  # a day's work whose worker died is taken over by then


class Worker:
    """Jobs and clock ticks in one process.

    Args:
        database: shared with all other workers.
        clock: names the slots of ticks.
        grader: runs learners' code.
        only_grading: leave everything but grading to other workers.
        embeddings: turns passages into vectors, where such a model is configured.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        grader: Grader,
        *,
        only_grading: bool = False,
        embeddings: Embeddings | None = None,
    ) -> None:
        self._only_grading = only_grading
        self._vectors = VectorKeeper(database, clock, embeddings) if embeddings else None
        self._database = database
        self._clock = clock
        self._grader = grader
        self._jobs = PgQueuerJobs(database, SystemRandom())
        self._jobs.handle(GRADE, self._grade)
        self._jobs.handle(CLOSE, self._close_question)
        self._ticker = Ticker(database, clock, self.ticks())

    def ticks(self) -> Sequence[Tick]:
        """What recurs, and how often."""
        attempts = Tick("attempts", ATTEMPTS_EVERY, self._regrade)
        if self._only_grading:
            return (attempts,)
        return (
            Tick("partitions", DAILY, self._ensure_partitions, look=LOOK_FOR_DAILY),
            Tick("outbox", OUTBOX_EVERY, self._reap_outbox),
            Tick("reminders", REMINDERS_EVERY, self._remind),
            Tick("nudges", NUDGES_EVERY, self._nudge),
            Tick("zones", DAILY, self._reckon_zones, look=LOOK_FOR_DAILY),
            attempts,
            Tick("quizzes", QUIZZES_EVERY, self._hand_in_quizzes),
            Tick("tasks", TASKS_EVERY, self._learn_of_tasks),
            Tick("vectors", VECTORS_EVERY, self._make_vectors),
            Tick("live", HOURLY, self._end_live),
            Tick("roll-ups", HOURLY, self._roll_up),
            Tick("measures", HOURLY, self._measure),
            Tick("sealing", HOURLY, self._seal),
            Tick("reports", DAILY, self._refresh_reports, look=LOOK_FOR_DAILY),
            Tick("clean-up", DAILY, self._clean_up, look=LOOK_FOR_DAILY),
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop, then finish what was begun."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._jobs.run(stop))
            group.create_task(self._ticker.run(stop))

    async def run_once(self) -> list[Fired]:
        """Do what is due now: ticks whose slot is free, then all jobs that wait."""
        fired = await self._ticker.run_once()
        await self._jobs.drain()
        return fired

    async def _ensure_partitions(self) -> Mapping[str, Any]:
        async with self._database.worker_unit_of_work() as conn:
            return {"made": await upkeep.ensure_partitions(conn)}

    async def _reap_outbox(self) -> Mapping[str, Any]:
        async with self._database.worker_unit_of_work() as conn:
            return {"returned": await claims.reap(conn, self._clock.now())}

    async def _remind(self) -> Mapping[str, Any]:
        """All that is due; a set that fails is due again at the next tick."""
        return dict(await remind_all(self._database, self._clock))

    async def _nudge(self) -> Mapping[str, Any]:
        """Plan zones whose date is not planned yet; then all that is due."""
        planned = await plan_all(self._database, self._clock)
        judged = await nudge_all(self._database, self._clock)
        return {**({"planned": planned} if planned else {}), **judged}

    async def _reckon_zones(self) -> Mapping[str, Any]:
        """Go over all reminders: the rules of zones may have changed with the machine's."""
        corrected, after = 0, reminders_zones.FIRST
        while True:
            async with self._database.worker_unit_of_work() as conn:
                wrong, last = await reminders_zones.reckon_some(conn, self._clock.now(), after)
            corrected += wrong
            if last is None:
                return {"corrected": corrected}
            after = last

    async def _regrade(self) -> Mapping[str, Any]:
        done = await running.regrade_stale(
            self._database, self._grader, self._clock, told=self._tell
        )
        return {"graded": len(done)}

    async def _hand_in_quizzes(self) -> Mapping[str, Any]:
        now = self._clock.now()
        async with self._database.worker_unit_of_work() as conn:
            results = await grade_overdue(conn, now)
            for result in results:
                await outbox.post(conn, quiz_message(result, now))
        return {"graded": len(results)}

    async def _learn_of_tasks(self) -> Mapping[str, Any]:
        """Set after set of answers, until none waits."""
        answers = 0
        while True:
            async with self._database.worker_unit_of_work() as conn:
                learned = await learn_items(conn)
            answers += learned
            if not learned:
                return {"answers": answers}

    async def _make_vectors(self) -> Mapping[str, Any]:
        """Some of what is missing; without a model for it, passages are found by words alone."""
        return await self._vectors.fill() if self._vectors is not None else {}

    async def _end_live(self) -> Mapping[str, Any]:
        async with self._database.worker_unit_of_work() as conn:
            return {"ended": await live.end_forgotten(conn, self._clock.now())}

    async def _roll_up(self) -> Mapping[str, Any]:
        now = self._clock.now()
        async with self._database.worker_unit_of_work() as conn:
            changed = await rollups.roll_up(conn, now)
            return {**changed, "expired": await rollups.expire_enrollments(conn, now)}

    async def _measure(self) -> Mapping[str, Any]:
        now = self._clock.now()
        async with self._database.worker_unit_of_work() as conn:
            return await measures.measure(conn, now, slot_start(now, HOURLY))

    async def _seal(self) -> Mapping[str, Any]:
        """Seal what is plain, or sealed with a key of before."""
        done, unreadable = await reseal(self._database, self._clock.now())
        return {"sealed": done, **({"unreadable": unreadable} if unreadable else {})}

    async def _refresh_reports(self) -> Mapping[str, Any]:
        for name in reports.REPORTS:
            async with self._database.worker_unit_of_work() as conn:
                await reports.refresh_report(conn, name)
        return {"refreshed": len(reports.REPORTS)}

    async def _clean_up(self) -> Mapping[str, Any]:
        now = self._clock.now()
        frequent = [tick.name for tick in self.ticks() if tick.every < DAILY]
        async with self._database.worker_unit_of_work() as conn:
            gone = await outbox.prune(conn, now) + await upkeep.prune(conn, now, frequent)
            gone += await facts.prune(conn, now) + await measures.prune(conn, now)
        if self._vectors is not None:
            gone += await self._vectors.prune()
        return {"deleted": gone}

    async def _grade(self, _payload: Mapping[str, Any]) -> None:
        """A job says that something waits, not what: whose turn it is is decided here."""
        await running.grade_next(self._database, self._grader, self._clock, told=self._tell)

    async def _close_question(self, payload: Mapping[str, Any]) -> None:
        """A question to the tutor whose process died is closed; asked again, it is answered."""
        await close_question(self._database, self._clock, UUID(str(payload["question"])))

    async def _tell(self, conn: AsyncConnection, graded: Graded) -> None:
        """Post the result to whoever handed in; a chat that still waits for it takes it back."""
        message = await code_message(conn, graded, self._clock.now())
        await outbox.post(conn, message)


def stop_on_signals() -> asyncio.Event:
    """An event that is set by SIGTERM or Ctrl-C; the second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    names = (signal.SIGTERM, signal.SIGINT)

    def stopping() -> None:
        stop.set()
        for name in names:
            loop.remove_signal_handler(name)

    with suppress(NotImplementedError):  # Windows: Ctrl-C ends the process at once
        for name in names:
            loop.add_signal_handler(name, stopping)
    return stop
