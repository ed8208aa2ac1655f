"""The grader's side of a zygote: starting it, asking it for cells, hearing how they ended."""

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from domain.grading.cells import Cell, CellGone, Ended, OutOfTime, Setup
from domain.grading.jail.frames import ProtocolError
from domain.grading.model import SandboxError

_START_S = 20.0  # for an interpreter to start on a very busy machine
_BOOT = "import sys; sys.path.insert(0, {0!r}); from jail.zygote import main; sys.path.pop(0); main"


class Zygote:
    """A warm interpreter behind the walls; `start` one, then ask it for cells."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self._process, self._control = process, control
        self._cells: dict[int, asyncio.Future[Ended]] = {}
        self._loop = asyncio.get_running_loop()
        self._started = 0
        self.alive = True
        self.missing: dict[str, str] = {}

    @classmethod
    async def start(cls, without: Sequence[str] = ()) -> "Zygote":
        """Start one.

        Args:
            without: names of layers to leave out, for tests.

        Raises:
            SandboxError: it did not come up.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        try:
            process = await asyncio.to_thread(_spawn, theirs.fileno(), list(without))
        finally:
            theirs.close()
        zygote = cls(process, ours)
        try:
            async with asyncio.timeout(_START_S):
                body = await zygote._loop.sock_recv(ours, 65536)
            zygote.missing = json.loads(body)["ready"]
        except (OSError, TimeoutError, ValueError, KeyError) as wrong:
            await zygote.close()
            raise SandboxError("the sandbox process did not start") from wrong
        zygote._loop.add_reader(ours, zygote._heard)
        return zygote

    @property
    def started(self) -> int:
        """How many cells it has forked."""
        return self._started

    @property
    def busy(self) -> bool:
        """Whether a cell of it is running."""
        return bool(self._cells)

    def _heard(self) -> None:
        while True:
            try:
                body = self._control.recv(65536)
            except BlockingIOError:
                return
            except OSError:
                body = b""
            if not body:
                self._died()
                return
            report = json.loads(body)
            waiting = self._cells.pop(report["ended"], None)
            if waiting is not None and not waiting.done():
                waiting.set_result(Ended(report["code"], report["cpu_ms"], report["peak_kb"]))

    def _died(self) -> None:
        if not self.alive:
            return
        self.alive = False
        self._loop.remove_reader(self._control)
        for waiting in self._cells.values():
            if not waiting.done():
                waiting.set_exception(SandboxError("the sandbox process ended"))
                waiting.exception()  # whoever waits sees it; nobody has to
        self._cells.clear()

    async def cell(self, setup: Setup, peer: socket.socket | None = None) -> Cell:
        """Fork a cell and hand it its setup; returns when it is locked in.

        Args:
            setup: what to run, with which limits.
            peer: one end of a socket pair to another cell; closed here.

        Raises:
            SandboxError: the cell did not come up.
        """
        self._started += 1
        number = self._started
        ended: asyncio.Future[Ended] = self._loop.create_future()
        cell = Cell(lambda: self._kill(number), ended, setup.stdin)
        self._cells[number] = ended
        try:
            fds = [*cell.given, *([peer.fileno()] if peer else [])]
            await self._order({"start": number}, fds)
        except OSError as wrong:
            self._died()
            cell.close()
            raise SandboxError("the sandbox process is gone") from wrong
        finally:
            cell.forget_given()
            if peer:
                peer.close()
        try:
            await cell.send(setup.message())
            ready = await cell.receive(_START_S)
            cell.empty_kb = int(str(ready["ready"]))
        except (CellGone, OutOfTime, ProtocolError, KeyError, ValueError) as wrong:
            said = cell.errors()[-500:]
            with contextlib.suppress(SandboxError):
                await cell.end()
            cell.close()
            raise SandboxError(f"a cell did not start {said}".rstrip()) from wrong
        except BaseException:
            cell.close()
            raise
        return cell

    async def _order(self, order: Mapping[str, object], fds: Sequence[int] = ()) -> None:
        body = json.dumps(order).encode()
        while True:
            try:
                socket.send_fds(self._control, [body], list(fds))
            except BlockingIOError:
                await asyncio.sleep(0.001)
            else:
                return

    async def _kill(self, number: int) -> None:
        if self.alive and number in self._cells:
            with contextlib.suppress(OSError):
                await self._order({"kill": number})

    async def close(self) -> None:
        """End it and everything inside."""
        self._died()
        self._control.close()
        try:
            await asyncio.to_thread(self._process.wait, 5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)


def _spawn(fd: int, without: list[str]) -> subprocess.Popen[bytes]:
    boot = _BOOT.format(str(Path(__file__).parent)) + f"({fd}, {{'without': {without!r}}})"
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own code
        # The interpreter itself, not a virtual environment's link: nothing but the library.
        [getattr(sys, "_base_executable", sys.executable), "-I", "-S", "-X", "utf8", "-c", boot],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(fd,),
        env={},
        cwd="/",
        start_new_session=True,
    )
