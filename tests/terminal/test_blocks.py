"""Where code over several lines begins and ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.terminal import blocks
from bots.terminal.blocks import Collector, goes_on, language, sendable, without_end


def lines_of(text: str) -> list[str]:
    """The messages that lines make."""
    found, collector = [], Collector()
    for line in text.split("\n"):
        if collector.add(line):
            found.append(collector.text)
            collector = Collector()
    return found


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("one\ntwo", ["one", "two"]),
        ("```\nx = 1\n\n```\nafter", ["```\nx = 1\n\n```", "after"]),
        ("here it is: ```python\nx\n```", ["here it is: ```python\nx\n```"]),
        ("```print(1)\nprint(2)```", ["```print(1)\nprint(2)```"]),
        ("```print(1)```", ["```print(1)```"]),
        ("what does ``` mean?", ["what does ``` mean?"]),
        ("````\n```\n````", ["````\n```\n````"]),
        ("```\n    ```\n```", ["```\n    ```\n```"]),
        ("```python\nopen", []),
    ],
)
def test_a_block_is_one_message(text: str, messages: list[str]) -> None:
    assert lines_of(text) == messages


@given(st.text("a`\n ", max_size=60))
def test_goes_on_agrees_with_what_lines_collect(text: str) -> None:
    collector = Collector()
    for line in text.split("\n"):
        collector.add(line)
    assert goes_on(text, asked=False) == collector.is_open
    sent = sendable(text, asked=False)
    assert not goes_on(sent, asked=False)
    assert sent.startswith(text)


@pytest.mark.parametrize(
    ("text", "on", "sent"),
    [
        ("", False, ""),
        ("x = 1", True, "x = 1"),
        ("x = 1\ny = 2", True, "```\nx = 1\ny = 2\n```"),
        ("x = 1\n```", False, "```\nx = 1\n```"),
        ("```python\nx = 1", True, "```python\nx = 1\n```"),
        ("```python\nx = 1\n```", False, "```python\nx = 1\n```"),
        ('t = "```"\nprint(t)', True, 't = "```"\nprint(t)'),
    ],
)
def test_code_that_is_asked_for_needs_no_opening_line(text: str, on: bool, sent: str) -> None:
    assert goes_on(text, asked=True) is on
    assert sendable(text, asked=True) == sent


def test_only_the_closing_line_of_bare_code_is_taken_away() -> None:
    assert without_end("x\n```\n") == "x"
    assert without_end("```\nx\n```") == "```\nx\n```"
    assert without_end("x") == "x"


@pytest.mark.parametrize(
    ("text", "name"), [("```Python\nx", "python"), ("```\nx", ""), ("x", ""), ("```js x\n", "js")]
)
def test_the_language_is_the_word_after_the_fence(text: str, name: str) -> None:
    assert language(text) == name


def test_an_endless_block_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "LONGEST", 20)
    collector = Collector()
    assert not collector.add("```")
    assert not collector.add("x" * 30)
    assert collector.is_too_long
    assert collector.add("```")
    assert "x" not in collector.text
