"""Whether the server lives, judged by the system and not by the note it left behind."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from domain.postgres.layout import SOCKET_NAME, Layout

_NO_SUCH_PROCESS = 2**31 - 1  # above every system's highest process id


@dataclass(frozen=True, slots=True)
class Note:
    """What `postmaster.pid` says."""

    pid: int
    socket_folder: Path | None
    status: str


def read_note(layout: Layout) -> Note | None:
    """The server's note, or None when there is none or it is only half written."""
    try:
        lines = layout.pid_file.read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    folder = lines[4].strip() if len(lines) > 4 else ""
    status = lines[7].strip() if len(lines) > 7 else "starting"
    return Note(pid, Path(folder) if folder else None, status)


def is_alive(note: Note, layout: Layout) -> bool:
    """Whether the process of the note is our server: not a zombie, not a stranger."""
    proc = Path("/proc", str(note.pid))
    if not Path("/proc/self").exists():
        return _can_be_signalled(note.pid)
    try:
        name, _, rest = (proc / "stat").read_text().rpartition(")")
        if rest.split()[0] in "ZX":
            return False
        try:
            return (proc / "cwd").readlink().samefile(layout.data)
        except PermissionError:
            return "(postgres" in name
    except (OSError, IndexError):
        return False


def _can_be_signalled(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def accepts(folder: Path | None) -> bool:
    """Whether somebody listens on the socket in the folder."""
    if folder is None:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(folder / SOCKET_NAME))
        except (OSError, ValueError):
            return False
        return True


def disown(layout: Layout, socket_folder: Path) -> None:
    """Make what a dead server left behind name no process. Only inside the gate.

    A zombie, or a stranger with the same id, would make PostgreSQL refuse to start. The rest of
    the note stays: PostgreSQL reads in it whether an old worker still holds the shared memory.
    """
    (socket_folder / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
    try:
        first, separator, rest = layout.pid_file.read_text().partition("\n")
    except FileNotFoundError:
        return
    if not first.strip().lstrip("-").isdigit():
        layout.pid_file.unlink()
        return
    draft = layout.pid_file.with_suffix(".new")
    draft.write_text(f"{_NO_SUCH_PROCESS}{separator}{rest}")
    draft.replace(layout.pid_file)
