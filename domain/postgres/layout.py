"""The embedded server's files: where they are, what is written in them, who may open them."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from domain.errors import StoaError

PORT = 5432  # only names the socket file: the server listens on no network address
SOCKET_NAME = f".s.PGSQL.{PORT}"
_SOCKET_PATH_LIMIT = 103  # bytes: macOS allows 104 with the closing zero, Linux 108
_LOG_LIMIT = 5_000_000  # bytes

# Later lines win, so a local file can tune the server and cannot open it to the network.
_CONFIGURATION = """\
# Written at every start. Put settings of your own in {local}.
timezone = 'UTC'
log_timezone = 'UTC'
jit = off
fsync = on
log_destination = 'stderr'
log_min_messages = warning
{extra}{include}listen_addresses = ''
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
"""
_HOST_BASED_ACCESS = """\
# Written at every start. Only the socket, and only who may enter its folder (mode 0700).
local all all trust
"""


class FolderProblem(StoaError):
    """A folder cannot be used safely; the message says why."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one embedded server below a data folder.

    Args:
        root: the folder `postgres` in the data folder.
    """

    root: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.root / "data"

    @property
    def gate(self) -> Path:
        """Locked while the server is started or stopped."""
        return self.root / "gate.lock"

    @property
    def users(self) -> Path:
        """Locked, shared, by each process that uses the server."""
        return self.root / "users.lock"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.root / "server.log"

    @property
    def pid_file(self) -> Path:
        """PostgreSQL's own note about the running server."""
        return self.data / "postmaster.pid"

    def make(self) -> None:
        """Make the folder, and the data folder around it, for their owner only.

        The modes of folders that exist stay as they are.

        Raises:
            FolderProblem: it cannot be made, or belongs to somebody else.
        """
        try:
            self.root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.root.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise FolderProblem(
                f"The folder {self.root} cannot be made: {error.strerror}."
            ) from error
        _check_private(self.root)

    def new_socket_folder(self) -> Path:
        """A folder of mode 0700 whose path is short enough for a socket."""
        if len(os.fsencode(self.root / SOCKET_NAME)) <= _SOCKET_PATH_LIMIT:
            return self.root
        name = f"stoa-{os.geteuid()}-{hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]}"
        for base in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):  # noqa: S108 - checked below
            folder = Path(base or "/", name)
            if base and len(os.fsencode(folder / SOCKET_NAME)) <= _SOCKET_PATH_LIMIT:
                try:
                    folder.mkdir(mode=0o700, exist_ok=True)
                    _check_private(folder)
                except (OSError, FolderProblem):
                    continue
                return folder
        raise FolderProblem(
            f"The path {self.root} is too long for a socket, and no temporary folder could be "
            "used instead. Set STOA_DATA_DIR to a shorter path."
        )

    def rotate_log(self) -> None:
        """Put a long log aside, so that at most two of them exist."""
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))

    def write_configuration(self, socket: Path, extra: Mapping[str, str]) -> None:
        """Write postgresql.conf and pg_hba.conf for the next start."""
        local = self.root / "postgresql.local.conf"
        text = _CONFIGURATION.format(
            local=local,
            include=f"include '{_quoted(local)}'\n" if local.exists() else "",
            extra="".join(f"{name} = '{_quoted(value)}'\n" for name, value in extra.items()),
            port=PORT,
            socket=_quoted(socket),
        )
        for name, content in (("postgresql.conf", text), ("pg_hba.conf", _HOST_BASED_ACCESS)):
            draft = self.data / f"{name}.new"
            draft.write_text(content)
            draft.replace(self.data / name)


def _quoted(value: Path | str) -> str:
    return str(value).replace("\\", "\\\\").replace("'", "''")


def _check_private(folder: Path) -> None:
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise FolderProblem(f"{folder} is not a folder.")
    if status.st_uid != os.geteuid():
        raise FolderProblem(f"The folder {folder} belongs to another user.")
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise FolderProblem(
            f"The folder {folder} is open to other users. Close it first: chmod 700 '{folder}'"
        )
