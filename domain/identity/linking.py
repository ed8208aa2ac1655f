"""Joining two accounts of one person into one learner, and parting them again.

The first account asks and gets a code; the second one enters it, sees who asks and agrees; then
the first one agrees, too. Only then all rows of the second account's learner become the first
one's, in one transaction. The functions in migrations/sql/r0008 do the work and look at who calls:
nothing here trusts an id that somebody typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.identity import codes
from domain.identity.tries import Limit
from domain.sql import sql

LIFETIME = timedelta(minutes=10)  # of a code, and of the first account's time to agree
REST = timedelta(hours=24)  # after parting, before either can be joined again
TRIES = Limit("identity", "link", 5, timedelta(hours=1))
# A thousand guesses an hour, among a thousand live codes at any time, find one in 120 years.
ALL_TRIES = Limit("platform", "link", 1000, timedelta(hours=1))
EVERYBODY = "all"

Claim = Literal[
    "claimed", "unknown", "self", "used", "expired", "taken", "resting", "closing", "too many"
]
Status = Literal["open", "claimed", "confirmed", "joined"]

_OPEN = sql("SELECT open_link(:identity, :code, :token, :now, :until)")
_CLAIM = sql("SELECT outcome, link FROM claim_link(:hash, :identity, :now, :since)")
_BURN = sql("SELECT burn_link(:hash, :now)")
_MINE = sql("""
    SELECT id, status, is_first, first_id, first_platform, first_name, joining_id,
           joining_platform, joining_name, joining_user, expires_at, created_at, joined_at
    FROM my_links()
""")
_CONFIRM = sql("SELECT confirm_link(:link, :now, :until)")
_CANCEL = sql("SELECT cancel_link(:link)")
_TELL = sql("SELECT tell_linked(:link, :first, :key, :payload, :now, :until)", payload=JSONB())
_DOUBLY_OPEN = sql("SELECT user_id, attempt_id FROM doubly_open(:link)")
_JOIN = sql("SELECT join_learners(:link, :now)")
_PART = sql("SELECT part_learners(:link, :now)")
_OWNER = sql("SELECT user_id FROM identities WHERE id = :identity")


@dataclass(frozen=True, slots=True)
class Offer:
    """What the first account is shown, once: a code to type, and a token for a link."""

    link: UUID
    code: str
    token: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link that the present learner takes part in.

    Args:
        id: of the link.
        status: how far it is.
        is_first: whether the present learner's account began it.
        first_identity: the account that began it.
        first_platform: its platform.
        first_name: how that learner is called.
        joining_identity: the account that entered the code, if any did.
        joining_platform: its platform.
        joining_name: how that learner is, or was, called.
        joining_user: whose that account is now.
        expires_at: until when it can be agreed to.
        created_at: when it was begun.
        joined_at: when they were joined, if they are.
    """

    id: UUID
    status: Status
    is_first: bool
    first_identity: UUID
    first_platform: str
    first_name: str
    joining_identity: UUID | None
    joining_platform: str | None
    joining_name: str | None
    joining_user: UUID | None
    expires_at: datetime
    created_at: datetime
    joined_at: datetime | None


async def offer(
    conn: AsyncConnection,
    identity: UUID,
    secret: bytes,
    now: datetime,
    lifetime: timedelta = LIFETIME,
) -> Offer:
    """A new code and token for the present learner; those given out before stop working."""
    code, token = codes.new_code(), codes.new_token()
    made = await conn.execute(
        _OPEN,
        {
            "identity": identity,
            "code": codes.digest(secret, code),
            "token": codes.digest(secret, token),
            "now": now,
            "until": now + lifetime,
        },
    )
    return Offer(made.scalar_one(), code, token)


