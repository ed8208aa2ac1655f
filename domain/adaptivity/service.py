"""Learning from graded attempts, in the transaction of the result.

Two statements an attempt, however many questions it has: the first keeps what is new and locks and
reads the learner's beliefs, the second writes them. A learner's beliefs are touched by that
learner's transactions alone, so nobody waits for anybody else; how hard tasks are is learned by the
worker in sets (`items`), since thirty people in one quiz would otherwise queue at its questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.adaptivity import model, rules
from domain.adaptivity.bouts import CHALLENGE_BOUT, QUIZ_BOUT, WRITE_BOUT
from domain.adaptivity.evidence import EVIDENCE_ONCE, FROM_CHALLENGE, FROM_QUIZ, KEEP_EVIDENCE
from domain.adaptivity.model import Belief, Mastery, Part
from domain.adaptivity.tasks import TASK, TASK_OF_E, beliefs_of
from domain.sql import sql

# An upsert that changes nothing locks the row and gives its latest version.
_HELD = f"""
    state AS (
        INSERT INTO adaptive_state (user_id, course_id)
        SELECT DISTINCT user_id, course_id FROM e
        ON CONFLICT (user_id, course_id) DO UPDATE SET observations = adaptive_state.observations
        RETURNING ability_mean, ability_variance, observations, performance_trend,
                  next_difficulty),
    known AS (
        INSERT INTO skill_abilities (user_id, course_id, skill)
        SELECT DISTINCT user_id, course_id, skill FROM e ORDER BY skill
        ON CONFLICT (user_id, course_id, skill) DO UPDATE SET rights = skill_abilities.rights
        RETURNING skill, ability_mean, ability_variance, rights, wrongs, observations)
    SELECT e.user_id, e.item_id, e.course_id, e.skill, e.share, e.helped, {TASK},
           s.ability_mean, s.ability_variance, s.observations, s.performance_trend,
           s.next_difficulty, n.ability_mean AS mine_mean, n.ability_variance AS mine_variance,
           n.rights, n.wrongs, n.observations AS answers
    FROM e CROSS JOIN state s JOIN known n ON n.skill = e.skill {TASK_OF_E}
    ORDER BY e.position, e.item_id
"""  # noqa: S608 - constants
_NEW = (
    "RETURNING user_id, item_id, course_id, component_id, question_id, skill, position, share,"
    " helped"
)
_FROM_QUIZ = sql(f"""
    WITH bout AS (
        {WRITE_BOUT} {QUIZ_BOUT} AND t.id = :attempt ON CONFLICT (id) DO NOTHING),
    e AS ({KEEP_EVIDENCE} {FROM_QUIZ} AND t.id = :attempt {EVIDENCE_ONCE} {_NEW}),
    {_HELD}
""")
_FROM_CHALLENGE = sql(f"""
    WITH bout AS (
        {WRITE_BOUT} {CHALLENGE_BOUT} AND a.id = :attempt ON CONFLICT (id) DO NOTHING),
    e AS ({KEEP_EVIDENCE} {FROM_CHALLENGE} AND t.id = :attempt {EVIDENCE_ONCE} {_NEW}),
    {_HELD}
""")
_LEARNED = sql(
    """
    WITH noted AS (
        UPDATE skill_evidence e
        SET turn = r.turn, expected = r.expected, ability_mean = r.ability_mean,
            ability_variance = r.ability_variance, task_mean = r.task_mean,
            task_variance = r.task_variance, rights = r.rights, wrongs = r.wrongs
        FROM jsonb_to_recordset(:answers) AS r(
            item uuid, turn int, expected float8, ability_mean float8, ability_variance float8,
            task_mean float8, task_variance float8, rights float8, wrongs float8)
        WHERE e.user_id = :learner AND e.item_id = r.item),
    skilled AS (
        UPDATE skill_abilities s
        SET ability_mean = r.ability_mean, ability_variance = r.ability_variance,
            rights = r.rights, wrongs = r.wrongs, observations = r.observations
        FROM jsonb_to_recordset(:skills) AS r(
            skill text, ability_mean float8, ability_variance float8, rights float8,
            wrongs float8, observations int)
        WHERE s.user_id = :learner AND s.course_id = :course AND s.skill = r.skill)
    UPDATE adaptive_state
    SET ability_mean = :ability_mean, ability_variance = :ability_variance,
        observations = :observations, performance_trend = :trend, next_difficulty = :next
    WHERE user_id = :learner AND course_id = :course
