"""A small course with quizzes, written straight into the tables."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.clock import SystemClock
from domain.database import Database
from domain.identity.rules import Learner
from domain.identity.service import Accounts
from domain.quizzes.questions import Question
from domain.sql import sql
from tests.domain.quizzes import samples

_COURSE = sql("""
    WITH lang AS (INSERT INTO languages (code, name) VALUES ('en', 'English')
                  ON CONFLICT DO NOTHING)
    INSERT INTO courses (id, slug, title, status, active_version)
    VALUES (:course, :slug, :title, 'published', 1)
""")
_VERSION = sql("""
    INSERT INTO course_versions (course_id, version, status, content, tree_hash, published_at)
    VALUES (:course, 1, 'published', '{}', 'none', now())
""")
_UNIT = sql("""
    INSERT INTO units (id, course_id, key, title, position)
    VALUES (:unit, :course, 'unit', 'Unit', 0)
""")
_DOMAIN = sql("""
    INSERT INTO domains (id, course_id, code, title) VALUES (:domain, :course, :code, 'Domain')
""")
_COMPONENT = sql("""
    INSERT INTO components (id, course_id, unit_id, key, slug, kind, title, position, status)
    VALUES (:quiz, :course, :unit, :slug, :slug, 'quiz', :title, :position, 'published')
""")
_ASSESSMENT = sql(
    """
    INSERT INTO assessments (component_id, assessment_type, reveal, passing_score,
        time_limit_seconds, max_attempts, shuffle_questions, shuffle_options, draw)
    VALUES (:quiz, :kind, :reveal, :mark, :limit, :attempts, :shuffle, :shuffle, :draw)
""",
    draw=JSONB(),
)
_QUESTION = sql("""
    INSERT INTO question_bank (id, course_id, domain_id, key, kind, difficulty, status)
    VALUES (:question, :course, :domain, :key, :kind, 2, 'published')
""")
_QUESTION_VERSION = sql(
    """
    INSERT INTO question_versions
        (question_id, version, prompt, data, answer, explanation, hints, points, content_hash)
    VALUES (:question, 1, :prompt, :data, :answer, :explanation, :hints, :points, 'none')
""",
    data=JSONB(),
    answer=JSONB(),
    hints=JSONB(),
)
_LISTED = sql("""
    INSERT INTO assessment_questions (assessment_id, question_id, position)
    VALUES (:quiz, :question, :position)
""")
_JOIN = sql("""
    INSERT INTO enrollments (user_id, course_id, status, enrolled_at, completed_count, total_count)
    VALUES (:learner, :course, 'active', now(), 0, 1)
""")


@dataclass(slots=True)
class Course:
    """A course to put quizzes into."""

    database: Database
    id: UUID
    slug: str
    unit: UUID
    quizzes: int = 0

    async def quiz(
        self,
        slug: str,
        questions: tuple[Question, ...] = samples.ALL,
        *,
        kind: str = "graded",
        reveal: str = "after_submit",
        mark: int = 70,
        limit: int | None = None,
        attempts: int | None = None,
        shuffle: bool = False,
        draw: tuple[dict[str, object], ...] = (),
    ) -> UUID:
        """A quiz with these questions in its list."""
        quiz = uuid4()
        self.quizzes += 1
        async with self.database.worker_unit_of_work() as conn:
            await conn.execute(
                _COMPONENT,
                {
                    "quiz": quiz,
                    "course": self.id,
                    "unit": self.unit,
                    "slug": slug,
                    "title": f"Quiz {slug}",
                    "position": self.quizzes,
                },
            )
            values = {"kind": kind, "reveal": reveal, "mark": mark, "limit": limit}
            values |= {"attempts": attempts, "shuffle": shuffle, "draw": list(draw)}
            await conn.execute(_ASSESSMENT, {"quiz": quiz, **values})
            for position, question in enumerate(questions):
                key = await add_question(conn, self.id, f"{slug}-{position}", question)
                listed = {"quiz": quiz, "question": key, "position": position}
                await conn.execute(_LISTED, listed)
        return quiz

    async def bank(self, code: str, questions: tuple[Question, ...]) -> None:
        """Questions of a domain, in no list."""
        domain = uuid4()
        async with self.database.worker_unit_of_work() as conn:
            await conn.execute(_DOMAIN, {"domain": domain, "course": self.id, "code": code})
            for number, question in enumerate(questions):
                await add_question(conn, self.id, f"bank-{code}-{number}", question, domain)

    async def learner(self, name: str) -> Learner:
        """Somebody who has joined the course."""
        accounts = Accounts()
        async with self.database.unit_of_work() as conn:
            learner = await accounts.learner(
                conn, "terminal", name, name, None, SystemClock().now()
            )
        async with self.database.worker_unit_of_work() as conn:
            await conn.execute(_JOIN, {"learner": learner.user_id, "course": self.id})
        return learner


async def make_course(database: Database) -> Course:
    """A published course without content."""
    course = Course(database, uuid4(), f"course-{uuid4().hex[:8]}", uuid4())
    async with database.worker_unit_of_work() as conn:
        values = {"course": course.id, "slug": course.slug, "title": f"Course {course.slug}"}
        await conn.execute(_COURSE, values)
        await conn.execute(_VERSION, {"course": course.id})
        await conn.execute(_UNIT, {"unit": course.unit, "course": course.id})
    return course


async def add_question(
    conn: AsyncConnection, course: UUID, key: str, question: Question, domain: UUID | None = None
) -> UUID:
    """One question of a course's bank."""
    identity = uuid4()
    values = {"question": identity, "course": course, "domain": domain}
    await conn.execute(_QUESTION, {**values, "key": key, "kind": question.kind})
    await conn.execute(
        _QUESTION_VERSION,
        {
            "question": identity,
            "prompt": question.prompt,
            "data": question.data_json(),
            "answer": question.answer_json(),
            "explanation": question.explanation,
            "hints": list(question.hints),
            "points": question.points,
        },
    )
    return identity
