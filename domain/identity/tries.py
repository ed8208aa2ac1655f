"""How often something may be tried, kept in the database: no restart and no other process helps."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import sql

# A window begins with the first try in it; `tokens` is how many are left.
_TAKE = sql("""
    INSERT INTO rate_limits AS r (scope, subject, action, tokens, refilled_at)
    VALUES (:scope, :subject, :action, CAST(:most AS int) - 1, :now)
    ON CONFLICT (scope, subject, action) DO UPDATE
        SET tokens = CASE WHEN r.refilled_at <= :since THEN CAST(:most AS int) - 1
                          ELSE r.tokens - 1 END,
            refilled_at = CASE WHEN r.refilled_at <= :since THEN :now ELSE r.refilled_at END
        WHERE r.tokens >= 1 OR r.refilled_at <= :since
    RETURNING tokens
""")
_GIVE_BACK = sql("""
    UPDATE rate_limits SET tokens = least(tokens + 1, :most)
    WHERE scope = :scope AND subject = :subject AND action = :action
""")


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in so much time.

    Args:
        scope: "identity", "place" or "platform".
        action: a short word.
        most: tries in a window.
        window: begins with the first try.
    """

    scope: str
    action: str
    most: int
    window: timedelta

    async def take(self, conn: AsyncConnection, subject: str, now: datetime) -> int | None:
        """Count one try; how many are left, or None when there was none left to count.

        The caller's transaction must commit, also when the try fails.
        """
        values = {**self._key(subject), "most": self.most, "now": now, "since": now - self.window}
        left = (await conn.execute(_TAKE, values)).scalar_one_or_none()
        return None if left is None else int(left)

    async def give_back(self, conn: AsyncConnection, subject: str) -> None:
        """A try that succeeded does not count."""
        await conn.execute(_GIVE_BACK, {**self._key(subject), "most": self.most})

    def _key(self, subject: str) -> dict[str, str]:
        return {"scope": self.scope, "subject": subject, "action": self.action}
