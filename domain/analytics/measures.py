"""Measurements of the system itself, kept for those who run it; as the worker."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ARRAY, DateTime, Numeric, Text, Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.sql import sql

KEEP = timedelta(days=90)
_STAMP = DateTime(timezone=True)

_NOW = sql(
    """
    SELECT
        (SELECT count(*) FROM outbox WHERE state = 'pending' AND run_at <= :now)
            AS "outbox.waiting",
        (SELECT count(*) FROM outbox WHERE state = 'dead' AND finished_at > :since
            AND last_error IS DISTINCT FROM 'expired') AS "outbox.given_up",
        (SELECT count(*) FROM reminders WHERE is_enabled AND next_fire_at <= :now)
            AS "reminders.due",
        (SELECT count(*) FROM challenge_attempts WHERE status IN ('queued', 'running'))
            AS "grading.waiting",
        (SELECT count(*) FROM jobs.pgqueuer WHERE status = 'failed') AS "jobs.failed",
        (SELECT count(*) FROM users WHERE last_active_at > :since) AS "learners.active"
""",
    since=_STAMP,
)
_WRITE = sql(
    """
    INSERT INTO performance_metrics (id, metric_type, metric_name, metric_value, unit, measured_at)
    SELECT m.id, 'hourly', m.name, m.value, 'count', :now
    FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:numbers AS numeric[]))
        AS m (id, name, value)
    ON CONFLICT DO NOTHING
    """,
    now=_STAMP,
    ids=ARRAY(Uuid()),
    names=ARRAY(Text()),
    numbers=ARRAY(Numeric()),
)
_PRUNE = sql("DELETE FROM performance_metrics WHERE id < :floor")


async def measure(conn: AsyncConnection, now: datetime, slot: datetime) -> Mapping[str, int]:
    """Measure what waits and who is there; kept once for each slot.

    Args:
        conn: a transaction of the worker.
        now: the present.
        slot: names the measurement: the beginning of its hour.

    Returns:
        The numbers of the last hour or of this moment, by name.
    """
    values = {"now": now, "since": now - timedelta(hours=1)}
    row = (await conn.execute(_NOW, values)).one()
    found: dict[str, int] = dict(row._mapping)  # noqa: SLF001 - its public name
    names = list(found)
    known = [ids.event_uuid7(slot, "measure", name) for name in names]
    numbers = {"names": names, "numbers": list(found.values()), "ids": known}
    await conn.execute(_WRITE, {**numbers, "now": slot})
    return found


async def prune(conn: AsyncConnection, now: datetime) -> int:
    """Delete old measurements; their number."""
    floor = ids.uuid7(now - KEEP, bytes(10))
    return (await conn.execute(_PRUNE, {"floor": floor})).rowcount
