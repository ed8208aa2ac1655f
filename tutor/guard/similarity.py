"""Compares code with stored solutions: for leaks that cannot be run, such as a few lines short."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from tutor.diagnosis import normal
from tutor.guard.repair import parsed

SHARE = 0.8  # of a solution's own statements
FEWEST = 4  # statements below which sharing says nothing


def shared(candidate: str, solutions: Iterable[str], own: str) -> float:
    """The largest share of a stored solution that a text holds, beyond the learner's own code.

    Args:
        candidate: code of a reply.
        solutions: programs that pass.
        own: the learner's program; what is in it is no secret.

    Returns:
        0 to 1; 0 when too little is left to compare.
    """
    tree = parsed(candidate)
    if tree is None:
        return 0.0
    offered, known = Counter(statements(candidate)), Counter(statements(own))
    best = 0.0
    for solution in solutions:
        secret = Counter(statements(solution)) - known
        total = sum(secret.values())
        if total >= FEWEST:
            best = max(best, sum((secret & offered).values()) / total)
    return best


def alike(candidate: str, solutions: Iterable[str], own: str) -> float:
    """The largest share of a stored solution's lines that a text of any language holds.

    Lines of the learner's own do not count. 0 to 1; 0 when too little is left to compare.
    """
    offered, known = Counter(_lines(candidate)), Counter(_lines(own))
    best = 0.0
    for solution in solutions:
        secret = Counter(_lines(solution)) - known
        if (total := sum(secret.values())) >= FEWEST:
            best = max(best, sum((secret & offered).values()) / total)
    return best


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()).lower() for line in text.split("\n") if len(line.strip()) > 3]


@lru_cache(maxsize=256)
def statements(text: str) -> tuple[str, ...]:
    """Each statement of a program in normal form; none when it is no Python."""
    tree = parsed(text)
    return tuple(one for _, one in normal.statements(tree)) if tree is not None else ()
