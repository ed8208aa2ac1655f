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
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - the same for all
    """Examine and report."""
    findings = await examine(settings, os.environ, describe_layers)
    print(render(findings))
    return int(has_problems(findings))
