"""`stoa worker`: the work that nobody waits for: jobs, upkeep, what killed processes left."""

import argparse
import sys
from typing import Any

from domain.clock import SystemClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import Settings


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "worker",
        help="do the work that nobody waits for",
        description="Do the work that nobody waits for: queued jobs, grading that a stopped "
        "process left behind, messages whose sender stopped, and daily upkeep. Run as many "
        "workers as you like, on any machine: each piece of work is done once. SIGTERM or Ctrl-C "
        "lets it finish what it began; a second one stops it at once.",
    )
    parser.add_argument(
        "--once", action="store_true", help="do what is due now and exit, for use with cron"
    )
    parser.add_argument(
        "--grade", action="store_true", help="run learners' code and do nothing else"
    )
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:
    """Work until told to stop, or once."""
    # Here: the engine is slow to import.
    from bots.embedding import embeddings_of
    from bots.observability.health import Health
    from bots.observability.metrics import Metrics
    from bots.observability.server import Watch, serving
    from bots.told import describe
    from bots.worker import Worker, stop_on_signals

    clock = SystemClock()
    database = await Database.open(settings, _say)
    try:
        async with Grader() as grader, embeddings_of(settings) as embeddings:
            worker = Worker(database, clock, grader, only_grading=args.grade, embeddings=embeddings)
            if args.once:
                fired = await worker.run_once()
                print("\n".join(map(describe, fired)) or "Nothing was due.")
                return int(any(one.failed for one in fired))
            stop = stop_on_signals()
            health = Health()
            watch = Watch(database, clock, health, Metrics())
            async with serving(watch, settings.metrics_listen):
                health.up("worker")
                _say("Working. Ctrl-C stops me.")
                await worker.run(stop)
            _say("Stopped; nothing was left half done.")
    finally:
        await database.close()
    return 0


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
