"""What questions to a model may cost: hearts of a learner in a course, tokens of a day.

A question first reserves one heart and the tokens it may take; when the answer is there, what it
really took is booked. A process that is killed in between settles nothing: its reservation expires,
and the heart and the tokens are there again. The offline tutor reserves nothing and costs nothing.

Hearts are kept as one instant, at which all of them are back: spending one moves it on by the time
that one takes. So they come back by themselves, across restarts and changed settings (the generic
cell rate algorithm of ATM networks, ITU-T I.371, read backwards).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Self
from uuid import UUID

from sqlalchemy import Interval
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, Refusal
from domain.ids import uuid7
from domain.settings import Settings
from domain.sql import sql

# Longer than the longest answer with its checks, short enough for who waits after a crash.
HELD = timedelta(minutes=2)

Why = Literal["again", "busy", "hearts", "community", "day"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be spent.

    Args:
        hearts: answers of one learner in one course, when all are there.
        refill: until one of them comes back.
        community: tokens of one community in a day (UTC).
        day: tokens of all together in a day (UTC).
    """

    hearts: int = 10
    refill: timedelta = timedelta(minutes=10)
    community: int = 500_000
    day: int = 2_000_000

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """As configured."""
        return cls(
            settings.tutor_hearts,
            timedelta(minutes=settings.tutor_heart_minutes),
            settings.tutor_community_tokens,
            settings.tutor_day_tokens,
        )


@dataclass(frozen=True, slots=True)
class Reservation:
    """Leave to ask a model once, until it expires."""

    id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Hearts:
    """What a learner has left in a course.

    Args:
        left: hearts at hand.
        most: hearts there can be.
        next_at: when the next one comes back; None when all are there.
    """

    left: int
    most: int
    next_at: datetime | None


class OutOfBudget(Refusal):
    """No model may be asked now; the offline tutor still helps.

    Args:
        why: "hearts" (the learner's), "community" or "day" (tokens), "busy" (one question of this
            learner is on its way), "again" (the same event once more).
        until: when another try makes sense; None when it never does.
    """

    def __init__(self, why: Why, until: datetime | None) -> None:
        super().__init__(_WORDS[why])
        self.why: Why = why
        self.until = until


_WORDS: dict[Why, str] = {
    "again": N_("This question was asked before."),
    "busy": N_("Your last question is still being answered. Wait for it, then ask again."),
    "hearts": N_("Your questions to the model are used up for now. The offline tutor still helps."),
    "community": N_("This group has used its share of the model today. The offline tutor helps."),
    "day": N_("The model has answered enough for today. The offline tutor still helps."),
}
_RESERVE = sql(
    "SELECT why, until FROM tutor_reserve(:id, :course, :community, :tokens, :now, :until, :hearts,"
    " :refill, :community_cap, :day_cap)",
    refill=Interval(),
)
_SETTLE = sql("SELECT tutor_settle(:id, :tokens, :now, :refund, :refill)", refill=Interval())
_SPEND = sql("SELECT tutor_spend(:tokens, :now, :day_cap)")
_LEFT = sql(
    "SELECT h.full_at, (SELECT count(*)::int FROM tutor_reservations r"
    " WHERE r.user_id = h.user_id AND r.course_id IS NOT DISTINCT FROM CAST(:course AS uuid)"
    " AND r.settled_at IS NULL AND r.expires_at <= :now) AS lost"
    " FROM tutor_hearts h WHERE h.user_id = :user AND h.place = :place"
)
_NOWHERE = UUID(int=0)


async def reserve(
    conn: AsyncConnection,
    *,
    user: UUID,
    course: UUID | None,
    community: UUID | None,
    tokens: int,
    now: datetime,
    limits: Limits | None = None,
    key: UUID | None = None,
) -> Reservation:
    """Set aside one heart and the tokens; call it last in a unit of work of the learner's.

    Everybody who reserves waits here for who reserved before and has not committed. Commit before
    the model is asked.

    Args:
        conn: of a unit of work of `user`.
        user: who asks.
        course: whose hearts; None: those for questions outside of any course.
        community: the server or group where it is asked, which the learner must be a member of to
            use its share; None: in private.
        tokens: how many it may take at most; at least 1.
        now: the present.
        limits: what may be spent; None: the defaults.
        key: an id made from the event, so that the same event reserves once; None: a new one.

    Raises:
        OutOfBudget: why not, and until when.
    """
    _ = user  # the row rules take it from the unit of work
    limits = limits or Limits()
    found = Reservation(key or uuid7(now), now + HELD)
    values = {
        "id": found.id,
        "course": course,
        "community": community,
        "tokens": max(tokens, 1),
        "now": now,
        "until": found.expires_at,
        "hearts": limits.hearts,
        "refill": limits.refill,
        "community_cap": limits.community,
        "day_cap": limits.day,
    }
    row = (await conn.execute(_RESERVE, values)).one()
    if row.why is not None:
        raise OutOfBudget(row.why, row.until)
    return found


async def settle(
    conn: AsyncConnection,
    reservation: Reservation,
    *,
    tokens: int,
    now: datetime,
    refund: bool = False,
    limits: Limits | None = None,
) -> bool:
    """Book what a question really took; again, it changes nothing.

    Args:
        conn: of a unit of work of the learner's who reserved.
        reservation: what `reserve` gave.
        tokens: of question, thoughts and answer of all tries; 0 when no model began to work.
        now: the present.
        refund: the learner got nothing for it: the heart goes back.
        limits: as when it was reserved.

    Returns:
        Whether it was booked now.
    """
    values = {
        "id": reservation.id,
        "tokens": max(tokens, 0),
        "now": now,
        "refund": refund,
        "refill": (limits or Limits()).refill,
    }
    return bool((await conn.execute(_SETTLE, values)).scalar_one())


async def spend(conn: AsyncConnection, *, tokens: int, now: datetime, limits: Limits) -> bool:
    """Book a few tokens of the day, without a heart: for what is too small to be reserved.

    Args:
        conn: of a unit of work of the learner's; who comes next waits until it is over.
        tokens: about how many it takes.
        now: the present.
        limits: what may be spent.

    Returns:
        False when the day has not so many left; then nothing is booked.
    """
    values = {"tokens": tokens, "now": now, "day_cap": limits.day}
    return bool((await conn.execute(_SPEND, values)).scalar_one())


async def left(
    conn: AsyncConnection,
    user: UUID,
    course: UUID | None,
    now: datetime,
    limits: Limits | None = None,
) -> Hearts:
    """How many hearts a learner has in a course."""
    limits = limits or Limits()
    values = {"user": user, "course": course, "place": course or _NOWHERE, "now": now}
    row = (await conn.execute(_LEFT, values)).one_or_none()
    if row is None:
        return Hearts(limits.hearts, limits.hearts, None)
    return hearts(row.full_at - row.lost * limits.refill, now, limits)


def hearts(full_at: datetime, now: datetime, limits: Limits) -> Hearts:
    """What is left when all hearts are back at an instant.

    Args:
        full_at: when all are back.
        now: the present.
        limits: how many there are, and how fast they come.
    """
    missing = -(-(full_at - now) // limits.refill)  # rounded up: one that is on its way is not here
    if missing <= 0:
        return Hearts(limits.hearts, limits.hearts, None)
    at = max(limits.hearts - missing, 0)
    return Hearts(at, limits.hearts, full_at - (min(missing, limits.hearts) - 1) * limits.refill)