async def claim(
    conn: AsyncConnection, identity: UUID, words: str, secret: bytes, now: datetime
) -> tuple[Claim, UUID | None]:
    """Enter a code or token; what came of it, and the link if it was the right one.

    Wrong ones are counted, for the account and for everybody: the transaction must commit.

    Args:
        conn: a transaction of the learner who enters it.
        identity: their account.
        words: the code without its dash, or the token.
        secret: of this Stoa.
        now: this instant.
    """
    if await TRIES.take(conn, str(identity), now) is None:
        return "too many", None
    if await ALL_TRIES.take(conn, EVERYBODY, now) is None:
        return "too many", None
    values = {"hash": codes.digest(secret, words), "identity": identity, "now": now}
    row = (await conn.execute(_CLAIM, {**values, "since": now - REST})).one()
    if row.outcome != "unknown":  # it was a real one
        await TRIES.give_back(conn, str(identity))
        await ALL_TRIES.give_back(conn, EVERYBODY)
    return row.outcome, row.link


async def burn(conn: AsyncConnection, words: str, secret: bytes, now: datetime) -> bool:
    """A code that others have seen works no longer; whether it was one."""
    values = {"hash": codes.digest(secret, words), "now": now}
    return bool((await conn.execute(_BURN, values)).scalar_one())


async def links(conn: AsyncConnection) -> Sequence[Link]:
    """The links of the present learner, as either side; the oldest first."""
    return [Link(*row) for row in (await conn.execute(_MINE)).all()]


async def live_link(conn: AsyncConnection, now: datetime) -> Link | None:
    """The link that waits for somebody's answer, if any."""
    for link in await links(conn):
        if link.status != "joined" and link.expires_at > now:
            return link
    return None


async def confirm(
    conn: AsyncConnection, link: UUID, now: datetime, lifetime: timedelta = LIFETIME
) -> bool:
    """The joining account agrees; False when there is nothing to agree to any more."""
    values = {"link": link, "now": now, "until": now + lifetime}
    return bool((await conn.execute(_CONFIRM, values)).scalar_one())


async def cancel(conn: AsyncConnection, link: UUID) -> bool:
    """Either side declines; False when it is too late or was ended before."""
    return bool((await conn.execute(_CANCEL, {"link": link})).scalar_one())


async def tell(
    conn: AsyncConnection,
    link: UUID,
    *,
    first: bool,
    key: str,
    text: str,
    values: dict[str, str],
    choices: tuple[str, ...],
    now: datetime,
    lifetime: timedelta | None = LIFETIME,
) -> None:
    """Write a message to one account of a link.

    Args:
        conn: a transaction of either side.
        link: which.
        first: to the account that began it; else to the one that joins.
        key: names the news; the same is sent once.
        text: a sentence marked with `N_`.
        values: its placeholders' values; they may hold learner text.
        choices: command lines offered as next steps.
        now: this instant.
        lifetime: after that it is not worth telling; None: it always is.
    """
    await conn.execute(
        _TELL,
        {
            "link": link,
            "first": first,
            "key": f"link:{link}:{key}",
            "payload": {"text": text, "values": values, "choices": list(choices)},
            "now": now,
            "until": None if lifetime is None else now + lifetime,
        },
    )


async def doubly_open(conn: AsyncConnection, link: UUID) -> Sequence[tuple[UUID, UUID]]:
    """Attempts to hand in before a join, because both learners have one open: (learner, attempt).

    Of two that are open the later one stays open.
    """
    rows = (await conn.execute(_DOUBLY_OPEN, {"link": link})).all()
    return [(row.user_id, row.attempt_id) for row in rows]


async def join(conn: AsyncConnection, link: UUID, now: datetime) -> UUID | None:
    """Join the learners of a link that both accounts agreed to; as the first one.

    What derives from the ledger must be derived again in the same transaction.

    Returns:
        The learner that is gone now; None when the link cannot be completed.
    """
    found: UUID | None = (await conn.execute(_JOIN, {"link": link, "now": now})).scalar_one()
    return found


async def part(conn: AsyncConnection, link: UUID, now: datetime) -> UUID | None:
    """Give the account that joined its own learner back, with the rows it brought.

    What derives from the ledger must be derived again for both in the same transaction.

    Returns:
        The learner that is there again; None when the link is not joined.
    """
    found: UUID | None = (await conn.execute(_PART, {"link": link, "now": now})).scalar_one()
    return found


async def owner_of(conn: AsyncConnection, identity: UUID) -> UUID:
    """Whose an account is."""
    found: UUID = (await conn.execute(_OWNER, {"identity": identity})).scalar_one()
    return found
