"""Moves live rounds on and keeps their messages up to date; one runs in every door's process.

It looks a few times a second. One short transaction renews the process's lease, takes what nobody
looks after, and does what is due; then the chats whose message does not say what it should are
written to, each by one task at a time. Everything is in rows: a process that is killed anywhere
leaves nothing that the next one cannot take up.
"""

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from bots.conversation.dialogue import Reply
from bots.conversation.texts import choose, texts_for
from bots.live.stage import MessageGone, Stage, StageBusy, StageClosed
from bots.live.view import View, view
from domain import ids
from domain.clock import Clock
from domain.database import Database
from domain.errors import Conflict, Refusal
from domain.live import chats, rounds, running, scene
from domain.live.chats import Chat
from domain.live.scene import Scene

log = logging.getLogger(__name__)

LOOK_S = 0.25
IDLE_S = 1.0  # while nothing is played
RENEW = running.TERM / 3
ALWAYS = datetime.min.replace(tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)
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
        await asyncio.gather(*self._writing.values(), return_exceptions=True)

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
        for live in lives:
            with suppress(Conflict, Refusal):  # somebody was faster: look again
                async with self.database.worker_unit_of_work() as conn:
                    await running.move(conn, live, now)
        async with self.database.worker_unit_of_work() as conn:
            mine = await chats.mine(conn, self.owner)
        self._busy = bool(lives or mine)
        self._begin(mine, now)

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
            wanted = view(known, texts_for(choose(chat.language)))
            if await self._show(stage, chat, known, wanted):
                self._seen[chat.id] = chat.state
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

    async def _show(self, stage: Stage, chat: Chat, known: Scene, wanted: View) -> bool:
        """Post or change the message; False: it has to wait for its turn."""
        digest = _digest(wanted.reply)
        if chat.message is not None and chat.position == wanted.position:
            if digest == chat.shown:
                return True
            now = self.clock.now()
            if not wanted.urgent and (until := _count_after(stage, chat, known)) > now:
                self._counts_wait[chat.id] = (chat.stage, until)
                return False
            try:
                await stage.edit(chat.address, chat.message, wanted.reply)
            except MessageGone:
                pass
            else:
                edits = chat.edits + 1
                return await self._note(chat, chat.message, digest, wanted, edits)
        async with self.database.worker_unit_of_work() as conn:
            if not await chats.sending(conn, chat, self.owner, wanted.position):
                return False
        key = f"{chat.id}:{wanted.position}"
        message = await stage.post(chat.address, wanted.reply, key)
        return await self._note(chat, message, digest, wanted, 0)

    async def _note(self, chat: Chat, message: str, digest: str, wanted: View, edits: int) -> bool:
        async with self.database.worker_unit_of_work() as conn:
            await chats.shown(
                conn,
                chat,
                self.owner,
                message,
                digest,
                self.clock.now(),
                edits=edits,
                done=wanted.is_end,
            )
        return True


def _count_after(stage: Stage, chat: Chat, known: Scene) -> datetime:
    """When the budget allows another change that only brings a count up to date."""
    budget, live = stage.budget, known.live
    every = budget.every
    if budget.edits is not None:
        if chat.edits >= budget.edits:
            return NEVER
        if live.limit is not None and live.at.phase == "question":
            every = max(every, live.limit / (budget.edits + 1))
    return ALWAYS if chat.shown_at is None else chat.shown_at + every


def _digest(reply: Reply) -> str:
    """Names what a reply says, so that the same text is not sent again."""
    said = repr((reply.text, reply.rows, reply.ends_at))
    return hashlib.sha256(said.encode()).hexdigest()[:32]
