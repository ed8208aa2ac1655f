"""Nothing that a terminal obeys gets through, and nothing else is lost."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.terminal.safe import learner_name, taken, visible

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(st.text(st.characters(exclude_categories=())))
def test_no_control_survives(text: str) -> None:
    shown = visible(text)
    assert not [
        sign for sign in shown if unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t"
    ]
    assert not set(BIDI) & set(shown)
    shown.encode()


@given(st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"))))
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert visible(text) == text
    assert taken(text) == text


def test_what_was_there_can_be_seen() -> None:
    assert visible("\x1b[31m\x00\x7f\x9b\u202e") == "␛[31m␀␡<U+009B><U+202E>"
    assert visible("a\r\nb\rc\td") == "a\nb␍c\td"


def test_joiners_of_scripts_and_emoji_stay() -> None:
    assert visible("👩\u200d💻 می\u200cخواهم") == "👩\u200d💻 می\u200cخواهم"


def test_what_was_typed_can_be_stored() -> None:
    assert taken("a\r\nb\rc") == "a\nb\nc"
    assert taken("x\x00y\udcff") == "x\ufffdy\ufffd"


def test_names_are_one_however_their_accents_were_typed() -> None:
    assert learner_name(" Zoe\u0308 ") == "Zo\u00eb"


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "a\nb", "a\u200bb", "a\u202eb", "\udc80"])
def test_names_that_cannot_be_seen_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 64"):
        learner_name(name)
