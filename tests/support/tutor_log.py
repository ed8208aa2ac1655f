"""The tutor's log as tests look at it: the rows of one person, their words opened."""

from types import SimpleNamespace

from domain.database import Database
from domain.sql import sql
from domain.tutoring.sealed import opened

_ROWS = sql("""
    SELECT a.* FROM ai_interactions a JOIN identities i ON i.user_id = a.user_id
    WHERE i.subject = :name ORDER BY a.id
""")


async def logged(database: Database, name: str) -> list[SimpleNamespace]:
    """All columns of each row; `user_message`, `ai_response` and `context_data` as they were said.

    Asserts that nothing lies there in plain, and that all of it can be read.
    """
    async with database.worker_unit_of_work() as conn:
        rows = (await conn.execute(_ROWS, {"name": name})).all()
    found = []
    for row in rows:
        assert (row.user_message, row.ai_response) == ("", None)
        words = opened(database.seals, row)
        assert words.is_readable
        said = {"user_message": words.asked, "ai_response": words.response}
        found.append(SimpleNamespace(**{**row._mapping, **said, "context_data": words.context}))
    return found
