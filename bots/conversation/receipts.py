"""What an event was answered, kept with what the event changed: the same event changes it once.

Platforms deliver events again after an outage, and a door works again on what a killed process
left. A receipt is written in the transaction of the effect, so there is one exactly when there
was an effect. A refusal changed nothing and has none: it is decided anew.

A reply may quote what somebody wrote, so it is stored sealed (`domain/sealing.py`).
"""

import base64
import json
from uuid import UUID

from pydantic import ConfigDict, TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from bots.conversation.dialogue import Reply
from domain.errors import Conflict
from domain.sealing import Seals
from domain.sql import sql

_KEEP = sql("""
    INSERT INTO receipts (identity_id, event_id, reply)
    VALUES (:identity, :event, CAST(CAST(:reply AS text) AS jsonb))
    ON CONFLICT DO NOTHING RETURNING true
""")
_COLUMN, _SEALED = "receipts.reply", "sealed"
# A tuple, because the settings for bytes do not reach a dataclass that stands alone.
_ONE = TypeAdapter(
    tuple[Reply], config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
)


async def keep(
    conn: AsyncConnection, seals: Seals, identity: UUID, event: str, reply: Reply
) -> None:
    """Write the receipt of an event.

    Args:
        conn: the transaction of the effect.
        seals: of this process.
        identity: the account the event came from.
        event: the platform's id of the event.
        reply: what will be shown after the commit.

    Raises:
        Conflict: the event was answered meanwhile; roll back and answer again.
    """
    text = _ONE.dump_json((reply,), exclude_defaults=True).decode()
    sealed = seals.seal(_COLUMN, _place(identity, event), text)
    written = json.dumps({_SEALED: base64.b64encode(sealed).decode()})
    values = {"identity": identity, "event": event, "reply": written}
    if (await conn.execute(_KEEP, values)).one_or_none() is None:
        raise Conflict


def read(seals: Seals, identity: UUID, event: str, written: str) -> Reply:
    """The reply that the receipt of an event holds, from its JSON.

    Raises:
        CannotOpen: it was sealed with a key that is not at hand.
    """
    kept = json.loads(written)
    if isinstance(kept, dict):  # a list is of before, when receipts were not sealed
        sealed = base64.b64decode(kept[_SEALED])
        written = seals.open(_COLUMN, _place(identity, event), sealed)
    return _ONE.validate_json(written)[0]


def _place(identity: UUID, event: str) -> str:
    return f"{identity} {event}"
