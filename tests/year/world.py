"""A year on the real database: learners act, the worker ticks, doors deliver, things break.

Time is compressed: the clock jumps from one instant at which something happens to the next one. It
never jumps over an instant at which the database has something due. A process that dies is one
whose transaction is cut off before a random statement, or whose send is cut off on its way (both
in this process), or one that is killed for good (`killing`: a process of its own, SIGKILL).
"""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any
from unittest.mock import patch

from bots.conversation.dialogue import Platform
from bots.delivery import Delivery
from bots.reminding import nudge_all, plan_all, remind_all
from domain import ids
from domain.clock import ManualClock
from domain.database import Database
from domain.execution import Connection
from domain.motivation.journey import record_outage
from domain.notifications import claims
from domain.notifications.reminders_zones import FIRST, Place, reckon_some
from domain.sql import sql
from tests.year.chats import Chats, Killed, Message, Side
from tests.year.learners import Learners, together
from tests.year.lives import Event, Life, Year

SOON = timedelta(seconds=5)  # after a death the next worker is there
PLAN_EVERY = timedelta(minutes=60)
LEASE = timedelta(seconds=60)

_DUE = sql("""
    SELECT least(
        (SELECT min(next_fire_at) FROM reminders WHERE is_enabled),
        (SELECT min(next_at) FROM nudges WHERE next_at IS NOT NULL)) AS worker,
        (SELECT min(run_at) FROM outbox WHERE state = 'pending') AS doors,
        (SELECT min(lease_until) FROM outbox WHERE state = 'leased') AS leases
""")
_ROWS = sql("""
    SELECT id, user_id, idempotency_key AS key, run_at, expires_at, payload FROM outbox
    WHERE id > :after ORDER BY run_at, id
""")
_STATES = sql("SELECT idempotency_key AS key, state, finished_at FROM outbox")


