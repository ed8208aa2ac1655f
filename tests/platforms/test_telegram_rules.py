"""The loopback Telegram refuses what Telegram refuses; no bot is involved."""

import asyncio

import pytest

from tests.platforms.telegram import limits, spec
from tests.platforms.telegram.limits import UNLIMITED, Rates
from tests.platforms.telegram.server import LoopbackTelegram
from tests.platforms.telegram.wire import ApiError, Object, Upload
from tests.platforms.telegram.world import User

needs_spec = pytest.mark.skipif(spec.load() is None, reason="tests/data/telegram_api.json is away")


@pytest.fixture
def server() -> LoopbackTelegram:
    """Not listening: methods are called directly."""
    return LoopbackTelegram(UNLIMITED)


@pytest.fixture
def ada(server: LoopbackTelegram) -> User:
    return server.people.user("Ada", started=True)


async def refused(server: LoopbackTelegram, method: str, **values: object) -> ApiError:
    with pytest.raises(ApiError) as caught:
        await server.call(method, values)
    return caught.value


async def send(server: LoopbackTelegram, user: User, text: str, **more: object) -> Object:
    sent = await server.call("sendMessage", {"chat_id": user.id, "text": text, **more})
    assert isinstance(sent, dict)
    return sent


def keyboard(*rows: list[Object]) -> Object:
    return {"inline_keyboard": list(rows)}


def button(label: str = "Go", data: str = "go") -> Object:
    return {"text": label, "callback_data": data}


async def test_text_is_counted_in_utf16_after_trimming(server: LoopbackTelegram, ada: User):
    assert (await send(server, ada, "🦉" * 2048))["text"] == "🦉" * 2048
    error = await refused(server, "sendMessage", chat_id=ada.id, text="🦉" * 2048 + "x")
    assert (error.code, error.description) == (400, "Bad Request: message is too long")
    error = await refused(server, "sendMessage", chat_id=ada.id, text=" \n ")
    assert error.description == "Bad Request: message text is empty"
    bold = {"type": "bold", "offset": 2, "length": 3}
    sent = await send(server, ada, "  one  ", entities=[bold])
    assert (sent["text"], sent["entities"]) == ("one", [{**bold, "offset": 0}])


@pytest.mark.parametrize(
    "entity",
    [
        {"type": "bold", "offset": 3, "length": 9},
        {"type": "bold", "offset": -1, "length": 2},
        {"type": "bold", "offset": 1, "length": 1},  # half of the owl
        {"type": "glow", "offset": 0, "length": 2},
        {"type": "text_link", "offset": 0, "length": 2, "url": "javascript:alert(1)"},
    ],
)
async def test_entities_must_fit(server: LoopbackTelegram, ada: User, entity: Object):
    error = await refused(server, "sendMessage", chat_id=ada.id, text="🦉 owl", entities=[entity])
    assert error.code == 400


async def test_what_telegram_drops_in_silence_is_a_violation(server: LoopbackTelegram, ada: User):
    many = [{"type": "bold", "offset": 2 * number, "length": 1} for number in range(101)]
    sent = await send(server, ada, "x " * 101, entities=many)
    assert len(sent["entities"]) == 100
    assert "101 entities" in server.violations.pop()
    code = {"type": "code", "offset": 0, "length": 4}
    await send(server, ada, "code", entities=[code, {"type": "bold", "offset": 1, "length": 2}])
    assert "bold inside of code" in server.violations.pop()


async def test_keyboards_must_fit(server: LoopbackTelegram, ada: User):
    for markup, words in (
        (keyboard([button(data="ż" * 33)]), "BUTTON_DATA_INVALID"),
        (keyboard([button(data="")]), "BUTTON_DATA_INVALID"),
        (keyboard([{"text": "Go"}]), "text buttons are unallowed"),
        (keyboard([{**button(), "url": "https://example.org"}]), "several actions"),
        (keyboard([button()] * 9), "too many buttons in a row"),
        (keyboard(*[[button()] * 8] * 13), "reply markup is too long"),
        (keyboard([{"text": "Go", "url": "ftp://example.org"}]), "BUTTON_URL_INVALID"),
        ({"force_reply": True, "input_field_placeholder": "x" * 65}, "PLACEHOLDER"),
    ):
        error = await refused(
            server, "sendMessage", chat_id=ada.id, text="Go?", reply_markup=markup
        )
        assert words in error.description
    sent = await send(server, ada, "Go?", reply_markup=keyboard([button(data="ż" * 32)]))
    values = {"chat_id": ada.id, "message_id": sent["message_id"], "text": "New"}
    error = await refused(server, "editMessageText", **values, reply_markup={"force_reply": True})
    assert "inline keyboard expected" in error.description


