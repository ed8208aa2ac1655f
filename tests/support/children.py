"""Starting programs of ours in processes that begin in a moment (see `nursery`)."""

import asyncio
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, Self

ROOT = Path(__file__).parents[2]
STOA = "stoa"  # in the place of a module: the command of that name


@dataclass(frozen=True, slots=True)
class Program:
    """What is run.

    Args:
        module: of Python, or `STOA`.
        arguments: without the program's own name.
        environment: all of it.
        folder: where it runs.
        path: of a file that is run instead of a module.
    """

    module: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    path: Path | None = None


class _Nursery:
    """The nursery of this process, which ends with it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        environment = {name: one for name, one in os.environ.items() if name in {"PATH", "HOME"}}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.nursery", str(theirs.fileno())],
                cwd=ROOT,
                env={**environment, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._socket = ours
        self._one_at_a_time = threading.Lock()
        assert self._line() == b"ready", "the nursery did not start"

    def begin(self, program: Program, files: Sequence[int], *, terminal: bool) -> tuple[int, int]:
        """A child's number, and the pipe that says how it ended."""
        told, tell = os.pipe()
        wish = {
            "module": program.module,
            "path": None if program.path is None else str(program.path),
            "arguments": list(program.arguments),
            "environment": dict(program.environment),
            "folder": str(program.folder),
            "terminal": terminal,
        }
        with self._one_at_a_time:
            line = json.dumps(wish).encode() + b"\n"
            sent = socket.send_fds(self._socket, [line], [*files, tell])
            self._socket.sendall(line[sent:])
            os.close(tell)
            return int(self._line()), told

    def _line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            part = self._socket.recv(64)
            assert part, "the nursery ended"
            line += part
        return line.strip()


_only_one = threading.Lock()
_made = cache(_Nursery)


def _nursery() -> _Nursery:
    """The one nursery, also when two threads ask for it at the same time."""
    with _only_one:
        return _made()


