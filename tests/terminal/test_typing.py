"""Typed lines: commands, numbers, labels, beginnings of labels, and plain text."""

import pytest

from bots.conversation.dialogue import Button, Command, Press, Text
from bots.terminal.typing import understand

BUTTONS = (Button("Next page", "next"), Button("Next lesson", "lesson"), Button("Save", "save"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/learn python", Command("learn", "python")),
        ("/start", Command("start", "")),
        ("1", Press("next")),
        ("/3", Press("save")),
        ("save", Press("save")),
        ("Next Lesson", Press("lesson")),
        ("[Save]", Press("save")),
        ("sa", Press("save")),
        ("next", Text("next")),
        ("4", Text("4")),
        ("s", Text("s")),
        ("what is this", Text("what is this")),
        ("²", Text("²")),
    ],
)
def test_what_a_line_means(line: str, expected: object):
    assert understand(line, BUTTONS, awaits_text=False) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [("1", Text("1")), ("/1", Press("next")), ("Save", Press("save")), ("sa", Text("sa"))],
)
def test_awaited_text_is_taken_as_text(line: str, expected: object):
    assert understand(line, BUTTONS, awaits_text=True) == expected


def test_a_number_without_a_button_is_an_unknown_command():
    assert understand("/9", BUTTONS, awaits_text=False) == Command("9", "")
