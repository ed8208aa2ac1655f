"""The worker's part: reminders that are due are claimed in sets, judged, written, and put forward.

One transaction claims a set (`FOR UPDATE SKIP LOCKED`, so that several workers share the work),
writes the outbox rows and the next instants. A worker that is killed in between leaves the set as
it was. An outbox row is keyed by learner and local date, so that nothing doubles it.

A set has a thousand learners and few zones and times, so what follows from these alone is reckoned
once for each (`reminders_batch`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.identity.service import SEEN_EVERY
from domain.notifications import reminders_sql as statements
from domain.notifications.reminders import EVERY_DAY, Patience, next_due, patience
from domain.notifications.reminders_batch import Batch, DayOf, Due, Reckoned, written
from domain.notifications.reminders_text import Today

KIND = "reminder"
BATCH = 1_000

Verdict = Literal["sent", "done", "off", "spared", "late", "quiet", "muted", "closed", "moved"]


class _Claimed:
    """One reminder that is due, what decides about it, and the verdict so far."""

    __slots__ = ("patience", "reckoned", "row", "verdict")

    def __init__(self, row: Due, batch: Batch) -> None:
        self.row = row
        self.reckoned: Reckoned = batch.reckoned(row)
        answered = bool(
            row.sent_at and row.last_active_at and row.last_active_at > row.sent_at - SEEN_EVERY
        )
        answered = answered or row.snoozed_until is not None
        self.patience: Patience = patience(row.ignored, sent=row.was_sent, answered=answered)
        self.verdict: Verdict = _at_first(row, self.reckoned, batch.now)

    @property
    def key(self) -> str:
        """Names the message: one of a local date, and one of each time it was put off to."""
        later = self.row.snoozed_until
        more = f":{int(later.timestamp())}" if later else ""
        return f"{KIND}:{self.row.user_id}:{self.reckoned.day}{more}"


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
    batch = Batch(now, day_of)
    claimed = [_Claimed(Due._make(row), batch) for row in rows]
    wanted = [one for one in claimed if one.verdict == "sent"]
    today = await _today(conn, wanted, now)
    for one in wanted:
        one.verdict = _in_the_end(one, today[one.row.user_id])
    sending = [one for one in wanted if one.verdict == "sent"]
    told = await _write(conn, sending, today, now)
    await _put_forward(conn, claimed, told, now)
    return Counter[str](one.verdict for one in claimed)


def _at_first(row: Due, reckoned: Reckoned, now: datetime) -> Verdict:
    """What follows from the reminder and its learner's settings alone."""
    if row.timezone != row.now_in and row.snoozed_until is None:
        return "moved"
    if row.status == "closing" or row.deleted_at is not None:
        return "closed"
    if row.status == "suspended" and (row.status_until is None or now < row.status_until):
        return "closed"
    if reckoned.is_late:
        return "late"
    if reckoned.is_quiet:
        return "quiet"
    if not row.is_told or KIND in row.muted_kinds or row.kind in row.muted_kinds:
        return "muted"
    return "sent"


def _in_the_end(one: _Claimed, today: Today) -> Verdict:
    """What follows from the learner's day, too."""
    if today.is_done:
        return "done"
    if today.is_off and one.reckoned.plan.weekdays == EVERY_DAY:
        return "off"
    return "spared" if one.patience.spared else "sent"


async def _today(
    conn: AsyncConnection, wanted: Sequence[_Claimed], now: datetime
) -> Mapping[UUID, Today]:
    if not wanted:
        return {}
    values = {
        "learners": [one.row.user_id for one in wanted],
        "days": [one.reckoned.today for one in wanted],
        "begins": [one.reckoned.began for one in wanted],
        "goals": [one.row.goal is not None for one in wanted],
        "floor": ids.uuid7(
            min(one.reckoned.began for one in wanted) - timedelta(hours=1), bytes(10)
        ),
    }
    facts = {row[0]: row for row in await conn.execute(statements.TODAY, {**values, "now": now})}
    found = {}
    for one in wanted:
        learner, shown = one.row.user_id, one.row.shows_streak
        _, is_active, is_off, seconds, cards, days = facts[learner]
        days = days if shown else 0
        found[learner] = Today(is_active, is_off, one.row.goal, seconds, cards, days)
    return found


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
        "payloads": [written(today[one.row.user_id], one.patience) for one in sending],
        "names": [one.key for one in sending],
        "ends": [one.reckoned.expires for one in sending],
    }
    found = await conn.execute(statements.WRITE, {**values, "kind": KIND, "now": now})
    return frozenset(found.scalars())


async def _put_forward(
    conn: AsyncConnection, claimed: Sequence[_Claimed], told: frozenset[str], now: datetime
) -> None:
    """Write when each comes next, and what was learned about the learner's patience."""
    rows = []
    for one in claimed:
        row, reckoned = one.row, one.reckoned
        is_told = one.verdict == "sent" and one.key in told
        if one.verdict == "moved":
            last, counted = row.last_day, row.ignored
            following = next_due(reckoned.plan, now, last).at
        else:
            last, counted, following = reckoned.last_day, one.patience.ignored, reckoned.next
        goes_on = not (is_told and one.patience.says_end)
        rows.append(
            (
                row.id,
                following if goes_on else None,
                row.now_in,
                last,
                counted,
                now if is_told else row.sent_at,
                last if is_told else row.sent_day,
                goes_on,
            )
        )
    names = ("ids", "next", "zones", "last", "counts", "sent", "sent_days", "on")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    await conn.execute(statements.PUT_FORWARD, columns)
