"""What crosses the walls: four bytes of length, then JSON; or `marshal` where we are believed."""

import json
import marshal
import os
import struct
from typing import Any

LARGEST = 1 << 20  # bytes in one frame
HEADER = struct.Struct(">I")
_CHUNK = 1 << 16
_encode = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().raw_decode


class ProtocolError(Exception):
    """The other side sent what it must not."""


class Gone(ProtocolError):
    """The other side closed the connection."""


def pack(message: object) -> bytes:
    """A frame.

    Raises:
        ProtocolError: larger than `LARGEST`.
    """
    body = _encode(message).encode()
    if len(body) > LARGEST:
        raise ProtocolError("frame too large")
    return HEADER.pack(len(body)) + body


def unpack(body: bytes) -> object:
    """What a frame's body says.

    Raises:
        ProtocolError: not JSON, or nested without end.
    """
    try:
        text = body.decode()
        message, end = _decode(text)
    except (ValueError, RecursionError, MemoryError) as wrong:
        raise ProtocolError("not a message") from wrong
    if end != len(text):
        raise ProtocolError("not a message")
    return message


def length(header: bytes) -> int:
    """The body length that a header announces.

    Raises:
        ProtocolError: larger than `LARGEST`.
    """
    size: int = HEADER.unpack(header)[0]
    if size > LARGEST:
        raise ProtocolError("frame too large")
    return size


def send(fd: int, message: object) -> None:
    """Write one frame, waiting as long as it takes."""
    frame = pack(message)
    sent = os.write(fd, frame)
    while sent < len(frame):
        sent += os.write(fd, frame[sent:])


def order(message: Any) -> bytes:  # noqa: ANN401 - builtin values, any way nested
    """A frame from the grader to a cell, which believes it: in the form of `marshal`.

    Equal objects arrive as different ones (so version 2): a learner's function may change them.
    """
    body = marshal.dumps(message, 2)
    return HEADER.pack(len(body)) + body


class Frames:
    """Frames as they come in: bytes go in, messages come out."""

    def __init__(self) -> None:
        self._held = b""

    def __len__(self) -> int:
        return len(self._held)

    def add(self, data: bytes) -> None:
        """Take what was read."""
        self._held += data

    def next(self) -> tuple[object] | None:
        """The next message, alone in a tuple; None when it is not complete yet.

        Raises:
            ProtocolError: what came is no message.
        """
        held = self._held
        if len(held) < HEADER.size:
            return None
        end = HEADER.size + length(held[: HEADER.size])
        if len(held) < end:
            return None
        self._held = held[end:]
        return (unpack(held[HEADER.size : end]),)


class Orders:
    """What the grader tells this cell."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._held = b""

    def add(self, data: bytes) -> None:
        """Take what was read otherwise."""
        self._held += data

    def receive(self) -> Any:  # noqa: ANN401 - each role knows its own
        """The next one, waiting as long as it takes.

        Raises:
            Gone: the other side closed.
        """
        held = self._held
        size = HEADER.size
        while len(held) < size or len(held) < (size := HEADER.size + HEADER.unpack_from(held)[0]):
            data = os.read(self._fd, _CHUNK)
            if not data:
                raise Gone("closed")
            held += data
        self._held = held[size:]
        return marshal.loads(held[HEADER.size : size])  # noqa: S302 - the grader is believed


class Reader(Frames):
    """Frames from a descriptor; what comes with one read is kept for the next ones."""

    def __init__(self, fd: int) -> None:
        super().__init__()
        self._fd = fd

    def receive(self) -> object:
        """The next frame, waiting as long as it takes.

        Raises:
            Gone: the other side closed.
            ProtocolError: what came is no message.
        """
        while (message := self.next()) is None:
            data = os.read(self._fd, _CHUNK)
            if not data:
                raise Gone("closed")
            self.add(data)
        return message[0]
