"""The rung of help, as it is stored for each learner and item."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql
from domain.tutoring import rungs
from domain.tutoring.rungs import Rung, Standing

_LOOK = sql("""
    SELECT level, submissions, reached_at FROM tutor_rungs
    WHERE user_id = :learner AND component_id = :component FOR UPDATE
""")
_KEEP = sql("""
    INSERT INTO tutor_rungs (user_id, component_id, level, submissions, reached_at)
    VALUES (:learner, :component, :level, :submissions, :now)
    ON CONFLICT (user_id, component_id) DO UPDATE
    SET level = excluded.level, submissions = excluded.submissions, reached_at = excluded.reached_at
    WHERE tutor_rungs.level < excluded.level
""")


async def climb(
    conn: AsyncConnection,
    *,
    learner: UUID,
    component: UUID,
    submissions: int,
    most: int,
    now: datetime,
) -> Rung:
    """Take the rung of a request for help, and keep it when it is a new one.

    Args:
        conn: the transaction of the request.
        learner: who asks.
        component: about what.
        submissions: programs of different meaning that did not pass.
        most: the highest rung allowed.
        now: the time of the request.
    """
    values = {"learner": learner, "component": component}
    row = (await conn.execute(_LOOK, values)).one_or_none()
    standing = Standing(*row) if row is not None else None
    rung = rungs.decide(standing, submissions, most, now)
    if rung.level and (standing is None or rung.level > standing.level):
        kept = {**values, "level": rung.level, "submissions": submissions, "now": now}
        await conn.execute(_KEEP, kept)
    return rung
