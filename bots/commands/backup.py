"""`stoa backup`: a copy of the database in one file, and back."""

import argparse
from pathlib import Path
from typing import Any

from bots.commands.migrate import tell
from domain.clock import SystemClock
from domain.operations import make_backup, restore_backup
from domain.settings import ConfigurationError, Settings


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "backup",
        help="write a copy of the database to a file",
        description="Write the whole database to one file, and say how to restore it. Learners "
        "may go on meanwhile. The file appears whole or not at all.",
    )
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="where to (default: a file named after the time, in the data folder)",
    )
    parser.add_argument(
        "--restore",
        action="store_true",
        help="the other way round: fill the configured database, which must be empty, from FILE",
    )
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write the backup and say where it is; or bring one back."""
    if args.restore:
        if args.file is None:
            raise ConfigurationError("--restore needs the FILE to restore from.")
        restored = await restore_backup(settings, args.file, tell)
        print(f"Restored: {restored.tables} tables. Run `stoa doctor` to look at the whole.")
        if restored.warning:
            tell(restored.warning)
        return int(bool(restored.warning))
    backup = await make_backup(settings, args.file, SystemClock().now(), tell)
    print(backup.render())
    return 0
