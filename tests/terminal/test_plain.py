"""Markdown becomes plain text without losing a character of code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.conversation.dialogue import code_block, escape
from bots.terminal.plain import to_plain


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("**bold** and *slanted*", "bold and slanted"),
        ("`a_b * c_d`", "a_b * c_d"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name", "snake_case_name"),
        ("[Stoa](https://example.org)", "Stoa (https://example.org)"),
        ("![A box](media/box.png)", "Picture: A box"),
        ("||the end||", "(hidden: the end)"),
        ("## Title", "Title"),
        ("```python\nx = a * b\n\nprint(x)\n```", "    x = a * b\n\n    print(x)"),
    ],
)
def test_marks_are_taken_away(markdown: str, expected: str):
    assert to_plain(markdown) == expected


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60))
def test_escaped_learner_text_comes_back_as_it_was(text: str):
    assert to_plain(escape(text)) == text


@given(st.text("ab`~*_\n ", min_size=1, max_size=60))
def test_code_keeps_every_line(code: str):
    shown = to_plain(code_block(code))
    assert [line[4:].rstrip() for line in shown.split("\n")] == [
        line.rstrip() for line in code.rstrip().split("\n")
    ]
