"""Claiming messages of the outbox in sets, and writing what became of them; as the worker.

A claim has a lease and a fence. While the lease lasts nobody else gets the message; whatever is
written under an older fence is refused.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Integer, Text, Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.notifications.rules import MOST_ATTEMPTS, Claimed, Decision
from domain.sql import sql

EMPTY_ROUNDS = 50  # claims that found nothing but expired messages, in one transaction

_IDS, _FENCES = ARRAY(Uuid()), ARRAY(Integer())

_CLAIM = sql(
    """
    WITH due AS (
        SELECT id, address, run_at, coalesce(expires_at <= :now, false) AS late FROM outbox
        WHERE state = 'pending' AND platform = :platform AND run_at <= :now
            AND (:address IS NULL OR address = :address) AND address <> ALL (:busy)
        ORDER BY run_at, id LIMIT :most FOR UPDATE SKIP LOCKED
    ), ordered AS (
        SELECT id, late, row_number() OVER (PARTITION BY address, late ORDER BY run_at, id) AS turn
        FROM due
    ), taken AS (
        UPDATE outbox o
        SET state = CASE WHEN due.late THEN 'dead' WHEN o.policy = 'at_most_once' THEN 'done'
                         ELSE 'leased' END,
            lease_until = CASE WHEN NOT due.late AND o.policy = 'at_least_once' THEN :until END,
            finished_at = CASE WHEN due.late OR o.policy = 'at_most_once' THEN :now END,
            attempts = o.attempts + (NOT due.late)::int,
            last_error = CASE WHEN due.late THEN 'expired' ELSE o.last_error END,
            fence = o.fence + 1
        FROM ordered due WHERE o.id = due.id AND (due.late OR due.turn <= :each)
        RETURNING o.*
    )
    SELECT t.id, t.fence, t.attempts, t.user_id, t.platform, t.address, t.kind, t.payload,
           t.policy, t.expires_at, coalesce(p.locale, i.locale), t.state
    FROM taken t
    LEFT JOIN user_profiles p ON p.user_id = t.user_id
    LEFT JOIN identities i ON i.provider = t.platform AND i.subject = t.address
    ORDER BY t.run_at, t.id
    """,
    address=Text(),
    busy=ARRAY(Text()),
)
# What was marked done before it was sent may be taken back by the claim that marked it.
_SETTLE = sql(
    """
    UPDATE outbox o
    SET state = d.state, lease_until = NULL, attempts = d.attempts, last_error = d.error,
        run_at = coalesce(d.run_at, o.run_at),
        finished_at = CASE WHEN d.state = 'pending' THEN NULL ELSE :now END
    FROM unnest(CAST(:ids AS uuid[]), CAST(:fences AS int[]), CAST(:states AS text[]),
                CAST(:tries AS int[]), CAST(:times AS timestamptz[]), CAST(:errors AS text[]))
        AS d (id, fence, state, attempts, run_at, error)
    WHERE o.id = d.id AND o.fence = d.fence
        AND (o.state = 'leased' OR (o.state = 'done' AND o.policy = 'at_most_once'))
    """,
    ids=_IDS,
    fences=_FENCES,
    states=ARRAY(Text()),
    tries=ARRAY(Integer()),
    times=ARRAY(DateTime(timezone=True)),
    errors=ARRAY(Text()),
)
_MARK_BLOCKED = sql("""
    INSERT INTO delivery_channels (user_id, identity_id, platform, address, blocked_at,
                                   blocked_reason)
    SELECT i.user_id, i.id, i.provider, i.subject, :now, :reason
    FROM identities i WHERE i.provider = :platform AND i.subject = :address
    ON CONFLICT (platform, address) DO UPDATE
        SET blocked_at = coalesce(delivery_channels.blocked_at, excluded.blocked_at),
            blocked_reason = coalesce(delivery_channels.blocked_reason, excluded.blocked_reason)
""")
_MARK_COMMUNITY_BLOCKED = sql("""
    UPDATE delivery_channels SET blocked_at = :now, blocked_reason = :reason
    WHERE platform = :platform AND address = :address AND blocked_at IS NULL
""")
_OTHER_CHAT = sql("""
    SELECT c.id AS channel, i.id AS identity, i.provider AS platform, i.subject AS address
    FROM identities i
    LEFT JOIN delivery_channels c ON c.platform = i.provider AND c.address = i.subject
    WHERE i.user_id = :learner AND i.provider IN ('discord', 'telegram', 'terminal')
        AND c.blocked_at IS NULL
    ORDER BY (
        SELECT max(v.updated_at) FROM conversations v WHERE v.identity_id = i.id
    ) DESC NULLS LAST, i.id
    LIMIT 1
