"""What the seeds promise of single queries, measured through the product's own functions.

Each measurement is one unit of work: a transaction as `stoa_app` with row policies in force, the
functions a flow calls, and the commit. The reports are an exception: the product has no report
commands yet, so their measurements read the product's own roll-ups and views as `stoa_worker`.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from benchmarks.timing import Times
from domain import ids
from domain.activity import queries as activity
from domain.catalog import queries as catalog
from domain.catalog.rules import Search, parse_search
from domain.clock import SystemClock
from domain.database import Database
from domain.identity import service as identity
from domain.identity.rules import Learner
from domain.lessons import service as lessons
from domain.motivation import queries as motivation
from domain.quizzes import asking
from domain.quizzes import service as quizzes
from domain.sql import sql

PLATFORM = "terminal"
_PEOPLE = sql("SELECT subject FROM identities ORDER BY subject LIMIT :most")
_STUDIED = sql("""
    SELECT e.user_id, e.course_id, k.id AS component, k.kind, p.status
    FROM user_progress p
    JOIN components k ON k.id = p.component_id
    JOIN enrollments e ON e.user_id = p.user_id AND e.course_id = k.course_id
    WHERE p.user_id = ANY(:learners) AND p.status <> 'not_started'
    ORDER BY p.user_id, k.id
""")
_COURSE_YEAR = sql("""
    SELECT d.component_id, sum(d.views) AS views, sum(d.completions) AS completions,
           avg(d.average_score) AS score
    FROM component_daily d JOIN components k ON k.id = d.component_id
    WHERE k.course_id = :course AND d.day >= :first
    GROUP BY d.component_id
""")
_DIFFICULTY = sql("""
    SELECT s.component_id, s.attempt_count, s.pass_rate, s.avg_hints_used
    FROM problem_difficulty_stats s JOIN components k ON k.id = s.component_id
    WHERE k.course_id = :course ORDER BY s.pass_rate NULLS LAST
""")
_LAST_MONTH = sql("""
    SELECT a.component_id, a.status, count(*) AS attempts, avg(a.execution_time_ms) AS took
    FROM challenge_attempts a
    WHERE a.id >= :floor GROUP BY a.component_id, a.status
