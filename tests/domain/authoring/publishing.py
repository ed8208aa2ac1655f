"""Goes from one version of a course to the other and back until killed.

Arguments: the folder of a server, a database on it, a folder, the version that is published.
"""

import asyncio
import sys
from pathlib import Path

from domain.authoring import service
from domain.database import Database
from domain.postgres import EmbeddedServer
from domain.settings import load_settings


async def main():
    server = EmbeddedServer(Path(sys.argv[1])).start()
    settings = load_settings(data_dir=Path(sys.argv[3]))
    database = Database(lambda role: server.connect_arguments(role, sys.argv[2]), settings)
    version = int(sys.argv[4])
    while True:
        version = 3 - version
        async with database.worker_unit_of_work() as conn:
            await service.rollback(conn, "python-from-zero", version)
        print(version, flush=True)


asyncio.run(main())
