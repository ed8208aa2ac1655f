"""Where replies appear: redrawn, below, as a toast, in private; and what happens otherwise."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest

from bots.conversation.dialogue import Button, File, Prompt, Reply
from bots.telegram import showing as module
from bots.telegram.client import StoaBot
from bots.telegram.hearing import Me, Scene
from bots.telegram.outlets import Outlets
from bots.telegram.pace import Limits, Pace
from bots.telegram.showing import Showing
from tests.platforms.telegram.server import LoopbackTelegram
from tests.platforms.telegram.world import Chat, Message, User

FAST = Limits(overall=1e6, overall_burst=1000, private=1e6, private_burst=1000)
NEXT = ((Button("Next", "v1:a:-:2"),),)


class Stage:
    """A person in front of a message with a button."""

    def __init__(self, telegram: LoopbackTelegram, bot: StoaBot, outlets: Outlets) -> None:
        self.telegram, self.bot, self.outlets = telegram, bot, outlets
        self.ada: User = telegram.people.user("Ada", started=True)
        self.private: Chat = telegram.world.chats[self.ada.id]
        self.me = Me(bot.id, bot.username)

    async def posts(self, chat: Chat) -> Message:
        """The bot's message that is there already."""
        keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "v1:a:-:1"}]]}
        values = {"chat_id": chat.id, "text": "Old", "reply_markup": keyboard}
        sent = await self.bot.call("sendMessage", values)
        return chat.messages[sent["message_id"]]

    def scene(self, chat: Chat, pressed: Message | None = None) -> Scene:
        callback = self.telegram.people.press(self.ada, pressed, "v1:a:-:1") if pressed else None
        number = pressed.number if pressed else None
        protected = bool(pressed and pressed.protected)
        return Scene(chat.id, None, self.ada.id, "Ada", "en", None, number, protected, callback)

    async def shows(self, scene: Scene, *replies: Reply) -> None:
        showing = Showing(self.bot, self.outlets, self.me, scene)
        for reply in replies:
            showing.show(reply)
        await showing.finish()

    def seen(self, chat: Chat) -> list[tuple[str, list[str]]]:
        """Messages of the bot: their words and their buttons."""
        return [
            (one.text.replace("\N{WORD JOINER}", ""), [b["text"] for row in one.rows for b in row])
            for one in chat.messages.values()
            if one.sender is self.telegram.world.bot and not one.deleted
        ]

    @property
    def toasts(self) -> list[tuple[str, str]]:
        kinds = {"toast", "alert"}
        return [(one.kind, one.text) for one in self.telegram.world.happened if one.kind in kinds]


@pytest.fixture
async def stage(telegram: LoopbackTelegram, bot: StoaBot) -> AsyncIterator[Stage]:
    outlets = Outlets(Pace(FAST, asyncio.get_running_loop().time), Random(1))  # noqa: S311
    yield Stage(telegram, bot, outlets)
    await outlets.close(0)


async def test_a_press_redraws_its_message_and_stops_waiting(stage: Stage) -> None:
    old = await stage.posts(stage.private)
    await stage.shows(stage.scene(stage.private, old), Reply("New", NEXT, edits=True))
    assert stage.seen(stage.private) == [("New", ["Next"])]
    assert stage.toasts == [("toast", "")]


async def test_the_same_again_is_no_failure(stage: Stage) -> None:
    old = await stage.posts(stage.private)
    for _ in range(2):
        await stage.shows(stage.scene(stage.private, old), Reply("New", NEXT, edits=True))
    assert stage.seen(stage.private) == [("New", ["Next"])]


async def test_what_follows_a_redrawn_message_is_sent_below_it(stage: Stage) -> None:
    old = await stage.posts(stage.private)
    reply = Reply("New", edits=True, more=(Reply("More", NEXT),))
    await stage.shows(stage.scene(stage.private, old), reply)
    assert stage.seen(stage.private) == [("New", []), ("More", ["Next"])]


async def test_a_message_that_is_gone_is_followed_by_a_new_one(stage: Stage) -> None:
    old = await stage.posts(stage.private)
    scene = stage.scene(stage.private, old)
    stage.telegram.writing.vanish(old)
    await stage.shows(scene, Reply("New", NEXT, edits=True))
    assert stage.seen(stage.private) == [("New", ["Next"])]


async def test_files_make_a_new_message_and_the_old_one_loses_its_buttons(stage: Stage) -> None:
    old = await stage.posts(stage.private)
    reply = Reply("New", NEXT, files=(File("a.py", b"x"),), edits=True)
    await stage.shows(stage.scene(stage.private, old), reply)
    assert stage.seen(stage.private) == [("Old", []), ("", []), ("New", ["Next"])]


