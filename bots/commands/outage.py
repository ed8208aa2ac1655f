"""`stoa outage`: record that learners could not reach Stoa, so that it costs nobody a day."""

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

from domain.clock import SystemClock
from domain.database import Database
from domain.motivation.journey import outages, record_outage
from domain.motivation.rebuild import give_back
from domain.settings import Settings


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "outage",
        help="record a time when learners could not reach Stoa",
        description="Record a time when learners could not reach Stoa: the dates it touches do not "
        "end anybody's streak and use no freeze. Streaks and freezes that were lost meanwhile are "
        "given back. Without times, the recorded ones are listed.",
    )
    parser.add_argument(
        "began", nargs="?", type=_instant, help="such as 2026-11-21T10:00+01:00; UTC without zone"
    )
    parser.add_argument("ended", nargs="?", type=_instant, help="the same, later")
    parser.add_argument("--reason", default="an outage", help="for the people who run this Stoa")
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:
    """Record an outage, or list them."""
    if args.began is not None and (args.ended is None or not args.began < args.ended):
        print("stoa: give a beginning and a later end", file=sys.stderr)
        return 2
    if args.ended is not None and args.ended > SystemClock().now():
        print("stoa: the end lies in the future; record it when it is over", file=sys.stderr)
        return 2
    database = await Database.open(settings, lambda words: print(words, file=sys.stderr))
    try:
        async with database.worker_unit_of_work() as conn:
            if args.began is not None:
                await record_outage(conn, args.began, args.ended, args.reason)
        if args.began is not None:
            async for done in give_back(database, args.began):
                print(f"{done} streaks looked at...", file=sys.stderr, flush=True)
        async with database.worker_unit_of_work() as conn:
            for began, ended, reason in await outages(conn):
                print(f"{began:%Y-%m-%d %H:%M} to {ended:%Y-%m-%d %H:%M} UTC: {reason}")
    finally:
        await database.close()
    return 0


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
