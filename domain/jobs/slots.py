"""Slots of clock ticks: every worker ticks, and whoever inserts the slot's row does the work."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql

# A long slot whose owner failed or died is taken over; the new start time fences the old owner.
_CLAIM = sql(
    """
    INSERT INTO job_runs (job, slot, started_at) VALUES (:job, :slot, :now)
    ON CONFLICT (job, slot) DO UPDATE
        SET started_at = excluded.started_at, finished_at = NULL, outcome = NULL, details = NULL
        WHERE coalesce(job_runs.finished_at, job_runs.started_at) <= :before
            AND job_runs.outcome IS DISTINCT FROM 'done'
    RETURNING true
    """,
    before=DateTime(timezone=True),
)
_FINISH = sql(
    """
    UPDATE job_runs SET finished_at = :now, outcome = :outcome, details = :details
    WHERE job = :job AND slot = :slot AND started_at = :since
    """,
    details=JSONB(none_as_null=True),
)


async def claim_slot(
    conn: AsyncConnection, job: str, slot: str, now: datetime, patience: timedelta
) -> bool:
    """Whether this process does the work of a slot.

    Args:
        conn: a transaction of the worker.
        job: the tick's name.
        slot: the slot's name.
        now: kept as the start; give the same instant to `finish_slot`.
        patience: how long after a failure, or after the start of somebody who never finished,
            the slot may be claimed again.
    """
    values = {"job": job, "slot": slot, "now": now, "before": now - patience}
    return (await conn.execute(_CLAIM, values)).scalar_one_or_none() is not None


async def finish_slot(
    conn: AsyncConnection,
    job: str,
    slot: str,
    *,
    since: datetime,
    now: datetime,
    failed: bool,
    details: Mapping[str, Any] | None,
) -> None:
    """Write how the work went, unless somebody else has taken the slot over."""
    outcome = "failed" if failed else "done"
    values = {"job": job, "slot": slot, "since": since, "now": now, "outcome": outcome}
    await conn.execute(_FINISH, {**values, "details": details})
