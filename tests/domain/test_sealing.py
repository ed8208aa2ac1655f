"""Sealed text opens with its key, at its place, unchanged; and otherwise not at all."""

from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.sealing import OVERHEAD, CannotOpen, Seals, key_of

OLD, NEW = b"o" * 40, b"n" * 40
PLACE = "ai_interactions.user_message_sealed"
ROW = UUID("01956d00-0000-7000-8000-000000000001")
WORDS = "Dlaczego moja pętla się nie kończy? 🦉"


def test_what_is_sealed_opens_and_never_looks_the_same_twice() -> None:
    seals = Seals(NEW)
    for text in ("", WORDS, "x" * 100_000):
        one, other = seals.seal(PLACE, ROW, text), seals.seal(PLACE, ROW, text)
        assert one != other
        assert seals.open(PLACE, ROW, one) == seals.open(PLACE, ROW, other) == text
        assert len(one) == OVERHEAD + len(text.encode())
        assert key_of(one) == seals.key


def test_the_format_is_the_documented_one() -> None:
    def derived(use: bytes, length: int) -> bytes:
        return HKDF(hashes.SHA256(), length, b"stoa", b"stoa sealed text v1 " + use).derive(NEW)

    sealed = Seals(NEW).seal(PLACE, ROW, WORDS)
    assert sealed[:9] == b"\x01" + derived(b"id", 8)
    opened = AESGCM(derived(b"key", 32)).decrypt(
        sealed[9:21], sealed[21:], f"{PLACE}\n{ROW}".encode()
    )
    assert opened.decode() == WORDS


def test_a_value_that_was_moved_does_not_open() -> None:
    seals = Seals(NEW)
    sealed = seals.seal(PLACE, ROW, WORDS)
    for column, row in (("ai_interactions.ai_response_sealed", ROW), (PLACE, uuid4())):
        with pytest.raises(CannotOpen, match="belongs elsewhere"):
            seals.open(column, row, sealed)


def test_a_value_that_was_changed_anywhere_or_cut_off_does_not_open() -> None:
    seals = Seals(NEW)
    sealed = seals.seal(PLACE, ROW, WORDS)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(CannotOpen):
            seals.open(PLACE, ROW, bytes(changed))
        with pytest.raises(CannotOpen):
            seals.open(PLACE, ROW, sealed[:place])


def test_another_key_opens_nothing_and_the_error_names_the_one_that_is_missing() -> None:
    sealed = Seals(OLD).seal(PLACE, ROW, WORDS)
    with pytest.raises(CannotOpen) as caught:
        Seals(NEW).open(PLACE, ROW, sealed)
    assert Seals(OLD).key.hex() in str(caught.value)
    assert not Seals(NEW).opens(Seals(OLD).proof())


def test_a_key_of_before_still_opens_and_seals_no_more() -> None:
    before, both = Seals(OLD), Seals(NEW, [OLD])
    assert both.open(PLACE, ROW, before.seal(PLACE, ROW, WORDS)) == WORDS
    assert both.opens(before.proof())
    assert key_of(both.seal(PLACE, ROW, WORDS)) == Seals(NEW).key != before.key
    assert both.knows(before.key.hex())
    assert not before.knows(both.key.hex())
