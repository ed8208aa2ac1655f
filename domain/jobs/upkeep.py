"""Upkeep of what this package keeps: partitions ahead of time, and old rows that go."""

from datetime import datetime, timedelta

from sqlalchemy import ARRAY, DateTime, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql

MONTHS_AHEAD = 3
KEEP_RUNS = timedelta(days=90)
KEEP_FREQUENT_RUNS = timedelta(days=2)  # of ticks that come every few seconds
KEEP_UPDATES = timedelta(days=7)  # a platform does not deliver an event again after that
KEEP_RECEIPTS = timedelta(days=2)  # Telegram keeps updates for one
KEEP_TOKENS = timedelta(days=1)  # after they expired
KEEP_LINKS = timedelta(days=7)  # that came to nothing, or were parted
KEEP_LIMITS = timedelta(days=7)  # a limit nobody met for so long is as good as new
KEEP_RESERVATIONS = timedelta(days=30)  # their hearts came back long ago
KEEP_JOB_LOG = timedelta(days=7)
KEEP_FAILED_JOBS = timedelta(days=90)

_STAMP = DateTime(timezone=True)
_ENSURE = sql("SELECT ensure_partitions(:months)")
_RUNS = sql(
    """
    DELETE FROM job_runs
    WHERE started_at < :before
        OR ((job = ANY(:frequent) OR job LIKE 'plan:%') AND started_at < :lately)
    """,
    before=_STAMP,
    lately=_STAMP,
    frequent=ARRAY(Text()),
)
_UPDATES = sql(
    "DELETE FROM inbound_updates WHERE received_at < :before AND handled_at IS NOT NULL",
    before=_STAMP,
)
_RECEIPTS = sql("DELETE FROM receipts WHERE created_at < :before", before=_STAMP)
_TOKENS = sql("DELETE FROM one_time_tokens WHERE expires_at < :before", before=_STAMP)
_LINKS = sql(
    """
    DELETE FROM account_links
    WHERE (status NOT IN ('joined', 'parted') AND expires_at < :before) OR parted_at < :before
    """,
    before=_STAMP,
)
_LIMITS = sql("DELETE FROM rate_limits WHERE refilled_at < :before", before=_STAMP)
_RESERVATIONS = sql("DELETE FROM tutor_reservations WHERE made_at < :before", before=_STAMP)
_LOG = sql("DELETE FROM jobs.pgqueuer_log WHERE created < :before AND aggregated", before=_STAMP)
_STATISTICS = sql("DELETE FROM jobs.pgqueuer_statistics WHERE created < :before", before=_STAMP)
_FAILED = sql(
    "DELETE FROM jobs.pgqueuer WHERE status = 'failed' AND updated < :before", before=_STAMP
)


async def ensure_partitions(conn: AsyncConnection) -> int:
    """Make the monthly partitions of the coming months; the number made."""
    return int((await conn.execute(_ENSURE, {"months": MONTHS_AHEAD})).scalar_one())


async def prune(conn: AsyncConnection, now: datetime, frequent: list[str]) -> int:
    """Delete what is not needed any more; the number of rows.

    Args:
        conn: a transaction of the worker.
        now: the present.
        frequent: names of ticks whose runs are kept for a short time only.
    """
    times = {"before": now - KEEP_RUNS, "lately": now - KEEP_FREQUENT_RUNS}
    gone = (await conn.execute(_RUNS, {**times, "frequent": frequent})).rowcount
    for statement, keep in (
        (_UPDATES, KEEP_UPDATES),
        (_RECEIPTS, KEEP_RECEIPTS),
        (_TOKENS, KEEP_TOKENS),
        (_LINKS, KEEP_LINKS),
        (_LIMITS, KEEP_LIMITS),
        (_RESERVATIONS, KEEP_RESERVATIONS),
        (_LOG, KEEP_JOB_LOG),
        (_STATISTICS, KEEP_RUNS),
        (_FAILED, KEEP_FAILED_JOBS),
    ):
        gone += (await conn.execute(statement, {"before": now - keep})).rowcount
    return gone
