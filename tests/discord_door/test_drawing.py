"""Replies drawn for Discord: within every limit, escaped, split without loss."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bots.conversation.controls import control
from bots.conversation.dialogue import (
    Button,
    Field,
    File,
    Form,
    Prompt,
    Reply,
    code_block,
    escape,
)
from bots.conversation.texts import texts_for
from bots.discord.drawing import MOST_MESSAGES, TEXT_FILE, draw
from bots.discord.limits import CONTENT, FILE_BYTES, size
from tests.platforms.discord.words import shown
from tests.support.discord import refused

ENGLISH = texts_for("en")
INVISIBLE = "\u200b"

typed = some.text(
    some.one_of(
        some.sampled_from("*_~`|>#-+.[]()<@!:\\ \n1a"),
        some.sampled_from(
            ["@everyone", "@here", "<@1>", "||", "```", "https://a.b/c_d", "<t:1:R>"]
        ),
        some.characters(exclude_categories=["Cs"]),
    ).filter(lambda part: len(part) == 1),
    max_size=300,
)
snippets = some.lists(
    some.sampled_from(
        ["@everyone", "@here", "<@123456789012345678>", "||x||", "```", "**b**", "# h", "- l",
         "https://a.b/c_d", "<t:1:R>", "[a](https://b.c)", ":smile:", "1. x", "> q", "\\", "\n",
         " ", "word", "ζώο", "🦉", "</start:1>", "<#1>", "a_b_c", "`", "~~s~~", "-# small"]
    ),
    max_size=40,
).map("".join)  # fmt: skip
learner = some.one_of(typed, snippets)
paragraphs = some.one_of(
    learner.map(escape),
    learner.map(code_block),
    learner.map(lambda text: f"**{escape(text.strip() or 'x')}** and *{escape('y')}*"),
    some.just("| a | b |\n|---|---|\n| 1 | 2 |"),
    some.just("1. one\n   - two\n\n   more\n2. three"),
    some.just("||hidden **bold**||"),
)
labels = some.text(min_size=1, max_size=120)
payloads = some.integers(0, 30).map(lambda number: control("quiz.pick", None, number))
buttons = some.builds(Button, label=labels, payload=payloads, primary=some.booleans())
links = some.builds(Button, label=labels, url=some.just("https://example.org/x"))
files = some.builds(
    File,
    name=some.text(max_size=150),
    content=some.binary(max_size=8),
    alt=some.text(max_size=1500),
)
fields = some.builds(
    Field,
    label=labels,
    placeholder=some.text(max_size=200),
    choices=some.lists(
        some.tuples(labels, some.sampled_from("abcdef")), max_size=6, unique_by=lambda one: one[1]
    ).map(tuple),
    before=some.sampled_from(["", "1", "2"]),
)
replies = some.builds(
    Reply,
    text=some.lists(paragraphs, max_size=6).map("\n\n".join),
    rows=some.lists(
        some.lists(some.one_of(buttons, links), min_size=1, max_size=9).map(tuple), max_size=8
    ).map(tuple),
    files=some.lists(files, max_size=12).map(tuple),
    prompt=some.none()
    | some.builds(
        Prompt,
        label=labels,
        placeholder=some.text(max_size=150),
        multiline=some.booleans(),
        payload=some.sampled_from(["", control("code.open"), control("quiz.go", None, 3)]),
        about=some.sampled_from(["", "1a2b3c4d"]),
        files=some.booleans(),
    ),
    form=some.none()
    | some.builds(
        Form,
        label=labels,
        payload=payloads,
        fields=some.lists(fields, min_size=1, max_size=5).map(tuple),
    ),
    compact=some.booleans(),
    ends_at=some.none() | some.just(datetime(2026, 11, 21, 12, tzinfo=UTC)),
)


@settings(max_examples=70, deadline=None)
@given(replies)
def test_whatever_is_shown_keeps_the_rules(reply: Reply):
    assert refused(reply, ENGLISH) == []


def plain(content: str) -> str:
    """What is read, without what cannot be seen."""
    return re.sub(r"\s+", " ", content.replace(INVISIBLE, "")).strip()


@settings(max_examples=120, deadline=None)
@given(learner)
def test_what_a_learner_typed_is_shown_as_it_was_typed(text: str):
    contents = [drawn.content for drawn in draw(Reply(f"You: {escape(text)}"), ENGLISH)]
    once = text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    read = plain(" ".join(shown(content) for content in contents))
    assert re.sub(r"\s", "", read) == re.sub(r"\s", "", plain(f"You: {once}"))


@pytest.mark.parametrize(
    "text",
    ["@everyone", "hi @here!", "<@123456789012345678>", "<@&123456789012345678>", "<@!1234567>"],
)
def test_nobody_is_mentioned_even_in_code(text: str):
    for written in (escape(text), f"`{text}`", code_block(text)):
        content = draw(Reply(written), ENGLISH)[0].content
        assert not re.search(r"@(everyone|here|[!&]?\d)", content), content


@pytest.mark.parametrize(
    ("markdown", "drawn"),
    [
        ("# Title\n\ntext", "## Title\n\ntext"),
        ("### Small\n\ntext", "**Small**\n\ntext"),
        ("**b** *i* `c` ~~s~~ ||h||", "**b** *i* `c` ~~s~~ ||h||"),
        ("[words](https://a.b/c)", "[words](<https://a.b/c>)"),
        ("[words](javascript:x)", r"\[words\](javascript:x)"),
        ("![a cat](cat.png)", "Picture: a cat"),
        ("1. a\n2. b\n   - c", "1. a\n2. b\n  - c"),
        ("> a\n> b", "> a\n> b"),
        ("line\nline", "line\nline"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "- a: 1; b: 2"),
        ("a `` ` `` b", "a `` ` `` b"),
        ("<b>&amp;", r"\<b>&amp;"),
        ("5\\. x", "5\\. x"),
        ("~~~\n```\n~~~", "```\n``\u200b`\n```"),
    ],
)
def test_markdown_becomes_discords(markdown: str, drawn: str):
    assert draw(Reply(markdown), ENGLISH)[0].content == drawn


def test_compact_replies_have_no_blank_lines():
    assert draw(Reply("a\n\n- b\n- c\n\nd", compact=True), ENGLISH)[0].content == "a\n- b\n- c\nd"


def test_the_clock_counts_down_for_the_reader():
    reply = Reply("Question 1", ends_at=datetime.fromtimestamp(1_790_000_000, UTC))
    assert draw(reply, ENGLISH)[0].content.endswith("Ends at <t:1790000000:t>, <t:1790000000:R>.")


def test_code_over_several_messages_loses_no_line_and_every_fence_is_closed():
    lines = [f"print({number:03}, 'naïve 🦉')" for number in range(180)]
    drawn = draw(Reply("Look:\n\n" + code_block("\n".join(lines), "python")), ENGLISH)
    assert 1 < len(drawn) <= MOST_MESSAGES
    seen = []
    for one in drawn:
        assert size(one.content) <= CONTENT
        body = one.content.removeprefix("Look:").strip()
        if body:
            assert body.startswith("```python\n")
            assert body.endswith("\n```")
            seen += body.split("\n")[1:-1]
    assert seen == lines


def test_marks_are_closed_and_opened_again_where_a_message_ends():
    drawn = draw(Reply("**" + "bold " * 700 + "end**"), ENGLISH)
    assert len(drawn) == 2
    for one in drawn:
        assert one.content.startswith("**")
        assert one.content.endswith("**")
        assert one.content.count("**") == 2
    assert sum(one.content.count("bold") for one in drawn) == 700


def test_a_very_long_text_comes_as_a_file_with_its_beginning():
    text = "\n\n".join(f"Paragraph {number} " + "word " * 40 for number in range(120))
    (drawn,) = draw(Reply(text), ENGLISH)
    assert drawn.files[0].name == TEXT_FILE
    assert "Paragraph 119" in drawn.files[0].content.decode()
    assert drawn.content.startswith("Paragraph 0")
    assert drawn.content.endswith(f"The whole text is in the file {TEXT_FILE}.")


def test_buttons_stand_below_the_last_message_and_further_replies_follow():
    button = Button("Next", control("lesson.go"), primary=True)
    reply = Reply("x " * 1500, rows=((button,),), more=(Reply("And more."),))
    drawn = draw(reply, ENGLISH)
    assert [bool(one.components) for one in drawn] == [False, True, False]
    assert drawn[-1].content == "And more."


def test_a_file_too_large_is_named_and_names_are_distinct():
    large = File("big.bin", b"x" * (FILE_BYTES + 1))
    twins = (File("a.py", b"1"), File("../a.py", b"2"), File('a\n".py', b"3"))
    (*_, last) = draw(Reply("Files", files=(large, *twins)), ENGLISH)
    assert [file.name for file in last.files] == ["a.py", "a-2.py", "a_.py"]
    assert "big.bin" in last.content


def test_words_of_the_door_are_in_the_readers_own_language():
    reply = Reply("x", ends_at=datetime(2026, 11, 21, tzinfo=UTC), language="pl")
    assert "Ends" not in draw(reply, ENGLISH)[0].content
