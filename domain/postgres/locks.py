"""File locks that the kernel drops when their holder dies, however it dies."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self


@contextmanager
def gate(path: Path, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the only key to a file: at most one process, or thread, is inside at a time.

    Args:
        path: the lock file; made when missing.
        on_wait: called once when somebody else is inside.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class Membership:
    """One user among several of something shared; the last one to leave can know it is the last.

    Args:
        path: the lock file; made when missing.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def join(self) -> Self:
        """Count as a user from now on, until `leave` or death."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)
        return self

    def is_last(self) -> bool:
        """Whether nobody else is a user. Ask inside the gate, and leave after it."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def leave(self) -> None:
        """Stop counting as a user."""
        os.close(self._descriptor)
