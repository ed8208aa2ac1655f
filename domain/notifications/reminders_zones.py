"""Reckons again when reminders come: the rules of zones change, and so may a learner's zone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text, Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.notifications.reminders import Plan, Quiet, next_due
from domain.sql import sql

Place = tuple[UUID, str]  # a learner, and the kind of their reminder

FIRST: Place = (UUID(int=0), "")
BATCH = 1_000

# What is due already is left to `reminders_due`, and what was put off to when it was put off to.
_LOOK = sql("""
    WITH batch AS (
        SELECT user_id, kind, local_time, weekdays, timezone, next_fire_at, last_day, snoozed_until
        FROM reminders WHERE (user_id, kind) > (CAST(:after AS uuid), :after_kind) AND is_enabled
        ORDER BY user_id, kind LIMIT :most FOR UPDATE SKIP LOCKED
    )
    SELECT r.user_id, r.kind, r.local_time, r.weekdays, r.timezone, r.next_fire_at, r.last_day,
           greatest(r.last_day, n.sent_day) AS told_day,
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
    LEFT JOIN LATERAL (
        SELECT sent_day FROM nudges WHERE user_id = r.user_id OFFSET 0) n ON true
    ORDER BY r.user_id, r.kind
""")
_CORRECT = sql(
    """
    UPDATE reminders r SET next_fire_at = n.next, timezone = n.zone
    FROM unnest(CAST(:learners AS uuid[]), CAST(:kinds AS text[]), CAST(:next AS timestamptz[]),
                CAST(:zones AS text[])) AS n (learner, kind, next, zone)
    WHERE r.user_id = n.learner AND r.kind = n.kind
    """,
    learners=ARRAY(Uuid()),
    kinds=ARRAY(Text()),
    next=ARRAY(DateTime(timezone=True)),
    zones=ARRAY(Text()),
)


async def reckon_some(
    conn: AsyncConnection, now: datetime, after: Place = FIRST, most: int = BATCH
) -> tuple[int, Place | None]:
    """Look at some reminders, in the order of their keys; in a transaction of the worker.

    Args:
        conn: commit it afterwards.
        now: the present.
        after: the last one that was looked at.
        most: reminders at once.

    Returns:
        How many were wrong, and where to go on; None at the end.
    """
    learner, kind = after
    values = {"now": now, "after": learner, "after_kind": kind, "most": most}
    rows = (await conn.execute(_LOOK, values)).all()
    wrong: list[tuple[UUID, str, datetime, str]] = []
    for row in rows:
        quiet = Quiet(row.quiet_from, row.quiet_until)
        plan = Plan(row.local_time, frozenset(row.weekdays), row.now_in, quiet)
        if row.is_open:
            # A date that had a message at no hour of theirs is over. What was reckoned before that
            # message is right, too: the tick leaves it out.
            due = next_due(plan, now, row.told_day).at
            right = {due, next_due(plan, now, row.last_day).at}
            if row.next_fire_at not in right or row.timezone != plan.timezone:
                wrong.append((row.user_id, row.kind, due, plan.timezone))
    if wrong:
        names = ("learners", "kinds", "next", "zones")
        columns = dict(zip(names, map(list, zip(*wrong, strict=True)), strict=True))
        await conn.execute(_CORRECT, columns)
    return len(wrong), (rows[-1].user_id, rows[-1].kind) if rows else None
