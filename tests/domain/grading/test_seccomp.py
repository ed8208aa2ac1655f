"""The system call filter, run through a small interpreter of the kernel's filter language."""

import struct
from functools import cache
from itertools import pairwise

import pytest

from domain.grading.jail import seccomp
from domain.grading.jail.syscalls import AUDIT_ARCH, numbers, zygotes

ALLOW, KILL, EPERM, ENOSYS = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
MACHINES = sorted(AUDIT_ARCH)
CHECKED = {
    "clone", "clone3", "kill", "tgkill", "fcntl", "ioctl", "prctl", "socketpair", "sendto",
    "prlimit64",
}  # fmt: skip
# socket, connect, execve, ptrace, mount, unshare, setns, bpf, io_uring_setup, memfd_create, keyctl
DANGEROUS = {
    "x86_64": (41, 42, 59, 101, 165, 272, 308, 321, 425, 319, 250, 57, 58, 322, 434, 438),
    "aarch64": (198, 203, 221, 117, 40, 97, 268, 280, 425, 279, 219, 281, 434, 438),
}


@cache
def filters(machine: str) -> tuple[bytes, bytes]:
    """The zygote's, and that of process 7."""
    return seccomp.for_all(machine), seccomp.for_cell(machine, 7)


def verdict(machine: str, number: int, *arguments: int, arch: int | None = None) -> int:
    """What the two filters of process 7 say to a call; the kernel obeys the severer."""
    said = [one_verdict(code, machine, number, *arguments, arch=arch) for code in filters(machine)]
    severity = [KILL, EPERM, ENOSYS, ALLOW]
    return min(said, key=severity.index)


def one_verdict(
    code: bytes, machine: str, number: int, *arguments: int, arch: int | None = None
) -> int:
    """What one filter says, by the rules of the kernel's filter language."""
    steps = [struct.unpack_from("HBBI", code, at) for at in range(0, len(code), 8)]
    values = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number, AUDIT_ARCH[machine] if arch is None else arch, 0, *values)
    accumulator, at = 0, 0
    for _ in range(len(steps)):
        kind, yes, no, operand = steps[at]
        at += 1
        if kind == 0x06:
            return int(operand)
        if kind == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, operand)
            continue
        holds = {
            0x15: accumulator == operand,
            0x25: accumulator > operand,
            0x35: accumulator >= operand,
            0x45: bool(accumulator & operand),
        }[kind]
        at += yes if holds else no
    raise AssertionError("the filter has no end")


@pytest.mark.parametrize("machine", MACHINES)
def test_what_is_listed_is_allowed_and_nothing_else(machine: str) -> None:
    table = numbers(machine)
    plain = {number for name, number in table.items() if name not in CHECKED}
    checked = {table[name] for name in CHECKED}
    for number in range(600):
        if number not in checked:
            expected = ALLOW if number in plain else EPERM
            assert verdict(machine, number) == expected, number
    assert not plain & set(DANGEROUS[machine])
    assert len(set(table.values())) == len(table)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_zygote_may_do_little_more(machine: str) -> None:
    """What it needs to fork cells, and a cell to lock itself in; a cell loses all of it."""
    own = zygotes(machine)
    code, _ = filters(machine)
    for number in range(600):
        said = one_verdict(code, machine, number)
        if number in own.values():
            assert said == ALLOW
            assert verdict(machine, number) == EPERM
        elif number not in numbers(machine).values():
            assert said == EPERM, number
    assert not own.keys() & numbers(machine).keys()


@pytest.mark.parametrize("machine", MACHINES)
def test_arguments(machine: str) -> None:
    table = numbers(machine)

    def said(name: str, *arguments: int) -> int:
        return verdict(machine, table[name], *arguments)

    assert said("clone", 0x003D0F00) == ALLOW  # a thread
    assert said("clone", 17) == EPERM  # a fork
    assert said("clone", 0x00010000 | 0x10000000) == EPERM  # with a user namespace
    assert said("clone3") == ENOSYS
    for name in ("kill", "tgkill"):
        assert said(name, 7, 9) == ALLOW
        for other in (1, 0, 0xFFFFFFFF, 8):
            assert said(name, other, 9) == EPERM
    assert said("prlimit64", 0, 7, 0) == ALLOW
    assert said("prlimit64", 8, 7, 0) == EPERM
    assert said("prlimit64", 0, 7, 1 << 40) == EPERM
    assert said("sendto", 3, 0, 0, 0, 0) == ALLOW
    assert said("sendto", 3, 0, 0, 0, 1 << 40) == EPERM
    assert said("socketpair", 1) == ALLOW
    assert said("socketpair", 2) == EPERM
    assert said("fcntl", 1, 3) == ALLOW
    for command in (8, 10, 15, 1024, 1031, 1033):  # owner, signal, lease, pipe size, seals
        assert said("fcntl", 1, command) == EPERM
    assert said("ioctl", 1, 0x5401) == ALLOW
    assert said("ioctl", 1, 0x5412) == EPERM  # typing into the terminal
    assert said("prctl", 15) == ALLOW
    assert said("prctl", 38) == EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_foreign_conventions_are_killed(machine: str) -> None:
    others = {0x40000003, *AUDIT_ARCH.values()} - {AUDIT_ARCH[machine]}
    for arch in others:
        assert verdict(machine, 1, arch=arch) == KILL
    assert verdict(machine, 0x40000000 + 39) == KILL


def test_ranges_are_sorted_and_apart() -> None:
    ranges = seccomp._ranges([5, 1, 2, 3, 9])
    assert ranges == [(1, 3), (5, 5), (9, 9)]
    assert all(before[1] + 1 < after[0] for before, after in pairwise(ranges))
