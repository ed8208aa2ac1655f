"""Programs of ours in processes of their own, which tests kill."""

import asyncio
import sys
from pathlib import Path

from domain.postgres import EmbeddedServer

ROOT = Path(__file__).parents[2]
Process = asyncio.subprocess.Process


async def start(script: str, server: EmbeddedServer, name: str, *more: object) -> Process:
    """Start a script of this folder on a database and wait until it says that it is ready.

    Args:
        script: its file name.
        server: has the database.
        name: of the database.
        more: further arguments.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "tests" / "support" / script),
        f"postgresql://postgres@/{name}?host={server.socket_folder}&port=5432",
        *map(str, more),
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


async def kill(process: Process) -> None:
    """SIGKILL, when it still runs; then wait until nothing of it is left in this process."""
    if process.returncode is None:
        process.kill()
    await process.communicate()
