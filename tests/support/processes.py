"""Programs of ours in processes of their own, which tests kill."""

from domain.postgres import EmbeddedServer
from tests.support.children import ROOT, Process, Program

__all__ = ["KEY", "ROOT", "Process", "address_of", "kill", "start"]

KEY = {"STOA_SECRET_KEY": "k" * 40}  # a server wants one, the same in every process


def address_of(server: EmbeddedServer, name: str) -> str:
    """The address of a database of the tests' server."""
    return f"postgresql://postgres@/{name}?host={server.socket_folder}&port=5432"


async def start(script: str, server: EmbeddedServer, name: str, *more: object) -> Process:
    """Start a script of this folder on a database and wait until it says that it is ready.

    Args:
        script: its file name.
        server: has the database.
        name: of the database.
        more: further arguments.
    """
    arguments = [address_of(server, name), *map(str, more)]
    path = ROOT / "tests" / "support" / script
    process = await Process.begin(Program("", arguments, {"PATH": "", **KEY}, ROOT, path))
    assert await process.stdout.readline() == b"ready\n"
    return process


async def kill(process: Process) -> None:
    """SIGKILL, when it still runs; then wait until nothing of it is left in this process."""
    if process.returncode is None:
        process.kill()
    await process.communicate()
