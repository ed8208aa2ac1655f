"""Adding a job in the caller's transaction; needs only a connection, not the engine."""

import json

from sqlalchemy import Interval, LargeBinary
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs.port import Job
from domain.sql import sql

# What PgQueuer's own enqueue writes. Written here because importing the engine takes 0.2 s that
# no door should spend, and because a second job of one key is then not an error.
_ENQUEUE = sql(
    """
    WITH added AS (
        INSERT INTO jobs.pgqueuer
            (priority, entrypoint, payload, execute_after, dedupe_key, headers, status)
        VALUES (:priority, :kind, :payload, now() + :delay, :key, '{}', 'queued')
        ON CONFLICT DO NOTHING
        RETURNING id, entrypoint, priority
    )
    INSERT INTO jobs.pgqueuer_log (job_id, status, entrypoint, priority)
    SELECT id, 'queued', entrypoint, priority FROM added
    """,
    payload=LargeBinary(),
    delay=Interval(),
)


async def enqueue(conn: AsyncConnection, job: Job) -> bool:
    """Add a job in the caller's transaction; False when one with its key is there already."""
    written = await conn.execute(
        _ENQUEUE,
        {
            "priority": job.priority,
            "kind": job.kind,
            "payload": json.dumps(dict(job.payload)).encode(),
            "delay": job.delay,
            "key": job.key,
        },
    )
    return bool(written.rowcount)
