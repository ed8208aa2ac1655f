"""Discord's global limit, kept for all processes together.

One row holds the instant up to which requests have been given out (the generic cell rate
algorithm: ITU-T I.371, "virtual scheduling"). Whoever wants to send moves it by as many steps as
requests wait in this process, and sends each at its own instant. Discord allows 50 a second.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from sqlalchemy import Float

from domain.database import Database
from domain.sql import sql

PER_SECOND = 45
BATCH = 10  # requests taken together
NAME = "discord"

# The database's clock is the only one that all processes share.
_TAKE = sql(
    """
    INSERT INTO rate_limits AS r (scope, subject, action, tokens, refilled_at)
    VALUES ('platform', :name, 'request', 0,
            clock_timestamp() + make_interval(secs => :taken))
    ON CONFLICT (scope, subject, action) DO UPDATE
        SET refilled_at = greatest(r.refilled_at, clock_timestamp())
            + make_interval(secs => :taken)
    RETURNING extract(epoch FROM refilled_at - clock_timestamp())::float8 - :taken
    """,
    taken=Float(),
)


@dataclass
class SharedPace:
    """Lets a request through when it is its turn among all processes' requests.

    Args:
        database: where the turn is kept.
        name: of the row.
        per_second: requests a second, all processes together.
    """

    database: Database
    name: str = NAME
    per_second: float = PER_SECOND
    _waiting: deque[asyncio.Future[float]] = field(default_factory=deque)
    _taking: asyncio.Task[None] | None = None

    async def wait(self) -> None:
        """Return at the instant of one request.

        Raises:
            Exception: the database is away; nothing may be sent.
        """
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[float] = loop.create_future()
        self._waiting.append(turn)
        if self._taking is None or self._taking.done():
            self._taking = loop.create_task(self._take())
        await asyncio.sleep(max(0.0, await turn - loop.time()))

    async def _take(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            step = 1 / self.per_second
            try:
                async with self.database.worker_unit_of_work() as conn:
                    values = {"name": self.name, "taken": step * len(batch)}
                    pause = float((await conn.execute(_TAKE, values)).scalar_one())
            except Exception as error:  # noqa: BLE001 - whoever waits is told
                for turn in batch:
                    if not turn.done():
                        turn.set_exception(error)
                continue
            first = loop.time() + max(0.0, pause)
            for number, turn in enumerate(batch):
                if not turn.done():
                    turn.set_result(first + number * step)
