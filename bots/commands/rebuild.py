"""`stoa rebuild`: derive again what follows from finished work, answers and submissions."""

import argparse
import sys
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.adaptivity.items import rebuild_items
from domain.adaptivity.rebuild import rebuild_evidence, rebuild_model
from domain.analytics.rollups import rebuild_rollups
from domain.clock import SystemClock
from domain.database import Database
from domain.motivation.rebuild import find_learner, rebuild_all, rebuild_learner
from domain.settings import Settings


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "rebuild",
        help="derive points, days, streaks and the learner model again",
        description="Derive totals, active days, streaks, achievements and goals again from the "
        "ledger of finished work; and from answers and submissions what the attempts were like, "
        "how able learners are and, for all learners together, how hard tasks are and how each "
        "day of a course went. The values are the same as before unless somebody changed them by "
        "hand. Safe while learners are at work; each learner is one transaction.",
    )
    parser.add_argument(
        "--user", metavar="NAME", help="only this learner: a handle, an id, or a platform's id"
    )
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:
    """Rebuild one learner, or everybody, and say how many."""
    database = await Database.open(settings, _tell)
    try:
        now = SystemClock().now()
        if args.user is None:
            done = 0
            async for done in rebuild_all(database, now, _derive_model):
                _tell(f"{done} learners...")
            await _derive_tasks(database)
            async with database.worker_unit_of_work() as conn:
                await rebuild_rollups(conn, now)
        else:
            async with database.worker_unit_of_work() as conn:
                learner = await find_learner(conn, args.user)
                if learner is None:
                    print(f"stoa: nobody, or not only one learner, is {args.user}", file=sys.stderr)
                    return 1
                await rebuild_learner(conn, learner, now)
                await _derive_model(conn, learner)
            done = 1
        print(f"Rebuilt from the ledger: {done} learner{'' if done == 1 else 's'}.")
    finally:
        await database.close()
    return 0


async def _derive_model(conn: AsyncConnection, learner: UUID) -> None:
    await rebuild_model(conn, learner)
    await rebuild_evidence(conn, learner)


async def _derive_tasks(database: Database) -> None:
    async with database.worker_unit_of_work() as conn:
        async for answers in rebuild_items(conn):
            _tell(f"{answers} answers...")


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