""",
    answers=JSONB(),
    skills=JSONB(),
    trend=JSONB(),
)


@dataclass(slots=True)
class Standing:
    """What is believed of one learner in one course while answers are learned from, in order."""

    ability: Belief = model.ABILITY
    observations: int = 0
    trend: list[list[float]] = field(default_factory=list)
    next_level: int | None = None
    masteries: dict[str, Mastery] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)

    def learn(self, skill: str, share: float, task: Part, *, helped: bool) -> dict[str, float]:
        """Learn from one answer; what was believed before it, as `skill_evidence` keeps it."""
        mastery = self.masteries.get(skill, Mastery())
        mine = model.learner_parts(self.ability, [mastery])
        ability = model.as_one(mine).belief
        counts = model.counted(share, helped=helped)
        expected, after = model.update([*mine, task], counts)
        self.ability = after[0]
        self.masteries[skill] = mastery.practised(after[1], counts)
        self.answers[skill] = self.answers.get(skill, 0) + 1
        self.observations += 1
        self.trend = rules.with_answer(self.trend, counts, expected)
        together = after[0].mean + after[1].mean
        self.next_level = rules.next_level(together, self.next_level, counts)
        return {
            "turn": self.observations,
            "expected": expected,
            "ability_mean": ability.mean,
            "ability_variance": ability.variance,
            "task_mean": task.belief.mean,
            "task_variance": task.belief.variance,
            "rights": mastery.rights,
            "wrongs": mastery.wrongs,
        }

    def values(self) -> dict[str, object]:
        """What of it `adaptive_state` and `skill_abilities` keep."""
        return {
            "ability_mean": self.ability.mean,
            "ability_variance": self.ability.variance,
            "observations": self.observations,
            "trend": self.trend,
            "next": self.next_level,
            "skills": [
                {
                    "skill": skill,
                    "ability_mean": mastery.ability.mean,
                    "ability_variance": mastery.ability.variance,
                    "rights": mastery.rights,
                    "wrongs": mastery.wrongs,
                    "observations": self.answers[skill],
                }
                for skill, mastery in sorted(self.masteries.items())
            ],
        }


async def learn_from_quiz(conn: AsyncConnection, attempt: UUID) -> int:
    """Learn from a graded attempt at a quiz; how many answers were new.

    Args:
        conn: the transaction that graded it.
        attempt: which; learned from once, however often this is called.
    """
    return await _learn((await conn.execute(_FROM_QUIZ, {"attempt": attempt})).all(), conn)


async def learn_from_challenge(conn: AsyncConnection, attempt: UUID) -> int:
    """Learn from a graded submission if it is the learner's first; see `learn_from_quiz`."""
    return await _learn((await conn.execute(_FROM_CHALLENGE, {"attempt": attempt})).all(), conn)


async def _learn(rows: Sequence[Row[Any]], conn: AsyncConnection) -> int:
    if not rows:
        return 0
    first = rows[0]
    standing = Standing(
        ability=Belief(first.ability_mean, first.ability_variance),
        observations=first.observations,
        trend=first.performance_trend,
        next_level=first.next_difficulty,
    )
    for row in rows:
        mine = Belief(row.mine_mean, row.mine_variance)
        standing.masteries[row.skill] = Mastery(mine, row.rights, row.wrongs)
        standing.answers[row.skill] = row.answers
    answers = []
    for row in rows:
        skill, item = beliefs_of(row)
        task = model.as_one(model.task_parts(item, [skill], [standing.masteries[row.skill]]))
        before = standing.learn(row.skill, row.share, task, helped=row.helped)
        answers.append({"item": str(row.item_id), **before})
    values = {"learner": first.user_id, "course": first.course_id, "answers": answers}
    await conn.execute(_LEARNED, {**values, **standing.values()})
    return len(rows)
