"""What buttons and dialogs say when they come back, and what was filled in."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bots.conversation.controls import control
from bots.conversation.dialogue import (
    Actor,
    Button,
    Command,
    Field,
    File,
    Form,
    Place,
    Prompt,
    Reply,
    Text,
    Upload,
)
from bots.discord import controls, incoming
from bots.discord.controls import Pressed, dialog, dialog_of, form_dialog, rows, understand
from bots.discord.downloads import Wanted
from bots.discord.payloads import FILE_UPLOAD, LABELLED, SELECT_MENU, TEXT_INPUT
from bots.discord.received import Kind, Received
from domain.ids import uuid7

AT = datetime(2026, 11, 21, tzinfo=UTC)
LONGEST = control("quiz.pick", uuid7(AT, bytes(10)), "1" * 20)


def got(kind: Kind, **data: object) -> Received:
    return Received(
        id=1, token="t", kind=kind, at=AT, actor=Actor("discord", "7", "Ada"), handle="ada",
        place=Place("private", "7"), channel=9, is_private=True, may_thread=False, missing=(),
        has_message=True, message_is_private=False, label="", data=data, origin=None, ourselves=1,
    )  # fmt: skip


def ids(reply: Reply) -> list[str]:
    return [one["custom_id"] for row in rows(reply) for one in row["components"]]


def test_a_button_is_its_payload_and_twins_differ():
    twins = (Button("A", LONGEST), Button("B", LONGEST), Button("C", LONGEST))
    found = ids(Reply("x", rows=(twins,)))
    assert len(set(found)) == 3
    assert {understand(one) for one in found} == {Pressed("press", LONGEST)}


@pytest.mark.parametrize("payload", [LONGEST, ""])
@pytest.mark.parametrize("is_long", [True, False])
def test_a_field_opens_from_its_button_alone(payload: str, is_long: bool):
    prompt = Prompt("Your answer", "1.5 kg | more" * 9, multiline=is_long, payload=payload)
    (opener,) = ids(Reply("x", prompt=prompt))
    pressed = understand(opener)
    assert (pressed.what, pressed.payload) == ("ask", payload)
    modal = dialog(pressed, "Your answer…", "Or files")
    assert modal["title"] == "Your answer"
    back = understand(modal["custom_id"])
    assert (back.what, back.payload, back.kind) == ("text", payload, pressed.kind)
    field = modal["components"][0]["component"]
    assert field["style"] == (controls.LONG if is_long else controls.SHORT)


def test_code_can_be_typed_or_sent_as_files():
    payload = control("code.open", uuid7(AT))
    code = Prompt("Your code", "a.py", multiline=True, payload=payload, files=True)
    modal = dialog(understand(ids(Reply("x", prompt=code))[0]), "Your code…", "Or files")
    assert [one["component"]["type"] for one in modal["components"]] == [TEXT_INPUT, FILE_UPLOAD]


def test_a_file_alone_is_asked_for_and_what_it_answers_goes_with_it():
    asked = Prompt("A deck file", about="1a2b3c4d", files=True)
    modal = dialog(understand(ids(Reply("x", prompt=asked))[0]), "A deck file…", "Or files")
    (field,) = modal["components"]
    assert (field["label"], field["component"]["min_values"]) == ("A deck file", 1)
    back = understand(modal["custom_id"])
    assert (back.payload, back.about) == ("", "1a2b3c4d")
    file = File("deck.apkg", b"x")
    assert incoming.answer(back, "", (file,)) == Upload((file,), "", "1a2b3c4d")


def test_a_form_comes_back_as_the_line_somebody_would_have_typed():
    choices = (("A. Alpha", "a"), ("B. Beta", "b"))
    pairs = tuple(Field(f"{n}. left", choices=choices, before=str(n)) for n in (1, 2))
    form = Form("All at once", LONGEST, pairs)
    (opener,) = ids(Reply("x", form=form))
    assert understand(opener) == Pressed("form", LONGEST)
    modal = form_dialog(form)
    filled = [
        {
            "type": LABELLED,
            "component": {
                "type": SELECT_MENU,
                "custom_id": one["component"]["custom_id"],
                "values": [value],
            },
        }
        for one, value in zip(modal["components"], "ba", strict=True)
    ]
    event = got("dialog", custom_id=modal["custom_id"], components=filled)
    what = incoming.pressed(event)
    assert what.payload == LONGEST
    assert incoming.typed(event, what) == ("1b 2a", [])


def test_gaps_are_joined_with_what_stands_between_them():
    form = Form("All", LONGEST, (Field("Gap 1"), Field("Gap 2")), "; ")
    modal = form_dialog(form)
    filled = [
        {"type": LABELLED, "component": {**one["component"], "value": value}}
        for one, value in zip(modal["components"], ("a", "b c"), strict=True)
    ]
    event = got("dialog", custom_id=modal["custom_id"], components=filled)
    assert incoming.typed(event, incoming.pressed(event))[0] == "a; b c"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("x = 1\ny", "```\nx = 1\ny\n```"),
        ("```py\nx\n```", "```py\nx\n```"),
        ("´´´\nx\n´´´", "´´´\nx\n´´´"),
        ('s = """a"""', '```\ns = """a"""\n```'),
        ("s = '''a'''", "```\ns = '''a'''\n```"),
    ],
)
def test_code_from_a_dialog_has_a_fence(typed: str, text: str):
    code = Pressed("text", kind=controls.CODE)
    assert incoming.answer(code, typed, ()) == Text(text)
    assert incoming.answer(replace(code, kind=controls.ANSWER), typed, ()) == Text(typed)


def test_files_from_a_dialog_are_handed_in():
    file = File("a.py", b"x")
    assert incoming.answer(Pressed("text", kind=controls.CODE), "", (file,)) == Upload((file,), "")


def test_uploaded_files_are_found_by_their_ids():
    upload = {"type": LABELLED, "component": {"type": FILE_UPLOAD, "values": ["42"]}}
    attached = {"42": {"filename": "a.py", "url": "http://x/a.py", "size": 3}}
    event = got("dialog", custom_id="tc||", components=[upload], resolved={"attachments": attached})
    text, wanted = incoming.typed(event, incoming.pressed(event))
    assert (text, wanted) == ("", [Wanted("a.py", "http://x/a.py", 3)])


def test_a_button_that_asks_opens_what_its_reply_asks_for():
    (button,) = rows(Reply("x", rows=((Button("Answer", LONGEST, asks=True),),)))[0]["components"]
    assert button["label"] == "Answer…"
    assert understand(button["custom_id"]) == Pressed("form", LONGEST)
    asked = dialog_of(Reply("x", prompt=Prompt("Your answer", payload=LONGEST)), "Or files")
    assert asked is not None
    assert understand(asked["custom_id"]) == Pressed("text", LONGEST)
    assert dialog_of(Reply("This question is closed."), "Or files") is None


def test_many_buttons_find_room_in_rows_and_menus():
    buttons = tuple(Button(f"Option {n}", control("quiz.pick", None, n)) for n in range(40))
    drawn = rows(Reply("x", rows=(buttons,), prompt=Prompt("Answer")))
    assert len(drawn) <= 5
    menus = [one for row in drawn for one in row["components"] if one["type"] == SELECT_MENU]
    payloads = {option["value"] for menu in menus for option in menu["options"]}
    payloads |= {understand(one).payload for one in ids(Reply("x", rows=(buttons,)))}
    assert {button.payload for button in buttons} <= payloads
    chosen = got("press", custom_id="s0", values=["v1:quiz.pick:-:3"])
    assert incoming.pressed(chosen) == Pressed("press", "v1:quiz.pick:-:3")


@pytest.mark.parametrize("custom_id", ["", "x", "v0:a:-:", "~", "d", "t", "9~", "🦉"])
def test_an_id_that_is_not_ours_is_pressed_and_refused_kindly(custom_id: str):
    assert understand(custom_id).what == "press"


def test_a_command_with_files_is_an_upload():
    attached = {"5": {"filename": "a.py", "url": "http://x/a.py", "size": 1}}
    event = got(
        "command",
        name="code",
        options=[
            {
                "type": 1,
                "name": "submit",
                "options": [{"name": "file", "type": 11, "value": "5"}],
            }
        ],
        resolved={"attachments": attached},
    )
    found, wanted = incoming.command(event)
    assert wanted == [Wanted("a.py", "http://x/a.py", 1)]
    assert incoming.action_of(found, (File("a.py", b"x"),)) == Upload((File("a.py", b"x"),))
    assert incoming.action_of(found, ()) == Command("code", "submit")
