"""A seccomp filter: the listed system calls and no other, some only with harmless arguments.

What is not listed answers "operation not permitted"; calls of a foreign architecture kill.
"""

import ctypes
import struct
from collections.abc import Iterable

from . import kernel
from .syscalls import AUDIT_ARCH, numbers, zygotes

_LOAD, _JEQ, _JGT, _JGE, _JSET, _RET = 0x20, 0x15, 0x25, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_MODE_FILTER = 2
_X32 = 0x40000000

_CLONE_THREAD = 0x00010000
_CLONE_NEW_ANY = 0x7E020080  # every CLONE_NEW* flag
_AF_UNIX = 1
_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 1030)  # dup, flags and locks; no owner, signal, pipe size, lease
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # is it a terminal, size, cloexec, ...
_PRCTL = (15, 16)  # a thread's name

Instruction = tuple[int, int, int, int]
Case = tuple[int, int, list[Instruction]]  # first call, last call, what to do about them


def _return(verdict: int) -> Instruction:
    return (_RET, 0, 0, verdict)


_DENY = _return(_ERRNO | _EPERM)
_PERMIT = _return(_ALLOW)


def _argument(index: int, *, high: bool = False) -> Instruction:
    return (_LOAD, 0, 0, 16 + 8 * index + 4 * high)  # little-endian machines only


def _one_of(index: int, allowed: Iterable[int]) -> list[Instruction]:
    block = [_argument(index)]
    for value in allowed:
        block += [(_JEQ, 0, 1, value), _PERMIT]
    return [*block, _DENY]


def _zero(*indexes: int) -> list[Instruction]:
    block: list[Instruction] = []
    for index in indexes:
        for high in (False, True):
            block += [_argument(index, high=high), (_JEQ, 1, 0, 0), _DENY]
    return [*block, _PERMIT]


def for_all(machine: str) -> bytes:
    """The filter that the zygote puts up and every cell inherits, as the kernel wants it.

    Args:
        machine: the architecture, as `platform.machine` names it.

    Raises:
        KeyError: an architecture without a table.
    """
    table = numbers(machine) | zygotes(machine)
    special: dict[str, list[Instruction]] = {
        "clone3": [_return(_ERRNO | _ENOSYS)],  # the C library then falls back to clone
        "fcntl": _one_of(1, _FCNTL),
        "ioctl": _one_of(1, _IOCTL),
        "socketpair": _one_of(0, (_AF_UNIX,)),
        "sendto": _zero(4),
    }
    cases: list[Case] = [(table[name], table[name], block) for name, block in special.items()]
    others = (number for name, number in table.items() if name not in special)
    cases += [(low, high, [_PERMIT]) for low, high in _ranges(others)]
    return _packed(
        [
            (_LOAD, 0, 0, 4),
            (_JEQ, 1, 0, AUDIT_ARCH[machine]),
            _return(_KILL),
            (_LOAD, 0, 0, 0),
            (_JGE, 0, 1, _X32),
            _return(_KILL),
            *_search(sorted(cases, key=lambda case: case[0]), _DENY),
        ]
    )


def for_cell(machine: str, pid: int) -> bytes:
    """What a cell puts up on top: the kernel obeys whichever filter says less.

    Args:
        machine: the architecture, as `platform.machine` names it.
        pid: the cell's own id as it sees it; it may send signals to nobody else.

    Raises:
        KeyError: an architecture without a table.
    """
    table = numbers(machine)
    special: dict[str, list[Instruction]] = {
        "clone": [
            _argument(0),
            (_JSET, 0, 2, _CLONE_THREAD),
            (_JSET, 1, 0, _CLONE_NEW_ANY),
            _PERMIT,
            _DENY,
        ],
        "kill": _one_of(0, (pid,)),
        "tgkill": _one_of(0, (pid,)),
        "prctl": _one_of(0, _PRCTL),
        "prlimit64": _zero(0, 2),
    }
    cases: list[Case] = [(table[name], table[name], block) for name, block in special.items()]
    cases += [(low, high, [_DENY]) for low, high in _ranges(zygotes(machine).values())]
    return _packed([(_LOAD, 0, 0, 0), *_search(sorted(cases, key=lambda case: case[0]), _PERMIT)])


def _packed(code: Iterable[Instruction]) -> bytes:
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)


def _search(cases: list[Case], otherwise: Instruction) -> list[Instruction]:
    """A binary search: the kernel tries the filter with every call there is when it is enforced."""
    if len(cases) > 1:
        middle = len(cases) // 2
        low = _search(cases[:middle], otherwise)
        high = _search(cases[middle:], otherwise)
        return [(_JGE, len(low), 0, cases[middle][0]), *low, *high]
    first, last, block = cases[0]
    if first == last:
        return [(_JEQ, 0, len(block), first), *block, otherwise]
    return [(_JGE, 0, len(block) + 1, first), (_JGT, len(block), 0, last), *block, otherwise]


def _ranges(values: Iterable[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for value in sorted(values):
        if ranges and ranges[-1][1] == value - 1:
            ranges[-1] = (ranges[-1][0], value)
        else:
            ranges.append((value, value))
    return ranges


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


class Filter:
    """A filter in the form the kernel takes.

    Args:
        code: what `for_all` or `for_cell` gives.
    """

    def __init__(self, code: bytes) -> None:
        # Locks this process in; needs no_new_privs.
        self.enforce = kernel.Call(
            kernel.PRCTL,
            ctypes.c_long(kernel.PR_SET_SECCOMP),
            ctypes.c_long(_MODE_FILTER),
            ctypes.byref(_Program(len(code) // 8, code)),
            ctypes.c_long(0),
            ctypes.c_long(0),
        )
