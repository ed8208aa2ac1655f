"""Every Reply becomes requests that Telegram takes, whatever stands in it."""

import asyncio
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, File, Prompt, Reply, code_block, escape
from bots.conversation.texts import texts_for
from bots.telegram.drawing import (
    LONGEST_CODE,
    Attachment,
    Message,
    draw,
    is_only_a_notice,
    keyboard_of,
    notice_of,
)
from bots.telegram.words import JOINER, pages, words
from tests.platforms.telegram import spec
from tests.support.telegram_judge import faults_of, refused, requests_of

ENGLISH = texts_for("en")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64

snippets = some.lists(
    some.sampled_from(
        ["@ada_l", "@everyone", "||x||", "```", "**b**", "# h\n", "- l\n", "https://a.b/c_d", "\n",
         "evil.com", "[a](https://b.c)", "[x](javascript:1)", "<b>", "&amp;", "$x$", "1. x\n", "🦉",
         "> q\n", "\\", " ", "word", "ζώο", "`c`", "~~s~~", "\u200f", "\0", "\r\n", "\ud800", "\t",
         "|a|b|\n|-|-|\n|1|2|\n", "![p](x.png)", "- [x] d\n", "_", "*", "(", ")", "\u2060", "||"]
    ),
    max_size=40,
).map("".join)  # fmt: skip
learner = some.one_of(some.text(max_size=200), snippets)
paragraphs = some.one_of(
    learner.map(escape),
    snippets,
    learner.map(code_block),
    learner.map(lambda text: f"**{escape(text.strip() or 'x')}** and ||{escape('y')}||"),
)
texts = some.lists(paragraphs, max_size=6).map("\n\n".join)
labels = some.text(min_size=1, max_size=64)
payloads = some.integers(0, 30).map(lambda number: control("quiz.pick", None, number))
buttons = some.one_of(
    some.builds(Button, label=labels, payload=payloads, primary=some.booleans()),
    some.builds(Button, label=labels, url=some.just("https://example.org/x")),
)
files = some.one_of(
    some.builds(File, some.sampled_from(["a.py", "ż ó.txt", ""]), some.binary(max_size=9)),
    some.builds(File, some.just("p.png"), some.just(PNG), some.text(max_size=1500)),
)
prompts = some.builds(
    Prompt, learner, placeholder=learner, multiline=some.booleans(), payload=some.just("")
)
plain_replies = some.builds(
    Reply,
    text=texts,
    rows=some.lists(some.lists(buttons, max_size=12).map(tuple), max_size=14).map(tuple),
    files=some.lists(files, max_size=2).map(tuple),
    prompt=some.none() | prompts,
    private=some.booleans(),
    protect=some.booleans(),
    notice=some.text(max_size=250),
    compact=some.booleans(),
)
replies = some.builds(
    lambda first, more: Reply(first.text, first.rows, more=(*more,), notice=first.notice),
    plain_replies,
    some.lists(plain_replies, max_size=2),
)


@pytest.fixture(autouse=True, scope="module")
def needs_specification() -> None:
    if spec.load() is None:
        pytest.skip("tests/data/telegram_api.json is not there")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(some.one_of(plain_replies, replies))
@example(Reply("x" * 20_000, prompt=Prompt("p" * 300, "h" * 300)))
@example(Reply("🦉" * 5000))
@example(Reply("*a* " * 3000))
@example(Reply("`a` **b** ||c|| " * 800))
@example(Reply(" ".join(["@ada"] * 2000)))
@example(Reply("", notice="n"))
@example(Reply("||" + "secret\n\n" * 1500 + "||"))
@example(Reply(code_block("x = 1\n" * 4000, "python")))
def test_no_reply_breaks_a_limit(reply: Reply) -> None:
    assert asyncio.run(refused(reply, ENGLISH)) == []


@settings(max_examples=25, deadline=None)
@given(learner)
def test_what_a_learner_typed_is_shown_as_typed_and_marks_nothing(typed: str) -> None:
    found = words(f"Name: {escape(' '.join(typed.split()))}.")
    assert found.marks == ()
    kept = re.sub(r"[\s\x00-\x1f\x7f\ud800-\udfff\ufffd\u2060]", "", typed)
    shown = re.sub(r"[\s\ufffd\u2060]", "", found.text)
    assert shown.startswith("Name:")
    assert shown[5:-1] == kept


@settings(max_examples=25, deadline=None)
@given(texts)
def test_pages_hold_everything_and_nothing_twice(text: str) -> None:
    found = words(text * 4)
    parts = pages(found)
    joined = re.sub(r"\s", "", "".join(part.text for part in parts))
    whole = re.sub(r"\s", "", found.text)
    assert joined == whole or (len(parts) == 1 and parts[0].text == "…")


def test_mentions_and_addresses_stay_quiet_and_code_keeps_every_character() -> None:
    found = words("@ada said https://evil.com/x and `ping example.com @x` [here](https://a.org/b)")
    assert found.text == (
        f"@{JOINER}ada said https:{JOINER}//evil{JOINER}.com/x and ping example.com @x here"
    )
    assert [(mark.type, mark.url) for mark in found.marks] == [
        ("code", None),
        ("text_link", "https://a.org/b"),
    ]


