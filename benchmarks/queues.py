"""Jobs and the outbox: what enqueueing costs a request, and how fast work and messages flow.

    python -m benchmarks.queues [--seconds 2] [--jobs 2000] [--messages 4000]

The first part enqueues one job per transaction, from many clients, without PgQueuer's NOTIFY
trigger (as shipped) and with it, in turns. The second lets one worker drain jobs that do nothing,
and the third lets one sender send messages to a platform that answers at once.
"""

import argparse
import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from pgqueuer.adapters.persistence.schema_ddl import render_function, render_trigger
from pgqueuer.domain.schema.notify import notify_function, notify_trigger

from benchmarks.home import Home, default_folder, open_home
from benchmarks.timing import Times, machine, table
from bots.conversation.dialogue import Platform, Reply
from bots.delivery import Delivery
from domain.clock import SystemClock
from domain.database import Database
from domain.jobs.engine import NAMES, PgQueuerJobs
from domain.jobs.port import Job
from domain.jobs.posting import enqueue
from domain.notifications.outbox import post
from domain.notifications.rules import Message, Outcome
from domain.sql import sql

NAME = "stoa_queues"
CLIENTS = (1, 8)
ROUNDS = 3
AT_ONCE = 50  # messages in flight
POSTED_TOGETHER = 500

_USER = sql("INSERT INTO users DEFAULT VALUES RETURNING id")
_ACCOUNT = sql(
    "INSERT INTO identities (user_id, provider, subject) VALUES (:user, 'telegram', '1')"
)


class Nowhere:
    """A platform that takes everything at once."""

    platform: Platform = "telegram"
    address: str | None = None

    async def send(self, address: str, reply: Reply) -> Outcome:  # noqa: ARG002
        """It arrived."""
        return Outcome("sent")


async def enqueueing(database: Database, clients: int, seconds: float) -> Times:
    """How long each transaction that enqueues one job took."""
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def client() -> None:
        while (began := time.perf_counter()) < end:
            async with database.unit_of_work() as conn:
                await enqueue(conn, Job("nothing", {"n": 1}))
            took.append(time.perf_counter() - began)

    await asyncio.gather(*(client() for _ in range(clients)))
    return Times(tuple(took))


async def compare_trigger(home: Home, database: Database, seconds: float) -> list[list[str]]:
    """Rows of the first table: clients, what was measured without and with the trigger."""
    drop = f"DROP FUNCTION IF EXISTS {NAMES.qualified.function} CASCADE"
    function = render_function(notify_function(NAMES), NAMES)
    make = f"{function}\n{render_trigger(notify_trigger(NAMES), NAMES)}"
    rows = []
    for clients in CLIENTS:
        both: dict[str, list[float]] = {"without": [], "with": []}
        for _ in range(ROUNDS):
            for name, taken in both.items():
                async with home.owner(NAME) as owner:
                    await owner.execute(make if name == "with" else drop)
                    await owner.execute("TRUNCATE jobs.pgqueuer, jobs.pgqueuer_log")
                taken += (await enqueueing(database, clients, seconds)).seconds
        async with home.owner(NAME) as owner:
            await owner.execute(drop)
        for name, taken in both.items():
            times = Times(tuple(taken))
            per_second = len(taken) / (seconds * ROUNDS)
            rows.append(
                [
                    f"{clients} at once, {name} the trigger",
                    f"{per_second:,.0f}",
                    f"{times.p50:.2f}",
                    f"{times.p99:.2f}",
                ]
            )
    return rows


async def draining(database: Database, jobs: int) -> float:
    """Jobs per second that one worker does, when they do nothing."""
    async with database.worker_unit_of_work() as conn:
        for _ in range(jobs):
            await enqueue(conn, Job("nothing"))
    queue = PgQueuerJobs(database, Random(1))

    async def nothing(_: Mapping[str, Any]) -> None:
        return

    queue.handle("nothing", nothing)
    began = time.perf_counter()
    await queue.drain()
    return jobs / (time.perf_counter() - began)


async def sending(database: Database, messages: int) -> tuple[float, float]:
    """Messages per second that are posted, and that one sender claims, sends and settles."""
    clock = SystemClock()
    async with database.worker_unit_of_work() as conn:
        user = (await conn.execute(_USER)).scalar_one()
        await conn.execute(_ACCOUNT, {"user": user})
    began = time.perf_counter()
    for start in range(0, messages, POSTED_TOGETHER):
        async with database.unit_of_work(user) as conn:
            for number in range(start, min(messages, start + POSTED_TOGETHER)):
                text, values = "Number {n}.", {"n": number}
                await post(conn, Message(f"{number}", "news", text, values, clock.now(), user))
    posted = messages / (time.perf_counter() - began)
    async with database.worker_unit_of_work() as conn:  # a chat has one in flight
        await conn.exec_driver_sql("UPDATE outbox SET address = (random() * 1000)::int::text")
    delivery = Delivery(database, clock, Random(1), Nowhere(), at_once=AT_ONCE)
    began, sent = time.perf_counter(), 0
    while batch := await delivery.deliver():
        sent += batch
    return posted, sent / (time.perf_counter() - began)


async def latency(database: Database, jobs: int = 20) -> Times:
    """How long an idle worker takes to begin a job, at its usual poll."""
    started: dict[int, float] = {}
    took: list[float] = []
    queue, stop = PgQueuerJobs(database, Random(1)), asyncio.Event()

    async def begin(payload: Mapping[str, Any]) -> None:
        took.append(time.perf_counter() - started[payload["n"]])

    queue.handle("look", begin)
    running = asyncio.create_task(queue.run(stop))
    random = Random(2)
    for number in range(jobs):
        await asyncio.sleep(random.random() / 2)
        started[number] = time.perf_counter()
        async with database.unit_of_work() as conn:
            await enqueue(conn, Job("look", {"n": number}))
    await asyncio.sleep(timedelta(seconds=2).total_seconds())
    stop.set()
    await running
    return Times(tuple(took))


async def main(folder: Path | None, seconds: float, jobs: int, messages: int) -> None:
    """Measure and print."""
    async with open_home(folder) as home:
        await home.make(NAME)
        database = home.database(NAME)
        try:
            print(machine())
            rows = await compare_trigger(home, database, seconds)
            print(table(["enqueue in a transaction", "per second", "p50 ms", "p99 ms"], rows))
            async with home.owner(NAME) as owner:
                await owner.execute("TRUNCATE jobs.pgqueuer, jobs.pgqueuer_log")
            begun = await latency(database)
            print(f"An idle worker begins a job after {begun.p50:.0f} ms (p99 {begun.p99:.0f}).")
            print(f"One worker does {await draining(database, jobs):,.0f} empty jobs a second.")
            posted, sent = await sending(database, messages)
            print(f"Messages: {posted:,.0f} posted a second, {sent:,.0f} delivered a second.")
        finally:
            await database.close()
            await home.drop(NAME)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=default_folder(), help="the server's data")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each round of enqueueing")
    parser.add_argument("--jobs", type=int, default=2000, help="to drain")
    parser.add_argument("--messages", type=int, default=4000, help="to send")
    given = parser.parse_args()
    asyncio.run(main(given.folder, given.seconds, given.jobs, given.messages))
