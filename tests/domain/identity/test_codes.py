"""Codes and tokens: readable, forgiving where people err, and useless without the key."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity import codes


def test_a_code_is_eight_readable_characters():
    made = {codes.new_code() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{8}", code) for code in made)
    assert codes.shown("7KQ4X2M9") == "7KQ4-X2M9"


@given(st.text(codes.ALPHABET, min_size=8, max_size=8), st.integers(0, 8))
def test_a_code_is_understood_however_it_is_typed(code: str, dash: int):
    for typed in (
        codes.shown(code),
        code.lower(),
        f" {code[:dash]} – {code[dash:]} ",
        code.replace("0", "o").replace("1", "l"),
    ):
        assert codes.read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "7KQ4-X2M", "7KQ4-X2M99", "7KQ4-X2MU", "my password", "yes"])
def test_what_cannot_be_a_code_is_none(typed: str):
    assert codes.read_code(typed) is None


def test_a_deep_link_carries_a_token_of_128_bits():
    token = codes.new_token()
    parameter = f"{codes.START_PREFIX}{token}"
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", parameter), "as Telegram allows"
    assert codes.read_start(parameter) == token
    for other in ("", token, "c_python", f"L{token}x", f"L{token[:-1]}!"):
        assert codes.read_start(other) is None


def test_a_digest_needs_the_key():
    one = codes.digest(b"k" * 32, "7KQ4X2M9")
    assert len(one) == 32
    assert one == codes.digest(b"k" * 32, "7KQ4X2M9")
    assert one != codes.digest(b"j" * 32, "7KQ4X2M9")
    assert one != codes.digest(b"k" * 32, "7KQ4X2M8")
