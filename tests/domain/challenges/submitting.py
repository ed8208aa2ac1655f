"""A Stoa process that dies between handing in and the result.

Run as `python submitting.py HOST PORT DATABASE FOLDER USER IDENTITY CHALLENGE ATTEMPT WHEN`: hands
in once, says so, and kills itself with SIGKILL: `queued` right after the commit, `running` in the
middle of grading, `finishing` when the result is written and not yet committed.
"""

import asyncio
import os
import signal
import sys
from datetime import time
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[3]))

from domain.challenges import grading, queries, running, service
from domain.clock import SystemClock
from domain.database import Database
from domain.grading import Grader
from domain.identity.rules import Learner
from domain.settings import load_settings

GOOD = 'def two_fer(name="you"):\n    return f"One for {name or \'you\'}, one for me."\n'


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def main() -> None:
    host, port, name, folder, user, identity, challenge, attempt, when = sys.argv[1:]

    def connect(role: str) -> dict[str, object]:
        return {"host": host, "port": int(port), "user": role, "database": name, "ssl": False}

    settings = load_settings(data_dir=Path(folder))
    database, clock = Database(connect, settings), SystemClock()
    learner = Learner(
        UUID(user), UUID(identity), "x", "active", False, None, "UTC", True, time(3), "full"
    )
    async with database.unit_of_work(learner.user_id) as conn:
        found = await queries.challenge(conn, learner.user_id, UUID(challenge))
        await service.submit(conn, learner, found, {"two_fer.py": GOOD}, UUID(attempt), clock.now())
    print("handed in", flush=True)
    if when == "queued":
        die()
    finish = grading.finish

    async def dying(*arguments: object) -> object:
        if when == "running":
            die()
        done = await finish(*arguments)  # type: ignore[arg-type]
        die()
        return done

    grading.finish = dying  # type: ignore[assignment]
    async with Grader() as grader:
        await running.grade(database, grader, clock, UUID(attempt), learner.user_id)
    print("still alive", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
