"""How suspicious each line is, from which tests ran it."""

import math
from collections.abc import Sequence

from tutor.diagnosis.model import Seen


def ochiai(seen: Sequence[Seen]) -> dict[int, float]:
    """Suspicion of each line that failing tests ran, 0 to 1.

    failed(line) / sqrt(all failed * all that ran the line): Abreu, Zoeteweij, van Gemund, "An
    evaluation of similarity coefficients for software fault localization", PRDC 2006.
    """
    failing = sum(not one.passed for one in seen)
    lines = {line for one in seen if not one.passed for line in one.lines if line > 0}
    found = {}
    for line in lines:
        ran = [one for one in seen if line in one.lines]
        failed = sum(not one.passed for one in ran)
        found[line] = failed / math.sqrt(failing * len(ran)) if failing else 0.0
    return found


def by_suspicion(suspicion: dict[int, float]) -> list[int]:
    """Lines, most suspicious first; of equal ones the later, which is deeper inside."""
    return sorted(suspicion, key=lambda line: (-suspicion[line], -line))
