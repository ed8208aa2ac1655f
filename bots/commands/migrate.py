"""`stoa migrate`: bring the database's tables up to date, and publish the shipped courses."""

import argparse
import sys
from typing import Any

from domain.authoring.shipped import ensure_shipped
from domain.clock import SystemClock
from domain.database import Database
from domain.operations import migrate
from domain.settings import Settings, encryption_secret
from domain.tutoring.resealing import reseal


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "migrate",
        help="bring the database's tables up to date",
        description="Bring the tables of the configured database up to date and publish the "
        "courses that ship with Stoa; seal what older versions stored in plain. Safe to run again "
        "at any time, and by several at once.",
    )
    parser.add_argument(
        "--no-courses", action="store_true", help="leave the shipped courses as they are"
    )
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:
    """Migrate, then say where the tables stand."""
    if not settings.is_embedded:
        encryption_secret(settings)  # refuses before anything is moved
    done = await migrate(settings, tell)
    database = await Database.open(settings, tell)
    try:
        if not args.no_courses:
            await ensure_shipped(database)
        await reseal(database, SystemClock().now(), tell)
        print(done.render())
    finally:
        await database.close()
    return 0


def tell(words: str) -> None:
    """Progress in words, beside the output."""
    print(words, file=sys.stderr, flush=True)
