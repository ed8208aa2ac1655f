"""Seals what still lies in plain in the tutor's log, and seals anew what an older key has sealed.

Both are one piece of work, in batches of one transaction each: whoever is killed in the middle has
lost nothing, and whoever goes on finds by themselves what is left. Texts that no key at hand opens
stay as they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Row, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids, seal_keys
from domain.database import Database
from domain.sealing import Seals
from domain.sql import sql
from domain.tutoring import sealed

BATCH: Final = 200  # rows; a transaction of some hundredths of a second
TOLD_EACH: Final = 5_000  # rows
LATELY: Final = timedelta(days=3)  # a process of before may go on with another key for a while
_FIRST: Final = UUID(int=0)

# The second to ninth byte of a sealed value name its key.
_LEFT = sql(
    """
    SELECT id, user_message, ai_response, context_data,
           user_message_sealed, ai_response_sealed, context_sealed
    FROM ai_interactions
    WHERE id > :after AND (
        user_message <> '' OR ai_response IS NOT NULL
        OR context_data - CAST(:plain AS text[]) <> '{}'
        OR substr(user_message_sealed, 2, 8) <> :key
        OR substr(ai_response_sealed, 2, 8) <> :key
        OR substr(context_sealed, 2, 8) <> :key)
    ORDER BY id LIMIT :most FOR NO KEY UPDATE
    """,
    plain=ARRAY(Text()),
    key=LargeBinary(),
)
_SEAL = sql(
    """
    UPDATE ai_interactions i
    SET user_message = '', ai_response = NULL, context_data = n.context,
        user_message_sealed = n.asked, ai_response_sealed = n.answered, context_sealed = n.private
    FROM unnest(CAST(:ids AS uuid[]), CAST(:asked AS bytea[]), CAST(:answered AS bytea[]),
                CAST(:contexts AS jsonb[]), CAST(:private AS bytea[]))
         AS n (id, asked, answered, context, private)
    WHERE i.id = n.id
    """,
    ids=ARRAY(Uuid()),
    asked=ARRAY(LargeBinary()),
    answered=ARRAY(LargeBinary()),
    contexts=ARRAY(JSONB(none_as_null=True)),
    private=ARRAY(LargeBinary()),
)


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of one batch.

    Args:
        last: the id of its last row; None: there was none left.
        sealed: rows that need only the present key now.
        unreadable: rows that no key at hand opens.
    """

    last: UUID | None
    sealed: int = 0
    unreadable: int = 0


async def reseal_some(conn: AsyncConnection, seals: Seals, after: UUID = _FIRST) -> Batch:
    """Seal the next rows that need it with the present key.

    Args:
        conn: a transaction of the worker; it holds the rows until its end.
        seals: of this process.
        after: the id of the last row of the batch before.
    """
    values = {"after": after, "plain": list(sealed.PLAIN), "key": seals.key, "most": BATCH}
    rows: Sequence[Row[Any]] = (await conn.execute(_LEFT, values)).all()
    if not rows:
        return Batch(None)
    columns: dict[str, list[object]] = {
        name: [] for name in ("ids", "asked", "answered", "contexts", "private")
    }
    for row in rows:
        words = sealed.opened(seals, row)
        if not words.is_readable:
            continue
        plain, private = sealed.parted(words.context)
        columns["ids"].append(row.id)
        columns["asked"].append(sealed.seal_asked(seals, row.id, words.asked))
        columns["answered"].append(sealed.seal_answered(seals, row.id, words.response))
        columns["contexts"].append(None if row.context_data is None else plain)
        columns["private"].append(sealed.seal_context(seals, row.id, private))
    if columns["ids"]:
        await conn.execute(_SEAL, columns)
    done = len(columns["ids"])
    return Batch(rows[-1].id, done, len(rows) - done)


async def reseal(
    database: Database,
    now: datetime,
    say: Callable[[str], None] = lambda _: None,
    *,
    whole: bool = False,
) -> tuple[int, int]:
    """Seal with the present key whatever is not; then the keys of before are needed no more.

    Where all was done before, only rows of the last days are looked at.

    Args:
        database: whose log.
        now: the present.
        say: told, in words, how far it is.
        whole: look at all rows in any case; a key that was lost may have been found.

    Returns:
        How many rows were sealed, and how many no key at hand opens.
    """
    seals = database.seals
    async with database.worker_unit_of_work() as conn:
        keys = await seal_keys.kept(conn)
    ours = [one for one in keys if one.id == seals.key.hex()]
    is_done = len(keys) == len(ours) == 1 and ours[0].sealed_all_at is not None
    lately = is_done and not whole
    after: UUID | None = ids.uuid7(now - LATELY, bytes(10)) if lately else _FIRST
    done = unreadable = 0
    while after is not None:
        async with database.worker_unit_of_work() as conn:
            batch = await reseal_some(conn, seals, after)
        after = batch.last
        done, unreadable = done + batch.sealed, unreadable + batch.unreadable
        if batch.sealed and done // TOLD_EACH > (done - batch.sealed) // TOLD_EACH:
            say(f"{done} of the tutor's answers sealed...")
    if not is_done and ours:
        async with database.worker_unit_of_work() as conn:
            await seal_keys.done(conn, seals, now)
    return done, unreadable
