"""A Stoa process that dies in the middle of a quiz.

Run as `python quiz_process.py HOST PORT DATABASE FOLDER NAME LINE...`: types each line, prints the
last reply, and kills itself with SIGKILL while the line after the last is being answered.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.terminal.door import Door
from domain.clock import SystemClock
from domain.database import Database
from domain.grading import Grader
from domain.quizzes import asking
from domain.settings import load_settings


async def main() -> None:
    host, port, name, folder, learner, *lines = sys.argv[1:]
    settings = load_settings(data_dir=Path(folder))

    def connect(role: str) -> dict[str, object]:
        return {"host": host, "port": int(port), "user": role, "database": name, "ssl": False}

    database, clock = Database(connect, settings), SystemClock()
    async with Grader() as grader:
        router = Router(Services(database, clock, settings, grader))
        door = Door(router, clock, learner, Path(folder))
        for line in lines:
            replies = [reply async for reply in door.hear(line)]
            print(replies[-1].text, flush=True)
        kept = asking._keep_place

        async def die(*arguments: Any) -> None:
            await kept(*arguments)
            os.kill(os.getpid(), signal.SIGKILL)

        asking._keep_place = die  # type: ignore[assignment]  # the answer is written, but not committed
        async for reply in door.hear("b"):
            print("still alive", reply.text, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
