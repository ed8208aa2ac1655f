"""What a learner decides about their reminder; in a transaction of theirs."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ARRAY, Date, DateTime, SmallInteger
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, Refusal
from domain.notifications.reminders import (
    SNOOZE,
    Due,
    Plan,
    Quiet,
    after_quiet,
    check_quiet,
    expires,
    next_due,
    wall,
)
from domain.sql import sql

_STAMP = DateTime(timezone=True)

# The reminder is locked: the worker waits with it, or has dealt with it.
_READ = sql("""
    SELECT r.local_time, r.weekdays, r.is_enabled, r.next_fire_at, r.last_day, r.snoozed_until
    FROM reminders r WHERE r.user_id = :learner AND r.kind = 'daily' FOR UPDATE
""")
_SETTINGS = sql("""
    SELECT coalesce(p.timezone, 'UTC') AS timezone,
           coalesce(s.quiet_from, '22:00') AS quiet_from,
           coalesce(s.quiet_until, '08:00') AS quiet_until,
           n.sent_day AS told_day
    FROM users u
    LEFT JOIN user_profiles p ON p.user_id = u.id
    LEFT JOIN user_settings s ON s.user_id = u.id
    LEFT JOIN nudges n ON n.user_id = u.id
    WHERE u.id = :learner
""")
_KEEP = sql(
    """
    INSERT INTO reminders (user_id, kind, local_time, weekdays, timezone, next_fire_at)
    VALUES (:learner, 'daily', CAST(:wall AS time), :weekdays, :zone, :next)
    ON CONFLICT (user_id, kind) DO UPDATE
        SET local_time = excluded.local_time, weekdays = excluded.weekdays,
            timezone = excluded.timezone, next_fire_at = excluded.next_fire_at,
            is_enabled = true, snoozed_until = NULL, ignored = 0, sent_at = NULL, sent_day = NULL
    """,
    weekdays=ARRAY(SmallInteger()),
    next=_STAMP,
)
_MOVE = sql(
    """
    UPDATE reminders
    SET next_fire_at = :next, timezone = :zone, snoozed_until = :later,
        last_day = greatest(:last, last_day), updated_at = now()
    WHERE user_id = :learner AND kind = 'daily'
    """,
    next=_STAMP,
    later=_STAMP,
    last=Date(),
)
_END = sql("""
    UPDATE reminders
    SET is_enabled = false, next_fire_at = NULL, snoozed_until = NULL, updated_at = now()
    WHERE user_id = :learner
""")
_QUIET = sql("""
    INSERT INTO user_settings (user_id, quiet_from, quiet_until)
    VALUES (:learner, CAST(:begins AS time), CAST(:ends AS time))
    ON CONFLICT (user_id) DO UPDATE
        SET quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until
""")
_SHORTEN = sql("SELECT shorten_scheduled(:until)", until=_STAMP)


@dataclass(frozen=True, slots=True)
class Own:
    """A learner's reminder as it stands.

    Attributes:
        quiet: their quiet hours.
        timezone: theirs.
        plan: time and weekdays; None when they have none.
        next: when it comes next.
        last_day: the local date that was dealt with last, also by a message at no hour of theirs.
        is_put_off: the next one comes when the learner put it off to.
    """

    quiet: Quiet
    timezone: str
    plan: Plan | None = None
    next: Due | None = None
    last_day: date | None = None
    is_put_off: bool = False


async def own(conn: AsyncConnection, learner: UUID) -> Own:
    """Read a learner's reminder and quiet hours."""
    settings = (await conn.execute(_SETTINGS, {"learner": learner})).one()
    zone = settings.timezone
    quiet = Quiet(settings.quiet_from, settings.quiet_until)
    row = (await conn.execute(_READ, {"learner": learner})).one_or_none()
    days = (row.last_day if row else None, settings.told_day)
    last_day = max((day for day in days if day is not None), default=None)
    if row is None or not row.is_enabled or row.next_fire_at is None:
        return Own(quiet, zone, last_day=last_day)
    plan = Plan(row.local_time, frozenset(row.weekdays), zone, quiet)
    due = Due(row.next_fire_at, wall(row.next_fire_at, zone).date())
    return Own(quiet, zone, plan, due, last_day, row.snoozed_until is not None)


