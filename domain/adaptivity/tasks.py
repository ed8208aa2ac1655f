"""What is believed of tasks, as SQL columns and as beliefs."""

from typing import Any, Final

from sqlalchemy import Row

from domain.adaptivity import rules
from domain.adaptivity.model import Belief, Skill

# Columns; `TASK_OF_E` joins them to rows `e` with a course, a component, a question and a skill.
TASK: Final = """
    d.difficulty_mean AS skill_mean, d.difficulty_variance AS skill_variance,
    d.right_mean, d.right_variance, d.wrong_mean, d.wrong_variance,
    coalesce(i.difficulty_mean, q.difficulty_mean) AS item_mean,
    coalesce(i.difficulty_variance, q.difficulty_variance) AS item_variance,
    coalesce(b.difficulty, k.difficulty) AS author_level
"""
TASK_OF_E: Final = """
    JOIN components k ON k.id = e.component_id
    LEFT JOIN question_bank b ON b.id = e.question_id
    LEFT JOIN skill_difficulties d ON d.course_id = e.course_id AND d.skill = e.skill
    LEFT JOIN question_difficulties q ON q.question_id = e.question_id
    LEFT JOIN item_difficulties i ON e.question_id IS NULL AND i.component_id = e.component_id
"""


def beliefs_of(row: Row[Any]) -> tuple[Skill, Belief]:
    """What is believed of a task's skill and of the task itself.

    Of a skill that nobody was asked for, as at first; of a task that nobody tried, as its author
    says.
    """
    skill = Skill()
    if row.skill_mean is not None:
        skill = Skill(
            Belief(row.skill_mean, row.skill_variance),
            Belief(row.right_mean, row.right_variance),
            Belief(row.wrong_mean, row.wrong_variance),
        )
    if row.item_mean is None:
        return skill, rules.first_difficulty(row.author_level)
    return skill, Belief(row.item_mean, row.item_variance)