async def test_what_must_be_protected_never_stands_in_an_open_message(stage: Stage) -> None:
    old = await stage.posts(stage.private)
    await stage.shows(stage.scene(stage.private, old), Reply("Q", NEXT, edits=True, protect=True))
    *_, new = stage.private.messages.values()
    assert (new.text, new.protected) == ("Q", True)
    await stage.shows(stage.scene(stage.private, new), Reply("Q2", NEXT, edits=True, protect=True))
    assert stage.seen(stage.private) == [("Old", []), ("Q2", ["Next"])]


async def test_a_later_result_takes_the_place_of_what_was_shown_at_once(stage: Stage) -> None:
    await stage.shows(stage.scene(stage.private), Reply("Running…"), Reply("Passed", NEXT))
    assert stage.seen(stage.private) == [("Passed", ["Next"])]


async def test_a_notice_alone_is_an_alert_and_late_it_is_a_message(
    stage: Stage, telegram: LoopbackTelegram
) -> None:
    old = await stage.posts(stage.private)
    no = Reply("This is **Ben's** question.", notice="This is **Ben's** question.")
    await stage.shows(stage.scene(stage.private, old), no)
    assert stage.toasts == [("alert", "This is Ben's question.")]
    assert stage.seen(stage.private) == [("Old", ["Go"])]
    scene = stage.scene(stage.private, old)
    assert scene.callback is not None
    telegram.writing.pressed[scene.callback].answered = True  # as after 150 seconds
    await stage.shows(scene, no)
    assert stage.seen(stage.private)[1:] == [("This is Ben's question.", [])]


async def test_a_slow_answer_lets_the_button_go_at_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PROMPT_ANSWER_S", 0.02)
    old = await stage.posts(stage.private)
    showing = Showing(stage.bot, stage.outlets, stage.me, stage.scene(stage.private, old))
    async with asyncio.timeout(20):
        while not stage.toasts:
            await stage.telegram.world.change()
    showing.show(Reply("New", NEXT, edits=True, notice="Saved."))
    await showing.finish()
    assert stage.toasts == [("toast", "")]
    assert stage.seen(stage.private) == [("New", ["Next"])]


async def test_in_a_group_others_see_only_that_there_was_an_answer(stage: Stage) -> None:
    group = stage.telegram.people.group("Owls", stage.ada)
    await stage.shows(stage.scene(group), Reply("Secret", NEXT), Reply("Result", NEXT))
    assert stage.seen(stage.private) == [("Result", ["Next"])]
    assert stage.seen(group) == [("Ada, I answered in our private chat.", ["Open"])]
    old = await stage.posts(group)
    await stage.shows(stage.scene(group, old), Reply("Secret", NEXT, edits=True))
    assert stage.seen(group)[1:] == [("Old", ["Go"])]
    assert stage.toasts[-1] == ("toast", "I answered in our private chat.")


async def test_who_has_no_private_chat_is_told_once_how_to_open_it(stage: Stage) -> None:
    stage.ada = stage.telegram.people.user("Bob")  # never pressed Start
    group = stage.telegram.people.group("Owls", stage.ada)
    growing = (Reply("One moment…", draft=True), Reply("A first part", draft=True), Reply("All"))
    await stage.shows(stage.scene(group), *growing)
    said, buttons = "open our private chat and press Start. Then ask me there.", ["Open"]
    assert stage.seen(group) == [(f"Ada, {said}", buttons)]
    (pointer,) = (one for one in group.messages.values() if one.rows)
    assert pointer.rows[0][0]["url"].endswith("?start=group")


async def test_in_a_group_a_passing_remark_is_a_toast_or_nothing(stage: Stage) -> None:
    group = stage.telegram.people.group("Owls", stage.ada)
    old = await stage.posts(group)
    remark = Reply("You are in.", notice="You are in.", quiet=True)
    await stage.shows(stage.scene(group, old), remark)
    await stage.shows(stage.scene(group), remark)
    assert stage.toasts == [("toast", "You are in.")]
    assert stage.seen(group) == [("Old", ["Go"])]
    assert stage.seen(stage.private) == []


async def test_a_group_that_takes_no_messages_is_answered_in_private(stage: Stage) -> None:
    group = stage.telegram.people.group("Owls", stage.ada)
    group.closed = True
    await stage.shows(stage.scene(group), Reply("For all", private=False))
    assert stage.seen(group) == []
    assert stage.seen(stage.private) == [("For all", [])]


async def test_in_a_group_a_prompt_asks_its_reader_only(stage: Stage) -> None:
    group = stage.telegram.people.group("Owls", stage.ada)
    asked = Reply("Type it", prompt=Prompt("Your answer", "42"), private=False)
    await stage.shows(stage.scene(group), asked)
    (message,) = (one for one in group.messages.values() if one.text == "Type it")
    assert message.markup["force_reply"]
    assert message.markup["input_field_placeholder"] == "42"


async def test_a_chat_that_blocked_the_bot_is_no_fault(stage: Stage) -> None:
    stage.telegram.people.block(stage.ada)
    await stage.shows(stage.scene(stage.private), Reply("Hello"))
    assert stage.seen(stage.private) == []
