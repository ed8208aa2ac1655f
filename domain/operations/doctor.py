"""Looks at everything Stoa stands on, and says in words what is there and what is missing.

It changes nothing. Of an embedded database it starts the server, when there is one to start.
"""

import asyncio
import os
import shutil
import stat
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import Protocol

from domain.errors import StoaError
from domain.operations.database_findings import look_at_database
from domain.operations.doors import look_at_doors
from domain.operations.findings import Finding, good, note, problem
from domain.postgres import find_binaries
from domain.settings import SECRET_FILE, Settings, unknown_variables

_LITTLE_SPACE = 1_000_000_000  # bytes


class Wall(Protocol):
    """One layer of the sandbox, as the grader describes itself."""

    @property
    def name(self) -> str:
        """Such as "seccomp"."""
        ...

    @property
    def active(self) -> bool:
        """Whether it stands on this machine."""
        ...

    @property
    def detail(self) -> str:
        """What it does, or why it does not stand."""
        ...


async def examine(
    settings: Settings,
    environment: Mapping[str, str],
    sandbox: Callable[[], Sequence[Wall]] | None = None,
) -> list[Finding]:
    """Look at everything.

    Args:
        settings: what is configured.
        environment: the process's environment variables, searched for misspelt names.
        sandbox: starts the sandbox that runs learners' programs and says what walls it has; called
            in a thread.
    """
    findings = [_python(), *_variables(environment), _data_folder(settings), _programs(settings)]
    findings += await look_at_database(settings)
    findings.append(_secret(settings))
    if sandbox is not None:
        findings += await asyncio.to_thread(_sandbox, sandbox)
    return findings + look_at_doors(settings)


def _python() -> Finding:
    words = f"{sys.version.split()[0]} on {sys.platform}; Stoa {version('stoa')}."
    if sys.platform == "win32":
        return note("Python", f"{words} The embedded database needs Linux or macOS.")
    return good("Python", words)


def _variables(environment: Mapping[str, str]) -> list[Finding]:
    return [
        note("Configuration", f"{name} is set and means nothing to Stoa. Is it misspelt?")
        for name in unknown_variables(environment)
    ]


def _data_folder(settings: Settings) -> Finding:
    folder = settings.data_dir
    try:
        if not folder.exists():
            return note("Data folder", f"{folder} is not there yet; the first start makes it.")
    except OSError as error:
        return problem("Data folder", f"{folder} cannot be used: {error.strerror}.")
    if not os.access(folder, os.W_OK | os.X_OK):
        return problem("Data folder", f"{folder} may not be written by this user.")
    mode = stat.S_IMODE(folder.stat().st_mode)
    free = shutil.disk_usage(folder).free
    words = f"{folder}, mode {mode:o}, {free / 1e9:.1f} GB free."
    if free < _LITTLE_SPACE:
        return note("Data folder", f"{words} That is little.")
    if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        return problem("Data folder", f"{words} Every user may change it. Run: chmod o-w {folder}")
    return good("Data folder", words)


def _programs(settings: Settings) -> Finding:
    try:
        found = find_binaries(settings.pg_bindir)
    except StoaError as error:
        tell = problem if settings.is_embedded else note
        return tell("PostgreSQL programs", str(error))
    return good(
        "PostgreSQL programs", f"version {found.version} in {found.folder} ({found.origin})."
    )


def _secret(settings: Settings) -> Finding:
    """Where the key comes from; whether it is the right one, the database says."""
    if settings.secret_key is not None:
        return good("Secret", "STOA_SECRET_KEY is set.")
    if not settings.is_embedded:
        return problem("Secret", "STOA_SECRET_KEY is not set. A server needs it; see the docs.")
    path = settings.data_dir / SECRET_FILE
    try:
        is_there = path.exists()
    except OSError as error:
        return problem("Secret", f"{path} cannot be read: {error.strerror}.")
    if not is_there:
        return note("Secret", f"{path} is not there yet; it is made when first needed.")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return problem("Secret", f"{path} can be read by other users. Run: chmod 600 {path}")
    return good("Secret", f"kept in {path}, readable by its owner only.")


def _sandbox(ask: Callable[[], Sequence[Wall]]) -> list[Finding]:
    try:
        walls = ask()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        return [problem("Sandbox", f"Programs of learners cannot be run here: {error}")]
    standing = [f"{wall.name} ({wall.detail})" for wall in walls if wall.active]
    findings = [note("Sandbox", f"without {w.name}: {w.detail}") for w in walls if not w.active]
    if standing:
        findings.insert(0, good("Sandbox", "; ".join(standing) + "."))
    return findings
