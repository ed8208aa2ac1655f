"""How replies look: plain for pipes, coloured for people, and nothing raw in either."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bots.conversation.dialogue import Button, Prompt, Reply, code_block, escape
from bots.terminal.files import Saved
from bots.terminal.markup import HIDDEN, hides_something
from bots.terminal.screen import PlainScreen, RichScreen, button_line, wrapped
from bots.terminal.typing import keys, pressed

LESSON = """# Boxes

A box holds **one** thing.
It has a `name||too`.

- First
- Second

```python
def f(x):
    return x || "hello"

print(f(1))
```

![A box](media/box.png) and [Stoa](https://example.org/a?b=1&c=2), <b>&amp;</b> ||secret *word*||
"""


def plain(reply: Reply, *saved: Saved) -> str:
    out = io.StringIO()
    PlainScreen(out).show(reply, saved)
    return out.getvalue()


def rich(
    reply: Reply, *saved: Saved, width: int = 60, colours: bool = False, **options: bool
) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=colours, color_system="standard" if colours else None
    )
    RichScreen(console).show(reply, saved, **options)
    return out.getvalue()


def test_a_lesson_in_plain_text() -> None:
    assert plain(Reply(LESSON, rows=((Button("Next page", "n"),),))) == (
        "Boxes\n\nA box holds one thing.\nIt has a name||too.\n\n- First\n- Second\n\n"
        '    def f(x):\n        return x || "hello"\n\n    print(f(1))\n\n'
        "Picture: A box and Stoa (https://example.org/a?b=1&c=2), <b>&amp;</b> "
        "(hidden: secret word)\n[1] Next page\n\n"
    )


def test_a_lesson_in_colour_says_the_same() -> None:
    shown = rich(Reply(LESSON))
    assert shown == (
        "Boxes\n\nA box holds one thing.\nIt has a name||too.\n\n • First\n • Second\n\n"
        '   def f(x):\n       return x || "hello"\n\n   print(f(1))\n\n'
        "Picture: A box and Stoa (https://example.org/a?b=1&c=2),\n<b>&amp;</b> "
        f"{HIDDEN}\n\n"
    )
    assert "(hidden: secret word)" in rich(Reply(LESSON), reveal=True)
    assert hides_something(LESSON)
    assert not hides_something("`a||b||`, \\|\\|c\\|\\| and d || e")


def test_code_is_highlighted() -> None:
    assert "\x1b[94;49mdef" in rich(Reply(code_block("def f(): pass", "python")), colours=True)


def test_compact_leaves_no_blank_lines_outside_code() -> None:
    reply = Reply("One\n\nTwo\n\n```\na\n\nb\n```\n\nThree", compact=True)
    assert plain(reply) == "One\nTwo\n    a\n\n    b\nThree\n\n"
    assert rich(reply) == "One\nTwo\n   a\n\n   b\nThree\n\n"


def test_narrow_windows_wrap_and_long_lines_of_code_too() -> None:
    shown = rich(Reply(LESSON + code_block("x = " + "1 + " * 30)), width=24)
    assert max(map(len, shown.split("\n"))) <= 24


def test_nothing_fills_lines_up() -> None:
    assert not [line for line in rich(Reply(LESSON)).split("\n") if line != line.rstrip()]


@given(st.text(max_size=80))
def test_learner_text_is_shown_as_it_was_typed_and_never_obeyed(text: str) -> None:
    for shown in (plain(Reply(escape(text))), rich(Reply(escape(text)), width=1000)):
        assert not set(shown) & set("\x00\x07\x1b\x7f\x9b\u202e\u2066")
    whole = " ".join(text.split())
    if text.isascii() and whole.isprintable():
        assert whole in " ".join(rich(Reply(escape("x" + text)), width=1000).split())


@pytest.mark.parametrize("text", ["\x1b[2Jx", "`\x1b[2J`", "```\n\x1b]0;t\x07\n```", "[a](\x1b)"])
def test_course_text_is_not_obeyed_either(text: str) -> None:
    buttons = ((Button("A\x1b[1m\u202e", "x"), Button("Link\x1b", url="https://x.y/\x1b")),)
    reply = Reply(text, rows=buttons, prompt=Prompt("P\x1b", "e\x1b"))
    for shown in (plain(reply), rich(reply)):
        assert "\x1b" not in shown
        assert "\u202e" not in shown


def test_files_are_named_with_what_they_show() -> None:
    saved = (
        Saved("a.png", "three boxes", Path("stoa-files/a.png")),
        Saved("two_fer.py", "", Path("stoa-files/two_fer.py")),
        Saved("cards.apkg", "2 cards", Path("stoa-files/cards.apkg")),
        Saved("c.png", "2 days\n\n- Mon\n- Tue", Path("c.png")),
        Saved("b.png", "a line", None, "Permission denied"),
    )
    assert plain(Reply("Here."), *saved) == (
        "Here.\nPicture: three boxes (stoa-files/a.png)\nFile: stoa-files/two_fer.py\n"
        "File: 2 cards (stoa-files/cards.apkg)\nPicture: 2 days (c.png)\n"
        "Picture: a line\n"
        "I could not save b.png: Permission denied. Choose a folder with --files DIR.\n\n"
    )
    assert "Picture: three boxes (stoa-files/a.png)" in rich(Reply("Here."), *saved)


def test_prompts_say_what_to_type_and_how_to_send_lines() -> None:
    row = ((Button("Hint", "h"),),)
    one = Reply("How many?", rows=row, prompt=Prompt("Your answer", "1024"))
    assert plain(one) == "How many?\n[/1] Hint\nYour answer (1024):\n\n"
    many = Reply("Write it.", prompt=Prompt("Your code", multiline=True))
    assert "begin with ``` and end with ```.\nYour code:\n" in plain(many)


@given(
    st.lists(st.sampled_from(["A", "B", "1", "2", "3", "Next", "next page", "Undo", "[x] A"])),
    st.booleans(),
)
def test_what_is_shown_for_a_button_presses_it(labels: list[str], awaits_text: bool) -> None:
    unique = list(dict.fromkeys(labels))
    buttons = [Button(label, f"p{n}") for n, label in enumerate(unique)]
    for number, key in enumerate(keys(buttons, awaits_text), start=1):
        assert pressed(key, buttons, awaits_text) == number


def test_letters_are_their_own_keys_and_links_have_none() -> None:
    row = (Button("A", "a"), Button("Hint −20 %", "h"), Button("Site", url="https://x.y"))
    assert button_line(row) == "[A]  [2] Hint −20 %  Site: https://x.y"
    numbers = (Button("2", "b"), Button("3", "c"), Button("Undo", "u"))
    assert button_line(numbers) == "[2]  [3]  [/3] Undo"


def test_buttons_wrap_where_they_must() -> None:
    assert wrapped(["[1] One", "[2] Two", "[3] Three"], 18) == ["[1] One  [2] Two", "[3] Three"]
    assert wrapped(["[1] Longer than that"], 14) == ["[1] Longer", "    than that"]
    assert wrapped(["[1] 王王王王", "[2] B"], 16) == ["[1] 王王王王", "[2] B"]
