"""`stoa chat`: talk with Stoa in this terminal, or pipe lines through it."""

import argparse
import getpass
import locale
import sys
from pathlib import Path
from random import SystemRandom
from typing import Any

from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.delivery import Delivery
from bots.terminal.chat import read_lines, run_interactive, run_plain
from bots.terminal.door import Door
from bots.terminal.screen import PlainScreen, RichScreen
from bots.terminal.sender import TerminalSender
from domain.authoring.shipped import ensure_shipped
from domain.clock import SystemClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import Settings


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "chat",
        help="talk with Stoa in this terminal",
        description="Talk with Stoa here. When standard input is not a terminal, each line is one "
        "message and the replies are plain text.",
    )
    parser.add_argument(
        "--as",
        dest="name",
        metavar="NAME",
        default=None,
        help="the local learner to talk as (default: your login name)",
    )
    parser.add_argument(
        "--files",
        type=Path,
        default=Path("stoa-files"),
        metavar="DIR",
        help="where received files are saved (default: ./stoa-files)",
    )
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:
    """Hold the conversation until the input ends."""
    name = args.name or getpass.getuser()
    clock = SystemClock()
    database = await Database.open(settings)
    try:
        await ensure_shipped(database)
        async with Grader() as grader:
            router = Router(Services(database, clock, settings, grader))
            language = locale.getlocale()[0]
            door = Door(router, clock, name, args.files, language)
            if sys.stdin.isatty():
                rich = RichScreen()
                notices = Delivery(database, clock, SystemRandom(), TerminalSender(name, rich))
                await run_interactive(door, settings.data_dir / "chat-history", rich, notices)
            else:
                plain = PlainScreen(sys.stdout)
                notices = Delivery(database, clock, SystemRandom(), TerminalSender(name, plain))
                await run_plain(door, read_lines(), plain, notices)
    finally:
        await database.close()
    return 0
