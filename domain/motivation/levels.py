"""Experience points and levels. Pure."""

from decimal import Decimal
from math import isqrt

LESSON_XP = 10
XP_OF_FIRST_LEVEL = 50


def level_of(xp: int) -> int:
    """The level for a sum of points: level n needs 50 * (n - 1)^2, so each step is a bit longer."""
    return isqrt(max(xp, 0) // XP_OF_FIRST_LEVEL) + 1


def xp_of_level(level: int) -> int:
    """The points at which a level begins."""
    return XP_OF_FIRST_LEVEL * (level - 1) ** 2


def xp_for_score(score: Decimal) -> int:
    """Points for a scored piece of work: its score, rounded down; a replay gives none."""
    return max(0, int(score))
