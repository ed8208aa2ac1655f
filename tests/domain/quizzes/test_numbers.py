"""Numbers as people type them."""

from decimal import Decimal

import pytest

from domain.quizzes.numbers import number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1024", "1024"),
        ("1 024", "1024"),
        ("1\u202f024", "1024"),
        ("1,024", "1024"),
        ("1.024,5", "1024.5"),
        ("3,14", "3.14"),
        ("1.024e3", "1024"),
        ("2 x 10^3", "2000"),
        ("2.5*10**-1", "0.25"),
        ("−7", "-7"),
        ("- 7", "-7"),
        ("+.5", "0.5"),
        ("5.", "5"),
        ("12 ms", "12"),
        ("12MS", "12"),
    ],
)
def test_number_is_understood(text: str, value: str):
    assert number(text, "ms") == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "ms", "many", "1 2", "1,2,3", "12 s", "0x10", "1e999", "nan", "--1", "9" * 80]
)
def test_what_is_not_a_number_is_none(text: str):
    assert number(text, "ms") is None
