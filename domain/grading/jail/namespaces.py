"""Namespaces: an own root with the standard library and nothing else, no network, own processes."""

import ctypes
import os
import sys

from . import kernel

# Landlock looks at the folder above a mount point, never at the folder a mount covers: the rule
# for the scratch folder is therefore tied to the folder it is mounted in.
SCRATCH_PARENT = "/home"
SCRATCH = "/home/learner"
_WALLS = kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
_HERE = str(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - lean start


def library_folders() -> list[str]:
    """The folders of the standard library, those of `sys.path` that exist."""
    return [path for path in sys.path if os.path.isdir(path) and path != _HERE]  # noqa: PTH112


def library_paths(*, own_root: bool) -> list[str]:
    """Everything directly inside the standard library but third-party packages.

    Our own root has none of those: there the folders themselves will do, which makes few rules.
    """
    if own_root:
        return library_folders()
    return [
        f"{folder}/{name}"
        for folder in library_folders()
        for name in os.listdir(folder)  # noqa: PTH208
        if name not in ("site-packages", "dist-packages")
    ]


class Granted:
    """What the kernel granted: for each layer why it is missing, empty text where it stands.

    `processes` is what to call before a fork whose child shall be process 1 of a fresh namespace,
    and after it; None where the kernel does not allow it.
    """

    def __init__(self, why: str) -> None:
        self.missing = {"namespaces": why, "root": why, "processes": why}
        self.processes: tuple[kernel.Call, kernel.Call] | None = None


def enter() -> Granted:
    """Move this process behind as many walls as the kernel grants.

    Must be called before anything is known that a learner must not see; continues in a child
    process when process namespaces are granted (the parent waits and ends with it).
    """
    flags = _WALLS | kernel.CLONE_NEWPID
    outer = os.geteuid(), os.getegid()
    try:
        _try(flags, outer)
        _unshare(flags, outer)
    except OSError as wrong:
        return Granted(f"the kernel does not allow namespaces: {wrong.strerror}")
    _become_first_process()
    granted = Granted("")
    try:
        own = kernel.out_of_the_way(os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC))
        granted.processes = fresh_processes(own)
        for call in granted.processes:
            call()
    except OSError as wrong:
        granted.missing["processes"] = f"no fresh process namespace: {wrong.strerror}"
        granted.processes = None
    try:
        own_root()
    except OSError as wrong:
        granted.missing["root"] = f"mounting is not allowed: {wrong.strerror}"
    return granted


def fresh_processes(own: int) -> tuple[kernel.Call, kernel.Call]:
    """What to call before a fork whose child shall be process 1 of a fresh namespace, and after."""
    return (
        kernel.Call(kernel.UNSHARE, ctypes.c_ulong(kernel.CLONE_NEWPID)),
        kernel.Call(kernel.SETNS, ctypes.c_int(own), ctypes.c_int(kernel.CLONE_NEWPID)),
    )


def _try(flags: int, outer: tuple[int, int]) -> None:
    """See in a child whether it can be done: who is left half-way cannot come back.

    Raises:
        OSError: why it cannot.
    """
    child = os.fork()
    if child == 0:
        try:
            _unshare(flags, outer)
        except OSError as wrong:
            os._exit(wrong.errno or 1)
        os._exit(0)
    error = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if error:
        raise OSError(error, os.strerror(error))


def _unshare(flags: int, outer: tuple[int, int]) -> None:
    """Real root needs no user namespace; everybody else gets one."""
    if outer[0] == 0:
        try:
            kernel.unshare(flags)
        except PermissionError:  # a root without rights, as in most containers
            pass
        else:
            return
    proc = os.open("/proc", os.O_PATH | os.O_DIRECTORY)
    try:
        kernel.unshare(flags | kernel.CLONE_NEWUSER)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # else the maps belong to somebody else
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"1000 {outer[0]} 1"),
            ("gid_map", f"1000 {outer[1]} 1"),
        ):
            fd = os.open(f"self/{name}", os.O_WRONLY, dir_fd=proc)
            try:
                os.write(fd, text.encode())
            finally:
                os.close(fd)
    finally:
        os.close(proc)


def _become_first_process() -> None:
    """Go on as process 1 of the new process namespace; when it ends, all inside it end."""
    child = os.fork()
    if child:
        os.closerange(0, 256)  # the waiting parent must not hold the sockets open
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, 9)


def own_root() -> None:
    """Replace the root by an empty one with the standard library, all read-only.

    Raises:
        OSError: mounting is not allowed.
    """
    folders = library_folders()
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    handles = [os.open(folder, os.O_PATH | os.O_DIRECTORY) for folder in folders]
    try:
        # Any folder that exists will do as the mount point. Of ours nothing is needed any more.
        flags = kernel.MS_NOSUID | kernel.MS_NODEV
        kernel.mount("tmpfs", _HERE, "tmpfs", flags, "size=256k,mode=755")
        for folder, handle in zip(folders, handles, strict=True):
            target = _HERE + folder
            if os.path.isdir(target):  # noqa: PTH112 - inside a folder that is mounted already
                continue
            os.makedirs(target)  # noqa: PTH103
            kernel.mount(f"/proc/self/fd/{handle}", target, "", kernel.MS_BIND | kernel.MS_REC)
            for name in ("site-packages", "dist-packages"):
                if os.path.isdir(f"{target}/{name}"):  # noqa: PTH112
                    kernel.mount("tmpfs", f"{target}/{name}", "tmpfs", flags, "size=4k,mode=755")
        os.makedirs(_HERE + SCRATCH)  # noqa: PTH103
        os.mkdir(_HERE + "/old")  # noqa: PTH102
        kernel.pivot_root(_HERE, _HERE + "/old")
        os.chdir("/")
        kernel.unmount("/old")
        os.rmdir("/old")  # noqa: PTH106
        kernel.read_only_tree("/")
    finally:
        for handle in handles:
            os.close(handle)


def private_scratch(uid: int, gid: int, size_kb: int) -> None:
    """Mount this process's own empty scratch folder.

    Raises:
        OSError: mounting is not allowed.
    """
    kernel.unshare(kernel.CLONE_NEWNS)
    options = f"size={size_kb}k,nr_inodes=200,mode=700,uid={uid},gid={gid}"
    kernel.mount(
        "tmpfs", SCRATCH, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC, options
    )
