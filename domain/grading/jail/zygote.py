"""The warm interpreter that forks a cell per run; it never sees what a learner wrote.

The grader starts it as `python -I -S` with one socket, sends it orders with the cell's file
descriptors attached, and hears from it how each cell ended, measured by the kernel.
"""

import contextlib
import gc
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable
from typing import Any

from . import cell, kernel, landlock, learner, memory, namespaces, orders, seccomp, served, tester

_ROOM = socket.CMSG_SPACE(4 * orders.GIVEN)
_GIVEN = struct.pack("4i", *range(orders.GIVEN))  # the lowest free numbers, in order
_GID = 60_000
_LIMITS_FOR_ALL = (
    (resource.RLIMIT_CORE, 0),
    (resource.RLIMIT_MEMLOCK, 0),
    (resource.RLIMIT_MSGQUEUE, 0),
    (resource.RLIMIT_NICE, 0),
    (resource.RLIMIT_RTPRIO, 0),
    (resource.RLIMIT_SIGPENDING, 64),
)
_THREAD_STACK = 256 * 1024
# What beginners import often, so that it need not be found again for every run. Not more: each
# library that is loaded makes every fork a little slower.
_WARM = """
    abc ast bisect collections collections.abc contextlib copy datetime enum functools heapq io
    itertools json linecache math operator random re string struct time traceback types
"""

ROLES: cell.Roles = {
    "script": learner.run_script,
    "module": learner.answer_calls,
    "served": served.lend_objects,
    "tester": tester.main,
}


def main(control_fd: int, options: dict[str, Any]) -> None:
    """Set up the walls, say what stands, then serve orders until the grader is gone.

    Args:
        control_fd: a SOCK_SEQPACKET socket to the grader.
        options: `without`, the layers to leave out (for tests); `page`, for web pages, the paths
            of the engine and of the bundle.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    roles = dict(ROLES)
    warm_up: Callable[[], None] | None = None  # in each cell, would cost Python more than it saves
    if options.get("page"):
        from . import page

        engine = page.Engine(*options["page"])
        roles, warm_up = {"page": page.role(engine)}, engine.warm_up
    else:
        for name in _WARM.split():
            __import__(name)
        learner.PROGRAM.prepare()
        learner.warm_up()
    kernel.one_arena()
    memory.share_text()
    threading.stack_size(_THREAD_STACK)
    gc.collect()
    kernel.give_back_memory()
    without = set(options["without"])
    base_kb = _address_space_kb()
    granted = namespaces.Granted("left out")
    if "namespaces" not in without:
        granted = namespaces.enter()
    kernel.bound_capabilities()
    walls = _Walls(granted, without, base_kb, warm_up)
    control = socket.socket(fileno=kernel.out_of_the_way(control_fd))
    for fd in range(orders.GIVEN):
        with contextlib.suppress(OSError):
            os.close(fd)  # what the grader sends next takes these numbers
    os.environ.clear()
    os.environ.update(HOME=namespaces.SCRATCH, LANG="C.UTF-8", TZ="UTC")
    gc.collect()
    gc.disable()  # the cells switch it on again for the learner's objects
    gc.freeze()
    control.send(json.dumps({"ready": walls.missing}).encode())
    _Zygote(control, walls, roles).serve()


def _address_space_kb() -> int:
    with open("/proc/self/statm") as file:  # noqa: PTH123
        return int(file.read().split()[0]) * os.sysconf("SC_PAGESIZE") // 1024


class _Walls(cell.Walls):
    """What every cell of this zygote puts up; prepared once, some of it put up for all."""

    def __init__(
        self,
        granted: namespaces.Granted,
        without: set[str],
        base_kb: int,
        warm_up: Callable[[], None] | None,
    ) -> None:
        self.warm_up = warm_up
        self.own_root = not granted.missing["root"]
        self.processes = granted.processes
        self.base_kb = base_kb
        # Without namespaces of its own a root grader drops to a uid that owns nothing, if the
        # library can still be read then; a uid without capabilities is contained all the same.
        self.drop_uid = os.geteuid() == 0 and (self.own_root or _world_readable())
        self.landlock: landlock.Ruleset | None = None
        self.seccomp: seccomp.Filter | None = None
        self.missing = granted.missing | {"landlock": "left out", "seccomp": "left out"}
        if "landlock" not in without:
            try:
                readable = namespaces.library_paths(own_root=self.own_root)
                scratch = [namespaces.SCRATCH_PARENT] if self.own_root else []
                self.landlock = landlock.Ruleset(readable, scratch)
                self.missing["landlock"] = ""
            except OSError as wrong:
                self.missing["landlock"] = f"the kernel has no Landlock: {wrong.strerror}"
        if "seccomp" not in without:
            known = kernel.MACHINE in ("x86_64", "aarch64") and sys.byteorder == "little"
            if known:  # in a fresh namespace a cell is process 1
                self.seccomp = seccomp.Filter(seccomp.for_cell(kernel.MACHINE, 1))
            self.missing["seccomp"] = "" if known else f"no table for {kernel.MACHINE}"
        self._for_all()
        self.alone = self.drop_uid or not granted.missing["namespaces"]
        if self.seccomp is not None:
            seccomp.Filter(seccomp.for_all(kernel.MACHINE)).enforce()
        self.most = tuple(_most(kind) for kind in cell.LIMITED)

    def _for_all(self) -> None:
        """Put up what a fork hands on."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.umask(0o077)
        os.chdir(namespaces.SCRATCH if self.own_root else "/")
        if self.drop_uid:
            try:
                os.setgroups([])
                os.setresgid(_GID, _GID, _GID)
            except PermissionError:  # a root without rights has only its name to give up
                self.drop_uid = False
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        for kind, value in _LIMITS_FOR_ALL:
            resource.setrlimit(kind, (value, value))


