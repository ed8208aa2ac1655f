"""One forked child: locks itself in, waits for what to run, limits itself, runs it once.

What every cell needs alike is done in the zygote, once: a fork hands it on for nothing. What is
done here is done thousands of times an hour, and each object that is touched for the first time
costs a copy of its page of memory.
"""

import os
import resource
import signal
import socket
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, Protocol

from . import kernel, landlock, namespaces, seccomp
from .frames import Orders
from .orders import GIVEN, READY

CONTROL, PEER = 3, 4
_SCRATCH_KB = 8192
_FIRST_UID, _UIDS = 60_000, 5_000  # belong to nobody on common systems; below 65,534
_CHUNK = 1 << 16
_ROOM_FOR_FD = socket.CMSG_SPACE(4)
LIMITED = (
    resource.RLIMIT_CPU,
    resource.RLIMIT_AS,
    resource.RLIMIT_FSIZE,
    resource.RLIMIT_NOFILE,
    resource.RLIMIT_NPROC,
)

from_grader = Orders(CONTROL)


class Walls(Protocol):
    """What the zygote prepared for its cells."""

    own_root: bool
    processes: tuple[kernel.Call, kernel.Call] | None
    base_kb: int
    drop_uid: bool
    alone: bool
    most: tuple[int, ...]
    landlock: landlock.Ruleset | None
    seccomp: seccomp.Filter | None
    warm_up: Callable[[], None] | None  # touches, ahead of the run, the memory every run touches


Roles = Mapping[str, Callable[[dict[str, Any]], None]]


def main(walls: Walls, roles: Roles, number: int, *, scratch: bool) -> NoReturn:
    """Run one cell from fork to exit. Its descriptors are in place: 0 to 2, and `CONTROL`.

    Args:
        walls: what the zygote prepared.
        roles: what can be run, by name; loaded before the walls went up.
        number: which cell of this zygote; gives it a uid of its own when we may choose.
        scratch: whether it gets a folder to write in.
    """
    code, learners = 70, False
    try:
        _lock_in(walls, number, scratch=scratch and walls.own_root)
        if walls.warm_up is not None:
            walls.warm_up()
        os.write(CONTROL, READY)
        setup = _setup()
        for name, text in setup["files"].items() if scratch and walls.own_root else ():
            with open(f"{namespaces.SCRATCH}/{name}", "w", encoding="utf-8") as file:  # noqa: PTH123
                file.write(text)
        _limit(setup["limits"], walls)
        if walls.seccomp is not None:
            walls.seccomp.enforce()
        learners = True
        roles[setup["role"]](setup)
        code = 0
    except BaseException as wrong:  # noqa: BLE001 - whatever happens, this process must end here
        if not learners:
            os.write(2, repr(wrong).encode())  # for the grader's own log
    finally:
        os._exit(code)


def _lock_in(walls: Walls, number: int, *, scratch: bool) -> None:
    os.setsid()
    uid = _FIRST_UID + number % _UIDS
    if scratch:
        gid = os.getegid()
        namespaces.private_scratch(uid if walls.drop_uid else os.geteuid(), gid, _SCRATCH_KB)
        os.chdir(namespaces.SCRATCH)
    if walls.drop_uid:
        os.setresuid(uid, uid, uid)  # and with root go all capabilities
    else:
        kernel.drop_capabilities()
    if walls.processes is None:  # else we end with the zygote, the first process of our namespace
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if walls.landlock is not None:
        walls.landlock.enforce()
    os.closerange(GIVEN, 4096)
    if walls.seccomp is not None and walls.processes is None:  # not process 1, as was thought
        walls.seccomp = seccomp.Filter(seccomp.for_cell(kernel.MACHINE, os.getpid()))


def _setup() -> Any:  # noqa: ANN401 - what the grader sends
    """The setup, and the socket to another cell when there is one."""
    control = socket.SocketType(socket.AF_UNIX, socket.SOCK_STREAM, 0, CONTROL)
    data, _, _, _ = control.recvmsg(_CHUNK, _ROOM_FOR_FD)  # a descriptor becomes `PEER`
    control.detach()
    from_grader.add(data)
    return from_grader.receive()


def _limit(wanted: tuple[int, ...], walls: Walls) -> None:
    """Set the limits of one task, those of `LIMITED`; what none may have, the zygote limits.

    Args:
        wanted: seconds, KiB beyond the empty interpreter, bytes, open files, threads.
        walls: what the limits can be at most.
    """
    seconds, memory_kb, size, files, threads = wanted
    # Threads are counted by user: where that is a person with other processes it would hit those.
    threads = threads if walls.alone else walls.most[-1]
    values = (seconds, (walls.base_kb + memory_kb) * 1024, size, files, threads)
    for kind, value, most in zip(LIMITED, values, walls.most, strict=True):
        value = min(value, most)
        resource.setrlimit(kind, (value, value))
