"""Identifiers: time-ordered uuids, their base-62 form for buttons, short codes for people."""

import hashlib
import secrets
from datetime import UTC, datetime
from uuid import UUID

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE62_UUID_LENGTH = 22  # ceil(128 / log2(62))
_PAIRS = tuple(high + low for high in BASE62 for low in BASE62)  # two digits at a time
_PAIR_VALUES = {pair: number for number, pair in enumerate(_PAIRS)}
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


def many_uuid7(at: datetime, number: int) -> list[str]:
    """So many uuids of one instant as text, counted from a random one (RFC 9562 section 6.2).

    Text, since the driver takes it as well, and a `UUID` takes four times as long to make.
    """
    first = uuid7(at).int & ~(1 << 61)  # leaves room to count
    return [f"{value:032x}" for value in range(first, first + number)]


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
    number, pairs = value.int, []
    for _ in range(BASE62_UUID_LENGTH // 2):
        number, pair = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[pair])
    return "".join(reversed(pairs))


def from_base62(text: str) -> UUID:
    """The uuid written by `to_base62`.

    Raises:
        ValueError: wrong length, a foreign character, or a number above 128 bits.
    """
    if len(text) != BASE62_UUID_LENGTH:
        raise ValueError(f"expected {BASE62_UUID_LENGTH} characters, got {len(text)}")
    number = 0
    for place in range(0, BASE62_UUID_LENGTH, 2):
        pair = _PAIR_VALUES.get(text[place : place + 2])
        if pair is None:
            raise ValueError("a character that is no digit")
        number = number * len(_PAIRS) + pair
    return UUID(int=number)


def short_code(length: int = 8) -> str:
    """A random code that a person can read aloud and type."""
    number, letters = secrets.randbelow(len(CODE_ALPHABET) ** length), []
    for _ in range(length):
        number, letter = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[letter])
    return "".join(letters)
