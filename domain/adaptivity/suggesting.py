"""What to do next, best first, and why. Pure.

Cards that are due come first, since they are forgotten meanwhile. Then tasks that are neither dull
nor hopeless, of a skill that lags first; then what there is to read; then the other tasks. Only
tasks are suggested whose lesson was read. After a fail nothing harder is suggested than before:
rather what was begun, or the lesson once more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from domain.adaptivity import rules
from domain.adaptivity.rules import Candidate, SkillLevel
from domain.catalog.rules import Item

Why = Literal["due", "lags", "fits", "eases", "read", "easy", "hard", "begun", "again"]
TASKS = ("quiz", "challenge")
_ODDS = tuple((part, whole) for whole in (2, 3, 4, 5, 10) for part in range(1, whole))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to do next.

    Attributes:
        why: what speaks for it.
        item: the component; None stands for the cards that are due.
        task: the chance and difficulty, of a quiz or a challenge.
        skill: the skill that lags, if that is why.
    """

    why: Why
    item: Item | None = None
    task: Candidate | None = None
    skill: SkillLevel | None = None


def ready_tasks(items: Sequence[Item]) -> list[Item]:
    """Quizzes and challenges that are open, not done, and about what was read already.

    Args:
        items: the course's outline, in its order.
    """
    read = {item.id for item in items if item.kind == "lesson" and item.is_done}
    ready, all_read = [], True
    for item in items:
        if item.kind == "lesson":
            all_read = all_read and item.is_done
        # A quiz that belongs to no lesson is about all before it.
        elif item.kind in TASKS and (
            item.lesson_id in read or (item.lesson_id is None and all_read)
        ):
            ready += [] if item.is_done or item.missing else [item]
    return ready


def suggestions(
    items: Sequence[Item],
    tasks: Sequence[Candidate],
    *,
    due: int = 0,
    lagging: SkillLevel | None = None,
    ceiling: float | None = None,
    fails: int = 0,
) -> list[Suggestion]:
    """Everything that may be done next, best first.

    Args:
        items: the course's outline.
        tasks: the chances of `ready_tasks`.
        due: cards that are due today.
        lagging: the skill that is clearly behind the others, if one is.
        ceiling: the difficulty that no new task may exceed, after a fail.
        fails: how many there were in a row.
    """
    by_id = {item.id: item for item in items}
    found = [Suggestion("due")] if due else []
    left = [task for task in tasks if task.id in by_id]
    while task := rules.fitting(left, ceiling=ceiling, skill=lagging.skill if lagging else None):
        left.remove(task)
        item = by_id[task.id]
        if lagging is not None and task.skill == lagging.skill:
            found.append(Suggestion("lags", item, task, lagging))
        else:
            found.append(Suggestion("eases" if fails >= rules.FAILS else "fits", item, task))
    if lesson := _next_lesson(items):
        found.append(Suggestion("read", lesson))
    while task := rules.nearest(left, ceiling=ceiling):
        left.remove(task)
        why: Why = "easy" if task.chance > rules.AIM else "hard"
        found.append(Suggestion(why, by_id[task.id], task))
    begun = [task for task in left if by_id[task.id].status == "in_progress"]
    found += [Suggestion("begun", by_id[task.id], task) for task in begun]
    if not found and left:  # only what is too hard: what it is about may be read once more
        lesson = by_id.get(by_id[left[0].id].lesson_id or left[0].id)
        found += [Suggestion("again", lesson)] if lesson and lesson.kind == "lesson" else []
    return found


def _next_lesson(items: Sequence[Item]) -> Item | None:
    open_ones = [
        item for item in items if item.kind == "lesson" and not item.is_done and not item.missing
    ]
    required = [item for item in open_ones if item.is_required]
    return next(iter(required or open_ones), None)


def odds(chance: float) -> tuple[int, int]:
    """A chance as people say it: (3, 4) for "3 in 4"; the smallest numbers that are near enough."""
    return min(_ODDS, key=lambda pair: (round(abs(pair[0] / pair[1] - chance), 2), pair[1]))
