"""Moves live rounds on and keeps their messages up to date; one runs in every door's process.

It looks a few times a second. One short transaction renews the process's lease, takes what nobody
looks after, and does what is due; then the chats whose message does not say what it should are
written to, each by one task at a time. Everything is in rows: a process that is killed anywhere
leaves nothing that the next one cannot take up.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from bots.conversation.texts import choose, texts_for
from bots.live.showing import NotOurs, Showing
from bots.live.stage import Stage, StageBusy, StageClosed
from domain import ids
from domain.clock import Clock
from domain.database import Database
from domain.errors import Conflict, Refusal
from domain.live import chats, reports, rounds, running, scene
from domain.live.chats import Chat

log = logging.getLogger(__name__)

LOOK_S = 0.25
IDLE_S = 1.0  # while nothing is played
RENEW = running.TERM / 3
REPORTS = timedelta(seconds=5)
AFTER_FAULT = timedelta(seconds=5)


@dataclass(slots=True)
class Director:
    """One process's part in all live rounds.

    Args:
        database: worked on as the worker.
        clock: says what is due.
        owner: a name that nobody else has; by default a new one.
        stages: the platforms this process can write to.
        look: seconds between looks.
    """

    database: Database
    clock: Clock
    stages: Mapping[str, Stage]
    look: float = LOOK_S
    owner: str = field(default_factory=lambda: f"{running.PREFIX}{ids.to_base62(uuid4())}")
    _renewed: datetime | None = None
    _reported: datetime | None = None
    _reporting: asyncio.Task[None] | None = None
    _busy: bool = False
    _writing: dict[UUID, asyncio.Task[None]] = field(default_factory=dict)
    _seen: dict[UUID, tuple[object, ...]] = field(default_factory=dict)
    _not_before: dict[UUID, datetime] = field(default_factory=dict)
    _counts_wait: dict[UUID, tuple[tuple[object, ...], datetime]] = field(default_factory=dict)

    async def run(self, stop: asyncio.Event) -> None:
        """Direct until told to stop; messages that are being sent are finished."""
        while not stop.is_set():
            try:
                await self.step()
            except Exception:
                log.exception("live rounds could not be looked after")
            pause = self.look if self._busy else max(self.look, IDLE_S)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
        await self.settle()

    async def settle(self) -> None:
        """Wait until the messages that are being sent have arrived."""
        reporting = () if self._reporting is None else (self._reporting,)
        await asyncio.gather(*self._writing.values(), *reporting, return_exceptions=True)

    async def step(self) -> None:
        """One look: do what is due, and begin to write what is not yet shown."""
        now = self.clock.now()
        if self._renewed is not None and now - self._renewed > running.TERM:
            # This process stood still. Under another name it takes its rounds over like any
            # other, so that their players get the time back.
            self.owner = f"{running.PREFIX}{ids.to_base62(uuid4())}"
            self._renewed = None
        async with self.database.worker_unit_of_work() as conn:
            if self._renewed is None or now - self._renewed >= RENEW:
                if not await running.hold(conn, self.owner, now):
                    log.error("another process uses the name %s", self.owner)
                    return
                self._renewed = now
                await running.beat(conn, self.owner, now)
            await running.take_over(conn, self.owner, now)
            await chats.claim(conn, self.owner, sorted(self.stages), now)
            lives = await running.mine(conn, self.owner)
        self._report(now)
        for live in lives:
            with suppress(Conflict, Refusal):  # somebody was faster: look again
                async with self.database.worker_unit_of_work() as conn:
                    await running.move(conn, live, now)
        async with self.database.worker_unit_of_work() as conn:
            mine = await chats.mine(conn, self.owner)
        self._busy = bool(lives or mine)
        self._begin(mine, now)

    def _report(self, now: datetime) -> None:
        """Now and then, write the reports of rounds that have ended, beside everything else."""
        is_soon = self._reported is not None and now - self._reported < REPORTS
        if is_soon or (self._reporting is not None and not self._reporting.done()):
            return
        self._reported = now
        self._reporting = asyncio.create_task(self._write_reports(now))

    async def _write_reports(self, now: datetime) -> None:
        try:
            written: int | None = 0
            while written is not None:
                async with self.database.worker_unit_of_work() as conn:
                    written = await reports.report_next(conn, now)
        except Exception:
            log.exception("the reports of a live quiz could not be written")

    def _begin(self, mine: Sequence[Chat], now: datetime) -> None:
        """Start a task for each chat that may need another message or another text."""
        for chat in mine:
            busy = chat.id in self._writing or self._not_before.get(chat.id, now) > now
            stage, until = self._counts_wait.get(chat.id, ((), now))
            waits = until > now and stage == chat.stage
            if busy or waits or self._seen.get(chat.id) == chat.state:
                continue
            task = asyncio.create_task(self._write(chat))
            self._writing[chat.id] = task
            task.add_done_callback(partial(self._written, chat.id))
        here = {chat.id for chat in mine}
        for kept in (self._seen, self._not_before, self._counts_wait):
            for ident in kept.keys() - here:
                kept.pop(ident)

    def _written(self, chat: UUID, _task: asyncio.Task[None]) -> None:
        del self._writing[chat]

    async def _write(self, chat: Chat) -> None:
        """Let one chat show what it should."""
        stage = self.stages[chat.platform]
        try:
            async with self.database.worker_unit_of_work() as conn:
                known = await scene.load(conn, await rounds.load(conn, chat.round_id))
            texts = texts_for(choose(chat.language))
            until = await Showing(self, stage, chat, known, texts).bring_up()
            if until is None:
                self._seen[chat.id] = chat.state
            else:
                self._counts_wait[chat.id] = (chat.stage, until)
        except NotOurs:
            pass  # whoever writes there now does it
        except StageBusy as busy:
            self._not_before[chat.id] = self.clock.now() + busy.wait
        except StageClosed as closed:
            log.info("a chat takes no messages: %s", closed)
            await self._failed(chat, str(closed), gone=True)
        except Exception as error:
            log.exception("a live round could not be shown")
            self._not_before[chat.id] = self.clock.now() + AFTER_FAULT
            with suppress(Exception):
                await self._failed(chat, f"{type(error).__name__}: {error}", gone=False)

    async def _failed(self, chat: Chat, reason: str, *, gone: bool) -> None:
        async with self.database.worker_unit_of_work() as conn:
            await chats.failed(conn, chat, self.owner, reason, self.clock.now(), gone=gone)
