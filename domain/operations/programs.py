"""Runs PostgreSQL's own programs on the configured database."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from domain.database import DATABASE
from domain.errors import StoaError
from domain.postgres import EmbeddedServer
from domain.postgres.server import SUPERUSER
from domain.settings import ConfigurationError, Settings

_PROGRESS_S = 2.0


class ProgramFailed(StoaError):
    """A program of PostgreSQL failed; the message is what it said."""


def connection_of(
    settings: Settings, server: EmbeddedServer | None
) -> tuple[list[str], dict[str, str]]:
    """What tells a PostgreSQL program where to connect: arguments and environment.

    The password never stands on a command line, where every user of the machine could read it.

    Args:
        settings: which database.
        server: the embedded server, when there is one; reached as its superuser.
    """
    if server is not None:
        where = {"PGHOST": str(server.socket_folder), "PGUSER": SUPERUSER}
        return [f"--dbname={DATABASE}"], where
    secret = settings.database_url_direct or settings.database_url
    if secret is None:
        raise ConfigurationError("STOA_DATABASE_URL is not set.")
    parts = urlsplit(secret.get_secret_value())
    login, at, host = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    address = urlunsplit(parts._replace(netloc=f"{user}{at}{host}"))
    environment = {"PGPASSWORD": unquote(password)} if password else {}
    return [f"--dbname={address}"], environment


async def run_program(
    command: list[str],
    environment: dict[str, str],
    output: int | None,
    tell: Callable[[], None],
) -> str:
    """Run one to its end, however long it takes.

    Args:
        command: the program and its arguments.
        environment: variables beside the harmless ones.
        output: a file it writes to; without one its output is the result.
        tell: called now and then while it runs.

    Raises:
        ProgramFailed: it failed; holds what it said.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE if output is None else output,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **environment},
    )
    progress = asyncio.create_task(_progress(tell))
    try:
        answer, complaint = await process.communicate()
    finally:
        progress.cancel()
        if process.returncode is None:  # cancelled: do not leave it writing
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode:
        words = complaint.decode(errors="replace").strip()
        raise ProgramFailed(f"{Path(command[0]).name} said:\n{words}")
    return (answer or b"").decode(errors="replace")


async def _progress(tell: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(_PROGRESS_S)
        tell()
