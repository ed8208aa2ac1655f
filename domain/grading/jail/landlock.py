"""Landlock: the process and its children may open only what is listed here."""

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from . import kernel

_VERSION = 1  # flag of landlock_create_ruleset: return the ABI
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_FS_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # number of file rights by ABI; 16 from 5 on
READ = _READ_FILE | _READ_DIR
WRITE = READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER | _TRUNCATE
_FILE_ONLY = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE


def abi() -> int:
    """The kernel's Landlock version.

    Raises:
        OSError: it has none, or it is switched off.
    """
    return kernel.syscall(
        kernel.LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION)
    )


class Ruleset:
    """Allows reading and writing below the given paths, and nothing else.

    No TCP from version 4 on; no signals and abstract sockets to the outside from version 6 on.

    Raises:
        OSError: the kernel cannot.
    """

    def __init__(self, readable: Iterable[str], writable: Iterable[str]) -> None:
        version = abi()
        handled = (1 << _FS_RIGHTS.get(version, 16)) - 1
        size = 8 if version < 4 else 16 if version < 6 else 24
        attributes = struct.pack("QQQ", handled, 0b11, 0b11)[:size]
        self.fd = kernel.out_of_the_way(
            kernel.syscall(
                kernel.LANDLOCK_CREATE_RULESET,
                attributes,
                ctypes.c_size_t(size),
                ctypes.c_uint32(0),
            )
        )
        for paths, rights in ((readable, READ), (writable, WRITE)):
            for path in paths:
                _allow(self.fd, path, rights & handled)
        # Locks this process in; needs no_new_privs.
        self.enforce = kernel.Call(
            kernel.LANDLOCK_RESTRICT_SELF, ctypes.c_int(self.fd), ctypes.c_uint32(0)
        )


def _allow(ruleset_fd: int, path: str, rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # nothing there, or not ours to open: nothing to allow
    try:
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            rights &= _FILE_ONLY
        rule = struct.pack("=Qi", rights, fd)
        kernel.syscall(
            kernel.LANDLOCK_ADD_RULE,
            ctypes.c_int(ruleset_fd),
            ctypes.c_int(_PATH_BENEATH),
            rule,
            ctypes.c_uint32(0),
        )
    finally:
        os.close(fd)
