"""The outbox: messages written with the fact they tell, then claimed in sets and sent.

`post` runs in a learner's transaction; claiming and sending (`claims`) run as the worker.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.notifications.rules import Message
from domain.sql import sql

KEEP_DONE = timedelta(days=30)
KEEP_DEAD = timedelta(days=90)

_STAMP = DateTime(timezone=True)

# A private chat's address is the account's own id on all platforms, so accounts are addresses.
# The learner is locked, so that they do not go while the message comes. Somebody else than the
# present learner is left to the table's policy, which refuses.
_POST = sql(
    """
    WITH person AS (
        SELECT FROM users WHERE id = :learner FOR KEY SHARE
    ), target AS (
        (SELECT id AS channel_id, identity_id, platform, address
         FROM delivery_channels WHERE id = :channel)
        UNION ALL
        (SELECT c.id, i.id, i.provider, i.subject
         FROM identities i
         LEFT JOIN delivery_channels c ON c.platform = i.provider AND c.address = i.subject
         WHERE :channel IS NULL AND i.user_id = :learner
             AND i.provider IN ('discord', 'telegram', 'terminal') AND c.blocked_at IS NULL
         ORDER BY (i.id = :identity) IS TRUE DESC, (
             SELECT max(v.updated_at) FROM conversations v WHERE v.identity_id = i.id
         ) DESC NULLS LAST, i.id
         LIMIT 1)
    )
    INSERT INTO outbox (user_id, channel_id, identity_id, platform, address, kind, payload,
                        idempotency_key, policy, run_at, expires_at)
    SELECT :learner, channel_id, identity_id, platform, address, :kind, :payload, :key, :policy,
           :at, :expires
    FROM target
    WHERE :learner IS NULL OR :learner <> (SELECT app_uid()) OR EXISTS (SELECT FROM person)
    ON CONFLICT DO NOTHING
    """,
    channel=Uuid(),
    identity=Uuid(),
    learner=Uuid(),
    payload=JSONB(),
    expires=_STAMP,
)
_REOPEN = sql("""
    UPDATE delivery_channels SET blocked_at = NULL, blocked_reason = NULL
    WHERE platform = :platform AND address = :address AND blocked_at IS NOT NULL
""")
_REOPEN_ALL = sql(
    """
    UPDATE delivery_channels SET blocked_at = NULL, blocked_reason = NULL
    WHERE platform = :platform AND address = ANY(:addresses) AND blocked_at IS NOT NULL
    """,
    addresses=ARRAY(Text()),
)
_WITHDRAW = sql("""
    WITH gone AS (
        DELETE FROM outbox
        WHERE idempotency_key = :key AND user_id = :learner AND state = 'pending' AND attempts = 0
        RETURNING id)
    SELECT EXISTS (SELECT FROM gone)
        OR NOT EXISTS (SELECT FROM outbox WHERE idempotency_key = :key AND user_id = :learner)
""")
_PRUNE = sql(
    """
    DELETE FROM outbox
    WHERE (state = 'done' AND finished_at < :done_before)
        OR (state = 'dead' AND finished_at < :dead_before)
    """,
    done_before=_STAMP,
    dead_before=_STAMP,
)


async def post(conn: AsyncConnection, message: Message) -> bool:
    """Write a message in the transaction of the fact it tells.

    A learner's transaction may write to that learner only; other recipients need the worker's.

    Returns:
        False when its key was posted before, or nobody can be reached: no row was written.
    """
    payload = {"text": message.text, "values": dict(message.values)}
    written = await conn.execute(
        _POST,
        {
            "channel": message.channel_id,
            "identity": message.identity_id,
            "learner": message.user_id,
            "kind": message.kind,
            "payload": {**payload, "choices": list(message.choices)},
            "key": message.key,
            "policy": message.policy,
            "at": message.run_at,
            "expires": message.expires_at,
        },
    )
    return bool(written.rowcount)


async def withdraw(conn: AsyncConnection, user_id: UUID, key: str) -> bool:
    """Take back a message that nobody has begun to send; as the worker.

    Returns:
        False when it is being sent, or was: whoever wanted to say the same should not.
    """
    asked = await conn.execute(_WITHDRAW, {"learner": user_id, "key": key})
    return bool(asked.scalar_one())


async def reopen(conn: AsyncConnection, platform: str, address: str) -> None:
    """A chat that was blocked has written to us again."""
    await conn.execute(_REOPEN, {"platform": platform, "address": address})


async def reopen_all(conn: AsyncConnection, platform: str, addresses: Sequence[str]) -> None:
    """Several chats have written to us; as the worker."""
    if addresses:
        await conn.execute(_REOPEN_ALL, {"platform": platform, "addresses": list(addresses)})


async def prune(conn: AsyncConnection, now: datetime) -> int:
    """Delete messages that were settled long ago; their number."""
    values = {"done_before": now - KEEP_DONE, "dead_before": now - KEEP_DEAD}
    return (await conn.execute(_PRUNE, values)).rowcount
