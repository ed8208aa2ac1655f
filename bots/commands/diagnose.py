"""`stoa diagnose`: what is wrong with files, and the tutor's hints, without a chat or a model."""

import argparse
from pathlib import Path
from typing import Any

from domain.settings import Settings


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "diagnose",
        help="say what is wrong with files, and which hints the tutor gives",
        description="Run files against the tests of a challenge folder and look for the mistake: "
        "the first failing test, the line, the kind of mistake, how sure that is, and the five "
        "rungs of the tutor's ladder. Everything runs in the sandbox, without a database and "
        "without a language model. All FILEs together are one submission; with --each, every "
        "FILE or folder is one of its own. Hidden tests are shown in full: this is for authors. "
        "Exit code 0 when everything was examined, whatever was found; 1 when the challenge or a "
        "file was refused.",
    )
    parser.add_argument("challenge", type=Path, metavar="CHALLENGE_DIR")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--each", action="store_true", help="every FILE is its own submission")
    parser.add_argument("--json", action="store_true", help="print one JSON object per submission")
    parser.add_argument(
        "--as-learner", action="store_true", help="keep the values of hidden tests hidden"
    )
    parser.add_argument(
        "--budget",
        type=float,
        default=2.0,
        metavar="SECONDS",
        help="how long to search in one submission (default: %(default)s)",
    )
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - the same for all
    """Examine; 0 examined, 1 refused.

    Raises:
        StoaError: the challenge or a file is refused; `stoa` shows it and exits with 1.
    """
    # Here: every other command would pay for loading the compiler.
    from bots.commands import diagnose_work as work

    return await work.diagnose(
        args.challenge,
        args.files,
        each=args.each,
        as_json=args.json,
        show_hidden=not args.as_learner,
        budget_s=args.budget,
    )
