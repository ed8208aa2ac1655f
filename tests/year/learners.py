"""Learners of a simulated year: what each does, done with the product as their door would do it."""

import asyncio
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.clock import Clock
from domain.database import Database
from domain.errors import Refusal
from domain.identity.service import Accounts, change_profile
from domain.motivation.daily import choose_daily_goal
from domain.motivation.journey import choose_study_days, remember_setting
from domain.motivation.queries import days as days_of
from domain.motivation.service import Activity, record_activity
from domain.notifications import mutes, outbox
from domain.notifications.reminders import Quiet
from domain.notifications.reminders_own import (
    choose_quiet,
    reckon_again,
    remind_at,
    remind_later,
    remind_never,
    remind_not_today,
)
from domain.sql import sql
from tests.year.diary import Run
from tests.year.lives import Event, Life

AT_ONCE = 6  # fewer than the connections that there are

_ACCOUNT = sql(
    "INSERT INTO identities (user_id, provider, subject) VALUES (:user, :platform, :name)"
)
_STUDY = sql("""
    INSERT INTO learning_sessions (id, user_id, started_at, ended_at, duration_seconds,
                                   device_type)
    VALUES (:id, :user, :at, :at, :seconds, 'terminal')
""")


class Learners:
    """Everybody.

    Args:
        database: real.
        clock: of the year.

    Attributes:
        blocked: chats that block the bot: platform and address.
        numbers: whose life it is, by the product's id.
        runs: the streak of each at each look.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.blocked: set[tuple[str, str]] = set()
        self.numbers: dict[UUID, int] = {}
        self.runs: dict[int, list[tuple[datetime, Run]]] = {}
        self._accounts = Accounts()
        self._users: dict[int, UUID] = {}
        self._identities: dict[int, UUID] = {}
        self._sources = 0

    async def arrive(self, life: Life) -> None:
        """Somebody new, with all their accounts."""
        first, *more = life.chats
        async with self._database.unit_of_work() as conn:
            learner = await self._accounts.learner(
                conn, first, f"{life.number}", f"L{life.number}", None, self._clock.now()
            )
            await self._move(conn, learner.user_id, self._clock.now(), life.zone)
        self._users[life.number] = learner.user_id
        self._identities[life.number] = learner.identity_id
        self.numbers[learner.user_id] = life.number
        async with self._database.worker_unit_of_work() as conn:
            for platform in more:
                values = {"user": learner.user_id, "platform": platform, "name": f"{life.number}"}
                await conn.execute(_ACCOUNT, values)

    async def act(self, life: Life, event: Event) -> None:
        """What a door does with what a learner writes or presses."""
        user, now, what = self._users[life.number], event.at, event.what
        chat = (life.chats[0], f"{life.number}")
        if event.kind == "block":
            self.blocked.add(chat)
            return
        async with self._database.unit_of_work() as conn:
            await self._accounts.learner(conn, *chat, f"L{life.number}", None, now)
            if chat in self.blocked:
                self.blocked.discard(chat)
                await outbox.reopen(conn, *chat)
            with suppress(Refusal):
                await self._do(conn, life, user, now, event.kind, what)

    async def _do(
        self, conn: AsyncConnection, life: Life, user: UUID, now: datetime, kind: str, what: Any
    ) -> None:
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
                entropy = Random(f"{life.number} {now}").randbytes(10)  # noqa: S311
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
                await self._move(conn, user, now, what)
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

    async def _move(self, conn: AsyncConnection, user: UUID, now: datetime, zone: str) -> None:
        """As /settings time does it."""
        await remember_setting(conn, user, now)
        await change_profile(conn, user, "timezone", zone)
        await reckon_again(conn, user, now)

    async def look(self) -> None:
        """What /streak would show to everybody."""
        await together(self._look(number) for number in self._users)

    async def _look(self, number: int) -> None:
        user, now = self._users[number], self._clock.now()
        async with self._database.unit_of_work(user) as conn:
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


async def together(doings: Iterable[Coroutine[object, object, None]]) -> None:
    """Do things at once, a few at a time; the first failure ends it."""
    places = asyncio.Semaphore(AT_ONCE)

    async def do(one: Coroutine[object, object, None]) -> None:
        async with places:
            await one

    async with asyncio.TaskGroup() as group:
        for one in doings:
            group.create_task(do(one))
