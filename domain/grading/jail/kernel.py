"""The kernel calls that Python 3.11 has no function for, by ctypes."""

import ctypes
import fcntl
import os
import platform

MACHINE = platform.machine()
CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_NOSUID, MS_NODEV, MS_NOEXEC = 0x2, 0x4, 0x8
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
MNT_DETACH = 2

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_NO_NEW_PRIVS = 38

# Numbers of calls without a C library function, the same on every architecture in use since 5.x.
MOUNT_SETATTR = 442
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
CAPSET = {"x86_64": 126, "aarch64": 91}.get(MACHINE)
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}.get(MACHINE)
MADV_POPULATE_READ = 22
UNSHARE = {"x86_64": 272, "aarch64": 97}.get(MACHINE)
SETNS = {"x86_64": 308, "aarch64": 268}.get(MACHINE)
PRCTL = {"x86_64": 157, "aarch64": 167}.get(MACHINE)

_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID, _MOUNT_ATTR_NODEV = 0x1, 0x2, 0x4
_M_ARENA_MAX = -8
_CAPABILITY_VERSION_3 = 0x20080522

_HIGH = 16  # where our own descriptors begin

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def syscall(number: int | None, *arguments: object) -> int:
    """A raw system call.

    Raises:
        OSError: what the kernel answered, or that this machine's number is not known.
    """
    if number is None:
        raise OSError(f"system call not known on {MACHINE}")
    return _check(_libc.syscall(ctypes.c_long(number), *arguments))


class Call:
    """A raw system call with its arguments, made ready once and made often."""

    def __init__(self, number: int | None, *arguments: object) -> None:
        self._arguments = (ctypes.c_long(-1 if number is None else number), *arguments)

    def __call__(self) -> None:
        """Make the call.

        Raises:
            OSError: what the kernel answered.
        """
        _check(_libc.syscall(*self._arguments))


def prctl(option: int, value: int = 0, pointer: object = 0) -> None:
    """Set one of this process's own attributes."""
    _check(_libc.prctl(option, ctypes.c_ulong(value), pointer, 0, 0))


def unshare(flags: int) -> None:
    """Leave the present namespaces for new ones."""
    _check(_libc.unshare(flags))


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Attach a file system to a folder."""
    _check(_libc.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode()))


def unmount(target: str) -> None:
    """Take a mount away, at once for new users, later for present ones."""
    _check(_libc.umount2(target.encode(), MNT_DETACH))


def pivot_root(new: str, old: str) -> None:
    """Make a mount the root, and put the old root below it."""
    syscall(PIVOT_ROOT, new.encode(), old.encode())


def read_only_tree(path: str) -> None:
    """Make a mount and all below it read-only, without set-user-id and devices."""

    class Attributes(ctypes.Structure):
        _fields_ = (
            ("set", ctypes.c_uint64),
            ("clear", ctypes.c_uint64),
            ("propagation", ctypes.c_uint64),
            ("userns_fd", ctypes.c_uint64),
        )

    wanted = Attributes(_MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID | _MOUNT_ATTR_NODEV, 0, 0, 0)
    syscall(
        MOUNT_SETATTR,
        ctypes.c_int(_AT_FDCWD),
        path.encode(),
        ctypes.c_uint(_AT_RECURSIVE),
        ctypes.byref(wanted),
        ctypes.c_size_t(ctypes.sizeof(wanted)),
    )


def bound_capabilities() -> None:
    """Give up gaining capabilities by running programs; those we have stay until dropped."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # not allowed to, or past the last one: nothing left to lose there
            break


# Gives up every capability, for good.
drop_capabilities = Call(
    CAPSET,
    ctypes.byref((ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)),
    ctypes.byref((ctypes.c_uint32 * 6)()),
)


def advise(start: int, size: int, advice: int) -> None:
    """Tell the kernel how memory will be used; it need not listen."""
    _libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(size), advice)


def out_of_the_way(fd: int) -> int:
    """The descriptor under a higher number, so that low ones are free for a cell's own."""
    moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _HIGH)
    os.close(fd)
    return moved


def end_on(number: int) -> None:
    """Let a signal end this process, with its number as the exit code.

    The C library's `_exit` is the handler itself, so no Python code has to get a turn, and the
    first process of a namespace, which the default action spares, ends as well.
    """
    _libc.signal(number, _libc["_exit"])


def give_back_memory() -> None:
    """Let go of the pages that hold nothing any more; a fork would copy them, an end free them."""
    if hasattr(_libc, "malloc_trim"):  # another C library keeps them
        _libc.malloc_trim(0)


def one_arena() -> None:
    """Keep malloc from reserving 64 MiB of address space for each thread."""
    _libc.mallopt(_M_ARENA_MAX, 1)
