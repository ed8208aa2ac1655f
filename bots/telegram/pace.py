"""How fast Telegram may be written to, and the waiting that keeps to it.

The figures are those of https://core.telegram.org/bots/faq (about 30 messages a second in all, one
a second in a chat with short bursts, 20 a minute in a group), with a little room.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """What one bot may send, from all its processes together.

    Args:
        overall: messages a second.
        overall_burst: of them at once.
        private: messages a second in one private chat, and in any group within its minute.
        private_burst: of them at once.
        group: messages in one group in any `group_window` seconds.
        floods: so many chats that are told to wait within `flood_window` seconds stop all chats.
    """

    overall: float = 28.0
    overall_burst: int = 2
    private: float = 1.0
    private_burst: int = 3
    group: int = 20
    group_window: float = 61.0
    floods: int = 3
    flood_window: float = 10.0


class Bucket:
    """A rate with bursts, kept as one number: when the bucket will be full again.

    That is the generic cell rate algorithm (ITU-T I.371): conforming when the theoretical arrival
    time is at most a burst's worth ahead.
    """

    __slots__ = ("_burst", "_full_at", "_gap")

    def __init__(self, rate: float, burst: int) -> None:
        self._full_at = 0.0
        self.set(rate, burst)

    def set(self, rate: float, burst: int) -> None:
        """Change the rate (a second) and the burst."""
        self._gap = 1 / rate
        self._burst = max(1, burst)

    def take(self, now: float) -> float:
        """Book the next place; how many seconds until it comes."""
        begins = max(now, self._full_at - (self._burst - 1) * self._gap)
        self._full_at = max(self._full_at, now) + self._gap
        return begins - now

    def wait(self, now: float) -> float:
        """How many seconds until the next place comes; nothing is booked."""
        return max(0.0, self._full_at - (self._burst - 1) * self._gap - now)

    def is_full(self, now: float) -> bool:
        """Whether nothing was taken lately."""
        return self._full_at <= now


@dataclass(slots=True)
class ChatPace:
    """What one chat has been sent lately."""

    bucket: Bucket
    is_group: bool
    sent: deque[float] = field(default_factory=deque)  # to a group, within its window
    paused_until: float = 0.0


class Pace:
    """Says when the next message may go. Per chat, one caller at a time.

    Args:
        limits: of the bot.
        now: seconds of a clock that never goes back.
        sleep: waits so many of them.
    """

    def __init__(
        self,
        limits: Limits,
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._limits = limits
        self._now = now
        self._sleep = sleep
        self._chats: dict[int, ChatPace] = {}
        self._overall = Bucket(limits.overall, limits.overall_burst)
        self._paused_until = 0.0
        self._floods: dict[int, float] = {}

    def share(self, processes: int) -> None:
        """So many processes send for this bot; each takes its part of the overall rate."""
        parts = max(1, processes)
        self._overall.set(self._limits.overall / parts, self._limits.overall_burst // parts)

    def wait(self, chat: int) -> float:
        """How many seconds until this chat itself takes another message; nothing is booked."""
        state, now = self._state(chat), self._now()
        group = 0.0
        if len(state.sent) >= self._limits.group:
            group = state.sent[-self._limits.group] + self._limits.group_window - now
        return max(0.0, group, state.paused_until - now, state.bucket.wait(now))

    async def place(self, chat: int) -> None:
        """Return when a message to this chat may go; its place is then taken."""
        state = self._state(chat)
        await self._pause(self._until_chat(state))
        while (wait := state.paused_until - self._now()) > 0:
            await self._pause(wait)
        await self._pause(self._overall.take(self._now()))
        while (wait := max(self._paused_until, state.paused_until) - self._now()) > 0:
            await self._pause(wait)
        if state.is_group:
            state.sent.append(self._now())

    def has_spare(self, chat: int, kept: int) -> bool:
        """Whether a message could go at once and delay nothing that matters more.

        Args:
            chat: a group.
            kept: so many further messages it could still be sent within its window.
        """
        now = self._now()
        state = self._state(chat)
        if max(self._paused_until, state.paused_until) > now:
            return False
        since = now - self._limits.group_window
        recent = sum(at > since for at in state.sent)
        waits = state.bucket.wait(now) > 0 or self._overall.wait(now) > 0
        return not waits and recent + 1 + kept <= self._limits.group

    def flooded(self, chat: int, seconds: float) -> None:
        """Telegram asked for a pause in this chat; when many chats get that, all pause."""
        now = self._now()
        state = self._state(chat)
        state.paused_until = max(state.paused_until, now + seconds)
        since = now - self._limits.flood_window
        self._floods = {one: at for one, at in self._floods.items() if at > since}
        self._floods[chat] = now
        if len(self._floods) >= self._limits.floods:
            self._paused_until = max(self._paused_until, now + seconds)

    def tidy(self) -> None:
        """Forget chats that nothing was sent to lately."""
        now = self._now()
        since = now - self._limits.group_window
        for chat, state in list(self._chats.items()):
            is_quiet = state.bucket.is_full(now) and state.paused_until <= now
            if is_quiet and not (state.sent and state.sent[-1] > since):
                del self._chats[chat]

    def _state(self, chat: int) -> ChatPace:
        state = self._chats.get(chat)
        if state is None:
            limits = self._limits
            bucket = Bucket(limits.private, limits.private_burst)
            state = self._chats[chat] = ChatPace(bucket, is_group=chat < 0)
        return state

    def _until_chat(self, state: ChatPace) -> float:
        now = self._now()
        wait = state.bucket.take(now)
        since = now - self._limits.group_window
        while state.sent and state.sent[0] <= since:
            state.sent.popleft()
        if len(state.sent) < self._limits.group:
            return wait
        return max(wait, state.sent[-self._limits.group] - since)

    async def _pause(self, seconds: float) -> None:
        if seconds > 0:
            await self._sleep(seconds)
