"""Deriving the learner model again from the answers it learned from.

Each side keeps with an answer what it believed of the other, so a learner is derived without the
others, and a task without knowing who answers today. The order is kept, too: the same values come
out, to the last digit.
"""

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.adaptivity.bouts import BOUT_ANEW, CHALLENGE_BOUT, QUIZ_BOUT, WRITE_BOUT
from domain.adaptivity.model import Belief, Part
from domain.adaptivity.service import Standing, learn_from_challenge, learn_from_quiz
from domain.sql import sql

_LOCK = sql("SELECT course_id FROM adaptive_state WHERE user_id = :learner FOR UPDATE")
_ANSWERS = """
    SELECT item_id, course_id, skill, share, helped, task_mean, task_variance
    FROM skill_evidence WHERE user_id = :learner AND turn IS NOT NULL
"""
_IN_TURN = sql(f"{_ANSWERS} ORDER BY turn, occurred_at, position, item_id")
_IN_TIME = sql(f"{_ANSWERS} ORDER BY occurred_at, attempt_id, position, item_id")
_TURNS = sql(
    """
    UPDATE skill_evidence e SET turn = r.turn
    FROM jsonb_to_recordset(:rows) AS r(item uuid, turn int)
    WHERE e.user_id = :learner AND e.item_id = r.item
""",
    rows=JSONB(),
)
_FORGET_SKILLS = sql("DELETE FROM skill_abilities WHERE user_id = :learner")
_FORGET_STATES = sql("""
    DELETE FROM adaptive_state s
    WHERE s.user_id = :learner AND NOT EXISTS (
        SELECT FROM skill_evidence e WHERE e.user_id = s.user_id AND e.course_id = s.course_id
              AND e.turn IS NOT NULL)
""")
_WRITE = sql(
    """
    WITH skilled AS (
        INSERT INTO skill_abilities
            (user_id, course_id, skill, ability_mean, ability_variance, rights, wrongs,
             observations)
        SELECT :learner, :course, skill, ability_mean, ability_variance, rights, wrongs,
               observations
        FROM jsonb_to_recordset(:skills) AS r(
            skill text, ability_mean float8, ability_variance float8, rights float8,
            wrongs float8, observations int))
    INSERT INTO adaptive_state (user_id, course_id, ability_mean, ability_variance, observations,
                                performance_trend, next_difficulty)
    VALUES (:learner, :course, :ability_mean, :ability_variance, :observations, :trend, :next)
    ON CONFLICT (user_id, course_id) DO UPDATE
        SET ability_mean = excluded.ability_mean, ability_variance = excluded.ability_variance,
            observations = excluded.observations,
            performance_trend = excluded.performance_trend,
            next_difficulty = excluded.next_difficulty
""",
    skills=JSONB(),
    trend=JSONB(),
)
_QUIZZES_MISSED = sql("""
    SELECT t.id FROM assessment_attempts t
    WHERE t.user_id = :learner AND t.status = 'graded' AND EXISTS (
        SELECT FROM assessment_answers a
        LEFT JOIN skill_evidence e ON e.user_id = a.user_id AND e.item_id = a.question_id
        WHERE a.attempt_id = t.id AND a.user_answer IS NOT NULL AND e.item_id IS NULL)
    ORDER BY t.graded_at, t.id
""")
_CHALLENGES_MISSED = sql("""
    SELECT DISTINCT ON (t.component_id) t.id FROM challenge_attempts t
    LEFT JOIN skill_evidence e ON e.user_id = t.user_id AND e.item_id = t.component_id
    WHERE t.user_id = :learner AND t.finished_at IS NOT NULL AND e.item_id IS NULL
    ORDER BY t.component_id, t.finished_at, t.id
""")
_QUIZ_BOUTS = sql(f"{WRITE_BOUT} {QUIZ_BOUT} AND t.user_id = :learner {BOUT_ANEW}")
_CHALLENGE_BOUTS = sql(f"{WRITE_BOUT} {CHALLENGE_BOUT} AND a.user_id = :learner {BOUT_ANEW}")


async def rebuild_model(conn: AsyncConnection, learner: UUID, *, joined: bool = False) -> None:
    """Derive one learner's abilities again.

    Args:
        conn: a transaction of the learner or of the worker.
        learner: whose.
        joined: the answers are of two learners who became one, or were one: they are put in the
            order of time.
    """
    values = {"learner": learner}
    await conn.execute(_LOCK, values)
    rows = (await conn.execute(_IN_TIME if joined else _IN_TURN, values)).all()
    await conn.execute(_FORGET_SKILLS, values)
    await conn.execute(_FORGET_STATES, values)
    courses: defaultdict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        courses[row.course_id].append(row)
    for course, answers in sorted(courses.items()):
        standing, turns = Standing(), []
        for row in answers:
            task = Part(Belief(row.task_mean, row.task_variance))
            before = standing.learn(row.skill, row.share, task, helped=row.helped)
            turns.append({"item": str(row.item_id), "turn": before["turn"]})
        await conn.execute(_WRITE, {**values, "course": course, **standing.values()})
        if joined:
            await conn.execute(_TURNS, {**values, "rows": turns})


async def rebuild_evidence(conn: AsyncConnection, learner: UUID) -> int:
    """Derive what attempts were like, and learn from those not learned from yet; as the worker.

    Returns:
        How many answers were learned from that had not been.
    """
    values = {"learner": learner}
    await conn.execute(_QUIZ_BOUTS, values)
    await conn.execute(_CHALLENGE_BOUTS, values)
    learned = 0
    for attempt in (await conn.execute(_QUIZZES_MISSED, values)).scalars().all():
        learned += await learn_from_quiz(conn, attempt)
    for attempt in (await conn.execute(_CHALLENGES_MISSED, values)).scalars().all():
        learned += await learn_from_challenge(conn, attempt)
    return learned
