"""Length-prefixed JSON over a stream socket: four bytes of length, then UTF-8."""

import json
import os
import socket
import struct

LARGEST = 1 << 20  # bytes in one frame
HEADER = struct.Struct(">I")


class ProtocolError(Exception):
    """The other side sent what it must not."""


class Gone(ProtocolError):
    """The other side closed the connection."""


def pack(message: object) -> bytes:
    """A frame.

    Raises:
        ProtocolError: larger than `LARGEST`.
    """
    body = json.dumps(message, separators=(",", ":")).encode()
    if len(body) > LARGEST:
        raise ProtocolError("frame too large")
    return HEADER.pack(len(body)) + body


def unpack(body: bytes) -> object:
    """What a frame's body says.

    Raises:
        ProtocolError: not JSON, or nested without end.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError, MemoryError) as wrong:
        raise ProtocolError("not a message") from wrong


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
    left = memoryview(pack(message))
    while left:
        left = left[os.write(fd, left) :]


def receive(fd: int) -> object:
    """Read one frame, waiting as long as it takes.

    Raises:
        Gone: the other side closed.
        ProtocolError: what came is no message.
    """
    return unpack(_exactly(fd, length(_exactly(fd, HEADER.size))))


def receive_with_fds(connection: socket.socket) -> tuple[object, list[int]]:
    """Read one frame and the descriptors that came with it.

    Raises:
        Gone: the other side closed.
        ProtocolError: what came is no message.
    """
    fd = connection.fileno()
    header, fds, _, _ = socket.recv_fds(connection, HEADER.size, 4)
    header += _exactly(fd, HEADER.size - len(header))
    return unpack(_exactly(fd, length(header))), fds


def _exactly(fd: int, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = os.read(fd, size - len(parts))
        if not part:
            raise Gone("closed")
        parts += part
    return bytes(parts)
