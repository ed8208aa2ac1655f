"""Lines are read from any file descriptor, whole and one at a time."""

import os

import pytest

from bots.terminal import lines
from bots.terminal.lines import Lines


async def read(data: bytes, encoding: str = "utf-8") -> list[str]:
    source, target = os.pipe()
    try:
        os.write(target, data)
        os.close(target)
        return [line async for line in Lines(source, encoding)]
    finally:
        os.close(source)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"a\n\nb", ["a", "", "b"]),
        (b"a\r\nb\n", ["a", "b"]),
        ("ż\n".encode(), ["ż"]),
        (b"\xff\n\xc5", ["\ufffd", "\ufffd"]),
    ],
)
async def test_lines(data: bytes, found: list[str]) -> None:
    assert await read(data) == found


async def test_another_encoding() -> None:
    assert await read(b"caf\xe9\n", "iso-8859-1") == ["café"]


async def test_signs_that_arrive_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_CHUNK", 1)
    assert await read("zażółć\ngęślą\n".encode()) == ["zażółć", "gęślą"]


async def test_a_line_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST", 10)
    monkeypatch.setattr(lines, "_CHUNK", 7)
    assert await read(b"x" * 100 + b"\nb\n") == ["x" * 10, "b"]
