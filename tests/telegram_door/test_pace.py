"""The pace keeps to Telegram's limits in every stretch of time, and a pause stops one chat only."""

import asyncio
from bisect import bisect_right
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as some

from bots.telegram.pace import Limits, Pace

LIMITS = Limits()
TINY = 1e-6


class Time:
    """A clock that jumps over waiting."""

    def __init__(self) -> None:
        self.at = 100.0

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


def most_in(times: list[float], seconds: float) -> int:
    """The most that fall into any stretch of so many seconds."""
    return max(bisect_right(times, at + seconds) - n for n, at in enumerate(times))


@settings(max_examples=40, deadline=None)
@given(
    some.lists(
        some.tuples(some.sampled_from([1, 2, 3, -5, -6]), some.floats(0, 1.5)),
        min_size=1,
        max_size=200,
    )
)
def test_no_limit_is_ever_passed(sends: list[tuple[int, float]]) -> None:
    time = Time()
    pace = Pace(LIMITS, time.now, time.sleep)
    sent: dict[int, list[float]] = defaultdict(list)

    async def run() -> None:
        for chat, pause in sends:
            time.at += pause if pause > 1 else 0.0
            await pace.place(chat)
            sent[chat].append(time.at)

    asyncio.run(run())
    everything = sorted(at for times in sent.values() for at in times)
    for seconds in (0.5, 1.0, 10.0):
        allowed = LIMITS.overall * seconds + LIMITS.overall_burst
        assert most_in(everything, seconds - TINY) <= allowed
    for chat, times in sent.items():
        for seconds in (1.0, 5.0):
            assert most_in(times, seconds - TINY) <= seconds + LIMITS.private_burst
        if chat < 0:
            assert most_in(times, 60.0) <= LIMITS.group


async def test_a_short_burst_goes_out_at_once() -> None:
    time = Time()
    pace = Pace(LIMITS, time.now, time.sleep)
    for _ in range(3):
        await pace.place(7)
    assert time.at - 100 < 0.2
    await pace.place(7)
    assert time.at - 100 >= 1


async def test_a_flooded_chat_waits_alone_until_many_are() -> None:
    time = Time()
    pace = Pace(LIMITS, time.now, time.sleep)
    pace.flooded(1, 30)
    await pace.place(2)
    assert time.at == 100
    await pace.place(1)
    assert time.at == 130
    for chat in (1, 2, 3):
        pace.flooded(chat, 5)
    await pace.place(4)
    assert time.at == 135


async def test_processes_share_the_overall_rate() -> None:
    time = Time()
    pace = Pace(LIMITS, time.now, time.sleep)
    pace.share(4)
    for chat in range(1, 71):
        await pace.place(chat)
    assert 9.5 < time.at - 100 < 10.5  # 70 messages at 28 / 4 a second


async def test_quiet_chats_are_forgotten() -> None:
    time = Time()
    pace = Pace(LIMITS, time.now, time.sleep)
    for chat in (1, -2):
        await pace.place(chat)
    pace.flooded(3, 1000)
    time.at += 100
    pace.tidy()
    assert list(pace._chats) == [3]
