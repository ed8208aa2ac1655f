"""The worker's part: reminders that are due are claimed in sets, judged, written, and put forward.

One transaction claims a set (`FOR UPDATE SKIP LOCKED`, so that several workers share the work),
writes the outbox rows and the next instants. A worker that is killed in between leaves the set as
it was. An outbox row is keyed by learner and local date, so that nothing doubles it.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.identity.service import DEFAULT_DAY_END, SEEN_EVERY
from domain.notifications import reminders_sql as statements
from domain.notifications.reminders import (
    EVERY_DAY,
    Patience,
    Plan,
    Quiet,
    expires,
    is_late,
    next_due,
    patience,
    wall,
)
from domain.notifications.reminders_text import Today, payload

KIND = "reminder"
BATCH = 1_000

Verdict = Literal["sent", "done", "off", "spared", "late", "quiet", "muted", "closed", "moved"]
DayOf = Callable[[datetime, str, time], tuple[date, datetime]]


@dataclass(frozen=True, slots=True)
class _Claimed:
    """One reminder that is due, and what decides about it."""

    row: Row[tuple[object, ...]]
    plan: Plan
    day: date
    patience: Patience

    @property
    def key(self) -> str:
        """Names the message: one of a local date, and one of each time it was put off to."""
        later = self.row.snoozed_until
        more = f":{int(later.timestamp())}" if later else ""
        return f"{KIND}:{self.row.user_id}:{self.day}{more}"


async def remind_due(
    conn: AsyncConnection, now: datetime, day_of: DayOf, most: int = BATCH
) -> Counter[str]:
    """Deal with one set of reminders that are due; in a transaction of the worker.

    Args:
        conn: commit it afterwards.
        now: the present.
        day_of: a learner's date at an instant, and when that date began, from zone and end of day.
        most: reminders at once.

    Returns:
        How many were judged how; nothing when none is due.
    """
    rows = (await conn.execute(statements.CLAIM, {"now": now, "most": most})).all()
    if not rows:
        return Counter()
    claimed = [_claimed(row) for row in rows]
    verdicts = {one.row.id: _at_first(one, now) for one in claimed}
    wanted = [one for one in claimed if verdicts[one.row.id] == "sent"]
    today = await _today(conn, wanted, now, day_of)
    for one in wanted:
        verdicts[one.row.id] = _in_the_end(one, today[one.row.user_id])
    sending = [one for one in wanted if verdicts[one.row.id] == "sent"]
    told = await _write(conn, sending, today, now)
    await _put_forward(conn, claimed, verdicts, told, now)
    return Counter[str](verdicts.values())


def _claimed(row: Row[tuple[object, ...]]) -> _Claimed:
    plan = Plan(
        row.local_time,
        frozenset(row.weekdays),
        row.now_in,
        Quiet(row.quiet_from, row.quiet_until),
    )
    answered = bool(
        row.sent_at and row.last_active_at and row.last_active_at > row.sent_at - SEEN_EVERY
    )
    return _Claimed(
        row,
        plan,
        wall(row.next_fire_at, row.now_in).date(),
        patience(
            row.ignored,
            sent=row.was_sent,
            answered=answered or row.snoozed_until is not None,
        ),
    )


def _at_first(one: _Claimed, now: datetime) -> Verdict:
    """What follows from the reminder and its learner's settings alone."""
    row, zone = one.row, one.plan.timezone
    if row.timezone != zone and row.snoozed_until is None:
        return "moved"
    if row.status == "closing" or row.deleted_at is not None:
        return "closed"
    if row.status == "suspended" and (row.status_until is None or now < row.status_until):
        return "closed"
    if is_late(row.next_fire_at, now, zone):
        return "late"
    if one.plan.quiet.covers(wall(now, zone).time()):
        return "quiet"
    if not row.is_told or KIND in row.muted_kinds or row.kind in row.muted_kinds:
        return "muted"
    return "sent"


def _in_the_end(one: _Claimed, today: Today) -> Verdict:
    """What follows from the learner's day, too."""
    if today.is_done:
        return "done"
    if today.is_off and one.plan.weekdays == EVERY_DAY:
        return "off"
    return "spared" if one.patience.spared else "sent"


async def _today(
    conn: AsyncConnection, wanted: Sequence[_Claimed], now: datetime, day_of: DayOf
) -> Mapping[UUID, Today]:
    if not wanted:
        return {}
    days = [day_of(now, one.plan.timezone, one.row.day_ends or DEFAULT_DAY_END) for one in wanted]
    values = {
        "learners": [one.row.user_id for one in wanted],
        "days": [day for day, _ in days],
        "begins": [began for _, began in days],
        "floor": ids.uuid7(min(began for _, began in days) - timedelta(hours=1), bytes(10)),
    }
    rows = await conn.execute(statements.TODAY, {**values, "now": now})
    return {row.learner: Today(*row[1:]) for row in rows}


async def _write(
    conn: AsyncConnection,
    sending: Sequence[_Claimed],
    today: Mapping[UUID, Today],
    now: datetime,
) -> frozenset[str]:
    """Write the messages; the keys of those whose learner can be reached and was not told yet."""
    if not sending:
        return frozenset()
    values = {
        "learners": [one.row.user_id for one in sending],
        "payloads": [json.dumps(payload(today[one.row.user_id], one.patience)) for one in sending],
        "names": [one.key for one in sending],
        "ends": [expires(now, one.plan.timezone, one.plan.quiet) for one in sending],
    }
    written = await conn.execute(statements.WRITE, {**values, "kind": KIND, "now": now})
    return frozenset(written.scalars())


async def _put_forward(
    conn: AsyncConnection,
    claimed: Sequence[_Claimed],
    verdicts: Mapping[UUID, Verdict],
    told: frozenset[str],
    now: datetime,
) -> None:
    """Write when each comes next, and what was learned about the learner's patience."""
    columns: dict[str, list[object]] = {
        name: [] for name in ("ids", "next", "zones", "last", "counts", "sent", "sent_days", "on")
    }
    for one in claimed:
        row, verdict = one.row, verdicts[one.row.id]
        is_told = verdict == "sent" and one.key in told
        last = row.last_day
        if verdict != "moved":
            last = max(filter(None, (last, one.day)))
        goes_on = not (is_told and one.patience.says_end)
        counted = row.ignored if verdict == "moved" else one.patience.ignored
        columns["ids"].append(row.id)
        columns["next"].append(next_due(one.plan, now, last).at if goes_on else None)
        columns["zones"].append(one.plan.timezone)
        columns["last"].append(last)
        columns["counts"].append(counted)
        columns["sent"].append(now if is_told else row.sent_at)
        columns["sent_days"].append(last if is_told else row.sent_day)
        columns["on"].append(goes_on)
    await conn.execute(statements.PUT_FORWARD, columns)
