"""The warm interpreter that forks a cell per run; it never sees what a learner wrote.

The grader starts it as `python -I -S` with one socket, sends it orders with the cell's file
descriptors attached, and hears from it how each cell ended, measured by the kernel.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

from . import cell, kernel, landlock, learner, namespaces, seccomp, served, tester

FDS_MOST = 8
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
    roles, warm_up = dict(ROLES), learner.warm_up
    if options.get("page"):
        from . import page

        engine = page.Engine(*options["page"])
        roles, warm_up = {"page": page.role(engine)}, engine.warm_up
    else:
        for name in _WARM.split():
            __import__(name)
    kernel.one_arena()
    threading.stack_size(_THREAD_STACK)
    warm_up()
    if not options.get("page"):
        warm_up = _nothing  # a second time, in each cell, would cost Python more than it saves
    without = set(options["without"])
    base_kb = _address_space_kb()
    granted = namespaces.Granted("left out")
    if "namespaces" not in without:
        granted = namespaces.enter()
    walls = _Walls(granted, without, base_kb, warm_up)
    kernel.bound_capabilities()
    control = socket.socket(fileno=control_fd)
    os.environ.clear()
    os.environ.update(HOME=namespaces.SCRATCH, LANG="C.UTF-8", TZ="UTC")
    gc.collect()
    gc.disable()  # the cells switch it on again for the learner's objects
    gc.freeze()
    control.send(json.dumps({"ready": walls.missing}).encode())
    _Zygote(control, walls, roles).serve()


def _nothing() -> None:
    pass


def _address_space_kb() -> int:
    with open("/proc/self/statm") as file:  # noqa: PTH123
        return int(file.read().split()[0]) * os.sysconf("SC_PAGESIZE") // 1024


class _Walls(cell.Walls):
    """What every cell of this zygote puts up, prepared once."""

    def __init__(
        self,
        granted: namespaces.Granted,
        without: set[str],
        base_kb: int,
        warm_up: Callable[[], None],
    ) -> None:
        self._warm_up = warm_up
        self.namespaces = not granted.missing["namespaces"]
        self.own_root = not granted.missing["root"]
        self.processes = granted.processes
        self.base_kb = base_kb
        # Without namespaces of its own a root grader drops to a uid that owns nothing, if the
        # library can still be read then; a uid without capabilities is contained all the same.
        self.drop_uid = os.geteuid() == 0 and (self.own_root or _world_readable())
        self.ruleset: int | None = None
        self.seccomp: seccomp.Filter | None = None
        self.missing = granted.missing | {"landlock": "left out", "seccomp": "left out"}
        if "landlock" not in without:
            try:
                scratch = [namespaces.SCRATCH_PARENT] if self.own_root else []
                self.ruleset = landlock.ruleset(namespaces.library_paths(), scratch)
                self.missing["landlock"] = ""
            except OSError as wrong:
                self.missing["landlock"] = f"the kernel has no Landlock: {wrong.strerror}"
        if "seccomp" not in without:
            known = kernel.MACHINE in ("x86_64", "aarch64") and sys.byteorder == "little"
            if known:
                self.seccomp = seccomp.Filter(kernel.MACHINE, 1)  # in a fresh namespace
            self.missing["seccomp"] = "" if known else f"no table for {kernel.MACHINE}"

    def warm_up(self) -> None:
        """Touch the memory that every run touches."""
        self._warm_up()


def _world_readable() -> bool:
    for folder in namespaces.library_folders():
        parts = folder.split("/")
        for length in range(2, len(parts) + 1):
            if os.stat("/".join(parts[:length])).st_mode & 0o005 != 0o005:  # noqa: PTH116
                return False
    return True


class _Zygote:
    """Forks cells on order and reports their ends."""

    def __init__(self, control: socket.socket, walls: cell.Walls, roles: cell.Roles) -> None:
        self.control, self.walls, self.roles = control, walls, roles
        self.cells: dict[int, tuple[int, int]] = {}  # pidfd -> (number, pid)
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)

    def serve(self) -> None:
        while True:
            for fd, _ in self.poll.poll():
                if fd in self.cells:
                    self.ended(fd)
                elif not self.order():
                    return

    def order(self) -> bool:
        try:
            body, fds, _, _ = socket.recv_fds(self.control, 4096, FDS_MOST)
        except OSError:
            return False
        if not body:
            return False
        order = json.loads(body)
        if "start" in order:
            self.start(order, fds)
        elif "kill" in order:
            for fd, (number, _) in self.cells.items():
                if number == order["kill"]:
                    signal.pidfd_send_signal(fd, signal.SIGKILL)
        return True

    def start(self, order: dict[str, int], fds: list[int]) -> None:
        pid = self.fork(order, fds)
        for fd in fds:
            os.close(fd)
        pidfd = os.pidfd_open(pid)
        self.cells[pidfd] = (order["start"], pid)
        self.poll.register(pidfd, select.POLLIN)

    def fork(self, order: dict[str, int], fds: list[int]) -> int:
        def fork_here() -> int:
            pid = os.fork()
            if pid == 0:
                cell.main(self.walls, self.roles, order, fds)  # never returns
            return pid

        if self.walls.processes is not None:
            return namespaces.fresh_processes(self.walls.processes, fork_here)
        return fork_here()

    def ended(self, pidfd: int) -> None:
        number, pid = self.cells.pop(pidfd)
        self.poll.unregister(pidfd)
        os.close(pidfd)
        _, status, usage = os.wait4(pid, 0)
        report = {
            "ended": number,
            "code": os.waitstatus_to_exitcode(status),
            "cpu_ms": round((usage.ru_utime + usage.ru_stime) * 1000, 2),
            "peak_kb": usage.ru_maxrss,
        }
        self.control.send(json.dumps(report).encode())
