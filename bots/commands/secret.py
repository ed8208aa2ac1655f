"""`stoa secret`: the key that texts are sealed with, a new one, and what to do without it."""

import argparse
from typing import Any

from bots.commands.migrate import tell
from domain.clock import SystemClock
from domain.operations import secret
from domain.settings import Settings

DESCRIPTION = """\
What learners ask the tutor and what it answers is stored sealed with Stoa's secret key.

  stoa secret         say which key is in use and how many texts need which
  stoa secret rotate  seal everything with a new key; safe to stop and to run again
  stoa secret forget  start without a key that is lost: what it sealed stays unreadable"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "secret",
        help="look after the key that texts are sealed with",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", nargs="?", choices=("show", "rotate", "forget"), default="show")
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:
    """Show, rotate or forget; the exit code is 1 where a key is missing."""
    if args.what == "rotate":
        print(await secret.rotate(settings, SystemClock().now(), tell))
        return 0
    if args.what == "forget":
        forgotten = await secret.forget(settings, tell)
        print(f"Forgotten: {', '.join(forgotten) or 'nothing; all keys are at hand'}.")
        return 0
    found = await secret.standing(settings)
    print(found.render())
    return int(bool(found.missing))
