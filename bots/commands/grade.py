"""`stoa grade`: run files against a challenge folder, without a database."""

import argparse
from pathlib import Path
from typing import Any

from domain.settings import Settings


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "grade",
        help="run files against a challenge folder",
        description="Run files against the tests of a challenge folder of a course, in the "
        "sandbox and without a database. All FILEs together are one submission; with --each, "
        "every FILE or folder is a submission of its own. Hidden tests are shown in full: this "
        "is for authors. Exit code 0 when everything was graded, whatever the result; 1 when "
        "the challenge or a file was refused.",
    )
    parser.add_argument("challenge", type=Path, metavar="CHALLENGE_DIR")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--each", action="store_true", help="every FILE is its own submission")
    parser.add_argument("--json", action="store_true", help="print one JSON object per submission")
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - the same for all
    """Grade; 0 graded, 1 refused.

    Raises:
        StoaError: the challenge or a file is refused; `stoa` shows it and exits with 1.
    """
    # Here: every other command would pay for loading the compiler.
    from bots.commands import grade_work as work

    return await work.grade(args.challenge, args.files, each=args.each, as_json=args.json)
