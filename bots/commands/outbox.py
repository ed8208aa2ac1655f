"""`stoa outbox`: the messages that wait, and those that were given up, with a second chance."""

import argparse
import sys
from typing import Any
from uuid import UUID

from domain.clock import SystemClock
from domain.database import Database
from domain.notifications.queries import backlog, dead_letters, revive
from domain.settings import Settings

MOST = 50


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "outbox",
        help="show messages that wait or were given up, and send one again",
        description="Show how many messages wait for each platform, and the latest ones that were "
        "given up: when, of which kind, why, and their ids. Their text is never shown. With "
        "--retry, one of them is sent after all, also to a chat that refused it before.",
    )
    parser.add_argument("--retry", type=UUID, metavar="ID", help="send this one again")
    parser.add_argument(
        "--most", type=int, default=MOST, metavar="N", help=f"list so many ({MOST} by default)"
    )
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:
    """List what waits and what was given up, or revive one message."""
    database = await Database.open(settings, lambda words: print(words, file=sys.stderr))
    now = SystemClock().now()
    try:
        async with database.worker_unit_of_work() as conn:
            if args.retry is not None:
                kind = await revive(conn, args.retry, now)
                print(f"The message ({kind}) waits to be sent again.")
                return 0
            waiting = await backlog(conn, now)
            letters = await dead_letters(conn, max(1, args.most))
    finally:
        await database.close()
    for one in waiting:
        print(f"{one.platform}: {one.waiting} waiting since {one.oldest:%Y-%m-%d %H:%M} UTC")
    if not waiting:
        print("Nothing waits.")
    for letter in letters:
        print(
            f"{letter.id}  {letter.at:%Y-%m-%d %H:%M} UTC  {letter.platform}  {letter.kind}  "
            f"tries: {letter.attempts}  {letter.error}"
        )
    if not letters:
        print("Nothing was given up.")
    return 0
