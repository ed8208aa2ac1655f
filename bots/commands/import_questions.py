"""`stoa import`: question files of other programs, as a bank of a course."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from domain.settings import Settings

FORMATS = ("gift", "aiken", "red")  # of domain.authoring.foreign, which is slow to load
SHOWN = 20  # problems listed for people; --json has all


def add_parser(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Describe the command line."""
    parser = subparsers.add_parser(
        "import",
        help="read questions in GIFT, Aiken or Red's trivia lists",
        description="Read a question file of another program and write it as a question bank, "
        "to be put into the bank/ folder of a course. What cannot be read is named by line and "
        "left out. Exit code 0 when questions were read; 1 when there was none or the file was "
        "refused.",
        epilog="formats: gift (Moodle's text format), aiken (lettered options and an ANSWER line), "
        "red (YAML lists of Red-DiscordBot's trivia)",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--format", choices=FORMATS, required=True, help="what the file is")
    parser.add_argument("--check", action="store_true", help="read only, write nothing")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="BANK",
        help="the bank to write (default: FILE's name with .bank.md, in this folder)",
    )
    parser.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - the same for all
    """Read and write; 0 done, 1 nothing was read, 2 the bank exists already.

    Raises:
        StoaError: the file is refused; `stoa` shows it and exits with 1.
    """
    from domain.authoring.foreign import Skipped, read
    from domain.authoring.foreign.banks import as_bank

    harvest = read(args.file.read_bytes(), args.format)
    drafts = [Skipped(one.line, one.draft) for one in harvest.questions if one.draft]
    report: dict[str, object] = {
        "file": str(args.file),
        "format": args.format,
        "encoding": harvest.encoding,
        "questions": len(harvest.questions),
        "kinds": harvest.kinds(),
        "drafts": _listed(drafts),
        "skipped": _listed(harvest.skipped),
    }
    if not args.check and harvest.questions:
        bank = as_bank(harvest.questions, args.file.stem)
        target = args.output or Path(f"{args.file.stem}.bank.md")
        try:
            with target.open("x", encoding="utf-8") as out:
                out.write(bank.text)
        except FileExistsError:
            print(f"stoa: {target} exists. Choose another with --output.", file=sys.stderr)
            return 2
        report |= {
            "bank": str(target),
            "written": bank.written,
            "not_written": _listed(bank.skipped),
        }
    if args.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _tell(report)
    return 0 if harvest.questions else 1


def _listed(skipped: Any) -> list[dict[str, object]]:  # noqa: ANN401 - Sequence[Skipped], loaded late
    return [{"line": one.line, "reason": one.reason} for one in skipped]


def _tell(report: dict[str, Any]) -> None:
    path = report["file"]
    for name, words in (("skipped", "left out"), ("drafts", "needs a look")):
        rows = report[name]
        for row in rows[:SHOWN]:
            print(f"{path}:{row['line']}: {words}: {row['reason']}")
        if len(rows) > SHOWN:
            print(f"{path}: {len(rows) - SHOWN} more; --json lists all")
    kinds = ", ".join(f"{number} {kind}" for kind, number in report["kinds"].items())
    print(f"{path}: {report['questions']} questions read ({kinds or 'none'})")
    if "bank" in report:
        left = len(report["not_written"])
        print(f"{report['bank']}: {report['written']} questions written, {left} left out")
        print("Put it into the bank/ folder of a course, then: stoa course check DIR")
