"""As whom the PostgreSQL programs run: an ordinary user as itself, root as nobody."""

import os
import pwd
import subprocess
import sys
from pathlib import Path
from typing import Literal

from domain.errors import StoaError
from domain.postgres import as_nobody
from domain.postgres.layout import Layout

Mode = Literal["self", "namespace", "capability"]

IN_WORDS: dict[Mode, str] = {
    "self": "as the user who runs Stoa",
    "namespace": "as nobody in a user namespace of root",
    "capability": "as the user nobody, because a user namespace of root could not be used",
}


class RootRefused(StoaError):
    """Started by root where the server can run neither in a namespace nor as another user."""


def choose_mode(layout: Layout) -> Mode:
    """How to run the programs for this data folder.

    The choice of the first start is kept beside the data, because their owner depends on it.

    Raises:
        RootRefused: started by root where nothing works.
    """
    if os.geteuid() != 0:
        return "self"
    note = layout.root / "run-as"
    kept = note.read_text().strip() if note.exists() else ""
    modes: tuple[Mode, ...] = ("namespace", "capability")
    if kept == "capability":
        modes = ("capability",)
    reasons = []
    for mode in modes:
        # In a namespace root may not pass folders that are closed and somebody else's.
        probe = [*prefix(mode), "/bin/sh", "-c", 'test -w "$0"', str(layout.root)]
        result = subprocess.run(probe, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - own arguments
        if result.returncode == 0:
            if kept != mode:
                note.write_text(mode)
            return mode
        reasons.append(result.stderr.strip() or f"{mode}: no way into {layout.root}")
    raise RootRefused(
        "PostgreSQL does not run as root, and this system allows no way around it "
        f"({'; '.join(reasons)}). Run Stoa as an ordinary user, or set STOA_DATABASE_URL."
    )


def prefix(mode: Mode) -> list[str]:
    """The words to put before a command so that it runs in this mode."""
    if mode == "self":
        return []
    nobody = pwd.getpwnam("nobody")
    launcher = str(Path(as_nobody.__file__))
    return [sys.executable, "-I", "-S", launcher, mode, str(nobody.pw_uid), str(nobody.pw_gid)]


def give_folder(folder: Path, mode: Mode) -> None:
    """Make a folder and all that is in it belong to the user the server runs as.

    Only needed, and only done, where the server runs as another user than this process.
    """
    if mode != "capability":
        return
    nobody = pwd.getpwnam("nobody")
    if folder.stat().st_uid == nobody.pw_uid:
        return
    for inside, _, names in os.walk(folder):
        for path in (inside, *(os.path.join(inside, name) for name in names)):  # noqa: PTH118 - many files
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
