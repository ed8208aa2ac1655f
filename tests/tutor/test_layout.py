"""Layouts, encodings and letters that hide code, and what they say without."""

import base64
import zlib

import pytest

from tutor.guard.layout import undecorated, views
from tutor.guard.letters import respelled
from tutor.guard.packing import unpacked

CODE = "def f(x):\n    return x"


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("12. x = 1", "x = 1"),
        ("- `x = 1`", "x = 1"),
        ("**x = 1**", "x = 1"),
        ('- "    x = 1",', "    x = 1"),
        ("Ann: x = 1", "x = 1"),
        ('<line n="3">x = 1</line>', "x = 1"),
        ("x = 7 // 2", "x = 7 // 2"),
        ("x = 7 // 2   <-- the half", "x = 7 // 2"),
        ("else: ", "else: "),
        ("What does x hold?", "What does x hold?"),
    ],
)
def test_a_line_is_read_without_its_decoration(line: str, bare: str):
    assert undecorated(line) == bare


def test_what_stands_in_a_column_keeps_its_indentation():
    text = "| def f(x):    | a function |\n|     return x | its value  |"
    assert any(view.startswith(" def f(x):") and "\n     return x" in view for view in views(text))


def test_numbered_lines_are_put_in_order():
    assert "x = 1\ny = 2\nz = 3" in views("2: y = 2\n3: z = 3\n1: x = 1")


def test_one_line_is_cut_at_the_sign_that_comes_again():
    assert "x = 1\ny = 2\nz = 3" in views("x = 1 / y = 2 / z = 3")


@pytest.mark.parametrize(
    "packed",
    [
        base64.b64encode(zlib.compress(CODE.encode())).decode(),
        base64.b64encode(base64.b64encode(CODE.encode())).decode(),
        base64.b32encode(CODE.encode()).decode(),
        CODE.encode().hex(),
        "".join(f"\\{ord(sign):03o}" for sign in CODE),
        " ".join(str(ord(sign)) for sign in CODE),
        "".join(f"%{ord(sign):02x}" for sign in CODE),
        "\n".join(base64.b64encode(line.encode()).decode() for line in CODE.split("\n")),
    ],
)
def test_what_is_packed_is_unpacked(packed: str):
    assert CODE in unpacked(packed)


@pytest.mark.parametrize(
    "hidden",
    [
        "ghi i(a):\n    uhwxuq a",  # three letters on
        "wvu u(c):\n    ivgfim c",  # the last for the first
        "d3f f(x):\n    r37urn x",
        CODE.upper(),
        "".join(f"{sign}~" for sign in CODE),
        "\n".join(sign.strip("\n") for sign in CODE),
    ],
)
def test_letters_are_put_right(hidden: str):
    assert CODE in respelled(hidden)


def test_plain_words_are_no_exchanged_letters():
    assert list(respelled("What does your loop do with the first number of the list?")) == []
    assert list(unpacked("Have a look at line 3 and at the number 15.")) == []
