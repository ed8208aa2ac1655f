"""A process that shares the embedded server; a test talks to it line by line.

Run as `python member.py FOLDER`. Answers "ready" or "refused: why", then to each line: the result
of that SQL, or for "leave", "left".
"""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import asyncpg

from domain.errors import StoaError
from domain.postgres import EmbeddedServer


async def answer(server: EmbeddedServer, statement: str) -> object:
    server.ensure_running()
    connection = await asyncpg.connect(**server.connect_arguments())
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def main() -> None:
    server = EmbeddedServer(Path(sys.argv[1]))
    try:
        server.start()
    except StoaError as error:
        print("refused:", str(error).replace("\n", " "), flush=True)
        return
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "leave":
            break
        print(asyncio.run(answer(server, line)), flush=True)
    server.release()
    print("left", flush=True)


if __name__ == "__main__":
    main()
