"""The embedded server's life: the first process that needs it starts it, the last one stops it."""

import atexit
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Self

from domain.errors import StoaError
from domain.postgres import process
from domain.postgres.binaries import Binaries, find_binaries
from domain.postgres.layout import PORT, Layout
from domain.postgres.locks import Membership, gate
from domain.postgres.privileges import Mode, choose_mode, give_folder, prefix

SUPERUSER = "postgres"
START_TIMEOUT_S = 600  # recovery after a crash may replay gigabytes
_HANDOVER_S = 20  # how long workers of a killed server may still hold its memory
_INITDB = (
    "--username=" + SUPERUSER,
    "--encoding=UTF8",
    "--locale-provider=builtin",  # never changes with the system's C library, unlike libc
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--auth=trust",  # behind a socket in a folder of mode 0700
    "--no-instructions",
)

Say = Callable[[str], None]


class ServerFailed(StoaError):
    """The embedded server cannot be started or made; the message ends with what it said."""


def _quiet(message: str) -> None:
    """Say nothing."""


class EmbeddedServer:
    """One process's share in the server of one data folder. Calls block: use a thread.

    Args:
        data_dir: Stoa's data folder; the server lives in its subfolder `postgres`.
        bindir: folder of PostgreSQL programs; found when not given.
        extra: more settings for postgresql.conf, used when this process is the one to start it.
        say: told, in words, about steps that take long.
    """

    def __init__(
        self,
        data_dir: Path,
        bindir: Path | None = None,
        extra: Mapping[str, str] | None = None,
        say: Say = _quiet,
    ) -> None:
        self.layout = Layout(data_dir / "postgres")
        self._bindir = bindir
        self._extra = dict(extra or {})
        self._say = say
        self._membership: Membership | None = None
        self._owner = 0

    def start(self) -> Self:
        """Join the users of the server, making and starting it when needed.

        Raises:
            StoaError: no PostgreSQL, a folder that cannot be used, or a server that fails.
        """
        self.layout.make()
        with self._gate():
            if self._membership is None:
                self._membership = Membership(self.layout.users).join()
                self._owner = os.getpid()
                atexit.register(self.release)
            try:
                self._ensure()
            except BaseException:
                self._leave()
                raise
        return self

    def ensure_running(self) -> None:
        """Start the server again if somebody killed it; quick when it runs."""
        if not self._is_ready():
            with self._gate():
                self._ensure()

    def is_shared(self) -> bool:
        """Whether other processes use the server now."""
        with self._gate():
            if self._membership is None:
                return False
            is_alone = self._membership.is_last()
            self._membership.join()  # others may come again
            return not is_alone

    def release(self) -> None:
        """Leave; the last user stops the server. Safe to call twice."""
        if self._membership is None or self._owner != os.getpid():
            return  # a forked child shares its parent's lock and must not let it go
        with self._gate():
            if self._membership.is_last():
                self._stop()
            self._leave()

    def connect_arguments(
        self, user: str = SUPERUSER, database: str = "postgres"
    ) -> dict[str, object]:
        """How `asyncpg.connect` reaches the running server.

        Raises:
            ServerFailed: it does not run.
        """
        folder = str(self.socket_folder)
        return {"host": folder, "port": PORT, "user": user, "database": database, "ssl": False}

    @property
    def socket_folder(self) -> Path:
        """Where the running server's socket is.

        Raises:
            ServerFailed: it does not run.
        """
        note = process.read_note(self.layout)
        if note is None or note.socket_folder is None:
            raise ServerFailed("The embedded database is not running.")
        return note.socket_folder

    def _gate(self) -> AbstractContextManager[None]:
        return gate(
            self.layout.gate,
            lambda: self._say("Another process starts or stops the database; waiting for it..."),
        )

    def _leave(self) -> None:
        if self._membership is not None:
            self._membership.leave()
            self._membership = None
            atexit.unregister(self.release)

    def _is_ready(self) -> bool:
        note = process.read_note(self.layout)
        return (
            note is not None
            and note.status == "ready"
            and process.is_alive(note, self.layout)
            and process.accepts(note.socket_folder)
        )

    def _ensure(self) -> None:
        if self._is_ready() or self._settle():
            return
        binaries = find_binaries(self._bindir)
        mode = choose_mode(self.layout)
        if not (self.layout.data / "PG_VERSION").exists():
            self._make(binaries, mode)
        self._check_version(binaries)
        self._start(binaries, mode)

    def _settle(self) -> bool:
        """Wait for a server that is starting or stopping; True when it is ready."""
        until = time.monotonic() + START_TIMEOUT_S
        told = False
        while time.monotonic() < until:
            note = process.read_note(self.layout)
            if note is None or not process.is_alive(note, self.layout):
                return False
            if self._is_ready():
                return True
            if note.status == "ready" and not process.accepts(note.socket_folder):
                self._stop()  # its socket was removed under it
                return False
            if not told:
                self._say("Waiting for the database, which is recovering or closing...")
                told = True
            time.sleep(0.05)
        raise ServerFailed(f"The embedded database is not ready after {START_TIMEOUT_S} s.")

    def _make(self, binaries: Binaries, mode: Mode) -> None:
        self._say("Making the embedded database (first start only)...")
        # Made beside and renamed: a half-made database is thrown away at the next start.
        draft = self.layout.root / "draft"
        if draft.exists():
            shutil.rmtree(draft)
        draft.mkdir(mode=0o700)
        give_folder(draft, mode)
        initdb = [str(binaries.path("initdb")), f"--pgdata={draft}", *_INITDB]
        result = self._run([*prefix(mode), *initdb])
        if result.returncode != 0:
            raise ServerFailed(f"The database could not be made:\n{result.stderr.strip()}")
        draft.rename(self.layout.data)

    def _check_version(self, binaries: Binaries) -> None:
        made_with = (self.layout.data / "PG_VERSION").read_text().strip()
        if made_with != str(binaries.major):
            raise ServerFailed(
                f"The database in {self.layout.data} was made by PostgreSQL {made_with}; "
                f"found {binaries.version} ({binaries.origin}). Set STOA_PG_BINDIR to version "
                f"{made_with}, or move the data with pg_upgrade."
            )

    def _start(self, binaries: Binaries, mode: Mode) -> None:
        give_folder(self.layout.data, mode)
        socket_folder = self.layout.new_socket_folder()
        self.layout.write_configuration(socket_folder, self._extra)
        self.layout.rotate_log()
        command = [
            *prefix(mode),
            str(binaries.path("pg_ctl")),
            f"--pgdata={self.layout.data}",
            f"--log={self.layout.log}",
            f"--timeout={START_TIMEOUT_S}",
            "--wait",
            "--silent",
            "start",
        ]
        until = time.monotonic() + _HANDOVER_S
        while True:
            process.disown(self.layout, socket_folder)
            self._run(command)
            if self._is_ready() or self._settle():
                return
            tail = self._log_tail()
            if "shared memory block" not in tail or time.monotonic() > until:
                raise ServerFailed(f"The embedded database does not start. Its log says:\n{tail}")
            time.sleep(0.2)

    def _stop(self) -> None:
        note = process.read_note(self.layout)
        if note is None or not process.is_alive(note, self.layout):
            return
        binaries = find_binaries(self._bindir)
        command = [
            *prefix(choose_mode(self.layout)),
            str(binaries.path("pg_ctl")),
            f"--pgdata={self.layout.data}",
            f"--timeout={START_TIMEOUT_S}",
            "--mode=fast",
            "--wait",
            "--silent",
            "stop",
        ]
        self._run(command)
        if note.socket_folder not in (None, self.layout.root):
            with suppress(OSError):  # not empty: the server did not stop after all
                note.socket_folder.rmdir()

    def _log_tail(self) -> str:
        if not self.layout.log.exists():
            return "(nothing)"
        return "\n".join(self.layout.log.read_text(errors="replace").splitlines()[-12:])

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        # The server must outlive us: its own session, and nothing of our terminal or pipes.
        # Output goes to a file, because the server would keep a pipe open for ever.
        output = self.layout.root / "command.log"
        with output.open("w+") as file:
            result = subprocess.run(  # noqa: S603 - own arguments, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=self.layout.root,
                env=_environment(),
                start_new_session=True,
                check=False,
            )
            file.seek(0)
            return subprocess.CompletedProcess(command, result.returncode, "", file.read())


def _environment() -> dict[str, str]:
    # Nothing of the caller's PG* variables or locale may reach the server.
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
