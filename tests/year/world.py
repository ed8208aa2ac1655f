"""A year on the real database: learners act, the worker ticks, doors deliver, things break.

Time is compressed: the clock jumps from one instant at which something happens to the next one. It
never jumps over an instant at which the database has something due. A process that dies is one
whose transaction is cut off before a random statement, or whose send is cut off on its way (both
in this process), or one that is killed for good (`killing`: a process of its own, SIGKILL).
"""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from unittest.mock import patch
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bots.conversation.dialogue import Platform, Reply
from bots.delivery import Delivery
from bots.reminding import nudge_all, plan_all, remind_all
from domain import ids
from domain.clock import ManualClock
from domain.database import Database
from domain.errors import Refusal
from domain.execution import Connection
from domain.identity.service import Accounts, change_profile
from domain.motivation.daily import choose_daily_goal
from domain.motivation.journey import choose_study_days, record_outage, remember_setting
from domain.motivation.queries import days as days_of
from domain.motivation.service import Activity, record_activity
from domain.notifications import claims, mutes, outbox
from domain.notifications.reminders import Quiet
from domain.notifications.reminders_own import (
    choose_quiet,
    reckon_again,
    remind_at,
    remind_later,
    remind_never,
    remind_not_today,
)
from domain.notifications.reminders_zones import FIRST, reckon_some
from domain.notifications.rules import Outcome
from domain.sql import sql
from tests.year.diary import Run
from tests.year.lives import Event, Life, Span, Year

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
    WHERE id > :after ORDER BY id
""")
_ACCOUNT = sql(
    "INSERT INTO identities (user_id, provider, subject) VALUES (:user, :platform, :name)"
)
_STATES = sql("SELECT idempotency_key AS key, state, finished_at FROM outbox")
_STUDY = sql("""
    INSERT INTO learning_sessions (id, user_id, started_at, ended_at, duration_seconds,
                                   device_type)
    VALUES (:id, :user, :at, :at, :seconds, 'terminal')
