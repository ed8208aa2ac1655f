"""A simulated year: exactly the messages that the rules give, and the streaks of a slow reference.

The soak (`make soak`, `pytest --soak tests/year`) plays 2,000 learners in forty zones for a year;
YEAR_SEED, YEAR_LEARNERS and YEAR_DAYS change that. Every difference is printed with
the seed, the learner and the date; the same seed plays the same year.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from domain.database import Database
from tests.year.judging import differences, summary
from tests.year.lives import DAY, ZONES, Span, Year, live
from tests.year.world import World

SPRING = Span(datetime(2026, 3, 26, tzinfo=UTC), datetime(2026, 4, 7, tzinfo=UTC))
AUTUMN = Span(datetime(2026, 10, 22, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC))
WHOLE = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def looks(span: Span, every: timedelta) -> list[datetime]:
    """When everybody looks at their streak."""
    found, at = [], span.begins + every + timedelta(seconds=40)
    while at < span.ends:
        found.append(at)
        at += every
    return found


async def play(
    database: Database, year: Year, seed: int, every: timedelta, world: World | None = None
) -> World:
    """Let a year go by and compare."""
    world = world or World(database, year, Random(seed))  # noqa: S311
    times = looks(year.span, every)
    await world.go_by(times, lambda text: print(text, file=sys.stderr, flush=True))
    found = await differences(world, times)
    for one in found[:40]:
        print(f"seed {seed}: {one}")
    print(summary(world, seed))
    assert not found, f"{len(found)} differences, seed {seed}"
    return world


@pytest.mark.parametrize(("span", "seed"), [(SPRING, 1), (AUTUMN, 2)])
async def test_weeks_in_which_the_clocks_change(
    empty_database: Database, span: Span, seed: int
) -> None:
    year = live(Random(seed), span, 20, ZONES[:12])  # noqa: S311
    await play(empty_database, year, seed, 4 * DAY)


@pytest.mark.soak
async def test_a_whole_year(empty_database: Database) -> None:
    seed = int(os.environ.get("YEAR_SEED", "1"))
    people = int(os.environ.get("YEAR_LEARNERS", "2000"))
    days = int(os.environ.get("YEAR_DAYS", "365"))
    span = Span(WHOLE.begins, WHOLE.begins + days * DAY)
    year = live(Random(seed), span, people, ZONES)  # noqa: S311
    world = await play(empty_database, year, seed, 14 * DAY)
    assert world.died.total() > 0
