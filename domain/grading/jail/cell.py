"""One forked child: locks itself in, waits for what to run, limits itself, runs it once."""

import os
import resource
import signal
import socket
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, Protocol

from . import kernel, landlock, namespaces, seccomp
from .frames import receive_with_fds, send

CONTROL, PEER = 3, 4
_SCRATCH_KB = 8192
_FIRST_UID, _UIDS = 60_000, 5_000  # belong to nobody on common systems; below 65,534


class Walls(Protocol):
    """What the zygote prepared for its cells."""

    namespaces: bool
    own_root: bool
    processes: int | None
    base_kb: int
    drop_uid: bool
    ruleset: int | None
    seccomp: seccomp.Filter | None
    missing: dict[str, str]

    def warm_up(self) -> None:
        """Touch, ahead of the run, the memory that every run touches."""


Roles = Mapping[str, Callable[[dict[str, Any]], None]]


def main(walls: Walls, roles: Roles, order: Mapping[str, int], fds: list[int]) -> NoReturn:
    """Run one cell from fork to exit.

    Args:
        walls: what the zygote prepared.
        roles: what can be run, by name; loaded before the walls went up.
        order: `start`, which cell of this zygote (gives it a uid of its own when we may choose),
            and `scratch`, whether it gets a folder to write in.
        fds: standard input, output, error and the control socket.
    """
    code, learners = 70, False
    try:
        _keep_only(fds, walls)
        scratch = bool(order.get("scratch")) and walls.own_root
        _lock_in(walls, order["start"], scratch=scratch)
        walls.warm_up()
        used = resource.getrusage(resource.RUSAGE_SELF)
        used_ms = round((used.ru_utime + used.ru_stime) * 1000, 2)
        send(CONTROL, {"ready": [used.ru_maxrss, used_ms]})
        setup = _setup()
        for name, text in setup["files"].items() if scratch else ():
            with open(f"{namespaces.SCRATCH}/{name}", "w", encoding="utf-8") as file:  # noqa: PTH123
                file.write(text)
        _limit(setup["limits"], walls)
        if walls.seccomp is not None:
            seccomp.enforce(walls.seccomp)
        send(CONTROL, {"locked": True})
        learners = True
        roles[setup["role"]](setup)
        code = 0
    except BaseException as wrong:  # noqa: BLE001 - whatever happens, this process must end here
        if not learners:
            os.write(2, repr(wrong).encode())  # for the grader's own log
    finally:
        os._exit(code)


def _keep_only(fds: list[int], walls: Walls) -> None:
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    high = [os.dup2(fd, 100 + index, inheritable=False) for index, fd in enumerate(fds)]
    ruleset = os.dup2(walls.ruleset, 150) if walls.ruleset is not None else None
    for index, fd in enumerate(high):
        os.dup2(fd, index)
    os.closerange(len(fds), 150)
    os.closerange(151 if ruleset else 150, 4096)
    walls.ruleset = ruleset


def _setup() -> Any:  # noqa: ANN401 - what the grader sends
    """The setup, and the socket to another cell when there is one."""
    with socket.socket(fileno=os.dup(CONTROL)) as control:
        setup, fds = receive_with_fds(control)
    for fd in fds:
        if fd != PEER:
            os.dup2(fd, PEER)
            os.close(fd)
    return setup


def _lock_in(walls: Walls, number: int, *, scratch: bool) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    uid, gid = os.geteuid(), os.getegid()
    if walls.drop_uid:
        uid = gid = _FIRST_UID + number % _UIDS
    if scratch:
        namespaces.private_scratch(uid, gid, _SCRATCH_KB)
    os.chdir(namespaces.SCRATCH if walls.own_root else "/")
    if walls.drop_uid:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)  # a change of uid clears it
    os.umask(0o077)
    if walls.ruleset is not None:
        landlock.enforce(walls.ruleset)
    if walls.seccomp is not None and walls.seccomp.pid != os.getpid():
        walls.seccomp = seccomp.Filter(kernel.MACHINE, os.getpid())


def _limit(limits: dict[str, Any], walls: Walls) -> None:
    memory = (walls.base_kb + limits["memory_kb"]) * 1024
    # The count is by user: where that is a person with other processes it would hit those first.
    alone = walls.namespaces or walls.drop_uid
    threads = limits["threads"] if alone else resource.getrlimit(resource.RLIMIT_NPROC)[0]
    for kind, value in (
        (resource.RLIMIT_CPU, limits["cpu_s"]),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, limits["output_bytes"]),
        (resource.RLIMIT_NOFILE, limits["files"]),
        (resource.RLIMIT_NPROC, threads),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_NICE, 0),
        (resource.RLIMIT_RTPRIO, 0),
        (resource.RLIMIT_SIGPENDING, 64),
    ):
        resource.setrlimit(kind, (value, value))
