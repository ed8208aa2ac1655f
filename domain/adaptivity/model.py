"""How able a learner is and how hard a task is: the Elo rating system with a variance. Pure.

Every quantity is a normal belief (mean, variance) on the logit scale. A task is solved with chance

    p = sigmoid(z / sqrt(1 + pi * V / 8)),   z = sum(w_j * m_j),   V = sum(w_j^2 * v_j)

over the abilities (w > 0) and difficulties (w < 0) that play a part, and each of them moves towards
what happened by as much as it is in doubt:

    m_j += w_j * v_j * (y - p) / (1 + V * p * (1 - p))
    v_j  = v_j - (w_j * v_j)^2 * p * (1 - p) / (1 + V * p * (1 - p)) + q_j

This is one step of the extended Kalman filter for logistic answers. Elo for learning: R. Pelanek,
Applications of the Elo rating system in adaptive educational systems, Computers & Education 98,
2016. Abilities by skill: S. Abdi et al., A multivariate Elo-based learner model, EDM 2019
(arXiv:1910.12581). The variance: M. Ingram, How to extend Elo: a Bayesian perspective, Journal of
Quantitative Analysis in Sports 17(3), 2021. The square root: D. MacKay, The evidence framework
applied to classification networks, Neural Computation 4(5), 1992. What was chosen here and how it
compares with simpler rules is in docs/learner-model.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

FURTHEST = 10.0  # logits; beyond it no chance that is shown differs
LEAST_VARIANCE = 1e-3  # nobody and nothing is ever known for sure
HELPED_MOST = 0.5  # what an answer counts at most that came with strong help
_SHRINK = math.pi / 8


@dataclass(frozen=True, slots=True)
class Belief:
    """A normal belief about one ability or difficulty, in logits."""

    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class Part:
    """One belief in one answer.

    Attributes:
        belief: before the answer.
        weight: above 0 helps to solve, below 0 hinders.
        drift: variance that is added afterwards, since people change.
    """

    belief: Belief
    weight: float = 1.0
    drift: float = 0.0


# First beliefs: of a person's ability in a course, of a person in a skill, of a task, of a skill,
# of what practice brings. The drifts are added with each answer.
ABILITY = Belief(0.0, 0.6)
SKILL_ABILITY = Belief(0.0, 0.4)
ITEM = Belief(0.0, 1.0)
SKILL_DIFFICULTY = Belief(0.0, 1.0)
PRACTICE = Belief(0.0, 0.2)
ABILITY_DRIFT = 0.005
SKILL_DRIFT = 0.01


@dataclass(frozen=True, slots=True)
class Skill:
    """What is believed of one skill, of all learners.

    Attributes:
        difficulty: of its tasks in general.
        from_right: what practice with success brings, for each log(1 + answers).
        from_wrong: likewise without success; below 0 where failing foretells failing.
    """

    difficulty: Belief = SKILL_DIFFICULTY
    from_right: Belief = PRACTICE
    from_wrong: Belief = PRACTICE


@dataclass(frozen=True, slots=True)
class Mastery:
    """What is believed of one learner in one skill, and how much of it they have answered."""

    ability: Belief = SKILL_ABILITY
    rights: float = 0.0
    wrongs: float = 0.0

    def practised(self, ability: Belief, share: float) -> "Mastery":
        """After one more answer."""
        return Mastery(ability, self.rights + share, self.wrongs + 1 - share)


def sigmoid(logit: float) -> float:
    """The chance that a logit means, from 0 to 1."""
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    power = math.exp(logit)
    return power / (1 + power)


def logit_of(chance: float) -> float:
    """The logit of a chance strictly between 0 and 1."""
    return math.log(chance / (1 - chance))


def spread(parts: Sequence[Part]) -> tuple[float, float]:
    """Mean and variance of the logit that parts make together."""
    mean = variance = 0.0
    for part in parts:
        weight = part.weight
        mean += weight * part.belief.mean
        variance += weight * weight * part.belief.variance
    return mean, variance


def chance(mean: float, variance: float) -> float:
    """The chance to solve, of a logit that is itself in doubt: the more doubt, the nearer to 1/2.

    Args:
        mean: of the logit.
        variance: of the logit, 0 or more.
    """
    return sigmoid(mean / math.sqrt(1 + _SHRINK * variance))


def update(parts: Sequence[Part], share: float) -> tuple[float, list[Belief]]:
    """Learn from one answer.

    Args:
        parts: every ability and difficulty that played a part.
        share: how much of the task was solved, from 0 to 1.

    Returns:
        The chance that was expected before, and the beliefs afterwards in the order of `parts`.
    """
    mean, variance = spread(parts)
    expected = chance(mean, variance)
    information = expected * (1 - expected)
    scale = 1 / (1 + variance * information)
    step, shrink = (share - expected) * scale, information * scale
    after = []
    for part in parts:
        pull = part.weight * part.belief.variance
        moved = part.belief.mean + pull * step
        left = max(part.belief.variance - pull * pull * shrink, LEAST_VARIANCE)
        after.append(Belief(min(max(moved, -FURTHEST), FURTHEST), left + part.drift))
    return expected, after


def learner_parts(ability: Belief, masteries: Sequence[Mastery]) -> list[Part]:
    """The learner's side of an answer: ability in the course, then in each skill of the task."""
    each = 1 / max(1, len(masteries))
    return [
        Part(ability, 1.0, ABILITY_DRIFT),
        *(Part(mastery.ability, each, SKILL_DRIFT) for mastery in masteries),
    ]


def task_parts(item: Belief, skills: Sequence[Skill], masteries: Sequence[Mastery]) -> list[Part]:
    """The task's side: the item, then for each skill its difficulty and what practice brought.

    Practice by success and by failure counts as in performance factors analysis (P. Pavlik,
    H. Cen, K. Koedinger, AIED 2009), with the logarithm of the counts.
    """
    each = 1 / max(1, len(skills))
    parts = [Part(item, -1.0)]
    for skill, mastery in zip(skills, masteries, strict=True):
        parts += (
            Part(skill.difficulty, -each),
            Part(skill.from_right, each * math.log1p(mastery.rights)),
            Part(skill.from_wrong, each * math.log1p(mastery.wrongs)),
        )
    return parts


def skills_of(beliefs: Sequence[Belief]) -> list[Skill]:
    """The skills out of the beliefs that follow the item's in `task_parts`."""
    return [Skill(*beliefs[start : start + 3]) for start in range(0, len(beliefs), 3)]


def as_one(parts: Sequence[Part]) -> Part:
    """One side of an answer as a single part, for whoever learns on the other side only."""
    return Part(Belief(*spread(parts)))


def counted(share: float, *, helped: bool) -> float:
    """What an answer counts: with strong help at most a half, since part of it was the help's.

    Args:
        share: how much was solved, from 0 to 1.
        helped: whether a hint named the kind of change, or more, before it was handed in.
    """
    return min(share, HELPED_MOST) if helped else share
