"""The grader's side of one cell: talking to it, reading what it printed, ending it."""

import asyncio
import contextlib
import os
import re
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from domain.grading.jail.frames import HEADER, LARGEST, ProtocolError, length, pack, unpack
from domain.grading.model import Json, Limits, SandboxError

_CHUNK = 1 << 16
_WRITERS = ("script", "module", "served")
_TOUCHES_FILES = re.compile(
    r"\b(open|Path|pathlib|io|os|tempfile|shutil|fileinput|linecache|tokenize|runpy|sqlite3|dbm"
    r"|shelve|zipfile|tarfile|gzip|bz2|lzma|logging|configparser|mmap|ctypes|importlib|inspect"
    r"|__\w+__|exec|eval|builtins|getattr|codecs|posix|sys)\b"
).search
_BUFFERED_MOST = LARGEST + HEADER.size + _CHUNK


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

    @property
    def scratch(self) -> bool:
        """Whether the run needs a folder to write in; mounting one costs a third of a run.

        A program that names nothing that leads to a file cannot miss it.
        """
        return self.role in _WRITERS and any(map(_TOUCHES_FILES, self.files.values()))

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
    """One run. Use as an async context manager: leaving it kills what is left and measures.

    It is forked ahead, waits behind its walls, and runs once it is given a setup. Its first frame
    says how large the empty interpreter is, its second that limits and filter stand; after that
    learner code runs in it, and nothing it says is believed.
    """

    def __init__(self, kill: Callable[[], Awaitable[None]], ended: asyncio.Future[Ended]) -> None:
        self._kill, self._ended = kill, ended
        self._loop = asyncio.get_running_loop()
        self._socket, self._theirs = socket.socketpair()
        self._socket.setblocking(False)
        self._in = os.memfd_create("in", os.MFD_CLOEXEC)
        self._out = os.memfd_create("out", os.MFD_CLOEXEC)
        self._err = os.memfd_create("err", os.MFD_CLOEXEC)
        self.given = (self._in, self._out, self._err, self._theirs.fileno())
        self.empty_kb = 0
        self.empty_cpu_ms = 0.0
        self._open = True
        self._locked_in = False
        self._buffer = bytearray()
        self._closed_there = False
        self._waiting: asyncio.Future[None] | None = None
        self._loop.add_reader(self._socket, self._readable)
        self._reading = True

    def forget_given(self) -> None:
        """Close our copy of what only the cell needs."""
        self._theirs.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        with contextlib.suppress(SandboxError):
            await self.end()
        self.close()

    async def begin(self, setup: Setup, peer: socket.socket | None = None) -> None:
        """Give it its setup; it runs as soon as it has limited itself.

        Args:
            setup: what to run, with which limits.
            peer: one end of a socket pair to another cell.

        Raises:
            CellGone: nobody is there.
        """
        if setup.stdin:
            os.pwrite(self._in, setup.stdin, 0)
        message = pack(setup.message())
        if peer is not None:
            try:
                sent = socket.send_fds(self._socket, [message], [peer.fileno()])
            except OSError as wrong:
                raise CellGone from wrong
            message = message[sent:]
        await self._send(message)

    async def send(self, message: object) -> None:
        """Send one frame.

        Raises:
            CellGone: nobody is there.
        """
        await self._send(pack(message))

    async def _send(self, data: bytes) -> None:
        try:
            sent = self._socket.send(data)
        except BlockingIOError:
            sent = 0
        except OSError as wrong:
            raise CellGone from wrong
        if sent < len(data):
            try:
                await self._loop.sock_sendall(self._socket, data[sent:])
            except OSError as wrong:
                raise CellGone from wrong

    async def receive(self, seconds: float) -> dict[str, object]:
        """The next frame.

        Raises:
            OutOfTime: none within `seconds`; the cell is killed.
            CellGone: it ended.
            ProtocolError: what came is no frame; the cell is killed.
            SandboxError: it ended before any learner code ran in it.
        """
        try:
            if not self._locked_in:
                await self._enter()
            message = self._next()
            if message is None:
                async with asyncio.timeout(seconds):
                    message = await self._awaited()
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

    async def _enter(self) -> None:
        """Hear that the walls stand.

        Raises:
            SandboxError: they do not.
        """
        try:
            async with asyncio.timeout(START_S):
                ready: Any = await self._awaited()
                locked: Any = await self._awaited()
            self.empty_kb, self.empty_cpu_ms = ready["ready"]
            self._locked_in = locked["locked"]
        except (CellGone, TimeoutError, ProtocolError, LookupError, TypeError, ValueError) as wrong:
            said = self.errors()[-500:]
            raise SandboxError(f"a cell did not start {said}".rstrip()) from wrong

    async def _awaited(self) -> object:
        while (message := self._next()) is None:
            if self._closed_there:
                raise CellGone
            self._read_on()
            self._waiting = self._loop.create_future()
            try:
                await self._waiting
            finally:
                self._waiting = None
        return message

    def _next(self) -> object | None:
        """The frame that has arrived, if one has; a frame of null is a breach."""
        buffer = self._buffer
        if len(buffer) < HEADER.size:
            return None
        end = HEADER.size + length(bytes(buffer[: HEADER.size]))
        if len(buffer) < end:
            return None
        message = unpack(bytes(buffer[HEADER.size : end]))
        del buffer[:end]
        return False if message is None else message

    def _readable(self) -> None:
        try:
            part = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        self._buffer += part
        self._closed_there = not part
        if self._closed_there or len(self._buffer) > _BUFFERED_MOST:
            self._stop_reading()  # a flood waits outside
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _read_on(self) -> None:
        if not self._reading and not self._closed_there:
            self._reading = True
            self._loop.add_reader(self._socket, self._readable)

    def _stop_reading(self) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._socket)

    def quiet(self) -> bool:
        """Whether nothing unasked has come, and nobody has hung up."""
        if self._buffer or self._closed_there:
            return False
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    async def finish(self, seconds: float) -> Ended:
        """Wait until it ends by itself; after `seconds` it is killed."""
        if self._ended.done():
            return self._ended.result()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await asyncio.shield(self._ended)
        return await self.end()

    async def end(self) -> Ended:
        """Kill it if it runs, and say how it ended.

        Raises:
            SandboxError: the zygote is gone.
        """
        if self._ended.done():
            return self._ended.result()
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
        return os.pread(self._out, min(most, max(0, self.printed() - start)), start).decode(
            "utf-8", "replace"
        )

    def errors(self) -> str:
        """What it wrote to standard error."""
        return os.pread(self._err, 65536, 0).decode("utf-8", "replace")

    def close(self) -> None:
        """Let go of its descriptors."""
        if self._open:
            self._open = False
            self._stop_reading()
            self._theirs.close()
            self._socket.close()
            for fd in (self._in, self._out, self._err):
                os.close(fd)


START_S = 20.0  # for a process to come up on a very busy machine
