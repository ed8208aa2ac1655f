"""The door: what it remembers of the screen, and how replies come one after the other."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bots.conversation.dialogue import (
    Button,
    Command,
    File,
    Incoming,
    Press,
    Prompt,
    Reply,
    Text,
    Upload,
)
from bots.terminal import blocks
from bots.terminal.chat import PATIENCE_S, answer
from bots.terminal.door import Door
from bots.terminal.screen import PlainScreen
from domain.clock import ManualClock

ROW = ((Button("Next page", "next"), Button("Save", "save")),)


class Scripted:
    """Answers with what the test wrote, and keeps what it was asked.

    It stands in for the router where timing, or a reply that no flow makes yet, is the point.
    """

    def __init__(self, *replies: Reply | float) -> None:
        self.replies = list(replies)
        self.asked: list[Incoming] = []

    async def answer(self, incoming: Incoming) -> AsyncIterator[Reply]:
        self.asked.append(incoming)
        while self.replies:
            following = self.replies.pop(0)
            if isinstance(following, Reply):
                yield following
                if not self.replies or isinstance(self.replies[0], Reply):
                    return
            else:
                await asyncio.sleep(following)


Open = Callable[..., tuple[Door, Scripted]]


@pytest.fixture
def opened(clock: ManualClock, tmp_path: Path) -> Open:
    """A door with a scripted conversation behind it."""

    def open_door(*replies: Reply | float) -> tuple[Door, Scripted]:
        router = Scripted(*replies)
        return Door(router, clock, "ana", tmp_path), router  # type: ignore[arg-type]

    return open_door


async def say(door: Door, text: str) -> list[Reply]:
    return [reply async for reply in door.hear(text)]


async def test_every_message_is_an_event_of_its_own(opened: Open, clock: ManualClock) -> None:
    door, router = opened(Reply("a"), Reply("b"))
    await say(door, "/learn  python ")
    await say(door, "hello\r\nthere\x00")
    first, second = router.asked
    assert first.action == Command("learn", "python")
    assert second.action == Text("hello\nthere\ufffd")
    assert first.event_id != second.event_id
    assert (first.actor.platform, first.actor.subject, first.at) == ("terminal", "ana", clock.now())


async def test_nothing_is_said_for_an_empty_line(opened: Open) -> None:
    door, router = opened()
    assert await say(door, "  ") == []
    assert router.asked == []


async def test_buttons_stay_until_others_come(opened: Open) -> None:
    door, router = opened(Reply("page", rows=ROW), Reply("just words"), Reply("", rows=ROW[:0]))
    await say(door, "/learn")
    await say(door, "/help learn")
    await say(door, "2")
    assert router.asked[-1].action == Press("save")


async def test_a_refusal_keeps_the_question_and_a_reply_answers_it(opened: Open) -> None:
    door, _ = opened(
        Reply("zone?", prompt=Prompt("Your zone")),
        Reply("I do not know it.", notice="I do not know it."),
        Reply("Saved."),
    )
    await say(door, "/settings time")
    await say(door, "atlantis")
    assert door.awaits_text
    await say(door, "warsaw")
    assert not door.awaits_text


async def test_what_a_refusal_took_away_can_be_pressed_by_its_label(opened: Open) -> None:
    letters = ((Button("A", "a"), Button("Skip", "skip")),)
    refusal = Reply("No.", rows=((Button("/help", "help"),),), notice="No.")
    door, router = opened(
        Reply("A page", rows=ROW),
        refusal,
        refusal,
        Reply("A question", rows=letters),
        refusal,
    )
    for line in ("/learn", "hello", "hello again", "save", "hello"):
        await say(door, line)
    router.replies = [refusal, refusal, refusal]
    for line in ("a", "Next page", "skip"):
        await say(door, line)
    assert [event.action for event in router.asked[3:]] == [
        Press("save"),
        Text("hello"),
        Text("a"),  # one letter is no label
        Text("Next page"),  # a reply has replaced it since
        Press("skip"),
    ]


async def test_replies_that_follow_have_their_buttons_in_one_row(opened: Open) -> None:
    more = Reply("second", rows=((Button("Third", "third"),),), prompt=Prompt("Words"))
    door, router = opened(Reply("first", rows=ROW, more=(more,)), Reply(""))
    out = io.StringIO()
    await answer(door, "/start", PlainScreen(out))
    assert out.getvalue() == ("first\n\nsecond\n[/1] Next page  [/2] Save  [/3] Third\nWords:\n\n")
    await say(door, "/3")
    assert router.asked[-1].action == Press("third")


async def test_a_slow_answer_announces_itself_and_a_first_reply_does_not_wait(
    opened: Open,
) -> None:
    door, _ = opened(Reply("Running"), PATIENCE_S * 2, Reply("Done"))
    out = io.StringIO()
    work = asyncio.create_task(answer(door, "/code", PlainScreen(out, signs=True)))
    await asyncio.sleep(PATIENCE_S / 2)
    assert out.getvalue() == "Running\n\n"
    await work
    assert out.getvalue() == "Running\n\n…\nDone\n\n"


async def test_a_block_is_one_message_and_can_be_dropped(opened: Open) -> None:
    door, router = opened(Reply("a"))
    for line in ("```", "/learn", "1"):
        assert await say(door, line) == []
    assert door.in_block
    door.drop_block()
    for line in ("```python", "", "x = 1"):
        await say(door, line)
    await say(door, "```")
    assert [one.action for one in router.asked] == [Text("```python\n\nx = 1\n```")]


async def test_an_endless_block_is_refused_in_words(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "LONGEST", 1024)
    door, router = opened()
    await say(door, "```")
    for _ in range(3):
        await say(door, "x" * 1000)
    (reply,) = await say(door, "```")
    assert "I left it out" in reply.text
    assert router.asked == []
    assert not door.in_block


async def test_files_are_read_where_they_are_and_a_missing_one_costs_no_buttons(
    opened: Open, tmp_path: Path
) -> None:
    (tmp_path / "two fer.py").write_bytes(b"x = 1")
    door, router = opened(Reply("page", rows=ROW), Reply("Got it."), Reply("Say which."))
    await say(door, "/learn")
    (refused,) = await say(door, f"/code submit {tmp_path}/*missing_*.py")
    assert "I cannot read" in refused.text
    assert "\\*missing\\_\\*" in refused.text
    assert len(door.buttons) == 2
    await say(door, f"/code  submit '{tmp_path}/two fer.py'")
    await say(door, "/code submit")
    assert [one.action for one in router.asked[1:]] == [
        Upload((File("two fer.py", b"x = 1"),)),
        Command("code", "submit"),
    ]