class Child:
    """A program in a process of its own. Use it as a context manager.

    Args:
        program: what is run.
        terminal: the descriptor of a terminal for all its input and output; else three pipes.
        stdout: a descriptor to write to instead of a pipe.
        stderr: the same.
    """

    def __init__(
        self,
        program: Program,
        *,
        terminal: int | None = None,
        stdout: int | None = None,
        stderr: int | None = None,
    ) -> None:
        self.returncode: int | None = None
        self.stdin: BinaryIO | None = None
        self.stdout: BinaryIO | None = None
        self.stderr: BinaryIO | None = None
        if terminal is not None:
            self.pid, self._told = _nursery().begin(program, [terminal] * 3, terminal=True)
            return
        given, put = os.pipe()
        self.stdin = os.fdopen(put, "wb")
        theirs = [given]
        if stdout is None:
            out, their_out = os.pipe()
            self.stdout = os.fdopen(out, "rb")
            theirs.append(their_out)
        if stderr is None:
            err, their_err = os.pipe()
            self.stderr = os.fdopen(err, "rb")
            theirs.append(their_err)
        files = [given, stdout or their_out, stderr or their_err]
        self.pid, self._told = _nursery().begin(program, files, terminal=False)
        for one in theirs:
            os.close(one)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.wait()
        self.close()

    def close(self) -> None:
        """Close the pipes that are still open."""
        for pipe in (self.stdin, self.stdout, self.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what was written last came too late
                    pipe.close()

    def fileno(self) -> int:
        """A descriptor that can be read when the program has ended."""
        return self._told

    def poll(self) -> int | None:
        """How it ended, or None."""
        with selectors.DefaultSelector() as ready:
            if self.returncode is None:
                ready.register(self._told, selectors.EVENT_READ)
                if ready.select(0):
                    self._end()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end.

        Raises:
            TimeoutError: it did not come in so many seconds.
        """
        with selectors.DefaultSelector() as ready:
            if self.returncode is None:
                ready.register(self._told, selectors.EVENT_READ)
                if not ready.select(timeout):
                    raise TimeoutError(f"still running after {timeout} s")
                self._end()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def communicate(self, given: bytes = b"", timeout: float | None = None) -> tuple[bytes, bytes]:
        """Write all input, read all output, wait for the end; in pipes.

        Raises:
            TimeoutError: it took longer; the program is killed then.
        """
        assert self.stdin is not None
        ends = time.monotonic() + timeout if timeout is not None else None
        found: dict[str, bytes] = {"stdout": b"", "stderr": b""}
        with selectors.DefaultSelector() as ready:
            pipes = {"stdin": self.stdin}
            if given:
                os.set_blocking(self.stdin.fileno(), False)
                ready.register(self.stdin, selectors.EVENT_WRITE, "stdin")
            else:
                self.stdin.close()
            for name, pipe in (("stdout", self.stdout), ("stderr", self.stderr)):
                if pipe is not None:
                    pipes[name] = pipe
                    ready.register(pipe, selectors.EVENT_READ, name)
            while ready.get_map():
                left = None if ends is None else max(0.0, ends - time.monotonic())
                happened = ready.select(left)
                if not happened and left is not None:
                    self.kill()
                    raise TimeoutError(f"still running after {timeout} s")
                for key, _ in happened:
                    if key.data == "stdin":
                        try:
                            given = given[os.write(key.fd, given[: 1 << 15]) :]
                        except BrokenPipeError:
                            given = b""
                        over = not given
                    else:
                        found[key.data] += (part := os.read(key.fd, 1 << 16))
                        over = not part
                    if over:
                        ready.unregister(key.fileobj)
                        pipes[key.data].close()
        self.wait(None if ends is None else max(0.0, ends - time.monotonic()))
        return found["stdout"], found["stderr"]

    def _end(self) -> None:
        said = os.read(self._told, 64)
        os.close(self._told)
        self.returncode = int(said) if said else -signal.SIGKILL  # the nursery is gone, too


class Process:
    """The same for tests with a loop; make it with `begin`. It reads like one of asyncio's."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._transports: list[asyncio.ReadTransport] = []
        self.pid = child.pid
        self.stdout, self.stderr = asyncio.StreamReader(), asyncio.StreamReader()

    @classmethod
    async def begin(cls, program: Program, *, errors: bool = False) -> Self:
        """Start a program with an empty input.

        Args:
            program: what is run.
            errors: read what it says on standard error; else it goes where ours goes.
        """
        child = await asyncio.to_thread(Child, program, stderr=None if errors else 2)
        assert child.stdin is not None
        child.stdin.close()
        made = cls(child)
        for reader, pipe in ((made.stdout, child.stdout), (made.stderr, child.stderr)):
            if pipe is None:
                reader.feed_eof()
            else:
                await made._connect(reader, pipe)
        return made

    async def _connect(self, reader: asyncio.StreamReader, pipe: BinaryIO) -> None:
        loop = asyncio.get_running_loop()
        connected = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
        self._transports.append(connected[0])

    @property
    def returncode(self) -> int | None:
        """How it ended, or None."""
        return self._child.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        self._child.send_signal(number)

    def kill(self) -> None:
        """SIGKILL."""
        self._child.kill()

    def terminate(self) -> None:
        """SIGTERM."""
        self._child.terminate()

    async def wait(self) -> int:
        """Wait for the end."""
        loop = asyncio.get_running_loop()
        while self._child.poll() is None:
            ended: asyncio.Future[None] = loop.create_future()
            loop.add_reader(self._child.fileno(), _set, ended)
            try:
                await ended
            finally:
                loop.remove_reader(self._child.fileno())
        return self._child.wait()

    async def communicate(self) -> tuple[bytes, bytes]:
        """Read all output and wait for the end."""
        out, err, _ = await asyncio.gather(self.stdout.read(), self.stderr.read(), self.wait())
        for transport in self._transports:
            transport.close()
        return out, err


def _set(ended: asyncio.Future[None]) -> None:
    if not ended.done():
        ended.set_result(None)
