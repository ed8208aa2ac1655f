"""What is believed of a learner, as it is shown, and the chances of tasks they have not done."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.adaptivity import model, rules
from domain.adaptivity.model import Belief, Mastery
from domain.adaptivity.rules import Candidate, SkillLevel
from domain.adaptivity.tasks import TASK, TASK_OF_E, beliefs_of
from domain.sql import sql

_STATE = sql("""
    SELECT s.ability_mean, s.ability_variance, s.performance_trend, s.suggested_mean,
           f.easiest
    FROM adaptive_state s
    CROSS JOIN LATERAL (
        SELECT min(- e.task_mean) AS easiest FROM (
            SELECT task_mean FROM skill_evidence
            WHERE course_id = s.course_id AND user_id = s.user_id
            ORDER BY turn DESC NULLS LAST LIMIT :fails) e) f
    WHERE s.user_id = :learner AND s.course_id = :course
""")
# Draws have no list: they are as hard as the quiz says.
_TASKS = sql(
    f"""
    SELECT e.component_id, e.skill, {TASK}, n.ability_mean AS mine_mean,
           n.ability_variance AS mine_variance, n.rights, n.wrongs
    FROM (
        SELECT k.course_id, k.id AS component_id, a.question_id,
               skill_of(k.id, a.question_id) AS skill
        FROM components k
        LEFT JOIN assessment_questions a ON a.assessment_id = k.id
        WHERE k.id = ANY(:tasks)) e
    {TASK_OF_E}
    LEFT JOIN skill_abilities n
        ON n.user_id = :learner AND n.course_id = e.course_id AND n.skill = e.skill
""",  # noqa: S608 - constants
    tasks=ARRAY(Uuid()),
)
_SKILLS = sql("""
    SELECT n.skill, coalesce(o.title, u.title, c.title) AS title, n.ability_mean,
           n.ability_variance, n.rights, n.wrongs, n.observations,
           s.ability_mean AS course_mean, s.ability_variance AS course_variance,
           d.difficulty_mean, d.right_mean, d.wrong_mean
    FROM skill_abilities n
    JOIN courses c ON c.id = n.course_id
    JOIN adaptive_state s ON s.user_id = n.user_id AND s.course_id = n.course_id
    LEFT JOIN skill_difficulties d ON d.course_id = n.course_id AND d.skill = n.skill
    LEFT JOIN domains o ON o.course_id = n.course_id AND n.skill = 'field:' || o.code
    LEFT JOIN units u ON u.course_id = n.course_id AND n.skill = 'unit:' || u.key
    WHERE n.user_id = :learner AND n.course_id = :course
    ORDER BY n.observations DESC, n.skill
""")
_SUGGESTED = sql("""
    UPDATE adaptive_state SET suggested_mean = :difficulty
    WHERE user_id = :learner AND course_id = :course
          AND suggested_mean IS DISTINCT FROM :difficulty
""")
_FIRST = (model.ABILITY, model.SKILL_ABILITY)


@dataclass(frozen=True, slots=True)
class State:
    """What is believed of a learner in a course.

    Attributes:
        ability: in the course, without any skill.
        trend: the latest answers as [share, expected].
        fails: how many of the latest were fails, up to the last success.
        ceiling: after a fail, the difficulty in logits that the next suggestion must not exceed:
            that of the one before, and after three of them that of the easiest that failed.
    """

    ability: Belief = model.ABILITY
    trend: rules.Trend = ()
    fails: int = 0
    ceiling: float | None = None

    @property
    def confidence(self) -> float:
        """How sure the belief is, from 0 to 1."""
        return rules.confidence([self.ability], [model.ABILITY])


async def state_of(conn: AsyncConnection, learner: UUID, course: UUID) -> State:
    """What is believed of a learner in a course; of somebody new, as at first."""
    values = {"learner": learner, "course": course, "fails": rules.FAILS}
    row = (await conn.execute(_STATE, values)).one_or_none()
    if row is None:
        return State()
    fails = rules.fails_in_a_row(row.performance_trend)
    bounds = [row.suggested_mean] if fails else []
    bounds += [row.easiest] if fails >= rules.FAILS else []
    ceiling = min((bound for bound in bounds if bound is not None), default=None)
    ability = Belief(row.ability_mean, row.ability_variance)
    return State(ability, row.performance_trend, fails, ceiling)


async def chances(
    conn: AsyncConnection, learner: UUID, ability: Belief, tasks: Sequence[UUID]
) -> list[Candidate]:
    """The learner's chance at each of some quizzes and challenges, in the order they are given.

    Args:
        conn: an open transaction.
        learner: whose.
        ability: in the course that all tasks belong to.
        tasks: components. A quiz counts as its questions do on average.
    """
    values = {"learner": learner, "tasks": list(tasks)}
    found: defaultdict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in (await conn.execute(_TASKS, values)).all():
        found[row.component_id].append(row)
    return [_candidate(task, found[task], ability) for task in tasks if task in found]


def _candidate(task: UUID, rows: Sequence[Row[Any]], ability: Belief) -> Candidate:
    chance = difficulty = doubt = 0.0
    skills: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        mastery = Mastery()
        if row.mine_mean is not None:
            mastery = Mastery(Belief(row.mine_mean, row.mine_variance), row.rights, row.wrongs)
        skill, item = beliefs_of(row)
        its = model.task_parts(item, [skill], [mastery])
        chance += model.chance(*model.spread(model.learner_parts(ability, [mastery]) + its))
        difficulty -= model.spread(its)[0]
        doubt += item.variance
        skills[row.skill] += 1
    most = max(sorted(skills), key=lambda name: skills[name])
    return Candidate(task, chance / len(rows), difficulty / len(rows), doubt / len(rows), most)


async def skills_of(conn: AsyncConnection, learner: UUID, course: UUID) -> list[SkillLevel]:
    """The learner's skills in a course, those with most answers first."""
    values = {"learner": learner, "course": course}
    return [_level(row) for row in (await conn.execute(_SKILLS, values)).all()]


def _level(row: Row[Any]) -> SkillLevel:
    beliefs = (
        Belief(row.course_mean, row.course_variance),
        Belief(row.ability_mean, row.ability_variance),
    )
    mastery = Mastery(beliefs[1], row.rights, row.wrongs)
    skill = model.Skill()
    if row.difficulty_mean is not None:
        skill = model.Skill(
            Belief(row.difficulty_mean, 0.0),
            Belief(row.right_mean, 0.0),
            Belief(row.wrong_mean, 0.0),
        )
    usual = model.task_parts(Belief(rules.USUAL, 0.0), [skill], [mastery])
    together = model.spread([*model.learner_parts(beliefs[0], [mastery]), *usual])
    return SkillLevel(
        skill=row.skill,
        title=row.title,
        level=model.chance(*together),
        confidence=rules.confidence(beliefs, _FIRST),
        answers=row.observations,
    )


async def remember_suggestion(
    conn: AsyncConnection, learner: UUID, course: UUID, difficulty: float
) -> None:
    """Keep how hard the task is that was suggested, so that fails never raise it."""
    values = {"learner": learner, "course": course, "difficulty": difficulty}
    await conn.execute(_SUGGESTED, values)
