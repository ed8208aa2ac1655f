"""Fills a database with learners who have studied for months; the same seed, the same rows.

The rows are made by PostgreSQL itself from `benchmarks/data/scale/*.sql`, in the order of the
file names. They keep every constraint of the schema: with `checked`, PostgreSQL looks at each
foreign key while they are written; without, it trusts the files and is faster.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, astuple, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg

DATA = Path(__file__).parent / "data" / "scale"
_SIZE_TABLE = """
    CREATE TEMP TABLE size (
        seed bigint, learners int, items int, attempts int, courses int, days int,
        until timestamptz, begins timestamptz)
"""
_SIZE_ROW = "INSERT INTO size VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
_FAST = (
    "SET synchronous_commit = off",
    "SET work_mem = '256MB'",
    "SET maintenance_work_mem = '256MB'",
    "SET timezone = 'UTC'",
)
_COUNTED = (
    "user_progress",
    "challenge_attempts",
    "assessment_attempts",
    "assessment_answers",
    "activity_ledger",
    "active_days",
    "learning_sessions",
    "enrollments",
    "courses",
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much to make.

    Args:
        seed: another seed makes other people, with the same distributions.
        learners: people; each has a progress row for every item.
        items: lessons, quizzes and challenges that are studied, fifty to a course.
        attempts: at challenges and quizzes, in all.
        courses: published courses to search in, the studied ones included.
        days: how long ago the first learner began.
        until: the day on which nothing has happened yet.
    """

    seed: int = 1
    learners: int = 10_000
    items: int = 200
    attempts: int = 1_000_000
    courses: int = 10_000
    days: int = 180
    until: date = date(2026, 11, 1)

    def describe(self) -> str:
        """The sizes as one line."""
        return ", ".join(f"{name} {value}" for name, value in asdict(self).items())


def _steps() -> list[tuple[str, str]]:
    """Each statement of the files, with the name of its file."""
    steps = []
    for path in sorted(DATA.glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        parts = [text] if "$$" in text else text.split(";\n")
        steps += [(path.stem.partition("_")[2], part) for part in parts if part.strip()]
    return steps


async def fill(
    connection: asyncpg.Connection,
    sizes: Sizes,
    say: Callable[[str], None],
    *,
    checked: bool = False,
) -> dict[str, int]:
    """Fill a migrated, empty database; gives the number of rows of the large tables.

    Args:
        connection: as a superuser.
        sizes: how much.
        say: told, in words, how far it is.
        checked: let PostgreSQL check every foreign key of every row.
    """
    until = datetime(sizes.until.year, sizes.until.month, sizes.until.day, tzinfo=UTC)
    values = (*astuple(sizes)[:-1], until, until - timedelta(days=sizes.days + 1))
    for setting in _FAST:
        await connection.execute(setting)
    if not checked:
        await connection.execute("SET session_replication_role = replica")
    await connection.execute(_SIZE_TABLE)
    await connection.execute(_SIZE_ROW, *values)
    began = time.monotonic()
    async with connection.transaction():
        for name, statement in _steps():
            started = time.monotonic()
            said = await connection.execute(statement)
            if time.monotonic() - started > 1:
                say(f"{time.monotonic() - began:6.0f} s  {name}: {said.lower()}")
    say(f"{time.monotonic() - began:6.0f} s  taking statistics")
    await connection.execute("VACUUM ANALYZE")
    counts = {}
    for name in _COUNTED:
        counts[name] = int(await connection.fetchval(f"SELECT count(*) FROM {name}"))  # noqa: S608 - a constant
    return counts
