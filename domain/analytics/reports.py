"""Reports over the whole base: materialised views, filled again while people read them."""

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql

_VIEWS = sql("""
    SELECT matviewname::text FROM pg_matviews WHERE schemaname = 'public' ORDER BY matviewname
""")


async def report_names(conn: AsyncConnection) -> list[str]:
    """The materialised views that there are, by name."""
    return list((await conn.execute(_VIEWS)).scalars())


async def refresh_report(conn: AsyncConnection, name: str) -> None:
    """Fill one view again, in a transaction of its own; who reads it sees the old rows until then.

    Args:
        conn: a transaction of the worker.
        name: one of `report_names`.
    """
    quoted = name.replace('"', '""')
    await conn.exec_driver_sql(f'REFRESH MATERIALIZED VIEW CONCURRENTLY public."{quoted}"')
