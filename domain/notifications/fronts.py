"""How far the sets have come that claim what is due, one after the other; as the worker."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause
from sqlalchemy.ext.asyncio import AsyncConnection

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_NOBODY = UUID(int=0)


@dataclass(slots=True)
class Front:
    """Where the next set begins; shared by the sets that are under way together.

    Without it each would step over the rows that the others hold or have just put forward: these
    stand at the beginning of the index until nobody can see them. What a set leaves behind, because
    its transaction failed, is found by whoever begins at the start.

    Args:
        is_due: says with `now` whether there is anything to claim; asked at the start only.
        claim: claims `most` rows in the order of their instant and learner, later than
            `later_than` and `beyond`.
        column: of the instant; the learner's is `user_id`.

    Attributes:
        claimed: by all sets so far.
        looked: the first set is claimed, so that it is known whether there are more.
    """

    is_due: TextClause
    claim: TextClause
    column: str
    claimed: int = 0
    looked: asyncio.Event = field(default_factory=asyncio.Event)
    _at: datetime = _BEGINNING
    _learner: UUID = _NOBODY
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def next_set(self, conn: AsyncConnection, now: datetime, most: int) -> Sequence[Any]:
        """Claim the next rows that are due, in a transaction of the worker."""
        async with self._turn:
            if self._at == _BEGINNING:
                is_due = await conn.execute(self.is_due, {"now": now})
                if not is_due.scalar_one():
                    return ()
            values = {"now": now, "most": most, "later_than": self._at, "beyond": self._learner}
            rows: Sequence[Any] = (await conn.execute(self.claim, values)).all()
            self.claimed += len(rows)
            self.looked.set()
            if rows:
                self._at, self._learner = rows[-1][self.column], rows[-1].user_id
            return rows
