"""What the beliefs mean for a learner: level, trend, confidence, and how hard the next task is.

Pure. Levels of difficulty are the author's, 1 to 5.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.adaptivity import model
from domain.adaptivity.model import Belief

LEVELS = range(1, 6)
# A task of middle level, to a learner of whom nothing is known, in logits: courses are made to be
# passed, and in the public data sets about two thirds of the answers and more are right.
USUAL = -0.8
AIM = 0.75  # the chance of success at which a task is neither dull nor hopeless
AT_LEAST, AT_MOST = 0.60, 0.90  # chances that are still called fitting
PASSED = 0.5  # a smaller share is called a fail
KEPT = 20  # latest answers that make the trend
FAILS = 3  # in a row, after which nothing harder is suggested
NEWEST = 0.2  # weight of the newest answer in the trend
CURIOUS = 0.05  # how much nearer to the aim a task counts that little is known about
ENOUGH = 5  # answers in a skill before anything is said of it
LAGS = 0.15  # by how much a skill is lower than the others to be called lagging

Trend = Sequence[Sequence[float]]


def first_difficulty(level: int | None) -> Belief:
    """What is believed of a task before anybody tried it: as hard as its author says."""
    chance = (level or 3) / (len(LEVELS) + 1)
    return Belief(USUAL + model.logit_of(chance), model.ITEM.variance)


def level_of(difficulty: float) -> int:
    """The author's level, 1 to 5, that is nearest to a difficulty in logits."""
    level = math.floor(model.sigmoid(difficulty - USUAL) * (len(LEVELS) + 1) + 0.5)
    return min(max(level, LEVELS[0]), LEVELS[-1])


def next_level(ability: float, before: int | None, share: float) -> int:
    """The level of task that fits next, 1 to 5; never higher than before after a fail.

    Args:
        ability: in the course and the skill together, in logits, after the answer.
        before: the level that was said before the answer, if any was.
        share: how much of the answer was right, from 0 to 1.
    """
    level = level_of(ability - model.logit_of(AIM))
    return min(level, before) if before is not None and share < PASSED else level


def confidence(beliefs: Sequence[Belief], first: Sequence[Belief]) -> float:
    """How sure the beliefs are, from 0 (nothing seen yet) to 1."""
    doubt, at_first = sum(one.variance for one in beliefs), sum(one.variance for one in first)
    return min(max(1 - math.sqrt(doubt / at_first), 0.0), 1.0)


def with_answer(trend: Trend, share: float, expected: float) -> list[list[float]]:
    """The latest answers with one more, as [share, expected]."""
    return [*map(list, trend), [round(share, 4), round(expected, 4)]][-KEPT:]


def slope(trend: Trend) -> float:
    """Whether answers were better (above 0) or worse than expected lately, from -1 to 1.

    What was expected is taken away, so harder tasks are no decline.
    """
    level = 0.0
    for share, expected in trend:
        level += NEWEST * (share - expected - level)
    return level


def fails_in_a_row(trend: Trend) -> int:
    """How many of the latest answers were fails, up to the last success."""
    count = 0
    for share, _ in reversed(trend):
        if share >= PASSED:
            break
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class Candidate:
    """A task that may be suggested.

    Attributes:
        id: the component.
        chance: that the learner solves it, from 0 to 1.
        difficulty: in logits, of the task alone; what a fail compares with.
        doubt: variance of the task's difficulty.
        skill: which skill it asks for.
    """

    id: UUID
    chance: float
    difficulty: float
    doubt: float
    skill: str


def fitting(
    candidates: Sequence[Candidate], *, ceiling: float | None = None, skill: str | None = None
) -> Candidate | None:
    """The task whose chance is nearest to the aim; of near ones, the one less is known about.

    Args:
        candidates: in the order of the course, which decides between equals.
        ceiling: after fails in a row, the difficulty that must not be exceeded.
        skill: prefer tasks of this skill if one of them fits.
    """
    allowed = [one for one in candidates if ceiling is None or one.difficulty <= ceiling]
    for wanted in (skill, None):
        fits = [
            one
            for one in allowed
            if AT_LEAST <= one.chance <= AT_MOST and (wanted is None or one.skill == wanted)
        ]
        if fits:
            return min(fits, key=_distance)
    return None


def nearest(candidates: Sequence[Candidate], *, ceiling: float | None = None) -> Candidate | None:
    """The task nearest to the aim, dull or hard as it may be; None if all are above the ceiling."""
    allowed = [one for one in candidates if ceiling is None or one.difficulty <= ceiling]
    return min(allowed, key=_distance, default=None)


def _distance(one: Candidate) -> float:
    return abs(one.chance - AIM) - CURIOUS * min(1.0, math.sqrt(one.doubt))


@dataclass(frozen=True, slots=True)
class SkillLevel:
    """One skill of a learner as it is shown.

    Attributes:
        skill: its key.
        title: the author's words for it.
        level: chance to solve a usual task of it, from 0 to 1.
        confidence: from 0 to 1.
        answers: how many were learned from.
    """

    skill: str
    title: str
    level: float
    confidence: float
    answers: int


def lagging(levels: Sequence[SkillLevel]) -> SkillLevel | None:
    """The skill that is clearly lower than the others, if enough is known of all of them."""
    known = [one for one in levels if one.answers >= ENOUGH]
    if len(known) < 2:
        return None
    low = min(known, key=lambda one: one.level)
    others = sum(one.level for one in known if one is not low) / (len(known) - 1)
    return low if others - low.level >= LAGS else None