""")
_REDIRECT = sql(
    """
    UPDATE outbox
    SET channel_id = :channel, identity_id = :identity, platform = :platform, address = :address,
        state = 'pending', lease_until = NULL, finished_at = NULL, attempts = 0,
        last_error = :reason, run_at = :now
    WHERE id = :id AND fence = :fence
        AND (state = 'leased' OR (state = 'done' AND policy = 'at_most_once'))
    """,
    channel=Uuid(),
)
_REAP = sql("""
    UPDATE outbox
    SET lease_until = NULL,
        state = CASE WHEN attempts < :most THEN 'pending' ELSE 'dead' END,
        finished_at = CASE WHEN attempts < :most THEN NULL ELSE :now END,
        last_error = coalesce(last_error, 'the sender stopped in the middle')
    WHERE state = 'leased' AND lease_until <= :now
""")


async def claim(
    conn: AsyncConnection,
    platform: str,
    *,
    limit: int,
    lease: timedelta,
    now: datetime,
    address: str | None = None,
    busy: Collection[str] = (),
    each: int | None = None,
) -> list[Claimed]:
    """Take due messages of a platform, to be sent right away; those that expired become dead.

    The try is counted, and an at_most_once message is done: it is not tried again but by who has
    it, whatever happens now.

    Args:
        conn: a transaction of the worker; commit it before sending.
        platform: whose sender asks.
        limit: at most so many.
        lease: for so long nobody else gets them.
        now: the present.
        address: only messages to this chat.
        busy: chats that are left out, since this process has messages to them already.
        each: at most so many to one chat, so that a full one does not keep the others waiting.
    """
    values = {
        "platform": platform,
        "address": address,
        "most": limit,
        "busy": list(busy),
        "each": limit if each is None else each,
    }
    for _ in range(EMPTY_ROUNDS):
        rows = (await conn.execute(_CLAIM, {**values, "now": now, "until": now + lease})).all()
        claimed = [
            Claimed(*row[:-1])  # in the order of the statement
            for row in rows
            if row.state != "dead"
        ]
        if claimed or len(rows) < limit:
            return claimed
    return []


async def settle(
    conn: AsyncConnection, decided: Sequence[tuple[Claimed, Decision]], *, now: datetime
) -> int:
    """Write what became of messages; the number written, less those that somebody else took."""
    decisions = [decision for _, decision in decided]
    values = {
        "states": [decision.state for decision in decisions],
        "tries": [decision.attempts for decision in decisions],
        "times": [decision.run_at for decision in decisions],
        "errors": [decision.error for decision in decisions],
    }
    keys = _keys(message for message, _ in decided)
    return (await conn.execute(_SETTLE, {**keys, **values, "now": now})).rowcount


async def redirect(conn: AsyncConnection, message: Claimed, reason: str, now: datetime) -> bool:
    """A chat does not take our messages: mark it, and try the person's other chat.

    Returns:
        False when there is no other chat; the message is unchanged.
    """
    place = {"platform": message.platform, "address": message.address}
    mark = _MARK_COMMUNITY_BLOCKED if message.user_id is None else _MARK_BLOCKED
    await conn.execute(mark, {**place, "now": now, "reason": reason})
    if message.user_id is None:
        return False
    other = (await conn.execute(_OTHER_CHAT, {"learner": message.user_id})).one_or_none()
    if other is None:
        return False
    values = {"id": message.id, "fence": message.fence, "reason": reason, "now": now}
    await conn.execute(_REDIRECT, {**values, **other._mapping})  # noqa: SLF001 - its public name
    return True


async def close(
    conn: AsyncConnection, platform: str, address: str, reason: str, now: datetime
) -> None:
    """A chat says that it takes no more messages; `outbox.reopen` is the way back."""
    place = {"platform": platform, "address": address, "now": now, "reason": reason}
    await conn.execute(_MARK_BLOCKED, place)
    await conn.execute(_MARK_COMMUNITY_BLOCKED, place)


async def reap(conn: AsyncConnection, now: datetime, most: int = MOST_ATTEMPTS) -> int:
    """Return messages of senders that died; those begun too often become dead. Their number."""
    return (await conn.execute(_REAP, {"now": now, "most": most})).rowcount


def _keys(messages: Iterable[Claimed]) -> dict[str, list[UUID] | list[int]]:
    rows = list(messages)
    return {"ids": [row.id for row in rows], "fences": [row.fence for row in rows]}
