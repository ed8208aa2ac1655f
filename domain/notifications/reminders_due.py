"""The worker's part: reminders that are due are claimed in sets, judged, written, and put forward.

One transaction claims a set (`FOR UPDATE SKIP LOCKED`, so that several workers share the work),
writes the outbox rows and the next instants. A worker that is killed in between leaves the set as
it was. An outbox row is keyed by learner and local date, so that nothing doubles it.

A set has hundreds of learners and few zones and times, so what follows from these alone is reckoned
once for each (`reminders_batch`).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.notifications import reminders_sql as statements
from domain.notifications.facts import Asked, RunOf, facts_of, look, remember
from domain.notifications.fronts import Front
from domain.notifications.kinds import REMINDER
from domain.notifications.merging import Message, merged, plain
from domain.notifications.parts import Facts
from domain.notifications.people import Person
from domain.notifications.reminders import EVERY_DAY, Patience, next_due, patience
from domain.notifications.reminders_batch import Batch, DayOf, Due, Reckoned
from domain.notifications.reminders_text import Today
from domain.notifications.shared import Shared
from domain.notifications.writing import day_key, write

BATCH = 500
_OWN = len(Due._fields) - 1

Verdict = Literal[
    "sent", "done", "off", "spared", "late", "quiet", "muted", "closed", "moved", "told"
]


class _Claimed:
    """One reminder that is due, what decides about it, and the verdict and message so far."""

    __slots__ = ("message", "patience", "reckoned", "row", "verdict")

    def __init__(self, row: Due, batch: Batch) -> None:
        self.row = row
        self.reckoned: Reckoned = batch.reckoned(row)
        answered = row.snoozed_until is not None or row.person.has_answered(row.sent_at)
        self.patience: Patience = patience(row.ignored, sent=row.was_sent, answered=answered)
        self.verdict: Verdict = _at_first(row, self.reckoned, batch.now)
        self.message: Message | None = None

    @property
    def key(self) -> str:
        """Names the message: one of a local date, and one of each time it was put off to."""
        later = self.row.snoozed_until
        more = f":{int(later.timestamp())}" if later else ""
        return f"{day_key(self.row.user_id, self.reckoned.day)}{more}"


def front_of_reminders() -> Front:
    """A front at the beginning of what is due."""
    return Front(statements.IS_DUE, statements.CLAIM, "next_fire_at")


async def remind_due(
    conn: AsyncConnection,
    now: datetime,
    day_of: DayOf,
    most: int = BATCH,
    run_of: RunOf | None = None,
    front: Front | None = None,
) -> Counter[str]:
    """Deal with one set of reminders that are due; in a transaction of the worker.

    Args:
        conn: commit it afterwards.
        now: the present.
        day_of: a learner's date at an instant, and when that date began, from zone and end of day.
        most: reminders at once.
        run_of: derives a streak that freezes or days off may have kept.
        front: where the set begins; without it, at the start.

    Returns:
        How many were judged how; nothing when none is due.
    """
    rows = await (front or front_of_reminders()).next_set(conn, now, most)
    if not rows:
        return Counter()
    batch = Batch(now, day_of)
    claimed = [_Claimed(Due._make((*row[:_OWN], Person._make(row[_OWN:]))), batch) for row in rows]
    wanted = [one for one in claimed if one.verdict == "sent"]
    asked = [_asked(one) for one in wanted]
    looked = await look(conn, asked, now)
    facts = await facts_of(conn, asked, looked, now, run_of)
    for one in wanted:
        learner = one.row.user_id
        _decide(one, looked[learner].today, facts.get(learner))
    sending = [one for one in wanted if one.verdict == "sent"]
    told = await _write(conn, sending, now)
    await _put_forward(conn, claimed, told, now)
    return Counter[str](one.verdict for one in claimed)


def _asked(one: _Claimed) -> Asked:
    row, reckoned = one.row, one.reckoned
    return Asked(
        row.user_id,
        reckoned.today,
        reckoned.began,
        row.person.goal,
        shows_streak=row.person.shows_streak,
        is_alone=REMINDER in row.person.muted,
    )


def _at_first(row: Due, reckoned: Reckoned, now: datetime) -> Verdict:
    """What follows from the reminder and its learner's settings alone."""
    if row.timezone != row.person.now_in and row.snoozed_until is None:
        return "moved"
    if row.person.is_closed(now):
        return "closed"
    if row.last_day is not None and reckoned.day <= row.last_day and row.snoozed_until is None:
        return "told"
    if reckoned.is_late:
        return "late"
    if reckoned.is_quiet:
        return "quiet"
    return "sent" if row.person.is_told else "muted"


def _decide(one: _Claimed, today: Today, facts: Facts | None) -> None:
    """What follows from the learner's day, too; and what there is to say."""
    row, patience = one.row, one.patience
    if today.is_off and one.reckoned.plan.weekdays == EVERY_DAY:
        one.verdict = "done" if today.is_done else "off"
        return
    if facts is None:
        one.message = plain(today, tuple(row.person.muted), patience)
    else:
        one.message = merged(facts, row.person.muted, patience, has_hour=True)
    if one.message is None:
        one.verdict = "muted" if REMINDER in row.person.muted else "done"
    elif patience.spared:
        one.verdict = "spared"


async def _write(
    conn: AsyncConnection, sending: Sequence[_Claimed], now: datetime
) -> frozenset[UUID]:
    """Write the messages; those whose learner can be reached and was not told yet."""
    messages = [
        (one.row.user_id, one.key, one.reckoned, one.message)
        for one in sending
        if one.message is not None
    ]
    written = [(learner, key, said, when.expires) for learner, key, when, said in messages]
    told = await write(conn, written, now)
    facts = [(key, when.today, said) for who, key, when, said in messages if who in told]
    await remember(conn, facts, now)
    return told


async def _put_forward(
    conn: AsyncConnection, claimed: Sequence[_Claimed], told: frozenset[UUID], now: datetime
) -> None:
    """Write when each comes next, and what was learned about the learner's patience."""
    shared = Shared("kinds", "next", "zones", "last", "counts", "told", "on")
    places = []
    for one in claimed:
        row, reckoned = one.row, one.reckoned
        is_told = one.verdict == "sent" and row.user_id in told
        counted = one.patience.ignored
        if row.snoozed_until is not None:  # it came on top of its date, and counts for nothing
            last, following = row.last_day, next_due(reckoned.plan, now, row.last_day).at
            is_told = False
        elif one.verdict == "moved":
            last, counted = row.last_day, row.ignored
            following = next_due(reckoned.plan, now, last).at
        else:
            last, following = reckoned.last_day, reckoned.next
        goes_on = not (is_told and one.patience.says_end)
        then = following if goes_on else None
        places.append(
            shared.place(row.kind, then, row.person.now_in, last, counted, is_told, goes_on)
        )
    values = {"learners": [one.row.user_id for one in claimed], "places": places, "now": now}
    await conn.execute(statements.PUT_FORWARD, {**values, **shared.columns()})
