"""`stoa course`: check, import, publish courses, look at their history, roll back."""

import argparse
from pathlib import Path
from typing import Any

from domain.settings import Settings


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "course",
        help="check, import and publish courses",
        description="Courses are folders of text files; docs/authoring.md describes them.",
    )
    parser.set_defaults(run=run)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    check = actions.add_parser("check", help="report every error of course folders or zips")
    check.add_argument("paths", nargs="+", type=Path, metavar="DIR")
    check.add_argument("--no-run", action="store_true", help="do not run the challenges")
    check.add_argument("--json", action="store_true", help="write the report as JSON")

    bring = actions.add_parser("import", help="keep a course as a draft")
    bring.add_argument("path", type=Path, metavar="DIR|ZIP")
    bring.add_argument("--no-run", action="store_true", help="do not run the challenges")

    show = actions.add_parser("publish", help="show the draft to learners")
    show.add_argument("slug", metavar="SLUG")
    show.add_argument("--yes", action="store_true", help="do not ask")

    history = actions.add_parser("history", help="list the versions of a course")
    history.add_argument("slug", metavar="SLUG")

    back = actions.add_parser("rollback", help="serve an older version again")
    back.add_argument("slug", metavar="SLUG")
    back.add_argument("version", type=int, metavar="N")


async def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do one action; 0 done, 1 the course has errors or was refused, 2 usage.

    Raises:
        StoaError: what the database or a rule refuses; `stoa` shows it and exits with 1.
    """
    # Here: every other command would pay for loading the compiler.
    from bots.commands import course_work as work

    match args.action:
        case "check":
            return await work.check(args.paths, run_code=not args.no_run, as_json=args.json)
        case "import":
            return await work.bring(args.path, settings, run_code=not args.no_run)
        case "publish":
            return await work.publish(args.slug, settings, ask=not args.yes)
        case "history":
            return await work.history(args.slug, settings)
    return await work.roll_back(args.slug, args.version, settings)
