"""Text that is stored encrypted: only who has Stoa's secret key can read it, whoever has the rows.

A sealed value is bytes: a version (1), the id of the key (8), a random nonce (12), and the UTF-8
text under AES-256-GCM with its tag (16). The key and its id are derived from the secret by
HKDF-SHA256 (RFC 5869), so that no other use of the secret shares them. The place of a value, which
is its column and its row's id, is bound to it as associated data (RFC 5116): copied to another row
or column it does not open. Nothing is padded: the length of a text can be seen, as it can from the
numbers of tokens beside it. One key is good for 2^32 values (NIST SP 800-38D, 8.3).
"""

import hmac
import os
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from uuid import UUID

from domain.errors import StoaError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION: Final = b"\x01"
ID_BYTES: Final = 8
_NONCE: Final = 12
_TAG: Final = 16
_BEGIN: Final = len(VERSION) + ID_BYTES
OVERHEAD: Final = _BEGIN + _NONCE + _TAG  # bytes that a sealed value is longer than its text
_SALT: Final = b"stoa"
_PROOF: Final = ("seal_keys.proof", "Stoa can read what it has sealed.")


class CannotOpen(StoaError):
    """A sealed value that no key at hand opens, or that was changed or moved."""


class Seals:
    """Seals with one key, and opens with that one and with older ones.

    Args:
        secret: what the key is derived from, at least 32 bytes of the installation's own.
        others: secrets of before, which still open.
    """

    def __init__(self, secret: bytes, others: Sequence[bytes] = ()) -> None:
        self._secrets = {_derived(one, b"id", ID_BYTES): one for one in (*others, secret)}
        self._ciphers: dict[bytes, AESGCM] = {}
        self._current = _derived(secret, b"id", ID_BYTES)

    @property
    def key(self) -> bytes:
        """The id of the key that seals; the second to ninth byte of each value."""
        return self._current

    def knows(self, key: str) -> bool:
        """Whether the key of this id, in hexadecimal digits, is at hand."""
        return key in {one.hex() for one in self._secrets}

    def seal(self, column: str, row: UUID | str, text: str) -> bytes:
        """The text, readable at this place and with this key only.

        Args:
            column: "table.column".
            row: the id that the row keeps for ever.
            text: of any length.
        """
        nonce = os.urandom(_NONCE)
        sealed = self._cipher(self._current).encrypt(nonce, text.encode(), _place(column, row))
        return VERSION + self._current + nonce + sealed

    def open(self, column: str, row: UUID | str, sealed: bytes) -> str:
        """The text that was sealed at this place.

        Raises:
            CannotOpen: with a key that is not at hand, at another place, or not by Stoa.
        """
        from cryptography.exceptions import InvalidTag

        if sealed[: len(VERSION)] != VERSION or len(sealed) < OVERHEAD:
            raise CannotOpen(f"What is in {column} was not sealed by Stoa.")
        key = key_of(sealed)
        if key not in self._secrets:
            raise CannotOpen(f"What is in {column} was sealed with the key {key.hex()}.")
        nonce, rest = sealed[_BEGIN : _BEGIN + _NONCE], sealed[_BEGIN + _NONCE :]
        try:
            return self._cipher(key).decrypt(nonce, rest, _place(column, row)).decode()
        except InvalidTag:
            raise CannotOpen(f"What is in {column} was changed, or belongs elsewhere.") from None

    def proof(self) -> bytes:
        """A sealed sentence, kept in the database to try keys on."""
        column, sentence = _PROOF
        return self.seal(column, self._current.hex(), sentence)

    def opens(self, proof: bytes) -> bool:
        """Whether a key at hand opens this proof, and so what its key has sealed."""
        column, sentence = _PROOF
        try:
            return self.open(column, key_of(proof).hex(), proof) == sentence
        except CannotOpen:
            return False

    def _cipher(self, key: bytes) -> "AESGCM":
        found = self._ciphers.get(key)
        if found is None:
            # Loading the library takes 20 ms: a chat that asks the tutor nothing does without.
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM

            found = self._ciphers[key] = AESGCM(_derived(self._secrets[key], b"key", 32))
        return found


def key_of(sealed: bytes) -> bytes:
    """The id of the key that a value was sealed with."""
    return sealed[len(VERSION) : _BEGIN]


def _derived(secret: bytes, use: bytes, length: int) -> bytes:
    """HKDF-SHA256 for at most 32 bytes, which is one block."""
    extracted = hmac.digest(_SALT, secret, sha256)
    return hmac.digest(extracted, b"stoa sealed text v1 " + use + b"\x01", sha256)[:length]


def _place(column: str, row: UUID | str) -> bytes:
    return f"{column}\n{row}".encode()
