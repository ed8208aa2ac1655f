"""Which rung of help a learner stands on. Pure.

The rung climbs by work and by time, never by asking again: one rung for each request that follows
a program of another meaning, or a wait. It is kept per learner and item (`climbing`).
"""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.syntax import parse

HIGHEST = 4  # a worked example on another theme
SOLVED = 5  # nothing has to be kept back any more
FREELY = 2  # the highest rung that does not wait for the author's own hints
# How long each rung is the last one for somebody who hands in nothing new; longer higher up, since
# there is more to think about.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (0, 0, 3, 6, 10))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a learner stands with an item.

    Args:
        level: the highest rung reached.
        submissions: programs of different meaning handed in by then.
        reached_at: when.
    """

    level: int
    submissions: int
    reached_at: datetime


@dataclass(frozen=True, slots=True)
class Rung:
    """What may be said now.

    Args:
        level: the highest rung.
        more_in: how long until the next rung opens by itself; None: there is none above.
    """

    level: int
    more_in: timedelta | None

    @property
    def minutes(self) -> int:
        """`more_in` in minutes, rounded up; 0 when there is no higher rung."""
        return 0 if self.more_in is None else max(1, -(-int(self.more_in.total_seconds()) // 60))


def decide(standing: Standing | None, submissions: int, most: int, now: datetime) -> Rung:
    """The rung of a request for help.

    Args:
        standing: what was reached before, if anything.
        submissions: programs of different meaning that were handed in and did not pass.
        most: the highest rung that the course, or an author's hint not yet taken, allows.
        now: the time of the request.
    """
    most = max(0, min(most, HIGHEST))
    if standing is None:
        level, reached = (1 if submissions else 0), now
    elif standing.level < HIGHEST and _is_open(standing, submissions, now):
        level, reached = standing.level + 1, now
    else:
        level, reached = standing.level, standing.reached_at
    if level >= most:
        return Rung(most, None)
    return Rung(level, max(timedelta(0), reached + WAITS[level + 1] - now))


def _is_open(standing: Standing, submissions: int, now: datetime) -> bool:
    if submissions > standing.submissions:
        return True
    return submissions > 0 and now - standing.reached_at >= WAITS[standing.level + 1]


def distinct(programs: Iterable[Mapping[str, str]]) -> int:
    """How many programs of different meaning there are: blanks and comments make none."""
    return len({meaning(files) for files in programs})


def meaning(files: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """A submission without blanks and comments, to compare."""
    return tuple(sorted((name, _meaning(name, text)) for name, text in files.items()))


def _meaning(name: str, text: str) -> str:
    if name.endswith(".py"):
        try:
            return ast.dump(parse(text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass
    return "".join(text.split())
