"""`stoa guard`: whether replies give the solution of a challenge or a fix away."""

import argparse
from pathlib import Path
from typing import Any

from domain.settings import Settings


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "guard",
        help="say whether replies give a challenge's solution away",
        description="Check replies of a tutor about a challenge: code that a reply offers is run "
        "against the tests, and changes that it asks for are made in the learner's program and "
        "run. Each REPLY_FILE is one reply, judged by itself. Everything runs in the sandbox, "
        "without a database. Exit code 0 when all replies were judged, whatever they give away; "
        "1 when the challenge or a file was refused.",
    )
    parser.add_argument("challenge", type=Path, metavar="CHALLENGE_DIR")
    parser.add_argument("replies", nargs="+", type=Path, metavar="REPLY_FILE")
    parser.add_argument(
        "--learner", type=Path, metavar="FILE", help="the learner's present program"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object per reply")
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - the same for all
    """Judge; 0 judged, 1 refused.

    Raises:
        StoaError: the challenge or a file is refused; `stoa` shows it and exits with 1.
    """
    # Here: every other command would pay for loading the compiler.
    from bots.commands import guard_work as work

    return await work.guard(args.challenge, args.replies, args.learner, as_json=args.json)
