"""Rules that say how likely the next answer is right, and learn from it: ours and simpler ones.

Each sees one answer after another. What it knows of an item goes on growing while new learners
come, as in a running course.
"""

import math
from collections import defaultdict
from typing import Protocol

from benchmarks.learner_model_rows import Answer
from domain.adaptivity import model
from domain.adaptivity.model import Belief, Mastery, Skill


class Rule(Protocol):
    """Says a chance before an answer is known, then learns from it."""

    name: str

    def answer(self, given: Answer) -> float:
        """The chance of a right answer as it was before; then learn."""


class ItemMean:
    """The share of right answers to the item so far, drawn towards the share of all answers."""

    name = "item mean"
    DRAWN = 4.0  # as if so many average answers had been given before

    def __init__(self) -> None:
        self._all = [1.0, 2.0]
        self._items: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])

    def answer(self, given: Answer) -> float:
        """The chance of a right answer as it was before; then learn."""
        average = self._all[0] / self._all[1]
        seen = self._items[given.item]
        expected = (seen[0] + self.DRAWN * average) / (seen[1] + self.DRAWN)
        for sums in (seen, self._all):
            sums[0] += given.share
            sums[1] += 1
        return expected


class MovingAverage:
    """Exponentially weighted share of right answers of a learner in a skill."""

    name = "moving average"
    WEIGHT = 0.2  # of the newest answer

    def __init__(self) -> None:
        self._all = [1.0, 2.0]
        self._levels: dict[tuple[str, str], float] = {}

    def answer(self, given: Answer) -> float:
        """The chance of a right answer as it was before; then learn."""
        average = self._all[0] / self._all[1]
        keys = [(given.learner, skill) for skill in given.skills or ("",)]
        levels = [self._levels.get(key, average) for key in keys]
        for key, level in zip(keys, levels, strict=True):
            self._levels[key] = level + self.WEIGHT * (given.share - level)
        self._all[0] += given.share
        self._all[1] += 1
        return sum(levels) / len(levels)


class Elo:
    """Elo: one number for each learner and each item, moved by a constant share of the surprise."""

    name = "plain Elo"
    CONSTANT = 0.4

    def __init__(self) -> None:
        self._abilities: defaultdict[str, float] = defaultdict(float)
        self._items: defaultdict[str, float] = defaultdict(float)
        self._counts: defaultdict[tuple[str, str], int] = defaultdict(int)

    def answer(self, given: Answer) -> float:
        """The chance of a right answer as it was before; then learn."""
        expected = model.sigmoid(self._abilities[given.learner] - self._items[given.item])
        surprise = given.share - expected
        self._abilities[given.learner] += self._pace("learner", given.learner) * surprise
        self._items[given.item] -= self._pace("item", given.item) * surprise
        return expected

    def _pace(self, _kind: str, _name: str) -> float:
        return self.CONSTANT


class FallingElo(Elo):
    """Elo whose steps grow smaller, 1 / (1 + 0.05 n), as Pelanek (2016) proposes."""

    name = "Elo, falling steps"
    FIRST, FALL = 1.0, 0.05

    def _pace(self, kind: str, name: str) -> float:
        key = (kind, name)
        self._counts[key] += 1
        return self.FIRST / (1 + self.FALL * (self._counts[key] - 1))


class Ours:
    """The product's model (`domain.adaptivity.model`) with its settings, held in memory."""

    name = "ours"

    def __init__(self) -> None:
        self._abilities: dict[str, Belief] = {}
        self._masteries: dict[tuple[str, str], Mastery] = {}
        self._skills: dict[str, Skill] = {}
        self._items: dict[str, Belief] = {}

    def answer(self, given: Answer) -> float:
        """The chance of a right answer as it was before; then learn."""
        named = given.skills or ("",)  # in the product every task has one, its unit at least
        keys = [(given.learner, skill) for skill in named]
        masteries = [self._masteries.get(key, Mastery()) for key in keys]
        skills = [self._skills.get(skill, Skill()) for skill in named]
        ability = self._abilities.get(given.learner, model.ABILITY)
        item = self._items.get(given.item, model.ITEM)
        mine = model.learner_parts(ability, masteries)
        parts = mine + model.task_parts(item, skills, masteries)
        expected, after = model.update(parts, given.share)
        self._abilities[given.learner], self._items[given.item] = after[0], after[len(mine)]
        for key, mastery, belief in zip(keys, masteries, after[1 : len(mine)], strict=True):
            self._masteries[key] = mastery.practised(belief, given.share)
        learned = model.skills_of(after[len(mine) + 1 :])
        self._skills.update(zip(named, learned, strict=True))
        return expected


RULES: tuple[type[Rule], ...] = (ItemMean, MovingAverage, Elo, FallingElo, Ours)
FLOOR = 1e-6


def log_loss(expected: float, share: float) -> float:
    """How surprising an answer was, in nats."""
    kept = min(max(expected, FLOOR), 1 - FLOOR)
    return -(share * math.log(kept) + (1 - share) * math.log(1 - kept))