async def test_edits_and_deletions(server: LoopbackTelegram, ada: User):
    sent = await send(server, ada, "One", reply_markup=keyboard([button()]))
    place = {"chat_id": ada.id, "message_id": sent["message_id"]}
    same = {**place, "text": "One", "reply_markup": keyboard([button()])}
    assert "is not modified" in (await refused(server, "editMessageText", **same)).description
    await server.call("editMessageText", {**place, "text": "Two"})
    assert "reply_markup" not in server.world.chats[ada.id].messages[sent["message_id"]].seen()
    error = await refused(server, "editMessageText", **{**place, "message_id": 99}, text="x")
    assert error.description == "Bad Request: message to edit not found"
    theirs = server.people.say(ada, server.world.chats[ada.id], "mine")
    values = {"chat_id": ada.id, "message_id": theirs.number, "text": "x"}
    error = await refused(server, "editMessageText", **values)
    assert error.description == "Bad Request: message can't be edited"
    message = server.world.chats[ada.id].messages[sent["message_id"]]
    message.date -= limits.DELETABLE + 1
    assert "can't be deleted" in (await refused(server, "deleteMessage", **place)).description
    message.date += limits.DELETABLE
    assert await server.call("deleteMessage", place) is True
    assert "not found" in (await refused(server, "deleteMessage", **place)).description


async def test_a_press_is_answered_once(server: LoopbackTelegram, ada: User):
    sent = await send(server, ada, "Go?", reply_markup=keyboard([button()]))
    message = server.world.chats[ada.id].messages[sent["message_id"]]
    key = server.people.press(ada, message, "go")
    error = await refused(server, "answerCallbackQuery", callback_query_id=key, text="x" * 201)
    assert "MESSAGE_TOO_LONG" in error.description
    server.violations.clear()  # the specification knows that length too
    await server.call("answerCallbackQuery", {"callback_query_id": key, "text": "x" * 200})
    error = await refused(server, "answerCallbackQuery", callback_query_id=key)
    assert "query is too old" in error.description
    old = server.people.press(ada, message, "go")
    server.writing.pressed[old].born -= limits.CALLBACK_LIFE
    error = await refused(server, "answerCallbackQuery", callback_query_id=old)
    assert "query is too old" in error.description


async def test_who_may_be_written_to(server: LoopbackTelegram, ada: User):
    eve = server.people.user("Eve")
    error = await refused(server, "sendMessage", chat_id=eve.id, text="Hi")
    assert (error.code, error.description[:46]) == (
        403, "Forbidden: bot can't initiate conversation wit",
    )  # fmt: skip
    server.people.say(eve, server.world.chats[eve.id], "/start")
    await send(server, eve, "Hi")
    server.people.block(eve)
    error = await refused(server, "sendMessage", chat_id=eve.id, text="Hi")
    assert error.description == "Forbidden: bot was blocked by the user"
    assert "chat not found" in (await refused(server, "getChat", chat_id=5)).description
    group = server.people.group("Owls", ada, kind="group")
    new = server.people.migrate(group)
    error = await refused(server, "sendMessage", chat_id=group.id, text="Hi")
    assert error.parameters == {"migrate_to_chat_id": new.id}
    server.people.remove_bot(ada, new)
    assert (await refused(server, "sendMessage", chat_id=new.id, text="Hi")).code == 403


