"""Runs a PostgreSQL program for root, which PostgreSQL refuses to serve. A program of its own.

`python -I -S as_nobody.py MODE UID GID PROGRAM ARGUMENTS...`

- `namespace`: in a new user namespace in which root is called UID. For the rest of the system the
  program is still root's: nothing is chowned and no folder is opened.
- `capability`: as the real user UID, allowed to pass folders that are closed to it, because the
  data folder may lie below a private one. For systems that refuse user namespaces.

Exit code 96: the mode is not possible here. Otherwise the program's own.
"""

import ctypes
import os
import sys
from collections.abc import Callable

_CLONE_NEWUSER = 0x10000000
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE = 1
_PR_SET_KEEPCAPS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 8, 47, 2
NOT_POSSIBLE = 96


def _call(function: Callable[..., int], *arguments: object) -> None:
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:  # noqa: PTH123 - keeps the start of this program short
        file.write(text)


def _enter_namespace(libc: ctypes.CDLL, uid: int, gid: int) -> None:
    _call(libc.unshare, _CLONE_NEWUSER)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} 0 1")
    _write("/proc/self/gid_map", f"{gid} 0 1")


def _drop_all_but_passage(libc: ctypes.CDLL, uid: int, gid: int) -> None:
    _call(libc.prctl, _PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    mask = 1 << _CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)  # effective, permitted, inheritable
    _call(libc.capset, header, data)
    _call(libc.prctl, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


def main(arguments: list[str]) -> None:
    """Change who we are and become the program."""
    mode, uid, gid, *command = arguments
    libc = ctypes.CDLL(None, use_errno=True)
    change = {"namespace": _enter_namespace, "capability": _drop_all_but_passage}[mode]
    try:
        change(libc, int(uid), int(gid))
    except (OSError, AttributeError) as error:
        sys.stderr.write(f"{mode}: {error}\n")
        sys.exit(NOT_POSSIBLE)
    os.execv(command[0], command)  # noqa: S606 - that is the point


if __name__ == "__main__":
    main(sys.argv[1:])