async def remind_at(
    conn: AsyncConnection, learner: UUID, at: time, weekdays: frozenset[int], now: datetime
) -> Own:
    """Remind at a time on these weekdays (ISO) from now on.

    Raises:
        Refusal: the time lies in the learner's quiet hours.
    """
    had = await own(conn, learner)
    if had.quiet.covers(at):
        change = f"/remind quiet {had.quiet.around(at)}"
        raise Refusal(
            N_(
                "{time} is in your quiet hours, {hours}. "
                "Choose another time, or change them, for example: {change}"
            ),
            {"time": at.isoformat("minutes"), "hours": str(had.quiet), "change": change},
            choices=("/remind", change, "/remind quiet off"),
        )
    plan = Plan(at, weekdays, had.timezone, had.quiet)
    due = next_due(plan, now, had.last_day)
    values = {"learner": learner, "wall": at, "weekdays": sorted(weekdays)}
    await conn.execute(_KEEP, {**values, "zone": had.timezone, "next": due.at})
    return Own(had.quiet, had.timezone, plan, due, had.last_day)


async def remind_never(conn: AsyncConnection, learner: UUID) -> None:
    """No reminders from now on; what was told today is kept, so that no day has two."""
    await conn.execute(_END, {"learner": learner})


async def remind_later(conn: AsyncConnection, learner: UUID, now: datetime) -> Due:
    """Remind in an hour instead of today's time, or once more.

    Raises:
        Refusal: there is no reminder, or the hour ends in quiet hours.
    """
    had = await own(conn, learner)
    if had.plan is None:
        raise _none()
    later = Due(now + SNOOZE, wall(now + SNOOZE, had.timezone).date())
    if after_quiet(later.at, had.timezone, had.quiet) != later.at:
        raise Refusal(
            N_("In an hour your quiet hours have begun, so I leave it for today."),
            choices=("/remind not today", "/learn"),
        )
    await _move(conn, learner, had, later, wall(now, had.timezone).date(), is_later=True)
    return later


async def remind_not_today(conn: AsyncConnection, learner: UUID, now: datetime) -> Due:
    """Leave out what is left of today; when the next one comes.

    Raises:
        Refusal: there is no reminder.
    """
    had = await own(conn, learner)
    if had.plan is None:
        raise _none()
    today = wall(now, had.timezone).date()
    last = max(today, had.last_day or today)
    due = next_due(had.plan, now, last)
    await _move(conn, learner, had, due, last)
    return due


async def choose_quiet(conn: AsyncConnection, learner: UUID, quiet: Quiet, now: datetime) -> Own:
    """Set the quiet hours; a reminder that falls into them waits for their end.

    Raises:
        Refusal: they are too long.
    """
    check_quiet(quiet)
    values = {"learner": learner, "begins": quiet.begins, "ends": quiet.ends}
    await conn.execute(_QUIET, values)
    return await reckon_again(conn, learner, now)


async def reckon_again(conn: AsyncConnection, learner: UUID, now: datetime) -> Own:
    """The zone or the quiet hours have changed: when the reminder comes is reckoned anew.

    One that was put off still comes when it was put off to, unless that is in quiet hours then.
    What waits to be sent does not come in the new quiet hours either.
    """
    had = await own(conn, learner)
    is_quiet = had.quiet.covers(wall(now, had.timezone).time())
    until = now if is_quiet else expires(now, had.timezone, had.quiet)
    await conn.execute(_SHORTEN, {"until": until})
    if had.plan is None or had.is_put_off:
        return had
    due = next_due(had.plan, now, had.last_day)
    await _move(conn, learner, had, due, None)
    return Own(had.quiet, had.timezone, had.plan, due, had.last_day)


async def _move(
    conn: AsyncConnection,
    learner: UUID,
    had: Own,
    due: Due,
    last: date | None,
    *,
    is_later: bool = False,
) -> None:
    values = {"learner": learner, "zone": had.timezone, "next": due.at, "last": last}
    await conn.execute(_MOVE, {**values, "later": due.at if is_later else None})


def _none() -> Refusal:
    return Refusal(
        N_("You have no reminder. Type a time to get one, for example: /remind 20:00"),
        choices=("/remind 20:00", "/learn"),
    )