async def test_topics_and_files(server: LoopbackTelegram, ada: User, monkeypatch):
    group = server.people.group("Owls", ada, topics=("Nests",))
    (thread,) = group.topics or {}
    values = {"chat_id": group.id, "text": "Hi"}
    sent = await server.call("sendMessage", {**values, "message_thread_id": thread})
    assert isinstance(sent, dict)
    assert sent["is_topic_message"]
    error = await refused(server, "sendMessage", **values, message_thread_id=77)
    assert "message thread not found" in error.description
    monkeypatch.setattr(limits, "UPLOAD", 10)
    monkeypatch.setattr(limits, "DOWNLOAD", 4)
    large = Upload("a.txt", b"x" * 11, "text/plain")
    error = await refused(server, "sendDocument", chat_id=ada.id, document=large)
    assert error.code == 413
    fitting = Upload("a.txt", b"x" * 5, "text/plain")
    error = await refused(
        server, "sendDocument", chat_id=ada.id, document=fitting, caption="x" * 1025
    )
    assert "caption is too long" in error.description
    sent = await server.call("sendDocument", {"chat_id": ada.id, "document": fitting})
    assert isinstance(sent, dict)
    error = await refused(server, "getFile", file_id=sent["document"]["file_id"])
    assert "file is too big" in error.description


async def test_privacy_mode_hides_what_is_not_for_the_bot(server: LoopbackTelegram, ada: User):
    group = server.people.group("Owls", ada)
    await server.call("sendMessage", {"chat_id": group.id, "text": "Question"})
    question = group.messages[group.last]
    hidden = [server.people.say(ada, group, words) for words in ("hello", "/start@other_bot")]
    told = [
        server.people.say(ada, group, "/top"),
        server.people.say(ada, group, "/top@Stoa_loopback_bot week"),
        server.people.say(ada, group, "b", answers=question),
    ]
    heard = [one.body["message_id"] for one in server.updates.pending if one.kind == "message"]
    assert heard == [message.number for message in told]
    group.members[server.world.bot.id] = "administrator"
    assert all(server.people.is_told(message) for message in hidden)


async def test_floods_are_told_to_wait(monkeypatch):
    server = LoopbackTelegram(Rates(burst=3))
    seconds = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: seconds[0])
    ada, bob = (server.people.user(name, started=True) for name in ("Ada", "Bob"))
    for _ in range(3):
        await send(server, ada, "Hi")
    error = await refused(server, "sendMessage", chat_id=ada.id, text="Hi")
    assert (error.code, error.parameters) == (429, {"retry_after": 1})
    await send(server, bob, "Hi")
    seconds[0] += 1.1
    await send(server, ada, "Hi")
    group = server.people.group("Owls", ada)
    through = 0
    while through < 100:  # 20 at once, and a third of one more each second
        seconds[0] += 1.0
        try:
            await server.call("sendMessage", {"chat_id": group.id, "text": "Hi"})
        except ApiError:
            break
        through += 1
    assert 28 <= through <= 31
    others = [server.people.user(f"User {number}", started=True) for number in range(40)]
    seconds[0] += 60.0
    sent = await asyncio.gather(
        *(send(server, other, "Hi") for other in others), return_exceptions=True
    )
    assert [isinstance(one, ApiError) for one in sent] == [False] * 30 + [True] * 10


@needs_spec
async def test_the_specification_is_kept_on_both_sides(server: LoopbackTelegram, ada: User):
    await send(server, ada, "Hi", colour="red")
    assert server.violations == ["sendMessage.colour: no such field"]
    server.violations.clear()
    await server.call("sendMessage", {"chat_id": ada.id, "text": "Hi", "protect_content": "yes"})
    assert server.violations == ["sendMessage.protect_content: str is not Boolean"]
    server.violations.clear()
    await server.call("setMyCommands", {"commands": [{"command": "go", "description": "x" * 256}]})
    error = await refused(
        server, "setMyCommands", commands=[{"command": "Go!", "description": "Go"}]
    )
    assert "BOT_COMMAND_INVALID" in error.description
    with pytest.raises(ApiError, match="method not found"):
        await server.call("sendTelegram", {})
    assert "sendTelegram" in server.violations.pop()
    for update in list(server.updates.pending):
        assert server.spec is not None
        assert server.spec.faults_of("Update", update.seen()) == []
    assert server.violations == []
