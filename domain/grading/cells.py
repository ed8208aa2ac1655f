"""The grader's side of one cell: talking to it, reading what it printed, ending it."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Self

from domain.grading.jail.frames import HEADER, LARGEST, Frames, ProtocolError, order
from domain.grading.jail.orders import READY
from domain.grading.model import SandboxError
from domain.grading.setups import Ended, Setup

START_S = 20.0  # for a process to come up on a very busy machine
_CHUNK = 1 << 16
_OUTPUT_MOST = 1 << 23
_BUFFERED_MOST = LARGEST + HEADER.size + _CHUNK


class CellGone(Exception):
    """The cell ended, or closed its connection."""


class OutOfTime(Exception):
    """The cell did not answer before its deadline; it has been killed."""


class Cell:
    """One run. Use as an async context manager: leaving it kills what is left and measures.

    It is forked ahead and says in one byte that it waits behind its walls. Given a setup, it limits
    itself and runs; from then on learner code runs in it, and nothing it says is believed.

    Args:
        kill: asks the zygote to kill it.
    """

    def __init__(self, kill: Callable[[], Awaitable[None]]) -> None:
        self._kill = kill
        self._loop = asyncio.get_running_loop()
        self._socket, self._theirs = socket.socketpair()
        self._socket.setblocking(False)
        self._in = os.memfd_create("in", os.MFD_CLOEXEC)
        self._out = os.memfd_create("out", os.MFD_CLOEXEC)
        self._err = os.memfd_create("err", os.MFD_CLOEXEC)
        self.given = (self._in, self._out, self._err, self._theirs.fileno())
        self._frames = Frames()
        self._ended: Ended | None = None
        self._lost = False
        self._open = True
        self._ready = False
        self._reading = False
        self._closed_there = False
        self._waiting: asyncio.Future[bool] | None = None

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
        message = setup.message()
        if peer is not None:
            try:
                sent = socket.send_fds(self._socket, [message], [peer.fileno()])
            except OSError as wrong:
                raise CellGone from wrong
            message = message[sent:]
        await self._send(message)
        self._readable()  # most often it says at once that it is ready
        self._read_on()

    async def trial(self) -> Ended:
        """End it as soon as it is ready: what an empty interpreter takes.

        Raises:
            SandboxError: it did not come up.
        """
        self._read_on()
        await self._enter()
        return await self.end()

    async def send(self, *messages: object) -> None:
        """Send messages of builtin values.

        Raises:
            CellGone: nobody is there.
        """
        await self._send(b"".join(map(order, messages)))

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
        await self._enter()
        try:
            message = await self._awaited(seconds)
        except (OutOfTime, ProtocolError):
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
        while not self._ready:
            if self._closed_there or not await self._news(START_S):
                raise SandboxError(f"a cell did not start {self.errors()[-500:]}".rstrip())

    async def _awaited(self, seconds: float) -> object:
        while (message := self._frames.next()) is None:
            if self._closed_there:
                raise CellGone
            self._read_on()
            if not await self._news(seconds):
                raise OutOfTime
        return message[0]

    async def _news(self, seconds: float | None) -> bool:
        """Wait until something has come or it has ended; false when neither did in time."""
        waiting: asyncio.Future[bool] = self._loop.create_future()
        self._waiting = waiting
        alarm = None if seconds is None else self._loop.call_later(seconds, self._wake, waiting)
        try:
            return await waiting
        finally:
            self._waiting = None
            if alarm is not None:
                alarm.cancel()

    def _wake(self, waiting: asyncio.Future[bool] | None, news: bool = False) -> None:
        if waiting is not None and not waiting.done():
            waiting.set_result(news)

    def _readable(self) -> None:
        try:
            part = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        self._closed_there = not part
        if not self._ready and part.startswith(READY):
            self._ready = True
            part = part[len(READY) :]
        self._frames.add(part)
        if self._closed_there or len(self._frames) > _BUFFERED_MOST:
            self._stop_reading()  # a flood waits outside
        self._wake(self._waiting, news=True)

    def _read_on(self) -> None:
        if not self._reading and not self._closed_there:
            self._reading = True
            self._loop.add_reader(self._socket.fileno(), self._readable)

    def _stop_reading(self) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._socket.fileno())

    def quiet(self) -> bool:
        """Whether nothing unasked has come, and nobody has hung up."""
        if len(self._frames) or self._closed_there:
            return False
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def has_ended(self, ended: Ended | None) -> None:
        """Hear from the zygote how it ended; None when there is no zygote any more."""
        self._ended, self._lost = ended, ended is None
        self._wake(self._waiting, news=True)

    async def finish(self, seconds: float) -> Ended:
        """Wait until it ends by itself; after `seconds` it is killed.

        Raises:
            SandboxError: the zygote is gone.
        """
        self._stop_reading()  # its last words are heard
        while not self.over:
            if not await self._news(seconds):
                await self._kill()
                seconds = START_S
        if self._ended is None:
            raise SandboxError("the sandbox process ended")
        return self._ended

    async def end(self) -> Ended:
        """Kill it if it runs, and say how it ended.

        Raises:
            SandboxError: the zygote is gone.
        """
        if not self.over:
            await self._kill()
        return await self.finish(START_S)

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._ended is not None or self._lost

    def printed(self) -> int:
        """How many bytes are on its standard output."""
        return os.fstat(self._out).st_size

    def output(self, start: int = 0, end: int = _OUTPUT_MOST) -> str:
        """What it printed from byte `start` on, up to byte `end`."""
        if end <= start:
            return ""
        size = max(0, min(end, self.printed()) - start)
        return os.pread(self._out, min(size, _OUTPUT_MOST), start).decode("utf-8", "replace")

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
