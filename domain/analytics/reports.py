"""Reports over the whole base: materialised views, filled again while people read them."""

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql

# Who reads a view meanwhile sees its old rows.
_REFRESH = {
    "mv_daily_user_activity": sql("REFRESH MATERIALIZED VIEW CONCURRENTLY mv_daily_user_activity"),
    "mv_weekly_domain_progress": sql(
        "REFRESH MATERIALIZED VIEW CONCURRENTLY mv_weekly_domain_progress"
    ),
    "problem_difficulty_stats": sql(
        "REFRESH MATERIALIZED VIEW CONCURRENTLY problem_difficulty_stats"
    ),
    "user_performance_summary": sql(
        "REFRESH MATERIALIZED VIEW CONCURRENTLY user_performance_summary"
    ),
}
REPORTS = tuple(_REFRESH)


async def refresh_report(conn: AsyncConnection, name: str) -> None:
    """Fill one view again, in a transaction of its own.

    Args:
        conn: a transaction of the worker.
        name: one of `REPORTS`.
    """
    await conn.execute(_REFRESH[name])
