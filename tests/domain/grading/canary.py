"""Something of the machine's that must stay unharmed, whatever runs in the sandbox."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

_SLEEPS = "import time\nprint('up', flush=True)\ntime.sleep(900)"


class Canary:
    """A process, a file anybody may write, and listening sockets, of the attacker's own user.

    Args:
        python: an interpreter that the user may run.
        user: its number; None for whoever runs the tests.
    """

    def __init__(self, python: str, user: int | None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="stoa-canary-"))
        self.folder.chmod(0o777)
        self.file = self.folder / "secret.txt"
        self.file.write_text("secret")
        self.file.chmod(0o666)
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.name = f"stoa-canary-{os.getpid()}-{id(self)}"
        self.local = [socket.socket(socket.AF_UNIX) for _ in range(2)]
        for one, address in zip(
            self.local, (str(self.folder / "socket"), f"\0{self.name}"), strict=True
        ):
            one.bind(address)
            one.listen()
        (self.folder / "socket").chmod(0o777)
        self.process = subprocess.Popen(
            [python, "-I", "-S", "-c", _SLEEPS],
            stdout=subprocess.PIPE,
            cwd="/",
            user=user,
            group=user,
            extra_groups=[] if user is not None else None,
        )
        assert self.process.stdout is not None
        self.process.stdout.readline()
        self._before = self._state()

    def _state(self) -> tuple[object, ...]:
        pid = self.process.pid
        return (
            os.getpriority(os.PRIO_PROCESS, pid),
            os.sched_getaffinity(pid),
            os.sched_getscheduler(pid),
            Path(f"/proc/{pid}/limits").read_text(),
            sorted(path.name for path in self.folder.iterdir()),
            self.file.read_text(),
        )

    def fill_in(self, source: str) -> str:
        """A program with what it attacks."""
        for name, value in (
            ("FILE", self.file),
            ("FOLDER", self.folder),
            ("NAME", self.name),
            ("PORT", self.tcp.getsockname()[1]),
            ("PID", self.process.pid),
        ):
            source = source.replace(f"CANARY_{name}", str(value))
        return source

    def callers(self) -> int:
        """How many have connected since this was last asked."""
        count = 0
        for one in (self.tcp, *self.local):
            one.setblocking(False)
            try:
                while True:
                    one.accept()[0].close()
                    count += 1
            except BlockingIOError:
                continue
        return count

    def unharmed(self) -> bool:
        """Whether it lives as it did, nobody wrote to it, and nobody called."""
        return self.process.poll() is None and self._state() == self._before and not self.callers()

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.communicate()
        for one in (self.tcp, *self.local):
            one.close()
        shutil.rmtree(self.folder)
