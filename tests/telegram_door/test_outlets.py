"""What is sent to a chat keeps its order, survives outages, and gives way only to newer things."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest
from telegram.error import BadRequest, NetworkError

from bots.telegram import outlets as module
from bots.telegram.outlets import ClosedOutlets, GaveUp, Outlets
from bots.telegram.pace import Limits, Pace
from bots.telegram.transport import Flood, NotSent

FAST = Limits(overall=1e6, overall_burst=1000, private=1e6, private_burst=1000)


@pytest.fixture
async def outlets(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Outlets]:
    monkeypatch.setattr(module, "LONGEST_PAUSE_S", 0.01)
    made = Outlets(Pace(FAST, asyncio.get_running_loop().time), Random(1))  # noqa: S311
    yield made
    await made.close(0)


class Chat:
    """Hears calls, and fails as it was told."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.heard: list[str] = []

    async def call(self, words: str) -> str:
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        self.heard.append(words)
        return words


async def test_a_chat_keeps_its_order_and_does_not_wait_for_another(outlets: Outlets) -> None:
    held, chat = asyncio.Event(), Chat()

    async def slow() -> None:
        await held.wait()
        await chat.call("slow")

    async def say(words: str) -> None:
        await chat.call(words)

    first = outlets.put(1, slow)
    rest = [outlets.put(1, lambda n=n: say(f"{n}")) for n in range(5)]  # type: ignore[misc]
    await outlets.put(2, lambda: say("other"))
    assert chat.heard == ["other"]
    held.set()
    await asyncio.gather(first, *rest)
    assert chat.heard == ["other", "slow", "0", "1", "2", "3", "4"]


async def test_of_several_redrawings_that_wait_only_the_newest_is_made(outlets: Outlets) -> None:
    held, chat = asyncio.Event(), Chat()

    async def say(words: str) -> None:
        await held.wait()
        await chat.call(words)

    jobs = [
        outlets.put(1, lambda: say("begun"), edits=5),
        outlets.put(1, lambda: say("other message"), edits=6),
    ]
    await asyncio.sleep(0.01)
    jobs += [outlets.put(1, lambda n=n: say(f"page {n}"), edits=5) for n in range(3)]  # type: ignore[misc]
    held.set()
    await asyncio.gather(*jobs)
    assert chat.heard == ["begun", "other message", "page 2"]


async def test_a_call_is_made_again_until_telegram_took_it(outlets: Outlets) -> None:
    chat = Chat(NotSent("off"), NetworkError("502"), Flood(0.01), NetworkError("cut off"))
    assert await outlets.insist(1, lambda: chat.call("hello")) == "hello"
    assert chat.heard == ["hello"]


async def test_what_telegram_refuses_is_not_repeated(outlets: Outlets) -> None:
    chat = Chat(BadRequest("chat not found"))

    async def work() -> None:
        await outlets.insist(1, lambda: chat.call("hello"))

    with pytest.raises(BadRequest):
        await outlets.put(1, work)
    assert chat.heard == []
    await outlets.put(1, work)  # the queue goes on
    assert chat.heard == ["hello"]


async def test_a_pause_that_is_asked_for_holds_this_chat_only(outlets: Outlets) -> None:
    asked, other = Chat(Flood(0.3)), Chat()
    loop = asyncio.get_running_loop()
    began = loop.time()

    async def work(chat: int, heard: Chat) -> None:
        await outlets.insist(chat, lambda: heard.call("x"))

    waiting = outlets.put(1, lambda: work(1, asked))
    await asyncio.sleep(0.05)
    await outlets.put(2, lambda: work(2, other))
    assert not waiting.done()
    await waiting
    assert loop.time() - began >= 0.3


async def test_a_very_long_outage_ends_the_patience(
    outlets: Outlets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.05)
    chat = Chat(*(NotSent("off") for _ in range(1000)))
    with pytest.raises(GaveUp):
        await outlets.insist(1, lambda: chat.call("x"))


async def test_closing_sends_what_it_can_and_says_what_it_cannot(outlets: Outlets) -> None:
    chat = Chat()

    async def say(words: str, seconds: float = 0.0) -> None:
        await asyncio.sleep(seconds)
        await chat.call(words)

    quick = outlets.put(1, lambda: say("quick"))
    stuck = outlets.put(2, lambda: say("stuck", 60))
    behind = outlets.put(2, lambda: say("behind"))
    await outlets.close(0.05)
    await quick
    for job in (stuck, behind, outlets.put(3, lambda: say("late"))):
        with pytest.raises(ClosedOutlets):
            await job
    assert chat.heard == ["quick"]


async def test_work_that_nobody_waits_for_is_left_out(outlets: Outlets) -> None:
    held, chat = asyncio.Event(), Chat()

    async def say(words: str) -> None:
        await held.wait()
        await chat.call(words)

    first = outlets.put(1, lambda: say("first"))
    second = outlets.put(1, lambda: say("second"))
    await asyncio.sleep(0)
    second.cancel()
    held.set()
    await first
    await outlets.put(1, lambda: say("third"))
    assert chat.heard == ["first", "third"]
