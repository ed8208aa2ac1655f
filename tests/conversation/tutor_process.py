"""A Stoa process that is killed while a model answers.

Run as `python tutor_process.py HOST PORT DATABASE FOLDER GEMINI KEY NAME`: asks the tutor as
somebody who has agreed to the model, and prints each part of the answer as it is shown.
"""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from bots.conversation.dialogue import Actor, Command, Incoming, Place
from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.tutoring import models_of
from domain.clock import SystemClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import load_settings


async def main() -> None:
    host, port, name, folder, url, key, learner = sys.argv[1:]
    settings = load_settings(
        data_dir=Path(folder),
        gemini_api_url=url,
        gemini_api_key=key,
        gemini_trains_on_content=False,
        tutor_fallback_model="none",
        tutor_hearts=3,
    )

    def connect(role: str) -> dict[str, object]:
        return {"host": host, "port": int(port), "user": role, "database": name, "ssl": False}

    database, clock = Database(connect, settings), SystemClock()
    async with Grader() as grader, models_of(settings) as models:
        router = Router(Services(database, clock, settings, grader, models), receipts=True)
        incoming = Incoming(
            "killed",
            clock.now(),
            Actor("terminal", learner, learner.title()),
            Place("private", learner),
            Command("ask", "why does it fail?"),
        )
        async for reply in router.answer(incoming):
            print(repr(reply.text), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
