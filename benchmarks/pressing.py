"""Learners who turn pages on a loopback platform, told what to do line by line.

Reads one JSON order from each line of standard input and answers each with one line of JSON:

    {"do": "begin", "lines": ["/start", "/learn web-pages"]}    every learner uses these
                                          "most": 1 lets the first one only
    {"do": "together", "presses": 2000, "at_once": 64}          as fast as the bot answers
    {"do": "steadily", "rate": 200, "seconds": 20}              at given instants, answered or not

A press is one of the two buttons that turn a page. A learner presses again only when the last one
has been acknowledged and the message redrawn, as people do; the others do not wait for them.
"""

import asyncio
import json
import sys
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

PAGES = frozenset({"Back", "Next", "Next page"})  # our lesson's buttons, and the echo bots'
PATIENCE = 120.0  # seconds without any answer until the bot counts as dead
TICK = 0.002  # seconds between looks at the timetable of an open loop
AT_ONCE = 32  # learners who begin together

Figures = dict[str, object]


class BotStopped(Exception):
    """The bot has not answered for a long time."""


@dataclass(slots=True)
class Press:
    """One press and when it was acknowledged and answered, in seconds of this process."""

    began: float
    acknowledged: float = 0.0
    answered: float = 0.0


class Crowd(ABC):
    """Learners and the presses under way. A learner is the id of an account.

    Args:
        learners: all of them.
    """

    def __init__(self, learners: Sequence[int]) -> None:
        self.learners = learners
        self.idle: deque[int] = deque()
        self.flying: dict[int, Press] = {}
        self.done: list[Press] = []
        self.changed = asyncio.Event()

    @abstractmethod
    async def ready(self) -> bool:
        """Whether the bot takes commands."""

    @abstractmethod
    async def say(self, learner: int, line: str) -> None:
        """Let somebody use a command; what was on their screen does not count any more."""

    @abstractmethod
    def sees_pages(self, learner: int) -> bool:
        """Whether buttons that turn pages have come since the last command."""

    @abstractmethod
    async def turn(self, learner: int) -> None:
        """Let somebody press a button that turns the page."""

    @abstractmethod
    def faults(self) -> Figures:
        """How many requests were refused ("refused"), and which rules were broken."""

    def acknowledged(self, learner: int) -> None:
        """The press of somebody is acknowledged."""
        if press := self.flying.get(learner):
            press.acknowledged = press.acknowledged or time.perf_counter()
            self._finish(learner, press)

    def redrawn(self, learner: int) -> None:
        """A message was drawn for somebody."""
        if press := self.flying.get(learner):
            press.answered = time.perf_counter()
            self._finish(learner, press)
        self.changed.set()

    def _finish(self, learner: int, press: Press) -> None:
        if press.acknowledged and press.answered:
            self.done.append(self.flying.pop(learner))
            self.idle.append(learner)
            self.changed.set()

    async def _press(self) -> None:
        learner = self.idle.popleft()
        self.flying[learner] = Press(time.perf_counter())
        await self.turn(learner)

    async def _until(self, happened: Callable[[], bool], what: str) -> None:
        last = time.perf_counter()
        while not happened():
            self.changed.clear()
            try:
                await asyncio.wait_for(self.changed.wait(), 1.0)
                last = time.perf_counter()
            except TimeoutError:
                if time.perf_counter() - last > PATIENCE:
                    raise BotStopped(what) from None

    def _all_see_pages(self, some: Sequence[int]) -> bool:
        return all(map(self.sees_pages, some))

    def _are_done(self, enough: int) -> bool:
        return len(self.done) >= enough

    async def begin(self, lines: Sequence[str], most: int | None = None) -> Figures:
        """Every learner, or the first few, uses each command and waits for what it brings."""
        began = time.perf_counter()
        while not await self.ready():
            if time.perf_counter() - began > PATIENCE:
                raise BotStopped("the bot did not connect")
            await asyncio.sleep(0.1)
        learners = self.learners[:most]
        for line in lines:
            for start in range(0, len(learners), AT_ONCE):
                some = learners[start : start + AT_ONCE]
                for learner in some:
                    await self.say(learner, line)
                await self._until(partial(self._all_see_pages, some), line)
        self.idle = deque(learners)
        messages = len(lines) * len(learners)
        return {"seconds": time.perf_counter() - began, "messages": messages}

    async def together(self, presses: int, at_once: int) -> Figures:
        """So many presses, always the same number of them under way."""
        self.done, sent, began = [], 0, time.perf_counter()
        while len(self.done) < presses:
            while self.idle and sent < presses and len(self.flying) < at_once:
                await self._press()
                sent += 1
            await self._until(partial(self._are_done, len(self.done) + 1), "together")
        return self._report(began, 0)

    async def steadily(self, rate: float, seconds: float) -> Figures:
        """Presses at given instants. One that finds everybody waiting is left out and counted."""
        self.done, sent, left_out, began = [], 0, 0, time.perf_counter()
        total = round(rate * seconds)
        while sent + left_out < total:
            due = min(total, int((time.perf_counter() - began) * rate) + 1)
            while sent + left_out < due:
                if self.idle:
                    await self._press()
                    sent += 1
                else:
                    left_out += 1
            await asyncio.sleep(TICK)
        await self._until(partial(self._are_done, sent), "steadily")
        return self._report(began, left_out)

    def _report(self, began: float, left_out: int) -> Figures:
        done, self.done = self.done, []
        return {
            "seconds": max(one.answered for one in done) - began,
            "left_out": left_out,
            "acknowledged": [one.acknowledged - one.began for one in done],
            "answered": [one.answered - one.began for one in done],
            **self.faults(),
        }


async def serve(crowd: Crowd, url: str, token: str) -> None:
    """Say where the platform is, then do what standard input says until it ends."""
    _write({"url": url, "token": token})
    deeds: Mapping[str, Callable[..., Awaitable[Figures]]] = {
        "begin": crowd.begin,
        "together": crowd.together,
        "steadily": crowd.steadily,
    }
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        _write(await deeds[order.pop("do")](**order))


def _write(figures: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()
