"""Identifiers: time-ordered uuids, their base-62 form for buttons, short codes for people."""

import hashlib
import secrets
from datetime import UTC, datetime
from uuid import UUID

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE62_UUID_LENGTH = 22  # ceil(128 / log2(62))
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: read aloud without mistakes


def uuid7(at: datetime, entropy: bytes | None = None) -> UUID:
    """A version-7 uuid (RFC 9562 section 5.7) for an instant.

    Args:
        at: aware instant; its milliseconds become the leading 48 bits.
        entropy: at least 10 bytes for the rest; random when not given.
    """
    noise = int.from_bytes((entropy or secrets.token_bytes(10))[:10], "big")
    milliseconds = int(at.astimezone(UTC).timestamp() * 1000)
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | (noise >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | noise & (1 << 62) - 1
    return UUID(int=value)


def event_uuid7(at: datetime, *key: str) -> UUID:
    """The uuid of whatever one event creates: the same event delivered twice gives the same id.

    Args:
        at: when the platform says the event happened (never the time of receipt).
        key: what names the event, such as platform and event id.
    """
    digest = hashlib.sha256("\x1f".join(key).encode()).digest()
    return uuid7(at, digest[:10])


def to_base62(value: UUID) -> str:
    """A uuid as 22 characters of 0-9 A-Z a-z."""
    number, digits = value.int, []
    for _ in range(BASE62_UUID_LENGTH):
        number, digit = divmod(number, 62)
        digits.append(BASE62[digit])
    return "".join(reversed(digits))


def from_base62(text: str) -> UUID:
    """The uuid written by `to_base62`.

    Raises:
        ValueError: wrong length, a foreign character, or a number above 128 bits.
    """
    if len(text) != BASE62_UUID_LENGTH:
        raise ValueError(f"expected {BASE62_UUID_LENGTH} characters, got {len(text)}")
    number = 0
    for character in text:
        number = number * 62 + BASE62.index(character)
    return UUID(int=number)


def short_code(length: int = 8) -> str:
    """A random code that a person can read aloud and type."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))
