"""`stoa discord`: the Discord door alone."""

import argparse
from typing import Any

from domain.settings import Settings


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "discord",
        help="open the Discord door",
        description="Answer people on Discord, and send what the outbox holds for them. Needs "
        "STOA_DISCORD_TOKEN; the README says where it comes from. Run a worker beside it, or use "
        "`stoa up`. SIGTERM or Ctrl-C finishes what is in flight; a second one stops at once.",
    )
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - the same for all
    """Run until told to stop."""
    from bots import doors  # here: the database and the platform's library are slow to import

    await doors.run_parts(settings, ("discord",), work=False, tell=doors.tell)
    return 0
