"""Bytes of any origin, and the bank that is written from what they held."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.authoring.documents import Context
from domain.authoring.foreign import FORMATS, read
from domain.authoring.foreign.banks import as_bank
from domain.authoring.foreign.encodings import decode
from domain.authoring.problems import Problems
from domain.authoring.quizzes import read_bank
from domain.errors import Refusal

POLISH = "Która rzeka? {=Wisła ~Odra}"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_unicode_of_every_form(encoding: str):
    harvest = read(POLISH.encode(encoding), "gift")
    assert harvest.questions[0].question.prompt == "Która rzeka?"


def test_a_line_in_another_encoding_does_not_spoil_the_others():
    content = "Où? {=là ~ici}\n\n".encode("cp1252") + POLISH.encode()
    harvest = read(content, "gift")
    assert [found.question.prompt for found in harvest.questions] == ["Où?", "Która rzeka?"]
    assert harvest.encoding == "mixed"
    assert decode("“Où” – là".encode("cp1252")) == ("“Où” – là", "windows-1252")


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04\x00\x01\x02", b"\xff\xfe\x00\xd8\x00\xd8", bytes(9)], ids=repr
)
def test_what_is_no_text_is_refused(content: bytes):
    with pytest.raises(Refusal):
        read(content, "gift")


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(Refusal):
        decode(b" " * (20 * 1024 * 1024 + 1))


@given(st.binary(max_size=300), st.sampled_from(sorted(FORMATS)))
def test_no_bytes_raise_anything_else(content: bytes, form: str):
    try:
        harvest = read(content, form)
    except Refusal:
        return
    lines = content.count(b"\n") + content.count(b"\r") + 40
    assert all(1 <= one.line <= lines for one in harvest.skipped)


@given(st.text("ab:{}=~#%->T1.\\ \n/$*[]", max_size=120))
def test_no_grammar_raises(text: str):
    for form in FORMATS.values():
        form(text)


WHOLE = """\
::a:: Which layer routes *packets*? {=Network#Right. ~Link#No. ~Transport}

Primes? {~%50%2 ~%50%3 ~%-50%4}

Water is {=1 =one} part oxygen and {=2} parts hydrogen.

Match. {=SSH -> 22 =DNS -> 53}

How many? {#=3.5:0.5}

Two plus two? {=four =4 #Count them.}

# Is this a heading? {T}

Read as a list? {=a ~b####- one
- two}

Which picture? {=<img src\\="a.png" alt\\="a"> text ~b}
"""


def test_a_bank_is_read_back_as_it_was_meant():
    harvest = read(WHOLE.encode(), "gift")
    assert harvest.skipped == []
    bank = as_bank(harvest.questions, "Some file")
    context = Context({"bank/b.bank.md": bank.text}, frozenset(), Problems())
    read_back = read_bank("bank/b.bank.md", context)
    assert context.problems.errors == ()
    assert [placed.question.kind for placed in read_back.placed] == [
        *("single", "multi", "cloze", "matching", "numeric", "short", "true_false", "single"),
    ][: bank.written]
    assert bank.written + len(bank.skipped) == len(harvest.questions)
    assert [one.line for one in bank.skipped][-1] == 18


def test_ids_stay_when_the_order_changes():
    harvest = read(WHOLE.encode(), "gift")
    mixed = harvest.questions[::-1]
    ids = [
        sorted(line for line in as_bank(all_, "x").text.split("\n") if line.startswith("## "))
        for all_ in (harvest.questions, mixed)
    ]
    assert ids[0] == ids[1]


def test_the_same_question_is_written_once():
    harvest = read(b"One? {T}\n\nOne? {T}", "gift")
    bank = as_bank(harvest.questions, "x")
    assert bank.written == 1
    assert [one.line for one in bank.skipped] == [3]
