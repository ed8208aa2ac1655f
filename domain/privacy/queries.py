"""What is stored about one learner, counted, and who else may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql

COUNTED = (
    "identities",
    "enrollments",
    "user_progress",
    "assessment_attempts",
    "challenge_attempts",
    "activity_ledger",
    "learning_sessions",
    "bookmarks",
    "flashcard_reviews",
    "study_goals",
    "ai_interactions",
)
_COUNT = sql(
    " UNION ALL ".join(
        f"SELECT '{table}' AS name, count(*)::int AS rows FROM {table} WHERE user_id = :learner"  # noqa: S608 - constants
        for table in COUNTED
    )
)

_CHOICES = sql(
    "SELECT show_on_boards, tutor_history, lends_programs FROM user_settings"
    " WHERE user_id = :learner"
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What others may see.

    Args:
        boards: other learners see name and points.
        history: instructors see what was asked of the tutor, without a name.
        programs: the tutor compares others' programs with one's own that pass.
    """

    boards: bool = True
    history: bool = True
    programs: bool = False


async def choices(conn: AsyncConnection, learner: UUID) -> Choices:
    """What the learner chose, or the defaults."""
    row = (await conn.execute(_CHOICES, {"learner": learner})).one_or_none()
    return Choices() if row is None else Choices(*row)


async def stored(conn: AsyncConnection, learner: UUID) -> Mapping[str, int]:
    """How many rows each table with personal data has for this learner."""
    rows = (await conn.execute(_COUNT, {"learner": learner})).all()
    return {row.name: row.rows for row in rows}