class World:
    """One simulated year.

    Args:
        database: real.
        year: what happens.
        random: chance: sends, deaths.
        killing: kills a real worker that reminds at this instant, if it is time for one.
    """

    def __init__(
        self,
        database: Database,
        year: Year,
        random: Random,
        killing: Callable[[datetime], Awaitable[None]] | None = None,
    ) -> None:
        self.database = database
        self.year = year
        self.random = random
        self.clock = ManualClock(year.span.begins)
        self.learners = Learners(database, self.clock)
        self.messages: dict[str, Message] = {}
        side = Side(self.clock, random, year.closed, self.learners.blocked)
        self.by_id, self.died = side.by_id, side.died
        self.judged: Counter[str] = Counter()
        self._killing = killing
        self._planned = year.span.begins
        self._reckoned = year.span.begins
        platforms: tuple[Platform, ...] = ("telegram", "discord")
        self._doors = [
            (chats, Delivery(database, self.clock, random, chats, lease=LEASE))
            for chats in (Chats(one, side) for one in platforms)
        ]

    async def go_by(self, looks: list[datetime], say: Callable[[str], None]) -> None:
        """Let everything happen; streaks are noted at each look."""
        for life in self.year.lives:
            await self.learners.arrive(life)
        outages = {one.ends: one for one in self.year.down}
        acts = sorted(
            ((event.at, life, event) for life in self.year.lives for event in life.events),
            key=lambda one: one[0],
            reverse=True,
        )
        told = self.clock.now()
        for barrier in sorted({*looks, *outages, self.year.span.ends}):
            while acts and (at := acts[-1][0]) < barrier:
                if at - told >= timedelta(days=7):
                    told = at
                    say(f"{at:%d %B}: {len(self.messages):,} messages, {self.died.total()} deaths")
                wakes = await self._until(at)
                await self._act(acts, min(wakes, barrier))
            await self._until(barrier)
            self._set(barrier)
            if barrier in outages:
                async with self.database.worker_unit_of_work() as conn:
                    await record_outage(conn, *outages[barrier], "test")
            if barrier in looks:
                await self.learners.look()

    async def _act(self, acts: list[tuple[datetime, Life, Event]], end: datetime) -> None:
        """What different learners do before the worker or a door wakes: none knows of the others.

        What becomes due by it, and when, is their own; the clock does not move meanwhile.
        """
        doing: dict[int, Coroutine[object, object, None]] = {}
        while acts and acts[-1][0] <= end and acts[-1][1].number not in doing:
            _, life, event = acts.pop()
            doing[life.number] = self.learners.act(life, event)
        await together(doing.values())

    async def states(self) -> dict[str, tuple[str, datetime | None]]:
        """What the outbox says about each message at the end."""
        async with self.database.worker_unit_of_work() as conn:
            rows = await conn.execute(_STATES)
            return {row.key: (row.state, row.finished_at) for row in rows}

    async def _until(self, end: datetime) -> datetime:
        """All that the worker and the doors do before an instant; when they wake after it."""
        while True:
            async with self.database.worker_unit_of_work() as conn:
                due = (await conn.execute(_DUE)).one()
            worker = self._awake(min(filter(None, (due.worker, self._planned))), worker=True)
            doors = [self._awake(at, worker=False) for at in (due.doors, due.leases) if at]
            now = min([worker, *doors])
            if now >= end:
                return now
            self._set(max(now, self.clock.now()))
            if worker <= now:
                await self._work()
            await self._collect()
            await self._deliver()

    def _awake(self, at: datetime, *, worker: bool) -> datetime:
        """When something that was to happen at an instant can happen."""
        away = (*self.year.down, *self.year.idle) if worker else self.year.down
        at = max(at, self.clock.now())
        while found := [one for one in away if one.covers(at)]:
            at = max(one.ends for one in found)
        return at

    def _set(self, at: datetime) -> None:
        self.clock.advance(at - self.clock.now())

    async def _work(self) -> None:
        """One tick of the worker, which may die on the way."""
        now = self.clock.now()
        if self._killing is not None:
            await self._killing(now)
        try:
            async with self._mortal():
                if self._planned <= now:
                    await plan_all(self.database, self.clock)
                    self._planned = now.replace(second=0) + PLAN_EVERY
                if now - self._reckoned >= timedelta(days=1):
                    await self._reckon(now)
                self.judged += await remind_all(self.database, self.clock)
                self.judged += await nudge_all(self.database, self.clock)
        except Killed:
            self.died["in a statement"] += 1
            self._set(now + SOON)
            await remind_all(self.database, self.clock)
            await nudge_all(self.database, self.clock)

    async def _reckon(self, now: datetime) -> None:
        after: Place | None = FIRST
        while after is not None:
            async with self.database.worker_unit_of_work() as conn:
                wrong, after = await reckon_some(conn, now, after)
                assert not wrong, f"{wrong} reminders were reckoned wrongly at {now}"
        self._reckoned = now

    @asynccontextmanager
    async def _mortal(self) -> AsyncIterator[None]:
        """Now and then the process dies before one of its statements."""
        if self.random.random() > 0.03:
            yield
            return
        left = self.random.randint(1, 14)
        own = Connection.execute

        async def execute(*arguments: Any, **more: Any) -> Any:
            nonlocal left
            left -= 1
            if left <= 0:
                raise Killed
            return await own(*arguments, **more)

        with patch.object(Connection, "execute", execute):
            yield

    async def _deliver(self) -> None:
        async with self.database.worker_unit_of_work() as conn:
            await claims.reap(conn, self.clock.now())
        for chats, door in self._doors:
            try:
                while await door.deliver():
                    pass
            except Killed:  # with it goes what it knew of the messages that it had under way
                for message in chats.tried:
                    message.may_have = True
            chats.tried.clear()

    async def _collect(self) -> None:
        """The messages that are new: a killed process's last transaction may end after it."""
        after = ids.uuid7(self.clock.now() - timedelta(minutes=10), bytes(10))
        async with self.database.worker_unit_of_work() as conn:
            rows = (await conn.execute(_ROWS, {"after": after})).all()
        for row in rows:
            if str(row.id) in self.by_id:
                continue
            number = self.learners.numbers[row.user_id]
            kinds = frozenset(row.payload["kinds"])
            message = Message(number, row.key, row.run_at, row.expires_at, kinds)
            assert row.key not in self.messages, f"{row.key} was written twice"
            self.messages[row.key] = self.by_id[str(row.id)] = message
