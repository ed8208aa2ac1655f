"""How hard tasks and skills are: learned by the worker from what waits, in sets and in one order.

One worker at a time does it, under an advisory lock. Each answer gets a number in the order in
which it was learned from, so that the same can be derived again.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.adaptivity import model
from domain.adaptivity.model import Belief, Mastery, Part, Skill
from domain.adaptivity.tasks import TASK, TASK_OF_E, beliefs_of
from domain.sql import sql

SET = 500  # answers in one transaction

_ALONE = sql("SELECT pg_advisory_xact_lock(hashtextextended('difficulties of tasks', 0))")
_ANSWER = f"""
    SELECT e.user_id, e.item_id, e.course_id, e.component_id, e.question_id, e.skill, e.share,
           e.helped, e.ability_mean, e.ability_variance, e.rights, e.wrongs, e.learned_as, {TASK}
    FROM skill_evidence e {TASK_OF_E}
"""  # noqa: S608 - constants
_WAITING = sql(f"""
    {_ANSWER} WHERE e.learned_as IS NULL AND e.turn IS NOT NULL
    ORDER BY e.occurred_at, e.user_id, e.turn, e.item_id LIMIT :most
""")
_LEARNED = sql(f"""
    {_ANSWER} WHERE e.learned_as > :after ORDER BY e.learned_as LIMIT :most
""")
_LAST = sql("SELECT coalesce(max(learned_as), 0) FROM skill_evidence")
_NUMBER = sql(
    """
    UPDATE skill_evidence e SET learned_as = r.learned_as
    FROM jsonb_to_recordset(:rows) AS r(learner uuid, item uuid, learned_as int)
    WHERE e.user_id = r.learner AND e.item_id = r.item
""",
    rows=JSONB(),
)
_SKILLS = sql(
    """
    INSERT INTO skill_difficulties AS d
        (course_id, skill, difficulty_mean, difficulty_variance, right_mean, right_variance,
         wrong_mean, wrong_variance, observations)
    SELECT course, skill, difficulty_mean, difficulty_variance, right_mean, right_variance,
           wrong_mean, wrong_variance, answers
    FROM jsonb_to_recordset(:rows) AS r(
        course uuid, skill text, difficulty_mean float8, difficulty_variance float8,
        right_mean float8, right_variance float8, wrong_mean float8, wrong_variance float8,
        answers int)
    ON CONFLICT (course_id, skill) DO UPDATE
        SET difficulty_mean = excluded.difficulty_mean,
            difficulty_variance = excluded.difficulty_variance,
            right_mean = excluded.right_mean, right_variance = excluded.right_variance,
            wrong_mean = excluded.wrong_mean, wrong_variance = excluded.wrong_variance,
            observations = d.observations + excluded.observations
""",
    rows=JSONB(),
)
_SET_ITEM = """
    SELECT item, mean, variance, answers
    FROM jsonb_to_recordset(:rows) AS r(item uuid, mean float8, variance float8, answers int)
"""
_AGAIN = """
    DO UPDATE SET difficulty_mean = excluded.difficulty_mean,
                  difficulty_variance = excluded.difficulty_variance,
                  observations = i.observations + excluded.observations
"""
_QUESTIONS = sql(
    f"""
    INSERT INTO question_difficulties AS i
        (question_id, difficulty_mean, difficulty_variance, observations)
    {_SET_ITEM} ON CONFLICT (question_id) {_AGAIN}
""",
    rows=JSONB(),
)
_COMPONENTS = sql(
    f"""
    INSERT INTO item_difficulties AS i
        (component_id, difficulty_mean, difficulty_variance, observations)
    {_SET_ITEM} ON CONFLICT (component_id) {_AGAIN}
""",
    rows=JSONB(),
)
_FORGET = (
    sql("DELETE FROM skill_difficulties"),
    sql("DELETE FROM question_difficulties"),
    sql("DELETE FROM item_difficulties"),
)


class Difficulties:
    """Beliefs about tasks and skills while answers are learned from, one after another."""

    def __init__(self) -> None:
        self._skills: dict[tuple[UUID, str], Skill] = {}
        self._items: dict[UUID, Belief] = {}
        self._questions: set[UUID] = set()
        self._counts: Counter[object] = Counter()

    def learn(self, row: Row[Any]) -> None:
        """Learn from one answer; what is not known yet is taken from its row."""
        key = (row.course_id, row.skill)
        skill, item = beliefs_of(row)
        skill, item = self._skills.get(key, skill), self._items.get(row.item_id, item)
        mastery = Mastery(rights=row.rights, wrongs=row.wrongs)
        learner = Part(Belief(row.ability_mean, row.ability_variance))
        counts = model.counted(row.share, helped=row.helped)
        _, after = model.update([learner, *model.task_parts(item, [skill], [mastery])], counts)
        self._items[row.item_id] = after[1]
        (self._skills[key],) = model.skills_of(after[2:])
        if row.question_id is not None:
            self._questions.add(row.item_id)
        self._counts[key] += 1
        self._counts[row.item_id] += 1

    async def write(self, conn: AsyncConnection) -> None:
        """Store what was learned."""
        skills = [
            {
                "course": str(course),
                "skill": skill,
                "difficulty_mean": belief.difficulty.mean,
                "difficulty_variance": belief.difficulty.variance,
                "right_mean": belief.from_right.mean,
                "right_variance": belief.from_right.variance,
                "wrong_mean": belief.from_wrong.mean,
                "wrong_variance": belief.from_wrong.variance,
                "answers": self._counts[course, skill],
            }
            for (course, skill), belief in sorted(self._skills.items())
        ]
        await conn.execute(_SKILLS, {"rows": skills})
        await conn.execute(_QUESTIONS, {"rows": self._rows(self._questions)})
        await conn.execute(_COMPONENTS, {"rows": self._rows(self._items.keys() - self._questions)})

    def _rows(self, items: Iterable[UUID]) -> list[dict[str, object]]:
        return [
            {
                "item": str(item),
                "mean": self._items[item].mean,
                "variance": self._items[item].variance,
                "answers": self._counts[item],
            }
            for item in sorted(items)
        ]


async def learn_items(conn: AsyncConnection, most: int = SET) -> int:
    """Learn how hard tasks are from answers that wait; how many there were.

    Args:
        conn: a transaction of the worker.
        most: at most so many answers at once.
    """
    await conn.execute(_ALONE)
    rows = (await conn.execute(_WAITING, {"most": most})).all()
    if not rows:
        return 0
    known = Difficulties()
    for row in rows:
        known.learn(row)
    await known.write(conn)
    last = (await conn.execute(_LAST)).scalar_one()
    numbers = [
        {"learner": str(row.user_id), "item": str(row.item_id), "learned_as": last + number}
        for number, row in enumerate(rows, start=1)
    ]
    await conn.execute(_NUMBER, {"rows": numbers})
    return len(rows)


async def rebuild_items(conn: AsyncConnection) -> AsyncIterator[int]:
    """Derive all difficulties again, in the order in which they were learned; as the worker.

    The same values come out, unless an author changed a level or a person was erased since.
    Yields how many answers are done; the caller commits at the end.
    """
    await conn.execute(_ALONE)
    for statement in _FORGET:
        await conn.execute(statement)
    known, after, done = Difficulties(), 0, 0
    while rows := await _next(conn, after):
        for row in rows:
            known.learn(row)
        after, done = rows[-1].learned_as, done + len(rows)
        yield done
    await known.write(conn)


async def _next(conn: AsyncConnection, after: int) -> Sequence[Row[Any]]:
    return (await conn.execute(_LEARNED, {"after": after, "most": SET})).all()
