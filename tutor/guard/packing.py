"""Unpacks what is written in an encoding of bytes or signs: base64, hexadecimal, codes, escapes."""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import unquote

_RUN = re.compile(r"[A-Za-z0-9+/_=\-\s]{16,}")
_WORD = re.compile(r"[A-Za-z0-9+/_=-]{16,}")
_ONLY = re.compile(r"[A-Za-z0-9+/_=-]{16,}\s*")
_LINE = re.compile(r"(?m)^\W*(?:\d{1,3}[.):]\s+)?([A-Za-z0-9+/_-]{4,}={0,2})\s*$")
_PERCENT = re.compile(r"(?:[\w.~/+-]*%[0-9A-Fa-f]{2}){3,}[\w.~/+-]*")
_ESCAPED = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[0-7]{3}|n|t|\"|')")
_NUMBERS = (  # a pattern of many codes of letters, and their base
    (re.compile(r"(?:\b\d{2,3}\b[\s,;]*){12,}"), 10),
    (re.compile(r"(?:\b(?:0x)?[0-9a-fA-F]{2}\b[\s,;]*){12,}"), 16),
    (re.compile(r"(?:\b[01]{7,8}\b[\s,;]*){12,}"), 2),
    (re.compile(r"(?:\b[01]?[0-7]{2}\b[\s,;]*){12,}"), 8),
)
_MOST_BYTES = 20_000  # of what is unpacked
_DEEPEST = 3  # encodings of encodings


def unpacked(text: str) -> Iterator[str]:
    """Texts that are encoded in a text or in its parts."""
    for run in _RUN.findall(text):
        for part in dict.fromkeys((re.sub(r"\s", "", run), *_WORD.findall(run))):
            yield from _bytes(part, _DEEPEST)
    lines = _LINE.findall(text)
    if len(lines) > 1:
        yield from _bytes("".join(lines), _DEEPEST)
        yield from _line_by_line(lines)
    for run in _PERCENT.findall(text):
        yield unquote(run)
    if "\\" in text:
        yield _ESCAPED.sub(lambda found: _escape(found[1]), text)
    for pattern, base in _NUMBERS:
        for run in pattern.findall(text):
            codes = [int(one.removeprefix("0x"), base) for one in re.findall(r"\w+", run)]
            if all(9 <= code < 0x250 for code in codes):
                yield "".join(map(chr, codes))


def _escape(code: str) -> str:
    plain = {"n": "\n", "t": "\t", '"': '"', "'": "'"}
    if code in plain:
        return plain[code]
    return chr(int(code, 8)) if code.isdigit() else chr(int(code[1:], 16))


def _bytes(part: str, deepest: int) -> Iterator[str]:
    for decode in _DECODERS:
        found = _text(decode, part)
        if found is None:
            continue
        yield found
        if deepest > 1 and _ONLY.fullmatch(found):
            yield from _bytes(found.strip(), deepest - 1)


def _line_by_line(lines: list[str]) -> Iterator[str]:
    for decode in _DECODERS:
        found = [_text(decode, line) for line in lines]
        kept = [one for one in found if one is not None]
        if 2 * len(kept) > len(lines):
            yield "\n".join(kept)


def _text(decode: Callable[[str], bytes], part: str) -> str | None:
    try:
        return _inflated(decode(part)).decode("utf-8")
    except (ValueError, binascii.Error, zlib.error):
        return None


def _inflated(data: bytes) -> bytes:
    """Bytes that zlib or gzip packed as they were; others as they are."""
    if data[:1] == b"\x78" or data[:2] == b"\x1f\x8b":
        return zlib.decompressobj(wbits=47).decompress(data, _MOST_BYTES)
    return data


def _base64(part: str) -> bytes:
    return base64.b64decode(_padded(part, 4))


def _urlsafe(part: str) -> bytes:
    return base64.urlsafe_b64decode(_padded(part, 4))


def _base32(part: str) -> bytes:
    return base64.b32decode(_padded(part.upper(), 8))


def _padded(part: str, size: int) -> str:
    bare = part.rstrip("=")
    return bare + "=" * (-len(bare) % size)


_DECODERS: tuple[Callable[[str], bytes], ...] = (
    _base64,
    _urlsafe,
    bytes.fromhex,
    _base32,
    base64.b85decode,
)
