"""A large Stoa, made with one command, and the seeds' query targets measured on it.

    python -m benchmarks.scale [--learners 10000] [--items 200] [--attempts 1000000] ...

Makes a database of its own on the benchmarks' embedded server (or uses the one that an earlier run
made with the same sizes), prints how many bytes a row takes with its indexes, and how long the
queries of the product take. Exit code 1 when a target is missed.
"""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import migrations
from benchmarks.filling import Sizes, fill
from benchmarks.home import Home, default_folder, open_home
from benchmarks.targets import Measured, Promises, measure, places
from benchmarks.timing import machine, table

NAME = "scale"
LEARNERS_MEASURED = 400
# What the seeds guess, in bytes: a user 2 KB, progress of a component 10 KB, a session 0.5 KB.
GUESSED = {"user_progress": 10_000, "learning_sessions": 500, "activity_ledger": 200}
PERSONAL = ("users", "user_profiles", "user_settings", "identities", "streaks", "user_stats")
STORED = (
    *PERSONAL,
    "enrollments",
    "user_progress",
    "challenge_attempts",
    "assessment_attempts",
    "assessment_answers",
    "activity_ledger",
    "active_days",
    "learning_sessions",
    "courses",
    "components",
)
_STORED = """
    SELECT coalesce(sum(pg_table_size(relid)), 0)::bigint AS heap,
           coalesce(sum(pg_indexes_size(relid)), 0)::bigint AS indexes
    FROM (SELECT $1::regclass AS relid UNION SELECT relid FROM pg_partition_tree($1::regclass)) t
"""


def say(text: str) -> None:
    """Tell how far it is, apart from the results."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


async def prepare(home: Home, sizes: Sizes, *, anew: bool) -> None:
    """Make the database unless an earlier run made the same one."""
    wanted = f"{migrations.head()}: {sizes.describe()}"
    if not anew and await home.note(NAME) == wanted:
        say("The data of an earlier run is used again; --anew makes it anew.")
        return
    say(f"Making {sizes.learners:,} learners with {sizes.items} items each ...")
    began = time.monotonic()
    await home.make(NAME)
    async with home.owner(NAME) as connection:
        counts = await fill(connection, sizes, say)
    await home.write_note(NAME, wanted)
    say(", ".join(f"{count:,} {name}" for name, count in counts.items()))
    say(f"Made in {time.monotonic() - began:.0f} s.")


async def storage(home: Home) -> str:
    """How much the rows take, as a table."""
    rows = []
    personal = users = 0
    async with home.owner(NAME) as connection:
        for name in STORED:
            found = await connection.fetchrow(_STORED, name)
            number = int(await connection.fetchval(f"SELECT count(*) FROM {name}"))  # noqa: S608 - a constant
            size = found["heap"] + found["indexes"]
            if name in PERSONAL:
                personal += size
                users = max(users, number)
            rows.append(
                [
                    name,
                    f"{number:,}",
                    f"{found['heap'] / max(number, 1):.0f}",
                    f"{found['indexes'] / max(number, 1):.0f}",
                    f"{size / max(number, 1):.0f}",
                    f"{GUESSED[name]:,}" if name in GUESSED else "",
                    f"{size / 1e6:.1f}",
                ]
            )
        whole = int(await connection.fetchval("SELECT pg_database_size(current_database())"))
    head = ["table", "rows", "heap B/row", "index B/row", "both", "seed", "MB"]
    return (
        table(head, rows)
        + f"\n\nOne learner's own rows without their work: {personal / max(users, 1):,.0f} bytes "
        f"(seed: 2,000). Everything: {whole / 1e6:,.0f} MB, "
        f"{whole / max(users, 1) / 1000:,.1f} KB for each learner."
    )


async def targets(home: Home, sizes: Sizes, samples: int, at_once: Sequence[int]) -> list[Measured]:
    """Measure every target, alone and with others at the same time."""
    database = home.database(NAME)
    now = datetime(sizes.until.year, sizes.until.month, sizes.until.day, tzinfo=UTC)
    try:
        found = await places(database, random.Random(sizes.seed), LEARNERS_MEASURED)
        promises = Promises(database, found, now - timedelta(hours=1))
        measured = []
        for target in promises.targets():
            say(f"measuring: {target.name}")
            await measure(target, 0, 12, 1)  # statements are prepared, pages are read once
            first = 12
            for number in (1,) if target.is_report else at_once:
                measured.append(await measure(target, first, samples, number))
                first += samples
        return measured
    finally:
        await database.close()


def target_table(measured: Sequence[Measured]) -> str:
    """The targets as a table; what is missed is marked."""
    rows = [
        [
            one.target.name,
            str(one.at_once),
            f"{one.target.limit:,.0f}",
            f"{one.times.p50:.2f}",
            f"{one.times.p99:.2f}",
            "ok" if one.is_met else "MISSED",
        ]
        for one in measured
    ]
    return table(["target", "at once", "limit ms", "p50 ms", "p99 ms", ""], rows)


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scale",
        description="Make a large Stoa in a database of its own, and measure its queries.",
    )
    usual = Sizes()
    for name, words in (
        ("seed", "another seed makes other people"),
        ("learners", "people, each with progress on every item"),
        ("items", "lessons, quizzes and challenges to study, fifty to a course"),
        ("attempts", "at quizzes and challenges, in all"),
        ("courses", "published courses to search in"),
        ("days", "how long ago the first learner began"),
    ):
        parser.add_argument(f"--{name}", type=int, default=getattr(usual, name), help=words)
    parser.add_argument("--until", type=date.fromisoformat, default=usual.until, metavar="DATE")
    parser.add_argument("--samples", type=int, default=300, help="of each target")
    parser.add_argument("--at-once", type=int, nargs="+", default=[1, 8], metavar="N")
    parser.add_argument("--folder", type=Path, default=default_folder(), help="of the server")
    parser.add_argument("--anew", action="store_true", help="make the data again")
    parser.add_argument("--make-only", action="store_true", help="measure nothing")
    parser.add_argument("--drop", action="store_true", help="delete the database afterwards")
    return parser.parse_args(arguments)


def sizes_of(chosen: argparse.Namespace) -> Sizes:
    """The sizes that the command line asks for."""
    return Sizes(**{name: getattr(chosen, name) for name in Sizes.__dataclass_fields__})


async def run(home: Home, chosen: argparse.Namespace) -> tuple[str, bool]:
    """Make, measure, and give what to print and whether all targets are met."""
    sizes = sizes_of(chosen)
    await prepare(home, sizes, anew=chosen.anew)
    try:
        parts = [f"{sizes.describe()}. {machine()}", await storage(home)]
        measured: list[Measured] = []
        if not chosen.make_only:
            measured = await targets(home, sizes, chosen.samples, chosen.at_once)
            parts.append(target_table(measured))
    finally:
        if chosen.drop:
            await home.drop(NAME)
    return "\n\n".join(parts), all(one.is_met for one in measured)


async def main() -> int:
    """Run from the command line."""
    chosen = options()
    async with open_home(chosen.folder) as home:
        text, is_met = await run(home, chosen)
    sys.stdout.write(text + "\n")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
