"""Reckons again when reminders come: the rules of zones change, and so may a learner's zone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text, Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.notifications.reminders import Plan, Quiet, next_due
from domain.sql import sql

FIRST = UUID(int=0)
BATCH = 1_000

# What is due already is left to `reminders_due`, and what was put off to when it was put off to.
_LOOK = sql("""
    WITH batch AS (
        SELECT id, user_id, local_time, weekdays, timezone, next_fire_at, last_day, snoozed_until
        FROM reminders WHERE id > :after AND is_enabled
        ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED
    )
    SELECT r.id, r.local_time, r.weekdays, r.timezone, r.next_fire_at, r.last_day,
           r.next_fire_at > :now AND r.snoozed_until IS NULL AS is_open,
           coalesce(p.timezone, 'UTC') AS now_in,
           coalesce(s.quiet_from, '22:00') AS quiet_from,
           coalesce(s.quiet_until, '08:00') AS quiet_until
    FROM batch r
    LEFT JOIN LATERAL (
        SELECT timezone FROM user_profiles WHERE user_id = r.user_id OFFSET 0) p ON true
    LEFT JOIN LATERAL (
        SELECT quiet_from, quiet_until
        FROM user_settings WHERE user_id = r.user_id OFFSET 0) s ON true
    ORDER BY r.id
""")
_CORRECT = sql(
    """
    UPDATE reminders r SET next_fire_at = n.next, timezone = n.zone
    FROM unnest(CAST(:ids AS uuid[]), CAST(:next AS timestamptz[]), CAST(:zones AS text[]))
        AS n (id, next, zone)
    WHERE r.id = n.id
    """,
    ids=ARRAY(Uuid()),
    next=ARRAY(DateTime(timezone=True)),
    zones=ARRAY(Text()),
)


async def reckon_some(
    conn: AsyncConnection, now: datetime, after: UUID = FIRST, most: int = BATCH
) -> tuple[int, UUID | None]:
    """Look at some reminders, in the order of their ids; in a transaction of the worker.

    Args:
        conn: commit it afterwards.
        now: the present.
        after: the last one that was looked at.
        most: reminders at once.

    Returns:
        How many were wrong, and where to go on; None at the end.
    """
    rows = (await conn.execute(_LOOK, {"now": now, "after": after, "most": most})).all()
    wrong: list[tuple[UUID, datetime, str]] = []
    for row in rows:
        quiet = Quiet(row.quiet_from, row.quiet_until)
        plan = Plan(row.local_time, frozenset(row.weekdays), row.now_in, quiet)
        if row.is_open:
            due = next_due(plan, now, row.last_day).at
            if (due, plan.timezone) != (row.next_fire_at, row.timezone):
                wrong.append((row.id, due, plan.timezone))
    if wrong:
        ids, instants, zones = (list(column) for column in zip(*wrong, strict=True))
        await conn.execute(_CORRECT, {"ids": ids, "next": instants, "zones": zones})
    return len(wrong), rows[-1].id if rows else None
