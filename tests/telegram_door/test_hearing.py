"""What an update means: who did what where, and what is not for the bot."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import MessageEntity, Update

from bots.conversation.dialogue import Actor, Command, Place, Press, Text
from bots.telegram.hearing import (
    Happening,
    Heard,
    Me,
    Membership,
    Moved,
    Sent,
    hear,
    joined,
)
from bots.telegram.raw import album_of, below_of, lane_of, trimmed
from bots.telegram.typed import as_typed
from tests.platforms.telegram.text import typed

ME = Me(99, "stoa_bot")
NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
ADA = {"id": 7, "is_bot": False, "first_name": "Ada", "last_name": "L", "language_code": "pl"}
BOT = {"id": 99, "is_bot": True, "first_name": "Stoa", "username": "stoa_bot"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ada"}
GROUP = {"id": -5, "type": "supergroup", "title": "Owls", "is_forum": True}


def message(chat: dict[str, Any], words: str | None = None, **more: Any) -> dict[str, Any]:
    body = {"message_id": 3, "date": 1_790_000_000, "chat": chat, "from": ADA, **more}
    if words is not None:
        body["text"], body["entities"] = typed(words)
    return body


def read(**update: Any) -> Happening | None:
    raw = {"update_id": 1, **update}
    return hear(Update.de_json(trimmed(raw), None), NOW, ME, below_of(raw))


def heard(body: dict[str, Any]) -> Heard:
    found = read(message=body)
    assert isinstance(found, Heard)
    return found


def test_a_command_in_private() -> None:
    found = heard(message(PRIVATE, "/learn@Stoa_Bot  net plus\nand more "))
    assert found.action == Command("learn", "net plus\nand more")
    assert found.place == Place("private", "7")
    assert found.actor == Actor("telegram", "7", "Ada L", "pl")
    assert found.at == datetime.fromtimestamp(1_790_000_000, UTC)


@pytest.mark.parametrize("words", ["/26", "/etc/hosts", "hello", "a /learn", "/"])
def test_an_answer_that_is_no_command(words: str) -> None:
    assert heard(message(PRIVATE, words)).action == Text(words)


def test_a_deep_link() -> None:
    assert heard(message(PRIVATE, "/start c_net_plus")).action == Command("start", "c_net_plus")


def test_in_a_group_the_bot_hears_only_what_is_meant_for_it() -> None:
    assert read(message=message(GROUP, "hello all")) is None
    assert read(message=message(GROUP, "/learn@other_bot")) is None
    assert heard(message(GROUP, "/host@stoa_bot osi")).action == Command("host", "osi")
    assert heard(message(GROUP, "@Stoa_Bot what is a router?")).action == Text("what is a router?")
    answer = message(GROUP, "B", reply_to_message=message(GROUP, "Q", **{"from": BOT}))
    assert heard(answer).action == Text("B")
    other = message(GROUP, "B", reply_to_message=message(GROUP, "Q"))
    assert read(message=other) is None


def test_what_concerns_a_person_continues_in_private_and_the_rest_in_its_place() -> None:
    assert heard(message(GROUP, "/progress")).place == Place("private", "7")
    here = Place("group", "-5", "-5", "Owls")
    assert heard(message(GROUP, "/host osi")).place == here
    for overheard in ("/link ABCD-EFGH", "/start Ltoken"):
        assert heard(message(GROUP, overheard)).place == here
    topic = message(GROUP, "/host osi", message_thread_id=12, is_topic_message=True)
    found = heard(topic)
    assert found.place == Place("thread", "-5:12", "-5", "Owls")
    assert (found.scene.chat, found.scene.thread) == (-5, 12)


def test_a_press_brings_the_message_it_hangs_on() -> None:
    below = message(GROUP, "Q", has_protected_content=True, **{"from": BOT})
    query = {"id": "11", "from": ADA, "chat_instance": "1", "data": "v1:a:-:", "message": below}
    found = read(callback_query=query)
    assert isinstance(found, Heard)
    assert found.action == Press("v1:a:-:")
    assert found.at == NOW
    scene = found.scene
    assert (scene.callback, scene.pressed, scene.is_protected) == ("11", 3, True)


def test_a_press_on_a_message_that_is_too_old_to_be_seen() -> None:
    old = {"chat": PRIVATE, "message_id": 3, "date": 0}
    query = {"id": "11", "from": ADA, "chat_instance": "1", "data": "v1:a:-:", "message": old}
    found = read(callback_query=query)
    assert isinstance(found, Heard)
    assert (found.scene.chat, found.scene.pressed) == (7, None)


@pytest.mark.parametrize(
    "message",
    [7, {}, {"chat": PRIVATE}, {"chat": 7, "message_id": 3, "date": 0},
     {"chat": {"id": "x"}, "message_id": 3, "date": 1}],
)  # fmt: skip
def test_a_press_on_what_cannot_be_read_is_an_error(message: object) -> None:
    with pytest.raises(ValueError, match="pressed message"):
        below_of({"callback_query": {"message": message}})


def test_files_come_with_the_words_beside_them() -> None:
    document = {"file_id": "f", "file_unique_id": "u", "file_name": "a.py", "file_size": 12}
    found = heard(message(PRIVATE, document=document, caption="/code two-fer"))
    assert (found.sent, found.text, found.action) == (
        (Sent("f", "a.py", 12),),
        "/code two-fer",
        None,
    )
    sizes = [
        {"file_id": f"p{n}", "file_unique_id": f"{n}", "width": n, "height": n, "file_size": n}
        for n in (90, 800)
    ]
    assert heard(message(PRIVATE, photo=sizes)).sent == (Sent("p800", "photo-3.jpg", 800),)


def test_an_album_is_one_deed_with_all_its_words() -> None:
    def one(name: str, **more: Any) -> dict[str, Any]:
        document = {"file_id": name, "file_unique_id": name, "file_name": name}
        return message(PRIVATE, document=document, media_group_id="12", **more)

    raws = [one("a.py", caption="/code two"), one("b.py"), one("c.py", caption="x")]
    assert {album_of({"message": raw}) for raw in raws} == {"12"}
    assert album_of({"message": message(PRIVATE, "x")}) == ""
    found = joined([heard(raw) for raw in raws])
    assert [sent.name for sent in found.sent] == ["a.py", "b.py", "c.py"]
    assert found.text == "/code two\nx"


def test_what_cannot_be_read_is_told_apart_from_what_happened_by_itself() -> None:
    sticker = {
        "file_id": "s", "file_unique_id": "s", "type": "regular", "width": 9, "height": 9,
        "is_animated": False, "is_video": False,
    }  # fmt: skip
    found = heard(message(PRIVATE, sticker=sticker))
    assert (found.action, found.sent) == (None, ())
    assert read(message=message(GROUP, sticker=sticker)) is None
    assert read(message=message(GROUP, new_chat_title="Bats")) is None
    assert read(message=message(PRIVATE, pinned_message=message(PRIVATE, "x"))) is None
    assert read(message=message(PRIVATE, "x", **{"from": BOT})) is None
    assert read(edited_message=message(PRIVATE, "/learn")) is None


def test_a_group_moves() -> None:
    assert read(message=message(GROUP, migrate_to_chat_id=-100)) == Moved(-5, -100)


@pytest.mark.parametrize(
    ("old", "new", "was_in", "is_in"),
    [("member", "kicked", True, False), ("kicked", "member", False, True)],
)
def test_the_bot_is_blocked_and_unblocked(old: str, new: str, was_in: bool, is_in: bool) -> None:
    def state(status: str) -> dict[str, Any]:
        return {"status": status, "user": BOT, **({"until_date": 0} if status == "kicked" else {})}

    change = {"chat": PRIVATE, "from": ADA, "date": 1_790_000_000,
              "old_chat_member": state(old), "new_chat_member": state(new)}  # fmt: skip
    found = read(my_chat_member=change)
    assert isinstance(found, Membership)
    assert (found.was_in, found.is_in) == (was_in, is_in)


def test_lanes_are_chats_and_a_broken_update_has_one_too() -> None:
    assert lane_of({"message": message(PRIVATE, "x")}) == "7"
    below = {"message": {"chat": GROUP}, "from": ADA}
    assert lane_of({"callback_query": below}) == "-5"
    assert lane_of({"callback_query": {"from": ADA, "message": None}}) == "7"
    broken: list[dict[str, Any]] = [{}, {"message": 5}, {"message": {"chat": {"id": "x"}}}]
    assert [lane_of(one) for one in broken] == ["", "", ""]


@pytest.mark.parametrize(
    "code",
    [
        "def __init__(self):\n    return **2",
        "```python\nx = 1\n```",
        "see:\n```\na **b** c\n```\nand `x` ||y||",
        "🦉 `🦉` __z__ **🦉** end",
        "a ** b ** c",
    ],
)
def test_code_arrives_as_it_was_typed(code: str) -> None:
    text, entities = typed(code)
    read_ = [MessageEntity(e["type"], e["offset"], e["length"], language=e.get("language"))
             for e in entities if e["type"] != "bot_command"]  # fmt: skip
    assert as_typed(text, read_) == code


def test_formatting_from_a_menu_adds_no_marks_for_what_nobody_types() -> None:
    underlined = MessageEntity(MessageEntity.UNDERLINE, 0, 5)
    assert as_typed("hello", [underlined]) == "hello"
