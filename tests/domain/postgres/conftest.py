"""A private place for servers of these tests, and processes that share one, as two kinds of user.

When the tests run as root each test runs twice: as root, and in a process of the user nobody.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from domain.postgres import EmbeddedServer, process

# Another Python of the same version can use what is installed for ours.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONPATH": sysconfig.get_paths()["platlib"]}
SCRIPT = Path(__file__).with_name("member.py")


class Member:
    """A process that shares the server."""

    def __init__(self, folder: Path, user: int | None, python: str) -> None:
        self._process = subprocess.Popen(
            [python, "-B", str(SCRIPT), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            env=ENVIRONMENT,
        )

    def line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def ask(self, line: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self.line()

    def kill(self) -> None:
        self._process.kill()
        self.end()

    def end(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(60)


def _can_start(python: str, user: int) -> bool:
    try:
        probe = subprocess.run(
            [python, "-B", str(SCRIPT), "/proc/nowhere"],
            capture_output=True,
            text=True,
            user=user,
            group=user,
            extra_groups=[],
            cwd="/",
            env=ENVIRONMENT,
            check=False,
        )
    except OSError:
        return False
    return probe.stdout.startswith("refused:")


@cache
def _nobody() -> tuple[int, str]:
    """The user nobody and a Python it may start; our own is often below a private home."""
    if os.getuid() != 0:
        pytest.skip("only root can start a process as another user")
    user = pwd.getpwnam("nobody").pw_uid
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/local/bin/{version}", f"/usr/bin/{version}"):
        if _can_start(python, user):
            return user, python
    pytest.skip("this checkout or every Python like ours is closed to the user nobody")


@pytest.fixture(params=["myself", "nobody"])
def user(request: pytest.FixtureRequest) -> int | None:
    """As whom the members run; None: as the user who runs the tests."""
    return None if request.param == "myself" else _nobody()[0]


@contextmanager
def _private_folder(user: int | None) -> Iterator[Path]:
    private = Path(tempfile.mkdtemp(prefix="stoa-lifecycle-"))
    data = private / "home" / "stoa"
    data.mkdir(parents=True)
    data.parent.chmod(0o700)
    if user is not None:
        for path in (private, data.parent, data):
            os.chown(path, user, user)
    yield data
    layout = EmbeddedServer(data).layout
    note = process.read_note(layout)
    if note is not None and process.is_alive(note, layout):
        os.kill(note.pid, signal.SIGQUIT)
        while process.is_alive(note, layout):
            time.sleep(0.01)
    shutil.rmtree(private)


@pytest.fixture
def folder(user: int | None) -> Iterator[Path]:
    """A data folder of the user's below a private one; whatever runs there is ended."""
    with _private_folder(user) as path:
        yield path


@pytest.fixture
def own_folder() -> Iterator[Path]:
    """The same for the user who runs the tests."""
    with _private_folder(None) as path:
        yield path


@pytest.fixture
def join(folder: Path, user: int | None) -> Iterator[Callable[[], Member]]:
    """Starts one more process that shares the server, and waits until it does."""
    members: list[Member] = []

    def start() -> Member:
        python = sys.executable if user is None else _nobody()[1]
        members.append(Member(folder, user, python))
        return members[-1]

    yield start
    for member in members:
        member.kill()