def _world_readable() -> bool:
    for folder in namespaces.library_folders():
        parts = folder.split("/")
        for length in range(2, len(parts) + 1):
            if os.stat("/".join(parts[:length])).st_mode & 0o005 != 0o005:  # noqa: PTH116
                return False
    return True


def _most(kind: int) -> int:
    """How far a limit can be set."""
    soft, hard = resource.getrlimit(kind)
    most = soft if kind == resource.RLIMIT_NPROC else hard
    return most if most != resource.RLIM_INFINITY else 1 << 62


class _Zygote:
    """Forks cells on order and reports their ends."""

    def __init__(self, control: socket.socket, walls: cell.Walls, roles: cell.Roles) -> None:
        self.control, self.walls, self.roles = control, walls, roles
        self.cells: dict[int, tuple[int, int]] = {}  # pidfd -> (number, pid)
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)

    def serve(self) -> None:
        cells, poll = self.cells, self.poll.poll
        while True:
            for fd, _ in poll():
                if fd in cells:
                    self.ended(fd)
                elif not self.order():
                    return

    def order(self) -> bool:
        try:
            body, attached, _, _ = self.control.recvmsg(orders.ORDER.size, _ROOM)
        except OSError:
            return False
        if not body:
            return False
        what, number = orders.ORDER.unpack(body)
        if what != orders.KILL:
            if not attached or attached[0][2] != _GIVEN:
                return False  # out of descriptors: end, so that the grader starts another one
            self.start(number, scratch=what == orders.START_WITH_FOLDER)
        else:
            for fd, (other, _) in self.cells.items():
                if other == number:
                    signal.pidfd_send_signal(fd, signal.SIGKILL)
        return True

    def start(self, number: int, *, scratch: bool) -> None:
        processes = self.walls.processes
        if processes is not None:
            processes[0]()
        pid = os.fork()
        if pid == 0:
            cell.main(self.walls, self.roles, number, scratch=scratch)  # never returns
        if processes is not None:
            processes[1]()
        pidfd = os.pidfd_open(pid)
        os.closerange(0, orders.GIVEN)
        self.cells[pidfd] = (number, pid)
        self.poll.register(pidfd, select.POLLIN)

    def ended(self, pidfd: int) -> None:
        number, pid = self.cells.pop(pidfd)
        self.poll.unregister(pidfd)
        os.close(pidfd)
        _, status, usage = os.wait4(pid, 0)
        milliseconds = (usage.ru_utime + usage.ru_stime) * 1000
        code = os.waitstatus_to_exitcode(status)
        self.control.send(orders.REPORT.pack(number, code, milliseconds, usage.ru_maxrss))
