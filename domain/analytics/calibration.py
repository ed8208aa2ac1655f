"""Are a course's tasks as hard as they say? For whoever teaches the course.

Shown by `/teach stats`. `calibrate` gives one row for each challenge, quiz and question that
at least five learners have tried, the most remarkable first; `Task.verdict` is "too hard" (most
fail whatever they try), "too easy", "harder" or "easier" than its author's level, or "". Say it
with `Task.pass_rate`, as in "too hard: 12 % pass". `work` gives what working on each task is like.
Both give nothing to anybody who does not teach the course, and nothing about fewer than five
learners. The rows come from SECURITY DEFINER functions (migration 0014) that check both.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.adaptivity import rules
from domain.sql import sql

LEAST = 5  # learners; below that, numbers would speak of persons
HARD = 0.5  # a task that surely fewer than this share of learners pass is too hard
EASY = 0.95  # a task that surely more than this share pass tells nothing
APART = 1.5  # levels between what is said and what turns out
_SURE = 1.96  # standard deviations: 95 %

Verdict = Literal["too hard", "too easy", "harder", "easier", ""]

_CALIBRATION = sql("""
    SELECT kind, component_id, question_id, title, level, learners, passed, first_share, tries,
           hints, difficulty_mean, difficulty_variance
    FROM course_calibration(:course, :least)
    ORDER BY kind, title, component_id, question_id
""")
_WORK = sql("""
    SELECT component_id, title, learners, bouts, seconds, errors, help, completion, quality, engaged
    FROM course_bouts(:course, :least, :since) ORDER BY title, component_id
""")


@dataclass(frozen=True, slots=True)
class Task:
    """What became of one challenge, quiz or question.

    Attributes:
        kind: "challenge", "quiz" or "question".
        component_id: of a challenge or quiz.
        question_id: of a question.
        title: its title, or the beginning of what it asks.
        level: the author's, 1 to 5, if one is given.
        learners: who tried it.
        passed: who passed it in the end; of a question, who got it at first and without a hint.
        first_share: how much of the first answer was right, on average, 0 to 1.
        tries: attempts for each learner, on average.
        hints: hints for each learner, on average.
        difficulty_mean: what the learner model believes, in logits.
        difficulty_variance: and how surely.
    """

    kind: str
    component_id: UUID | None
    question_id: UUID | None
    title: str
    level: int | None
    learners: int
    passed: int
    first_share: float | None
    tries: float
    hints: float | None
    difficulty_mean: float | None
    difficulty_variance: float | None

    @property
    def pass_rate(self) -> float:
        """The share of learners who passed, 0 to 1."""
        return self.passed / self.learners

    @property
    def believed_level(self) -> int | None:
        """The author's level that it would have by what learners did, 1 to 5."""
        return None if self.difficulty_mean is None else rules.level_of(self.difficulty_mean)

    @property
    def verdict(self) -> Verdict:
        """What is remarkable about it, if the numbers are large enough to say so."""
        low, high = wilson(self.passed, self.learners)
        if high < HARD:
            return "too hard"
        if low > EASY:
            return "too easy"
        if self.level is None or self.difficulty_mean is None or self.difficulty_variance is None:
            return ""
        off = self.difficulty_mean - rules.first_difficulty(self.level).mean
        doubt = _SURE * math.sqrt(self.difficulty_variance)
        if abs(off) > doubt and abs((self.believed_level or 0) - self.level) >= APART:
            return "harder" if off > 0 else "easier"
        return ""


@dataclass(frozen=True, slots=True)
class Work:
    """What working on one task is like, on average over bouts; see `domain.adaptivity.bouts`.

    `completion` and `quality` are percentages, `engaged` the share of bouts of high engagement.
    """

    component_id: UUID
    title: str
    learners: int
    bouts: int
    seconds: float
    errors: float
    help: float
    completion: float | None
    quality: float | None
    engaged: float


def wilson(passed: int, tried: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, JASA 22, 1927)."""
    if not tried:
        return 0.0, 1.0
    share, squared = passed / tried, _SURE**2 / tried
    middle = share + squared / 2
    reach = _SURE * math.sqrt(share * (1 - share) / tried + squared / (4 * tried))
    return (middle - reach) / (1 + squared), (middle + reach) / (1 + squared)


async def calibrate(conn: AsyncConnection, course: UUID) -> list[Task]:
    """The tasks of a course that the present learner teaches, the most remarkable first."""
    rows = (await conn.execute(_CALIBRATION, {"course": course, "least": LEAST})).all()
    order: Sequence[Verdict] = ("too hard", "harder", "easier", "too easy", "")
    return sorted(
        (Task(*row) for row in rows),
        key=lambda task: (order.index(task.verdict), task.pass_rate),
    )


async def work(conn: AsyncConnection, course: UUID, since: datetime) -> list[Work]:
    """What work on the tasks of a course was like since a time, for whoever teaches it."""
    values = {"course": course, "least": LEAST, "since": since}
    return [Work(*row) for row in (await conn.execute(_WORK, values)).all()]
