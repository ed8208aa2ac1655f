"""What is stored about one learner, counted."""

from collections.abc import Mapping
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
)
_COUNT = sql(
    " UNION ALL ".join(
        f"SELECT '{table}' AS name, count(*)::int AS rows FROM {table} WHERE user_id = :learner"  # noqa: S608 - constants
        for table in COUNTED
    )
)


async def stored(conn: AsyncConnection, learner: UUID) -> Mapping[str, int]:
    """How many rows each table with personal data has for this learner."""
    rows = (await conn.execute(_COUNT, {"learner": learner})).all()
    return {row.name: row.rows for row in rows}
