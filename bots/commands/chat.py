"""`stoa chat`: talk with Stoa in this terminal, or pipe lines through it."""

import argparse
import getpass
import io
import locale
import logging
import os
import sys
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from random import SystemRandom
from typing import Any

from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.delivery import Delivery
from bots.embedding import embeddings_of
from bots.observability.logs import TextFormatter
from bots.terminal.chat import run_dumb, run_interactive, run_plain
from bots.terminal.completion import Course
from bots.terminal.door import Door
from bots.terminal.lines import Lines
from bots.terminal.safe import learner_name
from bots.terminal.screen import OutputFailed, PlainScreen, RichScreen, Screen
from bots.terminal.sender import TerminalSender
from bots.terminal.signals import until_told_to_end
from bots.tutoring import models_of
from domain.authoring.shipped import ensure_shipped
from domain.catalog import queries as catalog
from domain.clock import SystemClock
from domain.database import Database
from domain.errors import StoaError
from domain.grading import Grader
from domain.identity.admins import is_terminal_admin, make_admin
from domain.settings import Settings
from domain.tutoring.resealing import reseal

HISTORY = "chat-history"
LOG = "chat.log"
LOG_SIZE = 1024 * 1024  # bytes; one older file is kept
DUMB = frozenset({"", "dumb", "unknown"})  # values of TERM that promise nothing but lines
LEFT_OPEN = (
    "The input ended inside a code block, and the block was not sent. "
    "End it with a line of three backticks: ```"
)
DESCRIPTION = """\
Talk with Stoa here: choose a course, read lessons, take quizzes, hand in code.

At a terminal, replies are coloured and the keys of a usual command line work. Press a
button by its number, its words, or Alt and its number. Tab completes commands, courses
and files. Code goes between two lines of ```. Ctrl-C clears the line, Ctrl-D leaves.

When standard input or output is not a terminal, each line is one message and the
replies are plain text on standard output. Everything else goes to standard error."""
EXAMPLES = """\
examples:
  stoa chat
  stoa chat --as ana
  printf '/start\\n/learn python\\n' | stoa chat

exit codes: 0 the conversation ended, 1 something failed or the input ended inside a
code block, 2 an option or setting is wrong"""


class InputCutOff(StoaError):
    """The input ended before a message was whole."""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "chat",
        help="talk with Stoa in this terminal",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--as",
        dest="name",
        type=_name,
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
    parser.add_argument(
        "--plain",
        action="store_true",
        help="plain lines also at a terminal, for screen readers (also when TERM is dumb)",
    )
    parser.set_defaults(run=run)


def _name(text: str) -> str:
    try:
        return learner_name(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


async def run(args: argparse.Namespace, settings: Settings) -> int:
    """Hold the conversation until the input ends.

    Raises:
        OutputFailed: a reply could not be written.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a sign the terminal lacks is no failure
            stream.reconfigure(errors="replace")
    try:
        return await until_told_to_end(_talk(args, settings), 0)
    except BrokenPipeError:  # the reader has seen enough: stoa chat | head -1
        _forget_output()
        return 0
    except OutputFailed:
        _forget_output()
        raise


async def _talk(args: argparse.Namespace, settings: Settings) -> int:
    login = _login()
    name = args.name or login
    clock = SystemClock()
    database = await Database.open(settings, _tell)
    try:
        await ensure_shipped(database, _tell)
        if settings.is_embedded:  # there may never be a worker
            await reseal(database, clock.now(), _tell)
        language = locale.getlocale()[0]
        if is_terminal_admin(name, login, settings.admins, is_embedded=settings.is_embedded):
            await make_admin(database, "terminal", name, "local user of the terminal", language)
        async with (
            Grader() as grader,
            models_of(settings) as models,
            embeddings_of(settings) as embeddings,
        ):
            router = Router(Services(database, clock, settings, grader, models, embeddings))
            door = Door(router, clock, name, args.files, language)

            def notices(screen: Screen) -> Delivery:
                return Delivery(database, clock, SystemRandom(), TerminalSender(name, screen))

            async def courses() -> Sequence[Course]:
                async with database.unit_of_work() as conn:
                    return tuple((await catalog.titles_by_slug(conn)).items())

            at_terminal = sys.stdin.isatty() and sys.stdout.isatty()
            if at_terminal and not (args.plain or os.environ.get("TERM", "") in DUMB):
                _log_to_file(settings.data_dir / LOG, keep=args.verbose)
                rich = RichScreen()
                history = settings.data_dir / HISTORY
                await run_interactive(door, history, rich, notices(rich), courses)
                return 0
            plain = PlainScreen(sys.stdout, signs=at_terminal)
            talk = run_dumb if at_terminal else run_plain
            lines = Lines(sys.stdin.fileno(), sys.stdin.encoding)
            if not await talk(door, lines, plain, notices(plain)):
                raise InputCutOff(LEFT_OPEN)
            return 0
    finally:
        await database.close()


def _tell(text: str) -> None:
    """Say what takes time, where it does not mix with replies."""
    print(text, file=sys.stderr, flush=True)


def _login() -> str:
    """The name of the machine's user, also where the machine has no name for them."""
    try:
        return learner_name(getpass.getuser())
    except (KeyError, OSError, ValueError):
        return f"user-{os.getuid()}"


def _log_to_file(path: Path, *, keep: bool) -> None:
    """Keep faults in a file: on the screen they would run through what is being typed."""
    if keep:
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=LOG_SIZE, backupCount=1, encoding="utf-8")
        handler.setFormatter(TextFormatter())
    except OSError:
        return
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _forget_output() -> None:
    """Let what cannot be written any more vanish, or Python would complain about it at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
