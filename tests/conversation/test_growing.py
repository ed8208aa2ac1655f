"""Answers that grow: one reply in place of another, at a pace, and a fault."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from io import StringIO
from pathlib import Path

import pytest

from bots.conversation import registry
from bots.conversation.controls import Control, control
from bots.conversation.dialogue import Actor, Incoming, Place, Press, Reply
from bots.conversation.pacing import growing
from bots.conversation.router import Router
from bots.conversation.turn import Answer, Services, Streamed, Turn
from bots.terminal.chat import run_plain
from bots.terminal.door import Door
from bots.terminal.screen import PlainScreen
from domain.clock import ManualClock
from domain.database import Database
from domain.errors import N_, Refusal
from domain.grading import Grader
from domain.settings import Settings
from tests.support.eventually import until

SLOW = N_("The book is shut.")
GROW = Press(control("test.grow"))


def grow(monkeypatch: pytest.MonkeyPatch, ends: Exception | None) -> list[str]:
    """Let a button give an answer that grows, and perhaps fails; what it was asked for, by name."""
    asked: list[str] = []

    async def steps() -> AsyncIterator[Reply]:
        yield Reply("One.\n\nTwo.", draft=True)
        if ends is not None:
            raise ends
        yield Reply("One.\n\nTwo.\n\nThree.")

    async def dropped() -> None:
        asked.append("dropped")

    async def pressed(turn: Turn, _: Control) -> Answer:
        asked.append(turn.incoming.actor.name)
        return Streamed(Reply("One.", draft=True), steps, dropped)

    monkeypatch.setitem(registry.controls, "test.grow", pressed)
    return asked


def event(clock: ManualClock, name: str) -> Incoming:
    return Incoming("1", clock.now(), Actor("telegram", name, name), Place("private", name), GROW)


@pytest.fixture
def services(
    database: Database, clock: ManualClock, settings: Settings, grader: Grader
) -> Services:
    return Services(database, clock, settings, grader)


@pytest.mark.parametrize(
    ("ends", "last"),
    [
        (None, "One.\n\nTwo.\n\nThree."),
        (Refusal(SLOW), SLOW),
        (ValueError("a fault"), "I could not do that"),
    ],
)
async def test_an_answer_that_grows_ends_in_words(
    services: Services,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    ends: Exception | None,
    last: str,
) -> None:
    grow(monkeypatch, ends)
    router = Router(services)
    shown = [reply async for reply in router.answer(event(clock, f"ann{last[:3]}"))]
    assert [one.text for one in shown[:2]] == ["One.", "One.\n\nTwo."]
    assert shown[-1].text.startswith(last)
    assert [one.draft for one in shown] == [True, True, False]


async def test_the_same_event_again_makes_no_steps(
    services: Services, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = grow(monkeypatch, None)
    router = Router(services, receipts=True)
    first = [reply async for reply in router.answer(event(clock, "bob"))]
    again = [reply async for reply in router.answer(event(clock, "bob"))]
    assert len(first) == 3
    assert again == first[:1]
    assert asked == ["bob"]


async def test_what_was_begun_is_closed_when_its_first_words_cannot_be_shown(
    services: Services, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = grow(monkeypatch, None)
    router = Router(services)
    async with aclosing(router.answer(event(clock, "deb"))) as replies:
        await anext(replies)
    assert asked == ["deb", "dropped"]
    async with aclosing(router.answer(event(clock, "eli"))) as replies:
        await anext(replies)
        await anext(replies)  # from here on its own steps close it
    assert asked == ["deb", "dropped", "eli"]


async def test_a_terminal_adds_what_is_new(
    services: Services, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    grow(monkeypatch, None)
    out = StringIO()
    door = Door(Router(services), clock, "cyd", tmp_path)

    async def lines() -> AsyncIterator[str]:
        yield GROW.payload

    monkeypatch.setattr("bots.terminal.typing.understand", lambda *_: GROW)
    await run_plain(door, lines(), PlainScreen(out))
    assert out.getvalue().split()[-3:] == ["One.", "Two.", "Three."]
    assert out.getvalue().count("One.") == 1


async def test_drafts_that_something_newer_overtook_are_left_out() -> None:
    shown: list[str] = []
    free = asyncio.Event()

    async def show(reply: Reply) -> None:
        shown.append(reply.text)
        await free.wait()

    async with growing(show, gap_s=0.01) as take:
        for number in range(50):
            await take(Reply(str(number), draft=True))
            await asyncio.sleep(0)
        free.set()
        await take(Reply("the end"))
    assert shown[0] == "0"
    assert shown[-1] == "the end"
    assert len(shown) <= 3


async def test_a_draft_that_cannot_be_shown_does_not_matter_and_others_do() -> None:
    shown: list[str] = []

    async def show(reply: Reply) -> None:
        if reply.text != "shown":
            raise ConnectionError
        shown.append(reply.text)

    async with growing(show, gap_s=0.0) as take:
        await take(Reply("a part", draft=True))
        await take(Reply("shown"))
    assert shown == ["shown"]
    with pytest.raises(ConnectionError):
        async with growing(show, gap_s=60.0) as take:
            await take(Reply("the end"))


async def test_the_last_draft_is_shown_when_nothing_follows() -> None:
    shown: list[str] = []

    async def show(reply: Reply) -> None:
        shown.append(reply.text)
        await asyncio.sleep(0)

    async with growing(show, gap_s=0.01) as take:
        await take(Reply("1", draft=True))
        await asyncio.sleep(0)
        await take(Reply("2", draft=True))
    assert shown == ["1", "2"]


async def test_what_follows_the_first_words_at_once_does_not_wait() -> None:
    shown: list[str] = []

    async def show(reply: Reply) -> None:
        shown.append(reply.text)

    async with asyncio.timeout(30), growing(show, gap_s=60.0) as take:
        await take(Reply("one moment", draft=True))
        await until(lambda: bool(shown))
        await take(Reply("the evidence", draft=True))
        await take(Reply("the end"))  # comes with it, so the draft is left out
    assert shown == ["one moment", "the end"]