""")


class Killed(BaseException):
    """A process of ours has died here."""


@dataclass
class Message:
    """A row of the outbox as it was written, and what became of it.

    Attributes:
        reached: how often it came to the learner's platform, with the instants.
        may_have: it was under way when its sender died, or nobody knows.
    """

    learner: int
    key: str
    written: datetime
    expires: datetime
    kinds: frozenset[str]
    reached: list[datetime] = field(default_factory=list)
    may_have: bool = False


class Chats:
    """A platform's side: takes messages, or does not.

    Args:
        platform: which one.
        world: what goes wrong.
    """

    address: str | None = None

    def __init__(self, platform: Platform, world: "World") -> None:
        self.platform: Platform = platform
        self._world = world

    async def send(self, address: str, reply: Reply) -> Outcome:
        """One message; what becomes of it depends on the moment and on chance."""
        world, now = self._world, self._world.clock.now()
        message = world.by_id[reply.key]
        if any(one.covers(now) for one in world.year.closed):
            return Outcome("not_sent", "closed")
        if (self.platform, address) in world.blocked:
            return Outcome("blocked", "blocked")
        chance = world.random.random()
        if chance < 0.01:
            world.died["in a send"] += 1
            message.may_have = True
            raise Killed
        if chance < 0.04:
            return Outcome("not_sent", "cut off")
        if chance < 0.05:
            return Outcome("wait", "slowly", timedelta(seconds=20))
        message.reached.append(now)
        if chance < 0.07:
            return Outcome("unknown", "no answer")
        return Outcome("sent")


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
        self.blocked: set[tuple[str, str]] = set()
        self.messages: dict[str, Message] = {}
        self.by_id: dict[str, Message] = {}
        self.died: Counter[str] = Counter()
        self.judged: Counter[str] = Counter()
        self.runs: dict[int, list[tuple[datetime, Run]]] = {}
        self._killing = killing
        self._accounts = Accounts()
        self._users: dict[int, UUID] = {}
        self._numbers: dict[UUID, int] = {}
        self._identities: dict[int, UUID] = {}
        self._seen = UUID(int=0)
        self._sources = 0
        self._planned = year.span.begins
        self._reckoned = year.span.begins
        platforms: tuple[Platform, ...] = ("telegram", "discord")
        self._doors = [
            Delivery(database, self.clock, random, Chats(one, self), lease=LEASE)
            for one in platforms
        ]

    async def go_by(self, looks: list[datetime], say: Callable[[str], None]) -> None:
        """Let everything happen; streaks are noted at each look."""
        happenings: list[tuple[datetime, Life | None, Event]] = [
            (event.at, life, event) for life in self.year.lives for event in life.events
        ]
        happenings += [(at, None, Event(at, "look")) for at in looks]
        happenings += [(one.ends, None, Event(one.ends, "down", one)) for one in self.year.down]
        for life in self.year.lives:
            await self._arrive(life)
        told = self.clock.now()
        for at, who, event in sorted(happenings, key=lambda one: one[0]):
            await self._until(at)
            self._set(at)
            if who is not None:
                await self._act(who, event)
            elif isinstance(event.what, Span):
                async with self.database.worker_unit_of_work() as conn:
                    await record_outage(conn, *event.what, "test")
            else:
                await self._look()
            if at - told > timedelta(days=7):
                told = at
                say(f"{at:%d %B}: {len(self.messages):,} messages, {self.died.total()} deaths")
        await self._until(self.year.span.ends)

    async def states(self) -> dict[str, tuple[str, datetime | None]]:
        """What the outbox says about each message at the end."""
        async with self.database.worker_unit_of_work() as conn:
            rows = await conn.execute(_STATES)
            return {row.key: (row.state, row.finished_at) for row in rows}

    def user(self, number: int) -> UUID:
        """A learner's id."""
        return self._users[number]

    async def _until(self, end: datetime) -> None:
        """All that the worker and the doors do before an instant."""
        while True:
            async with self.database.worker_unit_of_work() as conn:
                due = (await conn.execute(_DUE)).one()
            worker = self._awake(min(filter(None, (due.worker, self._planned))), worker=True)
            doors = [self._awake(at, worker=False) for at in (due.doors, due.leases) if at]
            now = min([worker, *doors])
            if now >= end:
                return
            self._set(max(now, self.clock.now()))
            if worker <= now:
                await self._work()
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
        await self._collect()

    async def _reckon(self, now: datetime) -> None:
        after: UUID | None = FIRST
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
        for door in self._doors:
            try:
                while await door.deliver():
                    pass
            except Killed:
                continue

    async def _collect(self) -> None:
        """The messages that were written since the last time."""
        async with self.database.worker_unit_of_work() as conn:
            rows = (await conn.execute(_ROWS, {"after": self._seen})).all()
        for row in rows:
            number = self._numbers[row.user_id]
            kinds = frozenset(row.payload["kinds"])
            message = Message(number, row.key, row.run_at, row.expires_at, kinds)
            assert row.key not in self.messages, f"{row.key} was written twice"
            self.messages[row.key] = self.by_id[str(row.id)] = message
            self._seen = row.id

    async def _arrive(self, life: Life) -> None:
        first, *more = life.chats
        async with self.database.unit_of_work() as conn:
            learner = await self._accounts.learner(
                conn, first, f"{life.number}", f"L{life.number}", None, self.clock.now()
            )
            await self._move(conn, learner.user_id, life.zone)
        self._users[life.number] = learner.user_id
        self._identities[life.number] = learner.identity_id
        self._numbers[learner.user_id] = life.number
        async with self.database.worker_unit_of_work() as conn:
            for platform in more:
                values = {"user": learner.user_id, "platform": platform, "name": f"{life.number}"}
                await conn.execute(_ACCOUNT, values)

    async def _act(self, life: Life, event: Event) -> None:
        """What a door does with what a learner writes or presses."""
        user, now, what = self._users[life.number], self.clock.now(), event.what
        chat = (life.chats[0], f"{life.number}")
        if event.kind == "block":
            self.blocked.add(chat)
            return
        async with self.database.unit_of_work() as conn:
            await self._accounts.learner(conn, *chat, f"L{life.number}", None, now)
            if chat in self.blocked:
                self.blocked.discard(chat)
                await outbox.reopen(conn, *chat)
            with suppress(Refusal):
                await self._do(conn, life, user, event.kind, what)

    async def _do(
        self, conn: AsyncConnection, life: Life, user: UUID, kind: str, what: Any
    ) -> None:
        now = self.clock.now()
        match kind:
            case "work":
                self._sources += 1
                await record_activity(
                    conn,
                    Activity(
                        user_id=user,
                        identity_id=self._identities[life.number],
                        source=f"lesson:{self._sources}",
                        kind="lesson",
                        component_id=None,
                        xp=10,
                        seconds=60,
                        occurred_at=now,
                    ),
                )
            case "study":
                entropy = self.random.randbytes(10)
                values = {"id": ids.uuid7(now, entropy), "user": user, "at": now, "seconds": what}
                await conn.execute(_STUDY, values)
            case "goal":
                await choose_daily_goal(conn, user, what)
            case "days off":
                today = (await days_of(conn, user, now)).today
                await choose_study_days(conn, user, today, what)
            case "mute":
                await mutes.mute(conn, user, ["reminder"])
            case "unmute":
                await mutes.unmute(conn, user, ["reminder"])
            case "silence":
                await mutes.silence(conn, user)
            case "move":
                await self._move(conn, user, what)
            case "quiet":
                await choose_quiet(conn, user, Quiet(*what), now)
            case "remind":
                at, weekdays = what
                await remind_at(conn, user, at, weekdays, now)
            case "never":
                await remind_never(conn, user)
            case "later":
                await remind_later(conn, user, now)
            case "not today":
                await remind_not_today(conn, user, now)

    async def _move(self, conn: AsyncConnection, user: UUID, zone: str) -> None:
        """As /settings time does it."""
        await remember_setting(conn, user, self.clock.now())
        await change_profile(conn, user, "timezone", zone)
        await reckon_again(conn, user, self.clock.now())

    async def _look(self) -> None:
        """What /streak would show to everybody."""
        now = self.clock.now()
        for number, user in self._users.items():
            async with self.database.unit_of_work(user) as conn:
                found = (await days_of(conn, user, now)).streak
            run = Run(
                found.current,
                found.longest,
                found.total,
                found.freezes,
                found.frozen,
                found.just_kept,
            )
            self.runs.setdefault(number, []).append((now, run))
