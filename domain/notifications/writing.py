"""Writes scheduled messages of many learners at once, one of a local date; as the worker."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.notifications.kinds import NOT_ASKED_FOR, REMINDER
from domain.notifications.merging import Message
from domain.notifications.reminders_sql import WRITE
from domain.notifications.shared import Shared


def day_key(user_id: UUID, day: date) -> str:
    """Names the one scheduled message of a learner's local date, whatever kinds are in it.

    The date comes first: so the keys of a day are neighbours in the index of a month's messages.
    """
    return f"{REMINDER}:{day}:{user_id}"


async def write(
    conn: AsyncConnection, messages: Sequence[tuple[UUID, str, Message, datetime]], now: datetime
) -> frozenset[UUID]:
    """Write messages to the chats where their learners can be reached.

    Args:
        conn: a transaction of the worker that holds the learners' reminders, or what was planned
            for them: so none of them goes meanwhile.
        messages: of each its learner, its key, itself, and until when it may be sent.
        now: the present.

    Returns:
        Those who can be reached and had no message of that key yet.
    """
    if not messages:
        return frozenset()
    shared = Shared("kinds", "payloads", "ends")
    values = {
        "ids": ids.many_uuid7(now, len(messages)),
        "learners": [learner for learner, *_ in messages],
        "names": [key for _, key, *_ in messages],
        "places": [shared.place(said.kind, said.payload, ends) for *_, said, ends in messages],
        **shared.columns(),
    }
    found = await conn.execute(WRITE, {**values, "policy": NOT_ASKED_FOR, "now": now})
    return frozenset(found.scalars())
