"""`stoa doctor`: what is configured, reachable and missing, in words."""

import argparse
import os
from typing import Any

from domain.grading import describe_layers
from domain.operations.doctor import examine
from domain.operations.findings import has_problems, render
from domain.settings import Settings


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "doctor",
        help="say what is configured, reachable and missing",
        description="Look at everything Stoa needs and say in words what is there and what is "
        "missing. Changes nothing. Exit code 1 when something must be repaired.",
    )
    parser.add_argument(
        "--online",
        action="store_true",
        help="also ask Discord, Telegram and the tutor's models about tokens and keys",
    )
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:
    """Examine and report."""
    findings = await examine(settings, os.environ, describe_layers)
    if args.online:
        from bots.observability.online import ask_platforms  # here: slow to import
        from bots.observability.online_tutor import ask_models

        findings += await ask_platforms(settings) + await ask_models(settings)
    print(render(findings))
    return int(has_problems(findings))