""")
_SEARCHES = ("python", "net", "design teachers level:beginner", "tag:topic-7", "statis lang:de", "")


@dataclass(frozen=True, slots=True)
class Place:
    """One learner in one course, and a component there that they have begun."""

    subject: str
    learner: Learner
    course: UUID
    component: UUID
    kind: str
    status: str


@dataclass(frozen=True, slots=True)
class Target:
    """One promise: what is done, and within how many milliseconds.

    Args:
        name: what is done.
        limit: milliseconds that 99 of 100 must stay under.
        run: does it once, for the given number.
        prepare: what has to be there first, for that number; not measured.
        is_report: it is asked for now and then by one person, so it is measured one at a time.
    """

    name: str
    limit: float
    run: Callable[[int], Awaitable[object]]
    prepare: Callable[[int], Awaitable[object]] | None = None
    is_report: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """A target and how long it took with so many at once."""

    target: Target
    at_once: int
    times: Times

    @property
    def is_met(self) -> bool:
        """Whether 99 of 100 stayed under the limit."""
        return self.times.p99 < self.target.limit


async def places(database: Database, chance: random.Random, most: int) -> list[Place]:
    """Learners chosen by chance, with the components they have begun."""
    async with database.worker_unit_of_work() as conn:
        subjects = list((await conn.execute(_PEOPLE, {"most": 1_000_000})).scalars())
    chosen = chance.sample(subjects, min(most, len(subjects)))
    learners = {}
    accounts = identity.Accounts()
    for subject in chosen:
        async with database.unit_of_work() as conn:
            learner = await accounts.learner(
                conn, PLATFORM, subject, subject, None, SystemClock().now()
            )
            learners[learner.user_id] = (subject, learner)
    async with database.worker_unit_of_work() as conn:
        rows = (await conn.execute(_STUDIED, {"learners": list(learners)})).all()
    found = [Place(*learners[row[0]], *row[1:]) for row in rows]
    chance.shuffle(found)
    return found


class Promises:
    """The targets over one filled database.

    Args:
        database: filled.
        found: learners and what they have begun.
        now: the instant at which everything happens.
    """

    def __init__(self, database: Database, found: Sequence[Place], now: datetime) -> None:
        self._database = database
        self._all = found
        self._now = now
        self._lessons = [place for place in found if place.kind == "lesson"]
        self._unread = [place for place in self._lessons if place.status == "in_progress"]
        self._quizzes = [
            place for place in found if place.kind == "quiz" and place.status == "completed"
        ]
        self._attempts: dict[int, UUID] = {}
        self._fresh = count()

    def targets(self) -> list[Target]:
        """Every promise."""
        return [
            Target("find the learner behind an account", 50, self._resolve),
            Target("dashboard: courses, points, days", 200, self._dashboard),
            Target("list a course's components", 100, self._outline),
            Target("search the courses", 100, self._search),
            Target("progress: turn a lesson page", 50, self._turn_page),
            Target("progress: finish a lesson", 50, self._finish),
            Target("hand in a quiz", 500, self._hand_in, self._answer_quiz),
            Target("report: a course over a year", 2000, self._course_year, is_report=True),
            Target("report: difficulty of challenges", 2000, self._difficulty, is_report=True),
            Target("report: all attempts of 30 days", 2000, self._last_month, is_report=True),
        ]

    async def _resolve(self, number: int) -> None:
        subject = self._place(number).subject
        accounts = identity.Accounts()  # a process that has just started knows nobody
        async with self._database.unit_of_work() as conn:
            await accounts.learner(conn, PLATFORM, subject, subject, None, SystemClock().now())

    async def _dashboard(self, number: int) -> None:
        learner = self._place(number).learner
        async with self._database.unit_of_work(learner.user_id) as conn:
            await activity.dashboard(conn, learner.user_id)
            await motivation.totals(conn, learner.user_id)
            await motivation.days(conn, learner.user_id, self._now)

    async def _outline(self, number: int) -> None:
        place = self._place(number)
        async with self._database.unit_of_work(place.learner.user_id) as conn:
            await catalog.outline(conn, place.learner.user_id, place.course)

    async def _search(self, number: int) -> None:
        words = _SEARCHES[number % len(_SEARCHES)]
        wish: Search = parse_search(words)
        learner = self._place(number).learner.user_id
        async with self._database.unit_of_work(learner) as conn:
            await catalog.search(conn, learner, wish)

    async def _turn_page(self, number: int) -> None:
        place = self._lessons[number % len(self._lessons)]
        async with self._database.unit_of_work(place.learner.user_id) as conn:
            await lessons.open_page(
                conn, place.learner, place.component, number % 4, PLATFORM, self._now
            )

    async def _finish(self, number: int) -> None:  # noqa: ARG002 - each lesson is finished once
        place = self._unread[next(self._fresh)]
        async with self._database.unit_of_work(place.learner.user_id) as conn:
            await lessons.finish(conn, place.learner, place.component, PLATFORM, self._now)

    async def _answer_quiz(self, number: int) -> None:
        place = self._quizzes[number % len(self._quizzes)]
        learner = place.learner
        wanted = ids.event_uuid7(self._now, PLATFORM, f"attempt {number} {next(self._fresh)}")
        async with self._database.unit_of_work(learner.user_id) as conn:
            attempt = await quizzes.start(conn, learner, place.component, wanted, self._now)
            for position in range(5):
                await asking.press(conn, learner.user_id, attempt, position, position, self._now)
        self._attempts[number] = attempt

    async def _hand_in(self, number: int) -> None:
        learner = self._quizzes[number % len(self._quizzes)].learner.user_id
        async with self._database.unit_of_work(learner) as conn:
            await quizzes.submit(conn, learner, self._attempts[number], self._now)

    async def _course_year(self, number: int) -> None:
        values = {"course": self._place(number).course, "first": self._now.date().replace(month=1)}
        async with self._database.worker_unit_of_work() as conn:
            (await conn.execute(_COURSE_YEAR, values)).all()

    async def _difficulty(self, number: int) -> None:
        async with self._database.worker_unit_of_work() as conn:
            (await conn.execute(_DIFFICULTY, {"course": self._place(number).course})).all()

    async def _last_month(self, number: int) -> None:  # noqa: ARG002 - the same for everybody
        floor = ids.uuid7(self._now - timedelta(days=30), bytes(10))
        async with self._database.worker_unit_of_work() as conn:
            (await conn.execute(_LAST_MONTH, {"floor": floor})).all()

    def _place(self, number: int) -> Place:
        return self._all[number % len(self._all)]


async def measure(target: Target, first: int, samples: int, at_once: int) -> Measured:
    """Do one thing many times, so many at once.

    Args:
        target: what.
        first: the number of the first time; no number is used twice for one target.
        samples: how often.
        at_once: how many at the same time.
    """
    numbers = range(first, first + samples)
    if target.prepare is not None:
        for number in numbers:
            await target.prepare(number)
    took: list[float] = []
    waiting = iter(numbers)

    async def worker() -> None:
        for number in waiting:
            began = time.perf_counter()
            await target.run(number)
            took.append(time.perf_counter() - began)

    await asyncio.gather(*(worker() for _ in range(at_once)))
    return Measured(target, at_once, Times(tuple(took)))