def test_a_spoiler_hides_every_page_of_it() -> None:
    parts = pages(words("||" + "secret words\n\n" * 900 + "end||"))
    assert len(parts) == 4
    for part in parts:
        (mark,) = part.marks
        assert (mark.type, mark.offset) == ("spoiler", 0)
        assert mark.length >= len(part.text.rstrip())


def test_marks_become_entities_with_their_language() -> None:
    (message,) = draw(Reply("# Head\n\n**b** ||hidden||\n\n```python\nx = 1\n```"), ENGLISH)
    assert isinstance(message, Message)
    kinds = {str(one["type"]): one for one in message.entities}
    assert kinds.keys() == {"bold", "underline", "spoiler", "pre"}
    assert kinds["pre"]["language"] == "python"


def test_signs_that_look_like_html_or_formulas_stay() -> None:
    found = words("if a < b && c > d: <b>costs $5 and $6</b> (in words \\(x\\)) &lt;")
    assert found.text == "if a < b && c > d: <b>costs $5 and $6</b> (in words (x)) &lt;"


def test_a_compact_reply_keeps_the_blank_lines_of_code() -> None:
    text = "One.\n\nTwo.\n\n```python\na = 1\n\nb = 2\n```\n\nEnd."
    (message,) = draw(Reply(text, compact=True), ENGLISH)
    assert isinstance(message, Message)
    assert message.words.text == "One.\nTwo.\na = 1\n\nb = 2\nEnd."
    (mark,) = message.words.marks
    assert message.words.text[mark.offset : mark.offset + mark.length] == "a = 1\n\nb = 2"


def test_long_code_goes_into_a_file_that_the_text_names() -> None:
    code = "print('ż')\n" * (LONGEST_CODE // 8)
    attached, message = draw(Reply(f"Log:\n\n{code_block(code, 'python')}\n\nEnd."), ENGLISH)
    assert isinstance(attached, Attachment)
    assert isinstance(message, Message)
    assert attached.file == File("code-1.py", code.rstrip().encode())
    assert message.words.text == f"Log:\n\nThe code is in the file code-1{JOINER}.py.\n\nEnd."


def test_a_picture_carries_its_facts_and_buttons_stand_last() -> None:
    reply = Reply("Page", ((Button("Next", "v1:a:-:"),),), files=(File("p.png", PNG, "Two boxes"),))
    picture, message = draw(reply, ENGLISH)
    assert isinstance(picture, Attachment)
    assert (picture.is_picture, picture.caption) == (True, "Two boxes")
    assert isinstance(message, Message)
    assert message.keyboard == {"inline_keyboard": [[{"text": "Next", "callback_data": "v1:a:-:"}]]}


def test_long_labels_get_rows_of_their_own() -> None:
    short = tuple(Button(letter, f"v1:a:-:{letter}") for letter in "ABCDEF")
    long = tuple(Button(f"Continue with lesson {n}", f"v1:b:-:{n}") for n in range(3))
    drawn = keyboard_of((short, long))
    assert drawn is not None
    rows = drawn["inline_keyboard"]
    assert isinstance(rows, list)
    assert [len(row) for row in rows] == [6, 1, 1, 1]


def test_in_a_group_a_prompt_opens_an_answer_beside_buttons() -> None:
    reply = Reply("Q", ((Button("A", "v1:a:-:"),),), prompt=Prompt("Your answer", "42"))
    assert len(draw(reply, ENGLISH)) == 1
    _, asking = draw(reply, ENGLISH, group=True)
    assert isinstance(asking, Message)
    assert asking.prompt == {
        "force_reply": True,
        "selective": True,
        "input_field_placeholder": "42",
    }


async def test_a_protected_reply_is_protected_in_every_message() -> None:
    reply = Reply("Q" * 9000, files=(File("a.txt", b"x"),), protect=True, more=(Reply("x"),))
    sent = await requests_of(reply, ENGLISH, group=False)
    told = [values.get("protect_content") for name, values in sent if name.startswith("send")]
    assert told == [True, True, True, True, None]


def test_a_notice_that_says_all_needs_no_message() -> None:
    assert is_only_a_notice(Reply("Saved **it**.", notice="Saved **it**."))
    assert notice_of(Reply("x", notice="Saved **it**.")) == "Saved it."
    assert not is_only_a_notice(Reply("Saved it. More.", notice="Saved it."))
    assert not is_only_a_notice(Reply("No.", ((Button("A", "v1:a:-:"),),), notice="No."))
    assert len(notice_of(Reply("x", notice="n" * 300))) == 200


def test_the_judge_notices_what_is_wrong() -> None:
    bad = {"chat_id": 1, "text": "@ada", "parse_mode": "HTML", "reply_markup": {
        "inline_keyboard": [[{"text": "A", "callback_data": "x" * 65}]]}}  # fmt: skip
    found = list(faults_of("sendMessage", bad))
    assert "a parse mode" in found
    assert any("BUTTON_DATA_INVALID" in fault for fault in found)
    assert any("wakes" in fault for fault in found)
