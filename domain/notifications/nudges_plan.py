"""Once a local date, one scan of a zone finds who of it may have something to hear; as the worker.

The scan plans and does not send: what is planned is judged when it is due (`nudges_due`).
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.notifications import nudges_sql as statements
from domain.notifications.facts import fresh_courses
from domain.notifications.kinds import REMINDER, SCHEDULED
from domain.notifications.nudges import (
    LAPSED,
    WORTH_CARDS,
    WORTH_KEEPING,
    Wish,
    plannable,
    planned,
)
from domain.notifications.reminders import END_AFTER, Quiet

log = logging.getLogger(__name__)

FIRST = UUID(int=0)
BATCH = 2_000
JOB = "plan:"  # and the zone: the slot is the local date


async def open_zones(conn: AsyncConnection, now: datetime) -> list[tuple[str, date]]:
    """Zones with learners whose local date is not planned yet, and that date."""
    found: list[tuple[str, date]] = []
    for zone in (await conn.execute(statements.ZONES)).scalars().all():
        try:
            day = plannable(now, zone)
        except (KeyError, ValueError):
            log.warning("this machine does not know the zone %s", zone)
            continue
        if day is not None:
            found.append((zone, day))
    values = {
        "jobs": [f"{JOB}{zone}" for zone, _ in found],
        "slots": [day.isoformat() for _, day in found],
    }
    done = {tuple(row) for row in await conn.execute(statements.DONE, values)}
    return [(z, day) for z, day in found if (f"{JOB}{z}", day.isoformat()) not in done]


async def plan_some(
    conn: AsyncConnection,
    zone: str,
    day: date,
    now: datetime,
    after: UUID = FIRST,
    most: int = BATCH,
) -> tuple[int, UUID | None]:
    """Plan the messages of some people of a zone, in the order of their ids.

    Args:
        conn: a transaction of the worker; commit it afterwards.
        zone: IANA name.
        day: the local date.
        now: the present.
        after: who was looked at last.
        most: people at once.

    Returns:
        How many messages were planned, and where to go on; None at the end.
    """
    values = {
        "zone": zone,
        "day": day,
        "now": now,
        "after": after,
        "most": most,
        "since": now - LAPSED,
        "worth": WORTH_KEEPING,
        "cards": WORTH_CARDS,
        "end": END_AFTER,
        "all": [kind for kind in SCHEDULED if kind != REMINDER],
        "courses": await fresh_courses(conn, now),
    }
    rows = (await conn.execute(statements.SCAN, values)).all()
    learners: list[UUID] = []
    times: list[datetime] = []
    for row in rows:
        quiet = Quiet(row.quiet_from, row.quiet_until)
        wish: Wish = "evening" if row.at_risk else "morning"
        at = planned(day, zone, quiet, wish, row.user_id, now)
        if at is not None:
            learners.append(row.user_id)
            times.append(at)
    written = await _keep(conn, zone, day, learners, times)
    return written, rows[-1].user_id if len(rows) == most else None


async def _keep(
    conn: AsyncConnection,
    zone: str,
    day: date,
    learners: Sequence[UUID],
    times: Sequence[datetime],
) -> int:
    if not learners:
        return 0
    values = {"zone": zone, "day": day, "learners": list(learners), "times": list(times)}
    return (await conn.execute(statements.PLAN, values)).rowcount
