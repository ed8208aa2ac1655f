"""The worker's part: planned messages that are due are claimed in sets, judged, and written.

As with reminders (`reminders_due`), one transaction does it for a set, and the outbox row has the
key of the learner's local date, so that a date has one scheduled message of either sort.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.identity.service import DEFAULT_DAY_END
from domain.notifications import nudges_sql as statements
from domain.notifications.facts import Asked, RunOf, facts_of, look, remember
from domain.notifications.fronts import Front
from domain.notifications.merging import Message, merged
from domain.notifications.nudges import Wish, planned
from domain.notifications.parts import Facts
from domain.notifications.people import Person
from domain.notifications.reminders import Patience, expires, is_late, patience, wall
from domain.notifications.reminders_batch import DayOf
from domain.notifications.writing import day_key, write

BATCH = 500

Verdict = Literal[
    "sent", "nothing", "off", "spared", "early", "late", "quiet", "muted", "closed", "moved", "told"
]


class Due(NamedTuple):
    """A row of `nudges_sql.CLAIM`, its columns in the same order, a `Person`'s last."""

    user_id: UUID
    timezone: str
    day: date
    next_at: datetime
    last_day: date | None
    sent_day: date | None
    sent_at: datetime | None
    ignored: int
    was_sent: bool
    has_hour: bool
    person: Person


_OWN = len(Due._fields) - 1


@dataclass(slots=True)
class _Claimed:
    """One message that is due, and what was decided about it."""

    row: Due
    patience: Patience
    verdict: Verdict
    message: Message | None = None
    is_told: bool = False

    @property
    def key(self) -> str:
        return day_key(self.row.user_id, self.row.day)


def front_of_nudges() -> Front:
    """A front at the beginning of what is due."""
    return Front(statements.IS_DUE, statements.CLAIM, "next_at")


async def nudge_due(
    conn: AsyncConnection,
    now: datetime,
    day_of: DayOf,
    run_of: RunOf | None = None,
    most: int = BATCH,
    front: Front | None = None,
) -> Counter[str]:
    """Deal with one set of planned messages that are due; in a transaction of the worker.

    Args:
        conn: commit it afterwards.
        now: the present.
        day_of: a learner's date at an instant, and when that date began, from zone and end of day.
        run_of: derives a streak that freezes or days off may have kept.
        most: messages at once.
        front: where the set begins; without it, at the start.

    Returns:
        How many were judged how; nothing when none is due.
    """
    rows = await (front or front_of_nudges()).next_set(conn, now, most)
    if not rows:
        return Counter()
    claimed = [_claimed(Due._make((*row[:_OWN], Person._make(row[_OWN:]))), now) for row in rows]
    wanted = [one for one in claimed if one.verdict == "sent"]
    asked = [_asked(one.row, now, day_of) for one in wanted]
    facts = await facts_of(conn, asked, await look(conn, asked, now), now, run_of)
    for one in wanted:
        _decide(one, facts[one.row.user_id], now)
    await _write(conn, [one for one in wanted if one.verdict == "sent"], facts, now)
    await _put_forward(conn, claimed, now)
    return Counter[str](one.verdict for one in claimed)


def _claimed(row: Due, now: datetime) -> _Claimed:
    answered = row.person.has_answered(row.sent_at)
    patient = patience(row.ignored, sent=row.was_sent, answered=answered)
    return _Claimed(row, patient, _at_first(row, now))


def _at_first(row: Due, now: datetime) -> Verdict:
    """What follows from the plan and its learner's settings alone."""
    if row.person.is_closed(now):
        return "closed"
    if row.timezone != row.person.now_in:
        return "moved"
    if row.has_hour or (row.last_day is not None and row.day <= row.last_day):
        return "told"
    if is_late(row.next_at, now, row.person.now_in):
        return "late"
    if row.person.quiet.covers(wall(now, row.person.now_in).time()):
        return "quiet"
    return "sent" if row.person.is_told else "muted"


def _asked(row: Due, now: datetime, day_of: DayOf) -> Asked:
    day, began = day_of(now, row.person.now_in, row.person.day_ends or DEFAULT_DAY_END)
    return Asked(
        row.user_id,
        day,
        began,
        row.person.goal,
        shows_streak=row.person.shows_streak,
        is_alone=True,
    )


def _decide(one: _Claimed, facts: Facts, now: datetime) -> None:
    """What follows from the learner's day, too; and what there is to say."""
    if facts.today.is_off:
        one.verdict = "off"
        return
    one.message = merged(facts, one.row.person.muted, one.patience, has_hour=False)
    if one.message is None:
        one.verdict = "nothing"
    elif one.message.kind == "streak" and _is_early(one.row, now):
        one.verdict = "early"  # days off lie before today, so that the scan did not see the risk
    elif one.patience.spared:
        one.verdict = "spared"


def _is_early(row: Due, now: datetime) -> bool:
    """Whether the evening of the date is still to come."""
    evening = planned(row.day, row.person.now_in, row.person.quiet, "evening", row.user_id, now)
    return evening is not None and evening > now


async def _write(
    conn: AsyncConnection, sending: Sequence[_Claimed], facts: Mapping[UUID, Facts], now: datetime
) -> None:
    """Write the messages of those who can be reached and were not told yet."""
    messages = [(one, one.key, one.message) for one in sending if one.message is not None]
    written = [
        (one.row.user_id, key, said, expires(now, one.row.person.now_in, one.row.person.quiet))
        for one, key, said in messages
    ]
    told = await write(conn, written, now)
    for one, *_ in messages:
        one.is_told = one.row.user_id in told
    said_now = [
        (key, facts[one.row.user_id].day, said) for one, key, said in messages if one.is_told
    ]
    await remember(conn, said_now, now)


async def _put_forward(conn: AsyncConnection, claimed: Sequence[_Claimed], now: datetime) -> None:
    """Write what is dealt with, what comes later, and what was learned about their patience."""
    rows = []
    for one in claimed:
        row = one.row
        day, following = _later(one, now)
        is_over = following is None
        rows.append(
            (
                row.user_id,
                row.person.now_in,
                day,
                following,
                row.day if is_over else row.last_day,
                row.day if one.is_told else row.sent_day,
                now if one.is_told else row.sent_at,
                one.patience.ignored if is_over else row.ignored,
            )
        )
    names = ("learners", "zones", "days", "next", "last", "sent_days", "sent", "counts")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    await conn.execute(statements.PUT_FORWARD, columns)


def _later(one: _Claimed, now: datetime) -> tuple[date, datetime | None]:
    """Whether the message of the date still comes: elsewhere by now, or in the evening."""
    row = one.row
    day = row.day
    if one.verdict == "moved":
        day = wall(now, row.person.now_in).date()
        if row.last_day is not None and day <= row.last_day:
            return row.day, None
    elif one.verdict not in {"early", "late"}:
        return day, None
    wish: Wish = "morning" if one.verdict == "moved" else "evening"
    at = planned(day, row.person.now_in, row.person.quiet, wish, row.user_id, now)
    return (day, at) if at is not None and at != row.next_at else (row.day, None)
