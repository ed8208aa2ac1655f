"""`stoa`: one command, one subcommand for each thing it runs.

Exit codes: 0 done, 1 the input was refused or something failed, 2 usage or configuration.
"""

import argparse
import asyncio
import gc
import logging
import os
import sys
import warnings
from collections.abc import Coroutine
from importlib import import_module
from importlib.metadata import version

from bots.observability.logs import configure
from domain.errors import StoaError
from domain.settings import ConfigurationError, load_settings

COMMANDS = {
    "chat": "talk with Stoa in this terminal",
    "course": "check, import and publish courses",
    "import": "read questions in GIFT, Aiken or Red's trivia lists",
    "grade": "run files against a challenge folder",
    "diagnose": "say what is wrong with files, and which hints the tutor gives",
    "guard": "say whether replies give a challenge's solution away",
    "up": "run all that is configured in one process",
    "discord": "open the Discord door",
    "telegram": "open the Telegram door",
    "worker": "do the work that nobody waits for",
    "rebuild": "derive points, days, streaks and the learner model again",
    "outbox": "show messages that wait or were given up, and send one again",
    "outage": "record a time when learners could not reach Stoa",
    "migrate": "bring the database's tables up to date",
    "backup": "write a copy of the database to a file",
    "secret": "look after the key that texts are sealed with",
    "doctor": "say what is configured, reachable and missing",
}
# New objects between two looks for garbage. Python's 700 make it look hundreds of times while
# modules are imported, and find nothing: a seventh of a start.
COLLECT_AFTER = (20_000, 20, 50)
MODULES = {"import": "import_questions"}  # where a command's name cannot be a module's


def parser(wanted: str | None = None) -> argparse.ArgumentParser:
    """The command line as it is documented by --help.

    Args:
        wanted: the only subcommand to describe in full, so that starting one does not load the
            others; None describes all.
    """
    top = argparse.ArgumentParser(
        prog="stoa", description="Stoa is a study hall that lives in the chats people already use."
    )
    top.add_argument("--version", action="version", version=f"stoa {version('stoa')}")
    top.add_argument("--verbose", action="store_true", help="log what happens to standard error")
    subparsers = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        if wanted in (None, name):
            import_module(f"bots.commands.{MODULES.get(name, name)}").add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=summary)
    return top


def main(argv: list[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    gc.set_threshold(*COLLECT_AFTER)
    warnings.simplefilter("ignore", SyntaxWarning)  # of what learners write and is parsed here
    words = sys.argv[1:] if argv is None else argv
    chosen = next((word for word in words if not word.startswith("-")), "")
    args = parser(chosen).parse_args(words)
    try:
        settings = load_settings()
        configure(settings.log_format, verbose=args.verbose)
        return _run(args.run(args, settings))
    except ConfigurationError as error:
        print(f"stoa: {error}", file=sys.stderr)
        return 2
    except StoaError as error:
        print(f"stoa: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader has seen enough: stoa doctor | head -1
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.filename is None:  # not about a file of the user's
            raise
        logging.getLogger(__name__).info("refused by the system", exc_info=True)
        print(f"stoa: {error.filename}: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1


def _run(work: Coroutine[object, object, int]) -> int:
    """Run on uvloop where there is one; it halves the client's share of a request."""
    if sys.platform == "win32":
        return asyncio.run(work)
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)
