"""The grader's side of a zygote: starting it, asking it for cells, hearing how they ended."""

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from domain.grading.cells import START_S, Cell, CellGone
from domain.grading.jail import orders
from domain.grading.jail.frames import ProtocolError
from domain.grading.model import SandboxError
from domain.grading.setups import Ended, Setup

SPARES = 2  # cells forked ahead of each kind; an evaluation takes one, or two
_FILL_AFTER_S = 0.01
# Without the hooks that `random` and others run in every child, a fork touches a quarter of the
# memory; what they are for, a cell does itself where it matters.
_BOOT = (
    "import os, sys; os.register_at_fork = lambda **_: None; sys.path.insert(0, {0!r}); "
    "from jail.zygote import main; sys.path.pop(0); main"
)


class Zygote:
    """A warm interpreter behind the walls; `start` one, then ask it for cells."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self._process, self._control = process, control
        self._cells: dict[int, Cell] = {}
        self._loop = asyncio.get_running_loop()
        self._started = 0
        self._spares: dict[bool, deque[Cell]] = {False: deque(), True: deque()}
        self._scratch_wanted = False
        self._filling: asyncio.Handle | None = None
        self.alive = True
        self.missing: dict[str, str] = {}
        self.empty = Ended(0, 0.0, 0)  # what a cell takes that is given nothing to run

    @classmethod
    async def start(cls, without: Sequence[str] = (), page: Sequence[str] = ()) -> "Zygote":
        """Start one.

        Args:
            without: names of layers to leave out, for tests.
            page: for web pages, the paths of the JavaScript engine and of the bundle.

        Raises:
            SandboxError: it did not come up.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        try:
            process = await asyncio.to_thread(_spawn, theirs.fileno(), list(without), list(page))
        finally:
            theirs.close()
        zygote = cls(process, ours)
        try:
            async with asyncio.timeout(START_S):
                body = await zygote._loop.sock_recv(ours, 65536)
            zygote.missing = json.loads(body)["ready"]
            zygote._loop.add_reader(ours, zygote._heard)
            async with await zygote._forked(scratch=False) as cell:
                zygote.empty = await cell.trial()
        except (OSError, TimeoutError, ValueError, KeyError, SandboxError) as wrong:
            await zygote.close()
            raise SandboxError(f"the sandbox process did not start: {wrong}") from wrong
        zygote.fill()
        return zygote

    @property
    def started(self) -> int:
        """How many cells it has forked."""
        return self._started

    @property
    def busy(self) -> bool:
        """Whether a cell of it is running."""
        return len(self._cells) > sum(map(len, self._spares.values()))

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
            number, code, cpu_ms, peak_kb = orders.REPORT.unpack(body)
            cell = self._cells.pop(number, None)
            if cell is not None:
                cell.has_ended(Ended(code, cpu_ms, peak_kb))
            self._fill_next()

    def _died(self) -> None:
        if not self.alive:
            return
        self.alive = False
        self._loop.remove_reader(self._control)
        for cell in self._cells.values():
            cell.has_ended(None)
        self._cells.clear()

    async def cell(self, setup: Setup, peer: socket.socket | None = None) -> Cell:
        """A cell that runs a setup: one forked ahead when there is one, else a new one.

        Args:
            setup: what to run, with which limits.
            peer: one end of a socket pair to another cell; closed here.

        Raises:
            SandboxError: the sandbox is gone.
        """
        try:
            spares = self._spares[setup.scratch]
            cell = spares.popleft() if spares else await self._forked(scratch=setup.scratch)
            self._scratch_wanted |= setup.scratch
            self._fill_later()
            try:
                await cell.begin(setup, peer)
            except (CellGone, ProtocolError) as wrong:
                with contextlib.suppress(SandboxError):
                    await cell.end()
                said = cell.errors()[-500:]
                cell.close()
                raise SandboxError(f"a cell did not start {said}".rstrip()) from wrong
            except BaseException:
                cell.close()
                raise
        finally:
            if peer:
                peer.close()
        return cell

    def _fork(self, *, scratch: bool) -> Cell:
        """Let it fork a cell, which then waits for its setup.

        Raises:
            BlockingIOError: it has more orders waiting than the socket holds.
            SandboxError: it is gone.
        """
        number = self._started + 1
        cell = Cell(lambda: self._kill(number))
        start = orders.START_WITH_FOLDER if scratch else orders.START
        try:
            self._order(start, number, cell.given)
        except BlockingIOError:
            cell.close()
            raise
        except OSError as wrong:
            self._died()
            cell.close()
            raise SandboxError("the sandbox process is gone") from wrong
        self._started = number
        self._cells[number] = cell
        cell.forget_given()
        return cell

    async def _forked(self, *, scratch: bool) -> Cell:
        while True:
            try:
                return self._fork(scratch=scratch)
            except BlockingIOError:
                await asyncio.sleep(0.001)

    def fill(self) -> None:
        """Fork ahead, so that the next evaluations find their cells waiting."""
        self._filling = None
        with contextlib.suppress(SandboxError, BlockingIOError):
            for scratch, spares in self._spares.items():
                wanted = SPARES if self._scratch_wanted or not scratch else 0
                while self.alive and len(spares) < wanted:
                    spares.append(self._fork(scratch=scratch))

    def _fill_later(self) -> None:
        """Fill up when what has just begun goes on for a while; what ends sooner does so itself."""
        if self._filling is None:
            self._filling = self._loop.call_later(_FILL_AFTER_S, self.fill)

    def _fill_next(self) -> None:
        """Fill up after whoever waits for an end has gone on, and perhaps begun the next."""
        if isinstance(self._filling, asyncio.TimerHandle):
            self._filling.cancel()
            self._filling = None
        if self._filling is None:
            self._filling = self._loop.call_soon(self._loop.call_soon, self.fill)

    def _order(self, what: bytes, number: int, fds: Sequence[int] = ()) -> None:
        socket.send_fds(self._control, [orders.ORDER.pack(what, number)], list(fds))

    async def _kill(self, number: int) -> None:
        while self.alive and number in self._cells:
            try:
                self._order(orders.KILL, number)
            except BlockingIOError:
                await asyncio.sleep(0.001)
            except OSError:
                return
            else:
                return

    async def close(self) -> None:
        """End it and everything inside."""
        self._died()
        if self._filling is not None:
            self._filling.cancel()
        for spares in self._spares.values():
            while spares:
                spares.pop().close()
        self._control.close()
        try:
            await asyncio.to_thread(self._process.wait, 5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)


def _spawn(fd: int, without: list[str], page: list[str]) -> subprocess.Popen[bytes]:
    options = {"without": without, "page": page}
    boot = _BOOT.format(str(Path(__file__).parent)) + f"({fd}, {options!r})"
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own code
        # The interpreter itself, not a virtual environment's link: nothing but the library.
        [getattr(sys, "_base_executable", sys.executable), "-I", "-S", "-X", "utf8", "-c", boot],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(fd,),
        env={"LD_BIND_NOW": "1"},  # else each cell would look up what it calls again
        cwd="/",
        start_new_session=True,
    )
