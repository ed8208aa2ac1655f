"""A course with quizzes and challenges of known answers, and people who take them."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from domain import ids
from domain.adaptivity.items import learn_items
from domain.adaptivity.service import learn_from_challenge
from domain.clock import ManualClock
from domain.database import Database
from domain.identity.rules import Learner
from domain.quizzes import asking, service
from domain.sql import sql
from tests.domain.quizzes import samples
from tests.domain.quizzes.seeding import Course, make_course

RIGHT, WRONG = "true", "false"
_numbers = count()
_CHALLENGE = sql("""
    WITH made AS (
        INSERT INTO components (id, course_id, unit_id, key, slug, kind, title, position, status,
                                difficulty)
        VALUES (:id, :course, :unit, :slug, :slug, 'challenge', 'A challenge', :position,
                'published', 2)),
    known AS (INSERT INTO challenges (component_id, language) VALUES (:id, 'python'))
    INSERT INTO challenge_versions (component_id, version, title, instructions, starter_files,
                                    solution_files, language, mode, limits, content_hash)
    VALUES (:id, 1, 'A challenge', 'Do it', '{}', '{}', 'python', 'stdin', '{"time_s": 2}', 'x')
""")
_TRY = sql("""
    INSERT INTO challenge_attempts
        (id, user_id, component_id, version, files, status, test_results, score, max_score,
         percentage, hints_used, hint_cost, cpu_time_ms, submitted_at, finished_at)
    VALUES (:id, :learner, :challenge, 1, '{}', :status, CAST(:tests AS jsonb), 0, 10, 0, :hints,
            :cost, 1000, :at, :at)
""")


class Class:
    """A course with true-or-false quizzes and challenges, and people who answer."""

    def __init__(self, database: Database, course: Course, clock: ManualClock) -> None:
        self.database, self.course, self.clock = database, course, clock

    @classmethod
    async def make(cls, database: Database, clock: ManualClock) -> "Class":
        """A new course."""
        return cls(database, await make_course(database), clock)

    async def learner(self) -> Learner:
        """Somebody new in the course."""
        return await self.course.learner(f"learner-{next(_numbers)}-{self.course.slug}")

    async def quiz(self, questions: int = 4, **rules: Any) -> UUID:
        return await self.course.quiz(
            f"q{next(_numbers)}", (samples.TRUE_FALSE,) * questions, mark=100, **rules
        )

    async def takes(self, learner: Learner, quiz: UUID, answers: str) -> UUID:
        """Answer "+", "-" or nothing (" ") to each question, and hand in."""
        attempt = ids.uuid7(self.clock.now())
        async with self.database.unit_of_work(learner.user_id) as conn:
            await service.start(conn, learner, quiz, attempt, self.clock.now())
            for position, answer in enumerate(answers):
                if answer in "+-":
                    self.clock.advance(timedelta(seconds=5))
                    await asking.type_answer(
                        conn,
                        learner.user_id,
                        attempt,
                        position,
                        RIGHT if answer == "+" else WRONG,
                        self.clock.now(),
                    )
            await service.submit(conn, learner.user_id, attempt, self.clock.now())
        return attempt

    async def challenge(self) -> UUID:
        key = ids.uuid7(self.clock.now())
        self.course.quizzes += 1
        values = {"id": key, "course": self.course.id, "unit": self.course.unit}
        async with self.database.worker_unit_of_work() as conn:
            await conn.execute(
                _CHALLENGE,
                {**values, "slug": f"c{next(_numbers)}", "position": self.course.quizzes},
            )
        return key

    async def tries(
        self, learner: Learner, challenge: UUID, passed: int, tests: int = 4, **more: int
    ) -> UUID:
        """Hand in a program that passes so many tests."""
        self.clock.advance(timedelta(minutes=1))
        attempt = ids.uuid7(self.clock.now())
        words = ['{"status": "passed"}'] * passed + ['{"status": "failed"}'] * (tests - passed)
        values: dict[str, object] = {
            "id": attempt,
            "learner": learner.user_id,
            "challenge": challenge,
            "status": "passed" if passed == tests else "failed",
            "at": self.clock.now(),
            "tests": f"[{','.join(words)}]",
            "hints": 0,
            "cost": 0,
        }
        async with self.database.worker_unit_of_work() as conn:
            await conn.execute(_TRY, values | more)
        async with self.database.unit_of_work(learner.user_id) as conn:
            await learn_from_challenge(conn, attempt)
        return attempt

    async def rows(self, query: str, **values: object) -> list[Row[Any]]:
        async with self.database.worker_unit_of_work() as conn:
            return list((await conn.execute(text(query), values)).all())

    async def state(self, learner: Learner) -> Row[Any]:
        (row,) = await self.rows(
            "SELECT ability_mean, ability_variance, observations, performance_trend,"
            " next_difficulty, current_skill_level, confidence_score FROM adaptive_state"
            " WHERE user_id = :learner AND course_id = :course",
            learner=learner.user_id,
            course=self.course.id,
        )
        return row

    async def learned(self) -> int:
        """Let the worker learn of the tasks what waits."""
        done = 0
        while True:
            async with self.database.worker_unit_of_work() as conn:
                some = await learn_items(conn, 7)
            done += some
            if not some:
                return done

    async def everything(self) -> dict[str, list[Row[Any]]]:
        """All that is derived for this course's people and tasks."""
        tables = {
            "adaptive_state": "user_id, course_id, ability_mean, ability_variance, observations,"
            " performance_trend, next_difficulty",
            "skill_abilities": "user_id, course_id, skill, ability_mean, ability_variance, rights,"
            " wrongs, observations",
            "skill_difficulties": "course_id, skill, difficulty_mean, difficulty_variance,"
            " right_mean, right_variance, wrong_mean, wrong_variance, observations",
            "question_difficulties": "question_id, difficulty_mean, difficulty_variance,"
            " observations",
            "item_difficulties": "component_id, difficulty_mean, difficulty_variance, observations",
            "analytics_events": "id, user_id, component_id, duration_seconds, errors_made,"
            " help_requests, completion_rate, code_quality_score, engagement_level",
        }
        found = {}
        for table, columns in tables.items():
            found[table] = await self.rows(f"SELECT {columns} FROM {table} ORDER BY 1, 2, 3")
        return found
