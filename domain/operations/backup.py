"""A copy of the database in one file, written whole or not at all."""

import asyncio
import os
import secrets
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.errors import StoaError
from domain.operations.programs import ProgramFailed, connection_of, run_program
from domain.postgres import EmbeddedServer, find_binaries
from domain.settings import SECRET_FILE, Settings

_MEGABYTE = 1_000_000


class BackupFailed(StoaError):
    """No backup was written; the message says why."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup.

    Args:
        path: the file, in PostgreSQL's custom format, readable by its owner only.
        size: bytes.
        tables: how many tables' rows it holds, read back from the file.
        keep_too: a file that is not in it and without which parts of it cannot be read; None:
            what `STOA_SECRET_KEY` is set to.
    """

    path: Path
    size: int
    tables: int
    keep_too: Path | None

    def render(self) -> str:
        """What was done and how to use it, in words."""
        lines = [
            f"Backup written: {self.path} ({self.size / _MEGABYTE:.1f} MB, {self.tables} tables).",
            "To restore it, point STOA_DATA_DIR or STOA_DATABASE_URL at a new, empty database and "
            "run:",
            f"  stoa backup --restore {shlex.quote(str(self.path))}",
        ]
        key = self.keep_too or "STOA_SECRET_KEY"
        lines.append(f"Keep {key} as well, in another place: it is not inside.")
        return "\n".join(lines)


async def make_backup(
    settings: Settings, target: Path | None, now: datetime, say: Callable[[str], None]
) -> Backup:
    """Write a backup of the configured database.

    Args:
        settings: which database.
        target: the file; without it one named after the time, below the data folder.
        now: the time of it.
        say: told, in words, how far it is.

    Raises:
        BackupFailed: the file exists, its folder does not, or pg_dump failed.
        StoaError: PostgreSQL's programs or the database are not there.
    """
    path = target or _default_path(settings, now)
    if path.exists():
        raise BackupFailed(f"{path} exists already. Choose another name, or remove it first.")
    if not path.parent.is_dir():
        raise BackupFailed(f"The folder {path.parent} does not exist.")
    binaries = find_binaries(settings.pg_bindir)
    dump, restore = binaries.path("pg_dump"), binaries.path("pg_restore")
    server = None
    if settings.is_embedded:
        server = EmbeddedServer(settings.data_dir, settings.pg_bindir, say=say)
        await asyncio.to_thread(server.start)
    try:
        arguments, environment = connection_of(settings, server)
        if server is None:  # as the role that row-level security lets see everybody's rows
            arguments.append("--role=stoa_worker")
        tables = await _write(path, [str(dump), *arguments], environment, str(restore), say)
    except ProgramFailed as error:
        raise BackupFailed(f"No backup was written. {error}") from error
    finally:
        if server is not None:
            await asyncio.to_thread(server.release)
    key = settings.data_dir / SECRET_FILE
    keep_too = key if settings.is_embedded and key.exists() else None
    return Backup(path, path.stat().st_size, tables, keep_too)


def _default_path(settings: Settings, now: datetime) -> Path:
    folder = settings.data_dir / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"stoa-{now:%Y%m%d-%H%M%S}.dump"


async def _write(
    path: Path,
    dump: list[str],
    environment: dict[str, str],
    restore: str,
    say: Callable[[str], None],
) -> int:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")

    def tell() -> None:
        say(f"{draft.stat().st_size / _MEGABYTE:.0f} MB written...")

    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        command = [*dump, "--format=custom", "--no-password", "--lock-wait-timeout=60s"]
        await run_program(command, environment, descriptor, tell)
        os.fsync(descriptor)
        contents = await run_program([restore, "--list", str(draft)], {}, None, tell)
        tables = sum(" TABLE DATA " in line for line in contents.splitlines())
        if tables == 0:
            raise BackupFailed("The database has no tables yet. Run: stoa migrate")
        _publish(draft, path)
    finally:
        os.close(descriptor)
        draft.unlink()
    return tables


def _publish(draft: Path, path: Path) -> None:
    """Give the finished file its name; unlike a rename, never replaces what another just wrote."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise BackupFailed(f"{path} exists already. Choose another name.") from None
