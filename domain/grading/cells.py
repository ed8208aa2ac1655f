"""The grader's side of one cell: talking to it, reading what it printed, ending it."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Self

from domain.grading.jail.frames import HEADER, ProtocolError, length, pack, unpack
from domain.grading.model import Json, Limits, SandboxError


class CellGone(Exception):
    """The cell ended, or closed its connection."""


class OutOfTime(Exception):
    """The cell did not answer before its deadline; it has been killed."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a cell ended, as the kernel measured it. Negative codes are signals."""

    code: int
    cpu_ms: float
    peak_kb: int


@dataclass(frozen=True, slots=True)
class Setup:
    """What a cell is told at its start."""

    role: str
    limits: Limits
    files: Mapping[str, str]
    main: str
    cpu_s: int
    stdin: bytes = b""

    def message(self) -> dict[str, Json]:
        """The first frame."""
        return {
            "role": self.role,
            "files": dict(self.files),
            "main": self.main,
            "limits": {
                "time_s": self.limits.time_s,
                "cpu_s": self.cpu_s,
                "memory_kb": self.limits.memory_mb * 1024,
                "output_bytes": self.limits.output_kb * 1024,
                "files": self.limits.files,
                "threads": self.limits.threads,
            },
        }


class Cell:
    """One run. Use as an async context manager: leaving it kills what is left and measures."""

    def __init__(
        self, kill: Callable[[], Awaitable[None]], ended: asyncio.Future[Ended], stdin: bytes
    ) -> None:
        self._kill, self._ended = kill, ended
        self._loop = asyncio.get_running_loop()
        self._socket, theirs = socket.socketpair()
        self._socket.setblocking(False)
        source = os.memfd_create("in", os.MFD_CLOEXEC)
        os.write(source, stdin)
        os.lseek(source, 0, os.SEEK_SET)
        self._out = os.memfd_create("out", os.MFD_CLOEXEC)
        self._err = os.memfd_create("err", os.MFD_CLOEXEC)
        self._mine: list[socket.socket | int] = [theirs, source]
        self.given = (source, self._out, self._err, theirs.fileno())
        self.empty_kb = 0
        self._open = True

    def forget_given(self) -> None:
        """Close our copies of what only the cell needs."""
        for end in self._mine:
            if isinstance(end, int):
                os.close(end)
            else:
                end.close()
        self._mine.clear()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        with contextlib.suppress(SandboxError):
            await self.end()
        self.close()

    async def send(self, message: object) -> None:
        """Send one frame.

        Raises:
            CellGone: nobody is there.
        """
        try:
            await self._loop.sock_sendall(self._socket, pack(message))
        except OSError as wrong:
            raise CellGone from wrong

    async def receive(self, seconds: float) -> dict[str, object]:
        """The next frame.

        Raises:
            OutOfTime: none within `seconds`; the cell is killed.
            CellGone: it ended.
            ProtocolError: what came is no frame; the cell is killed.
        """
        try:
            async with asyncio.timeout(seconds):
                size = length(await self._exactly(HEADER.size))
                message = unpack(await self._exactly(size))
        except TimeoutError as wrong:
            await self.end()
            raise OutOfTime from wrong
        except ProtocolError:
            await self.end()
            raise
        if not isinstance(message, dict):
            await self.end()
            raise ProtocolError("not a message")
        return message

    async def _exactly(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            try:
                part = await self._loop.sock_recv(self._socket, size - len(parts))
            except OSError as wrong:
                raise CellGone from wrong
            if not part:
                raise CellGone
            parts += part
        return bytes(parts)

    def quiet(self) -> bool:
        """Whether nothing unasked is waiting to be read."""
        try:
            return not self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False

    async def finish(self, seconds: float) -> Ended:
        """Wait until it ends by itself; after `seconds` it is killed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await asyncio.shield(self._ended)
        return await self.end()

    async def end(self) -> Ended:
        """Kill it if it runs, and say how it ended.

        Raises:
            SandboxError: the zygote is gone.
        """
        await self._kill()
        return await asyncio.shield(self._ended)

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._ended.done()

    def printed(self) -> int:
        """How many bytes are on its standard output."""
        return os.fstat(self._out).st_size

    def output(self, start: int = 0, most: int = 1 << 23) -> str:
        """What it printed from byte `start` on."""
        return os.pread(self._out, most, start).decode("utf-8", "replace")

    def errors(self) -> str:
        """What it wrote to standard error."""
        return os.pread(self._err, 65536, 0).decode("utf-8", "replace")

    def close(self) -> None:
        """Let go of its descriptors."""
        if self._open:
            self._open = False
            self.forget_given()
            self._socket.close()
            os.close(self._out)
            os.close(self._err)
