"""A model's words are shown without links, mentions and sources that were not given."""

import pytest

from tutor.presentable import cited, closed, presentable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See [the docs](https://evil.example/x) now.", "See the docs now."),
        ("See https://evil.example/x now.", "See  now."),
        ("Look: ![x](http://evil.example/p.png)", "Look: x"),
        ("<@123> and @everyone", "\\<\\@123> and \\@everyone"),
        ("# Title\n\nText", "**Title**\n\nText"),
        ("As in [L1.2] and [L9.9].", "As in [L1.2] and."),
        ("`a < b @ c` stays", "`a < b @ c` stays"),
        (
            "```python\n# not a heading\nx = a @ b\n```",
            "```python\n# not a heading\nx = a @ b\n```",
        ),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert presentable(text, ["L1.2"]) == shown


def test_sources_are_told_in_the_order_they_are_cited() -> None:
    text = "First [L2.1], then [L1.4], again [L2.1], and [L7.7]."
    assert cited(text, ["L1.4", "L2.1"]) == ["L2.1", "L1.4"]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("See:\n\n```python\nx = 1", "\n```"),
        ("~~~~\nx = 1\n~~~", "\n~~~~"),
        ("> ```\n> x", "\n```"),
        ("```\nx\n```", ""),
        ("```\nx\n````\nA `name`.", ""),
        ("No code, one ` of it", ""),
    ],
)
def test_a_code_block_that_was_cut_is_closed(text: str, end: str) -> None:
    assert closed(text) == text + end
