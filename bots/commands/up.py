"""`stoa up`: everything that is configured, in one process."""

import argparse
from typing import Any

from domain.settings import Settings


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "up",
        help="run all that is configured in one process",
        description="Run all that is configured in one process: the Discord and Telegram doors "
        "whose tokens are set, the worker, and /health and /metrics where STOA_METRICS_LISTEN "
        "asks for them. A door that fails is started again and the others go on. SIGTERM or "
        "Ctrl-C finishes what is in flight; a second one stops at once.",
    )
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - the same for all
    """Say what is on and off, then run until told to stop."""
    from bots import doors

    on = tuple(door for door in doors.DOORS if doors.token_of(settings, door) is not None)
    for line in overview(settings):
        doors.tell(line)
    await doors.run_parts(settings, on, work=True, tell=doors.tell)
    return 0


def overview(settings: Settings) -> list[str]:
    """What is on, what is off, and why: a line for each part."""
    from bots import doors

    lines = []
    for door in doors.DOORS:
        name, variable = doors.TITLES[door], doors.variable_of(door)
        is_on = doors.token_of(settings, door) is not None
        lines.append(f"{name}: {'on' if is_on else f'off, because {variable} is not set'}.")
    lines.append("Worker: on.")
    listen = settings.metrics_listen
    why = "off, because STOA_METRICS_LISTEN is not set"
    lines.append(f"Health and metrics: {f'on, at {listen}' if listen else why}.")
    if all(doors.token_of(settings, door) is None for door in doors.DOORS):
        lines.append("No door is open: nobody can write to me. The README says how to open one.")
    return lines
